"""Intervals and lengths against CP-SAT's proofs."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import seer.schedule.region
from seer import frontend
from seer.errors import InputError
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.constraints import Problem
from seer.schedule.modulo import Solution, solve
from seer.schedule.region import schedule_region
from tests.frontend.kernels import KERNELS
from tests.schedule.judge import horizon, judge
from tests.schedule.problems import obeys, random_problem

EFFORT = 20.0
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"


@dataclass
class Verdicts:
    """How solutions compare with proofs: (name, ours, the least) where they differ, names without proof."""

    count: int = 0
    intervals: list[tuple[str, int, int]] = field(default_factory=list)
    lengths: list[tuple[str, int, int]] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)

    def add(self, name: str, problem: Problem, found: Solution) -> None:
        """Intervals below ours need a proof that there is no schedule; so do shorter lengths at ours."""
        assert obeys(problem, found.starts, found.interval), name
        self.count += 1
        for interval in range(found.least[0], found.interval):
            verdict = judge(problem, interval, horizon(problem, interval), False, EFFORT)
            if verdict.starts is not None:
                self.intervals.append((name, found.interval, interval))
                return
            if not verdict.proved:
                self.unproved.append(name)
        if found.length > found.least[1]:
            verdict = judge(problem, found.interval, found.length, True, EFFORT)
            assert verdict.starts is not None, name
            if verdict.length < found.length:
                self.lengths.append((name, found.length, verdict.length))
            elif not verdict.proved:
                self.unproved.append(name)

    def check(self) -> None:
        assert 100 * len(self.intervals) <= self.count, self.intervals
        assert 100 * len(self.lengths) <= self.count, self.lengths
        assert 100 * len(self.unproved) <= self.count, self.unproved


def judged(seeds: Iterable[int], pipelined: bool) -> Verdicts:
    verdicts = Verdicts()
    for seed in seeds:
        problem = random_problem(random.Random(seed), pipelined=pipelined)
        verdicts.add(str(seed), problem, solve(problem, pipelined))
    return verdicts


def test_random_loops() -> None:
    judged(range(200), True).check()


def test_random_straight_code() -> None:
    judged(range(1000, 1100), False).check()


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(4))
def test_many_random_loops(batch: int) -> None:
    judged(range(500 * batch, 500 * batch + 500), True).check()


def test_lower_bounds_hold() -> None:
    """CP-SAT finds nothing below them, where it is not told of them."""
    for seed in range(2000, 2040):
        problem = random_problem(random.Random(seed), most=30)
        found = solve(problem, True)
        below = found.least[0] - 1
        if below:
            assert judge(problem, below, horizon(problem, below), False, EFFORT).starts is None
        verdict = judge(problem, found.interval, found.length, True, EFFORT)
        assert verdict.length >= found.least[1] or not verdict.proved


def kernel_problems(names: Iterable[str], patch: pytest.MonkeyPatch) -> list[tuple[str, Problem, Solution]]:
    """What is solved for the kernels of the repository, each as written and pipelined."""
    target = Target.load("xc7", memory_ports=1)
    solved: list[tuple[str, Problem, Solution]] = []
    current = ""

    def recorded(problem: Problem, pipelined: bool) -> Solution:
        found = solve(problem, pipelined)
        solved.append((current, problem, found))
        return found

    patch.setattr(seer.schedule.region, "solve", recorded)
    schedule_region.cache_clear()
    for name in names:
        kernel = KERNELS.get(name)
        if kernel is None:
            program = frontend.load([BENCHMARKS / f"{name}.c"], name)
        else:
            program = frontend.load(kernel.files, kernel.name, kernel.include_dirs, kernel.defines)
        current = name
        for pipelined in (frozenset(), auto_pipelined(program)):
            try:
                schedule(program, pipelined, target)
            except InputError:
                continue  # the target has no unit for an operation
    schedule_region.cache_clear()
    return solved


def all_kernels() -> list[str]:
    return sorted(
        {*KERNELS, *(path.stem for path in BENCHMARKS.glob("*.c") if not path.stem.endswith("_tb"))}
    )


@pytest.mark.soak
def test_every_loop_of_every_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = Verdicts()
    for name, problem, found in kernel_problems(all_kernels(), monkeypatch):
        verdicts.add(name, problem, found)
    assert verdicts.count > 100
    verdicts.check()


def test_loops_of_some_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = Verdicts()
    for name, problem, found in kernel_problems(all_kernels()[::6], monkeypatch):
        verdicts.add(name, problem, found)
    assert verdicts.count > 20
    verdicts.check()
