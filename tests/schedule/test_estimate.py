"""The area estimate adds up what a schedule builds."""

from __future__ import annotations

from seer.lang.terms import Expr, Load, Local, Statement, Store
from seer.schedule import Area, Target, area_estimate, auto_pipelined, schedule
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)


def estimate(*body: Statement) -> Area:
    p = program([A, B], *body)
    return area_estimate(schedule(p, auto_pipelined(p), TARGET), TARGET)


def test_units_count() -> None:
    i = counter(0, 64)
    product = estimate(loop(i, Store(B, (i,), op("mul", Load(A, (i,)), Load(B, (i,))))))
    copy = estimate(loop(i, Store(B, (i,), Load(A, (i,)))))
    assert product.dsp == 3 and copy.dsp == 0 and copy.bram == 0


def test_registers_between_cycles_count() -> None:
    i = counter(0, 64)
    # The load's data wait one cycle for the addition: 32 bits more than in a copy, and the subscript longer.
    added = estimate(loop(i, Store(B, (i,), op("add", Load(A, (i,)), 1))))
    copy = estimate(loop(i, Store(B, (i,), Load(A, (i,)))))
    assert added.ff >= copy.ff + 32
    assert added.lut >= copy.lut + 32


def test_locals_that_stay_are_registers() -> None:
    i, s = counter(0, 64), scalar(0)
    total = Store(s, (), op("add", Load(s, ()), Load(A, (i,))))
    found = estimate(Local(s, (Store(s, (), const(0)), loop(i, total), Store(B, (const(0),), Load(s, ())))))
    assert found.ff >= 32


def test_unrolling_costs_area() -> None:
    i, j = counter(0, 64), counter(0, 32)

    def body(at: Expr) -> Store:
        return Store(B, (at,), op("add", Load(A, (at,)), 7))

    twice = loop(j, body(op("mul", j, 2)), body(op("add", op("mul", j, 2), 1)))
    assert estimate(twice).weighted(TARGET) > estimate(loop(i, body(i))).weighted(TARGET)
