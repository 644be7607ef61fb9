"""Parts that have nothing in common, side by side: fewer cycles, as the hardware takes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.generate import generate
from seer.backends.rtl.simulate import Simulation
from seer.backends.rtl.verilator import lint
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.lang import interpreter
from seer.lang.terms import Loop
from seer.schedule import SHARING, Target, area_estimate, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.cycles import cycles_of
from seer.schedule.model import Parallel, Schedule, regions
from seer.schedule.replay import replay
from seer.schedule.units import instance_users
from tests.schedule.programs import RandomProgram
from tests.schedule.test_random_programs import RecordedCall

TARGET = Target.load("xc7")
TEXT = """
void two(unsigned a[40], unsigned b[20], unsigned n) {
    for (int i = 0; i < 40; i++) a[i] = a[i] / (n | 1);
    for (int i = 0; i < 20; i++) b[i] = b[i] / (n | 3);
}
int joined(int a[16], int b[16], int c[16]) {
    int s = 0, t = 0;
    for (int i = 0; i < 16; i++) s += a[i] * 3;
    for (int i = 0; i < 16; i++) t += b[i] / 3;
    for (int i = 0; i < 16; i++) c[i] = s - t;
    for (int i = 0; i < 8; i++) a[i] = 0;
    return s;
}
int waiting(int a[16], int b[16]) {
    int n = 0, k = 0;
    while (n < 16 && a[n]) n++;
    for (int i = 0; i < b[0]; i++) k += b[i & 15];
    for (int i = 0; i < 16; i++) a[i] += n;
    return n + k;
}
void chain(int a[16]) {
    for (int i = 0; i < 16; i++) a[i] += 1;
    for (int i = 0; i < 15; i++) a[i] = a[i + 1] * 5;
}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("parallel") / "parallel.c"
    file.write_text(TEXT)
    return file


def made(
    source: Path,
    top: str,
    parallel: bool = True,
    pipelined: bool = True,
    limits: dict[str, int] | None = None,
) -> Schedule:
    program = frontend.load([source], top)
    loops: frozenset[Loop] = auto_pipelined(program) if pipelined else frozenset()
    found = schedule(program, loops, TARGET, limits, parallel=parallel)
    assert static_faults(found, TARGET) == []
    return found


def branches(found: Schedule) -> list[int]:
    """Of each node, how many sequences run side by side."""
    return [len(node.branches) if isinstance(node, Parallel) else 1 for node in found.body]


def test_they_take_as_long_as_the_longest(source: Path) -> None:
    one, both = made(source, "two", parallel=False), made(source, "two")
    assert branches(one) == [1, 1] and branches(both) == [2]
    assert cycles(both, {"n": 3}) == max(cycles_of(node, {}) for node in one.body)
    assert cycles(one, {"n": 3}) == sum(cycles_of(node, {}) for node in one.body)
    # One that uses what the other does begins when that one's last iterations no longer take the ports.
    (chain,) = made(source, "chain").body
    assert isinstance(chain, Parallel) and chain.starts[1] >= 16


def test_what_needs_both_begins_behind_them(source: Path) -> None:
    assert branches(made(source, "joined"))[:2] != [1, 1]
    assert max(branches(made(source, "joined"))) >= 2


def test_what_runs_at_once_shares_no_unit(source: Path) -> None:
    one, both = made(source, "two", parallel=False), made(source, "two")

    def dividers(found: Schedule) -> int:
        return sum(key.kind == "udiv" for key, _ in instance_users(found.body))

    assert dividers(one) == 1 and dividers(both) == 2
    assert area_estimate(both, TARGET).lut > 1.5 * area_estimate(one, TARGET).lut
    # A limit keeps them in order.
    (unit,) = {op.unit for region in regions(both.body) for op in region.operations if op.kind == "udiv"}
    assert unit is not None
    assert branches(made(source, "two", limits={unit: 1})) == [1, 1]


@pytest.mark.parametrize("pipelined", [False, True])
def test_simulated_as_predicted(pipelined: bool, source: Path, tmp_path: Path) -> None:
    jobs: list[Job] = []
    for top in ("two", "joined", "waiting", "chain"):
        found = made(source, top, pipelined=pipelined)
        lint(generate(found), top, tmp_path / "lint.log")
        calls = calls_of(found.program, Source((source,)), 3, 3)
        jobs.append(Job(found, calls))
        for call in calls:
            before = {name: array.reshape(-1).tolist() for name, array in call.arrays_before.items()}
            played = replay(found, before, call.params)
            assert played.faults == [] and played.cycles == cycles(found, call)
    assert any(isinstance(node, Parallel) for job in jobs for node in job.schedule.body)
    for job, outcome in zip(jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert isinstance(outcome, Simulation) and not outcome.mismatches, outcome
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, call) for call in job.calls]


def test_the_check_refuses_what_shares(source: Path) -> None:
    chain = made(source, "chain", parallel=False)
    wrong = replace(chain, body=(Parallel(tuple((node,) for node in chain.body)),))
    assert any("share a" in fault for fault in static_faults(wrong, TARGET))
    one = made(source, "two", parallel=False)  # with one divider for both
    wrong = replace(one, body=(Parallel(tuple((node,) for node in one.body)),))
    assert any("at the same time" in fault for fault in static_faults(wrong, TARGET))
    (inner,) = made(source, "two").body
    wrong = replace(one, body=(Parallel(((inner,), (one.body[0],))),))
    assert static_faults(wrong, TARGET)


def test_the_formula_has_the_longest(source: Path) -> None:
    from seer.schedule.formula import parts

    found = made(source, "two")
    (first, *rest) = parts(found)
    assert first.what == "side by side" and first.cycles.startswith("max(")
    assert [part.depth for part in rest] == [1, 1]


def test_random_programs() -> None:
    """Checked, replayed, and counted; many of them hold parts that are independent."""
    found = 0
    for seed in range(60):
        made_ = RandomProgram(seed, control=seed % 2 == 0)
        contents, params = made_.inputs()
        expected = interpreter.run(made_.program, contents, params)
        for loops in (frozenset[Loop](), auto_pipelined(made_.program)):
            share = SHARING[seed % 3]
            scheduled = schedule(made_.program, loops, TARGET, share=share, parallel=True)
            found += any(isinstance(node, Parallel) for node in scheduled.body)
            assert static_faults(scheduled, TARGET) == [], seed
            result = replay(scheduled, contents, params, registers=0x5A5A5A5A)
            assert result.faults == [], seed
            assert {name: result.arrays[name] for name in expected} == expected, seed
            assert result.cycles == cycles(scheduled, RecordedCall(params, contents)), seed
    assert found >= 5
