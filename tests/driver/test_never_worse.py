"""Random kernels: no objective chooses anything worse than what came in, and points are real."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from seer.backends.rtl.batch import Job, simulate_batch
from seer.driver.budgets import OBJECTIVES, Figures, objective_key
from seer.driver.choose import best_of
from seer.driver.explore import Best, Request, explore
from seer.driver.options import Limits, Options
from seer.errors import InputError
from seer.extract.partitioning import PARTITIONS
from seer.lang import interpreter
from seer.lang.random_programs import random_inputs, random_program
from seer.schedule import Target, area_estimate, auto_pipelined, cycles, schedule
from seer.verify.vectors import Call, memory

LIMITS = Limits(
    rounds=1, datapath_steps=2, e_nodes=8_000, loop_rewrites=8, unrolled_statements=12, candidates=3
)
SAMPLE, SIMULATED = 6, 3
SOAK = 300


@pytest.fixture(autouse=True)
def deep_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(limit)


def explored(seed: int) -> list[Job] | None:
    """Checks one kernel, of three one with no array cut, one with locals and one with arguments; what the
    objectives choose, to be simulated. None if the target cannot build it."""
    draw = random.Random(f"never worse {seed}")
    program = random_program(draw, defined=True)
    widths = {array.name: array.type.width for array in program.arrays}
    calls: list[Call] = []
    for number in range(2):
        arrays, params = random_inputs(draw, program)
        after = interpreter.run(program, arrays, params, locals_seed=number)
        before, results = (
            {name: memory(widths[name], values) for name, values in found.items()}
            for found in (arrays, after)
        )
        calls.append(Call(params, {**results, **before}, results))
    target = Target.load("xc7")

    def figures(body, pipelined, partitions=()):
        found = schedule(replace(program, body=body), pipelined, target, partitions=partitions)
        area = area_estimate(found, target)
        return found, Figures(sum(cycles(found, call) for call in calls), area, area.weighted(target))

    try:
        baselines = [figures(program.body, loops)[1] for loops in (frozenset(), auto_pipelined(program))]
    except InputError:
        return None
    messages: list[object] = []
    options = Options(backend="none", limits=LIMITS, partition=PARTITIONS[seed % len(PARTITIONS)])
    explore(Request(program, options, tuple(calls)), messages.append)
    front = [message for message in messages if isinstance(message, Best)][-1].front
    for found in front:
        real = figures(found.point.body, found.point.pipelined, found.point.partitions)[1]
        assert real == replace(found.figures, intervals=()), f"seed {seed}"
    jobs: list[Job] = []
    for objective in OBJECTIVES:
        chosen = front[best_of([found.figures for found in front], objective, ())]
        cost = objective_key(objective, chosen.figures.cycles, chosen.figures.weighted)
        for came in baselines:
            assert cost[0] <= objective_key(objective, came.cycles, came.weighted)[0], f"seed {seed}"
        point = chosen.point
        made, _ = figures(point.body, point.pipelined, point.partitions)
        jobs.append(Job(made, calls))
    return list({(job.schedule.body): job for job in jobs}.values())


def simulated(jobs: list[Job], folder: Path) -> None:
    """Simulated cycles are those predicted, and no memory differs."""
    for job, outcome in zip(jobs, simulate_batch(jobs, folder), strict=True):
        if isinstance(outcome, Exception):
            raise outcome
        assert outcome.mismatches == 0, outcome.examples
        assert outcome.cycles == sum(cycles(job.schedule, call) for call in job.calls)


def test_a_sample_of_random_kernels(tmp_path: Path) -> None:
    found = [explored(seed) for seed in range(SAMPLE)]
    built = [jobs for jobs in found if jobs is not None]
    assert len(built) >= SAMPLE // 2
    simulated([job for jobs in built[:SIMULATED] for job in jobs], tmp_path)


@pytest.mark.soak
def test_many_random_kernels(tmp_path: Path) -> None:
    built = 0
    seed = 1_000
    while built < SOAK:
        jobs = explored(seed)
        seed += 1
        if jobs is None:
            continue
        built += 1
        if built % 10 == 0:
            simulated(jobs, tmp_path / str(seed))
