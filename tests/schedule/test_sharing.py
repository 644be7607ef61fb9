"""Sharing costs no cycles and never more area than none; a target without multiplexers shares nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.lang.terms import Load, Op, Store
from seer.schedule import SHARING, Target, area_estimate, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedLoop, Schedule, regions
from seer.schedule.units import instance_users
from tests.schedule.programs import RandomProgram, array, counter, loop, op, program

A, B, C = array("a", 32, 64), array("b", 32, 64), array("c", 32, 64)


def shape(found: Schedule) -> list[tuple[int, ...]]:
    """Lengths of the regions, and intervals of the loops on top."""
    lengths = tuple(region.length for region in regions(found.body))
    return [lengths, tuple(n.initiation_interval for n in found.body if isinstance(n, PipelinedLoop))]


@pytest.mark.parametrize("clock_ns", [5.0, 8.0, 14.0])
def test_random_programs_take_the_same_cycles_and_no_more_area(clock_ns: float) -> None:
    target = Target.load("xc7", clock_ns)
    shared = 0
    for seed in range(0, 30, 2):
        p = RandomProgram(seed, control=seed % 4 == 0).program
        for pipelined in (frozenset(), auto_pipelined(p)):
            found = {share: schedule(p, pipelined, target, share=share) for share in SHARING}
            areas = {share: area_estimate(found[share], target).weighted(target) for share in SHARING}
            for share in SHARING:
                assert static_faults(found[share], target) == [], seed
                assert shape(found[share]) == shape(found["none"]), seed
                assert areas[share] <= areas["none"], seed
            shared += any(len(users) > 1 for users in instance_users(found["all"].body).values())
    assert shared >= 2


def two_loops(kind: str) -> Schedule:
    i = counter(0, 20)
    first = loop(i, Store(C, (i,), Op(kind, 32, (Load(A, (i,)), Load(B, (i,))))))
    second = loop(i, Store(A, (i,), Op(kind, 32, (Load(B, (i,)), Load(C, (i,))))))
    p = program([A, B, C], first, second)
    return schedule(p, auto_pipelined(p), Target.load("xc7", 6.0))


def test_only_units_larger_than_their_multiplexers_are_shared() -> None:
    assert [len(users) for users in instance_users(two_loops("mul").body).values()] == [2]
    assert not instance_users(two_loops("add").body)


def test_operands_change_places_to_save_a_multiplexer() -> None:
    """Products of a and b, and of b and a: through the same ports they need no multiplexer at all."""
    i = counter(0, 20)
    offset = [Load(m, (op("add", i, 3),)) for m in (B, A)]
    first = loop(i, Store(C, (i,), op("mul", Load(A, (i,)), Load(B, (i,)))))
    second = loop(i, Store(C, (i,), op("mul", *offset)))
    p = program([A, B, C], first, second)
    target = Target.load("xc7")
    found = schedule(p, auto_pipelined(p), target)
    assert static_faults(found, target) == []
    assert [len(users) for users in instance_users(found.body).values()] == [2]


def test_without_multiplexers_in_the_target_nothing_is_shared(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "seer" / "targets" / "xc7.toml").read_text(encoding="utf-8")
    start, end = text.index("[[multiplexers]]"), text.index("[[units]]")
    (tmp_path / "bare.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    target = Target.load(str(tmp_path / "bare.toml"), 6.0)
    i = counter(0, 20)
    body = [loop(i, Store(C, (i,), op("mul", Load(A, (i,)), Load(m, (i,))))) for m in (B, C)]
    p = program([A, B, C], *body)
    found = schedule(p, auto_pipelined(p), target)
    assert static_faults(found, target) == []
    assert [len(users) for users in instance_users(found.body).values()] == [1, 1]
