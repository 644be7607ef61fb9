"""Limits of operators: they hold in every cycle, bound intervals, and come from files and arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Expr, Load, Op, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedLoop, Region, Schedule, regions
from seer.schedule.replay import replay
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)
I = counter(0, 16)  # noqa: E741
WIDE = "mul_pipe"
"""The multiplier of 32 bits at this clock; 16 bits have one that is combinational."""


def products(count: int, at: Expr) -> Expr:
    """Different products of one element, which one load serves, in one value."""
    x = Load(A, (at,))
    total: Expr | None = None
    for k in range(count):
        product = op("mul", x, op("add", x, k + 1))
        total = product if total is None else op("xor", total, product)
    assert total is not None
    return total


def squares(count: int) -> Program:
    return program([A, B], loop(I, Store(B, (I,), products(count, I))))


def limited(p: Program, limits: Mapping[str, int], pipelined: bool = True) -> Schedule:
    found = schedule(p, auto_pipelined(p) if pipelined else frozenset(), TARGET, limits)
    assert static_faults(found, TARGET) == []
    contents = {"a": [k * 0x01010101 for k in range(64)], "b": [0] * 64}
    result = replay(found, contents, {})
    assert result.faults == []
    assert {name: result.arrays[name] for name in contents} == interpreter.run(p, contents, {})
    return found


def most_in_a_cycle(region: Region, unit: str, interval: int) -> int:
    cycles = [
        o.start_cycle % interval if interval else o.start_cycle for o in region.operations if o.unit == unit
    ]
    return max((cycles.count(cycle) for cycle in cycles), default=0)


@pytest.mark.parametrize(("limit", "interval"), [(1, 6), (2, 3), (4, 2), (6, 1)])
def test_a_limit_bounds_the_interval(limit: int, interval: int) -> None:
    (node,) = limited(squares(6), {WIDE: limit}).body
    assert isinstance(node, PipelinedLoop)
    assert node.initiation_interval == interval
    assert most_in_a_cycle(node.region, WIDE, interval) <= limit
    assert node.bound_by == (f"operators {WIDE} (limit {limit})" if interval > 1 else "trip count")


def test_a_limit_lengthens_straight_code() -> None:
    p = program([A, B], Store(B, (const(0),), products(6, const(3))))
    free, one = (limited(p, limits, pipelined=False).body[0] for limits in ({}, {WIDE: 1}))
    assert isinstance(free, Region) and isinstance(one, Region)
    assert most_in_a_cycle(free, WIDE, 0) > 1
    assert most_in_a_cycle(one, WIDE, 0) == 1
    assert one.length > free.length


def test_operations_of_all_widths_share_a_limit() -> None:
    x, y = Load(A, (I,)), Load(A, (op("add", I, 1),))
    narrow = op("mul", Op("trunc", 24, (x,)), Op("trunc", 24, (y,)))
    both = op("xor", op("mul", x, y), Op("zext", 32, (narrow,)))
    (node,) = limited(program([A, B], loop(I, Store(B, (I,), both))), {WIDE: 1}).body
    assert isinstance(node, PipelinedLoop)
    assert {o.width for o in node.region.operations if o.unit == WIDE} == {24, 32}
    assert node.initiation_interval == 2


def test_combinational_units_are_limited_as_well() -> None:
    (node,) = limited(squares(4), {"xor": 1}).body
    assert isinstance(node, PipelinedLoop)
    assert (node.initiation_interval, node.bound_by) == (3, "operators xor (limit 1)")


def test_a_limit_and_a_recurrence_together() -> None:
    """Three products one after the other within two iterations: at the recurrence's interval the first and
    the third would start in one cycle of every interval."""
    x = Load(A, (I,))
    for k in range(3):
        x = op("mul", x, op("add", Load(B, (I,)), k))
    p = program([A, B], loop(I, Store(A, (op("add", I, 2),), x)))
    bounds = []
    for limits in ({}, {WIDE: 1}):
        (node,) = limited(p, limits).body
        assert isinstance(node, PipelinedLoop)
        bounds.append((node.initiation_interval, node.bound_by))
    assert bounds == [(4, "recurrence through a"), (5, f"operators {WIDE} (limit 1) with dependences")]


def test_schedules_are_remembered_by_their_limits() -> None:
    p = squares(6)
    found = [limited(p, limits) for limits in ({WIDE: 1}, {}, {WIDE: 3}, {WIDE: 1})]
    assert [n.initiation_interval for f in found for n in f.body if isinstance(n, PipelinedLoop)] == [
        6,
        1,
        2,
        6,
    ]
    assert [f.limits for f in found] == [((WIDE, 1),), (), ((WIDE, 3),), ((WIDE, 1),)]


def own_target(tmp_path: Path, limit: str) -> Target:
    text = (resources.files("seer") / "targets" / "xc7.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(f'name = "{WIDE}"', f'name = "{WIDE}"\nlimit = {limit}'))
    return Target.load(str(path))


def test_limits_of_the_target_file(tmp_path: Path) -> None:
    target, p = own_target(tmp_path, "2"), squares(6)
    for limits, interval in (({}, 3), ({WIDE: 3}, 2), ({"xor": 5}, 3)):
        found = schedule(p, auto_pipelined(p), target, limits)
        assert static_faults(found, target) == []
        (node,) = found.body
        assert isinstance(node, PipelinedLoop) and node.initiation_interval == interval


@pytest.mark.parametrize(
    ("limit", "message"), [("0", "at least 1"), ("-1", "at least 1"), ("1.5", "whole number")]
)
def test_bad_limits_of_a_target_file(tmp_path: Path, limit: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        own_target(tmp_path, limit)


@pytest.mark.parametrize(
    ("limits", "message"), [({"mul_pip": 1}, "no unit 'mul_pip'"), ({WIDE: 0}, "leaves no")]
)
def test_bad_limits(limits: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        schedule(squares(2), frozenset(), TARGET, limits)


def test_the_checker_counts_operators() -> None:
    for pipelined in (True, False):
        found = limited(squares(6), {WIDE: 6} if pipelined else {}, pipelined)
        assert most_in_a_cycle(next(regions(found.body)), WIDE, int(pipelined)) > 1
        tight = replace(found, limits=((WIDE, 1),))
        assert any("limit 1" in fault for fault in static_faults(tight, TARGET))


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_random_programs_within_limits(seed: int) -> None:
    made = RandomProgram(seed, control=seed % 8 == 0)
    contents, params = made.inputs()
    expected = interpreter.run(made.program, contents, params)
    limits = {table.name: 1 + seed % 2 for table in TARGET.file.units}
    for pipelined in (frozenset(), auto_pipelined(made.program)):
        found = schedule(made.program, pipelined, TARGET, limits)
        assert static_faults(found, TARGET) == []
        result = replay(found, contents, params, registers=7)
        assert result.faults == []
        assert {name: result.arrays[name] for name in expected} == expected
