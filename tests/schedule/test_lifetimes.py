"""Slack is used for fewer register bits, within every constraint, limits of operators included."""

from __future__ import annotations

import pytest

import seer.schedule.region
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.constraints import Problem
from seer.schedule.lifetimes import register_bits, shorten_lifetimes
from seer.schedule.region import schedule_region
from tests.schedule.problems import obeys
from tests.schedule.programs import RandomProgram

TARGET = Target.load("xc7")


@pytest.mark.parametrize("limit", [None, 1])
def test_fewer_bits_are_kept(limit: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    before: list[int] = []
    after: list[int] = []

    def measured(
        problem: Problem, starts: tuple[int, ...], interval: int, length: int, stable: frozenset[int]
    ) -> tuple[int, ...]:
        found = shorten_lifetimes(problem, starts, interval, length, stable)
        assert obeys(problem, found, interval)
        ends = (start + max(1, draft.latency) for start, draft in zip(found, problem.drafts, strict=True))
        assert max(ends) <= length
        before.append(register_bits(problem, starts, interval, stable))
        after.append(register_bits(problem, found, interval, stable))
        return found

    monkeypatch.setattr(seer.schedule.region, "shorten_lifetimes", measured)
    schedule_region.cache_clear()
    limits = {table.name: limit for table in TARGET.file.units} if limit else None
    for seed in range(1, 40, 2):
        program = RandomProgram(seed).program
        for pipelined in (frozenset(), auto_pipelined(program)):
            schedule(program, pipelined, TARGET, limits, share="none")
    schedule_region.cache_clear()
    assert all(fewer <= bits for fewer, bits in zip(after, before, strict=True))
    assert sum(after) < 0.85 * sum(before)
