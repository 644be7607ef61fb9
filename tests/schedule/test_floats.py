"""Operations on floats in schedules: units by width, recurrences, and conversions."""

from __future__ import annotations

import random

import pytest

from seer.lang import interpreter
from seer.lang.operators import OPERATORS
from seer.lang.program import Program
from seer.lang.terms import Expr, Load, Local, Op, Store
from seer.schedule import Target, area_estimate, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedLoop, Schedule, regions
from seer.schedule.replay import replay
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
A, B = array("a", 32, 16), array("b", 64, 16)
I = counter(0, 16)  # noqa: E741


def agrees(p: Program, s: Schedule) -> None:
    rng = random.Random(5)
    arrays = {"a": [rng.getrandbits(32) for _ in range(16)], "b": [rng.getrandbits(64) for _ in range(16)]}
    assert static_faults(s, TARGET) == []
    result = replay(s, arrays, {}, registers=7)
    assert result.faults == []
    assert {name: result.arrays[name] for name in arrays} == interpreter.run(p, arrays, {})


@pytest.mark.parametrize("width", [32, 64])
def test_a_sum_waits_for_the_adder(width: int) -> None:
    source, s = (A if width == 32 else B), scalar(0, width)
    total = Store(s, (), op("fadd", Load(s, ()), Load(source, (I,))))
    last = Store(source, (const(0),), Load(s, ()))
    p = program([A, B], Local(s, (Store(s, (), const(0, width)), loop(I, total), last)))
    scheduled = schedule(p, auto_pipelined(p), TARGET)
    (pipelined,) = [node for node in scheduled.body if isinstance(node, PipelinedLoop)]
    assert pipelined.initiation_interval == TARGET.unit("fadd", width).latency + 1
    assert pipelined.bound_by.startswith("recurrence")
    agrees(p, scheduled)


def test_every_operator_with_a_unit_is_scheduled_with_its_latency() -> None:
    narrow, wide = Load(A, (I,)), Load(B, (I,))
    values: list[Expr] = []
    for operator in OPERATORS.values():
        if not operator.is_float or operator.shape not in ("same", "compare") or operator.arity > 2:
            continue
        if any(operator.name in table.kinds for table in TARGET.file.units):
            operands = (wide, op("xor", wide, 1 << 63))[: operator.arity]
            values.append(Op(operator.name, 1 if operator.shape == "compare" else 64, operands))
    for name in ("sitofp", "uitofp", "fptosi", "fptoui", "fptrunc"):
        values.append(Op(name, 32, (wide,)))
    for name in ("sitofp", "uitofp", "fpext", "fptosi", "fptoui"):
        values.append(Op(name, 64, (narrow,)))
    total: Expr = wide
    for value in values:
        total = op("xor", total, value if value.width == 64 else Op("zext", 64, (value,)))
    p = program([A, B], loop(I, Store(B, (I,), total)))
    s = schedule(p, auto_pipelined(p), TARGET)
    kinds = {o.kind for region in regions(s.body) for o in region.operations if o.latency > 0}
    assert {"fadd", "fmul", "fdiv", "fsqrt", "sitofp", "fptosi", "fpext", "fptrunc"} <= kinds
    assert area_estimate(s, TARGET).dsp >= 2
    agrees(p, s)


def test_constants_are_computed_beforehand() -> None:
    p = program([A, B], Store(A, (const(0),), Op("fexp", 32, (const(0x3F800000),))))
    assert {o.kind for r in regions(schedule(p, frozenset(), TARGET).body) for o in r.operations} == {
        "const",
        "store",
    }
