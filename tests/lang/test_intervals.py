"""Intervals hold for every value that the interpreter finds."""

from __future__ import annotations

from random import Random

import pytest

from seer.lang.interpreter import run
from seer.lang.intervals import Intervals
from seer.lang.operators import to_signed
from seer.lang.program import Argument, Program
from seer.lang.random_programs import random_program
from seer.lang.terms import (
    ArrayType,
    Const,
    Load,
    Op,
    Param,
    Range,
    Store,
    Table,
    TopArray,
    out_of_bounds_value,
)
from seer.lang.traverse import expressions, statements, subexpressions


@pytest.mark.parametrize("seed", range(60))
def test_what_stores_write_lies_in_its_interval(seed: int):
    random = Random(seed)
    program = random_program(random, branches=True, floats=True, tables=True, registers=True)
    intervals = Intervals()
    # Expressions that need no state: they are evaluated on their own.
    closed = [
        e
        for s in statements(program.body)
        for e in subexpressions(*expressions(s))
        if all(isinstance(x, (Const, Op)) or (isinstance(x, Load) and isinstance(x.array, Table))
               for x in subexpressions(e))
    ]  # fmt: skip
    for expression in closed:
        out = TopArray(ArrayType(expression.width, ()), "out")
        single = Program("f", (Argument("out", out, False, ""),), (Store(out, (), expression),))
        (value,) = run(single, {}, {})["out"]
        interval = intervals.of(expression)
        assert interval.ulo <= value <= interval.uhi
        assert interval.slo <= to_signed(value, expression.width) <= interval.shi


def test_a_table_has_the_range_of_its_values():
    table = Table(ArrayType(8, (4,), Range(-9, 100)), (1, 2, 250, 7))
    inside, outside = Load(table, (Param(2, "p"),)), Load(table, (Param(8, "p"),))
    found = Intervals().of(inside)
    assert (found.slo, found.shi, found.ulo, found.uhi) == (-6, 7, 1, 250)
    wide = Intervals().of(outside)
    assert wide.slo <= -6 and wide.shi > 7


def test_a_part_of_a_table_has_the_range_of_its_own_values():
    table = Table(ArrayType(8, (2, 3)), (1, 2, 3, 40, 50, 60))
    column = Op("zext", 8, (Param(1, "p"),))
    found = [
        Intervals().of(Load(table, indices))
        for indices in [(Const(8, 1), Const(8, 2)), (Const(8, 1), column), (column, Const(8, 0))]
    ]
    assert [(interval.ulo, interval.uhi) for interval in found] == [(60, 60), (40, 50), (1, 40)]
    assert Intervals().of(Load(table, (Const(8, 2), Const(8, 0)))).ulo == out_of_bounds_value(table.type)
