"""Shared units of floats behind registers: where a multiplexer would not leave time for their first stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, synthesise
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.schedule import Target, area_estimate, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.cycles import cycles
from seer.schedule.explain import explain
from seer.schedule.model import Operation, Schedule, regions
from seer.schedule.replay import replay
from seer.schedule.units import UnitKey, instance_users, map_regions

TARGET = Target.load("xc7")
LIMITS = {"fmul": 1, "fadd": 1}
TEXT = """
void forces(float x[32], float y[32], float f[32]) {
    for (int i = 0; i < 32; i++) {
        float a = x[i] * 1.25f, b = y[i] * y[i] + a, c = (a - b) * (a + 3.0f);
        f[i] = c * a + b * y[i];
    }
}
double norm(double x[8]) {
    double s = 0;
    for (int i = 0; i < 8; i += 2) s += x[i] * x[i] - x[i + 1] * x[i + 1];
    return s;
}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("floats") / "floats.c"
    file.write_text(TEXT)
    return file


def units(found: Schedule) -> dict[UnitKey, int]:
    """How many instances there are of each kind of float unit with registers inside."""
    counts: dict[UnitKey, int] = {}
    for key, _ in instance_users(found.body):
        if key.kind.startswith("f") and key.latency:
            counts[key] = counts.get(key, 0) + 1
    return counts


def made(source: Path, top: str, pipelined: bool, limits: Mapping[str, int], share: str) -> Schedule:
    program = frontend.load([source], top)
    loops = auto_pipelined(program) if pipelined else frozenset()
    found = schedule(program, loops, TARGET, limits, share=share)
    assert static_faults(found, TARGET) == []
    return found


def every(source: Path) -> Iterator[tuple[Schedule, Schedule, Schedule]]:
    """As it is, limited without sharing, and limited with it."""
    for top in ("forces", "norm"):
        for pipelined in (False, True):
            yield (
                made(source, top, pipelined, {}, "none"),
                made(source, top, pipelined, LIMITS, "none"),
                made(source, top, pipelined, LIMITS, "all"),
            )


def test_a_limit_is_how_many_units_there_are(source: Path) -> None:
    for free, alone, shared in every(source):
        assert set(units(shared).values()) == {1}
        assert all(key.staged for key in units(shared))
        assert not any(key.staged for key in (*units(alone), *units(free)))
        assert sum(units(alone).values()) == sum(units(free).values()) > sum(units(shared).values())
        weighted = [area_estimate(found, TARGET).weighted(TARGET) for found in (free, shared)]
        assert weighted[1] < weighted[0]


def test_where_multiplexers_have_time_there_are_no_registers(source: Path) -> None:
    program = frontend.load([source], "forces")
    slow = Target.load("xc7", clock_ns=20)
    found = schedule(program, frozenset(), slow, LIMITS)
    assert not any(op.staged for region in regions(found.body) for op in region.operations)


def test_simulated_as_predicted(source: Path, tmp_path: Path) -> None:
    jobs: list[Job] = []
    for _, _, shared in every(source):
        calls = calls_of(shared.program, Source((source,)), 2, 3)
        jobs.append(Job(shared, calls))
        for call in calls:
            before = {name: array.reshape(-1).tolist() for name, array in call.arrays_before.items()}
            played = replay(shared, before, call.params)
            assert played.faults == [] and played.cycles == cycles(shared, call)
    outcomes = simulate_batch(jobs, tmp_path)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Simulation)] == []
    for job, outcome in zip(jobs, outcomes, strict=True):
        assert isinstance(outcome, Simulation) and not outcome.mismatches
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, call) for call in job.calls]


def test_what_bounds_its_loops_is_explained(source: Path) -> None:
    for _, _, shared in every(source):
        kinds = [(each.kind, each.loop.bound_by) for each in explain(shared, TARGET)]
        assert all(kind in bound for kind, bound in kinds)


def changed(found: Schedule, **fields: object) -> Schedule:
    """With the first operation behind registers, and its companions, changed."""

    def one(op: Operation) -> Operation:
        return replace(op, **fields) if op.staged else op  # pyright: ignore[reportArgumentType]

    return replace(
        found,
        body=map_regions(
            found.body, lambda region: replace(region, operations=tuple(map(one, region.operations)))
        ),
    )


def test_the_check_knows_the_registers(source: Path) -> None:
    shared = made(source, "forces", True, LIMITS, "all")
    # Without its registers a unit is too fast for its latency, and its multiplexers too slow for the clock.
    assert any("has latency" in fault for fault in static_faults(changed(shared, staged=False), TARGET))
    free = made(source, "forces", True, {}, "none")
    every_operation = map_regions(
        free.body,
        lambda region: replace(
            region, operations=tuple(replace(op, staged=True) for op in region.operations)
        ),
    )
    assert static_faults(replace(free, body=every_operation), TARGET)


@pytest.mark.soak
def test_the_clock_is_kept(source: Path, tmp_path: Path) -> None:
    for top in ("forces", "norm"):
        found = synthesise(generate(made(source, top, True, LIMITS, "all")), top, tmp_path / top)
        assert found.min_clock_ns is not None and found.min_clock_ns < 5.0
