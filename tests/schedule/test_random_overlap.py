"""Random loops that write and read local arrays in many orders: checked, replayed, simulated side by side."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.lang.terms import Loop
from seer.schedule import SHARING, Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import Parallel, Schedule, SequentialLoop
from seer.schedule.partition import Ring
from seer.schedule.replay import replay

_ALL = ("i", "31 - i", "i ^ 1", "i ^ 4", "(i * 5) & 31", "(i + 3) & 31")
"""Subscripts that take each element once."""
_SOME = (*_ALL, "i & 7", "i / 2", "a[i] & 31")
_HEADS = (
    "for (int i = 0; i < 32; i++)",
    "for (int j = 0; j < 4; j++) for (int k = 0, i = 8 * j; k < 8; k++, i++)",
)


def random_kernel(draw: random.Random) -> str:
    """Loops of which the first ones write whole local arrays; some stand in a loop."""
    arrays = ["a"]
    lines: list[str] = []
    for name in ("s", "t")[: draw.choice((1, 2, 2))]:
        lines.append(_loop(draw, name, draw.choice(_ALL), arrays, ""))
        arrays.append(name)
    guards = ("", "", "", f"if (a[{draw.choice(_ALL)}] & 1) ")
    for _ in range(draw.choice((1, 1, 2))):
        target = draw.choice((*arrays[1:], "b", "b"))
        lines.append(_loop(draw, target, draw.choice(_SOME[:-1]), arrays, draw.choice(guards)))
    if not any(" b[" in line for line in lines):
        lines.append(_loop(draw, "b", "i", arrays, ""))
    body = "\n    ".join(lines)
    if draw.random() < 0.3:
        body = f"for (int f = 0; f < 3; f++) {{\n    {body}\n    }}"
    return f"void k(int a[32], int b[32]) {{\n    int s[32], t[32];\n    {body}\n}}\n"


def _loop(draw: random.Random, target: str, subscript: str, arrays: list[str], guard: str) -> str:
    reads = [f"{draw.choice(arrays)}[{draw.choice(_SOME)}]" for _ in range(draw.choice((1, 1, 2)))]
    value = f" {draw.choice('+*^')} ".join(reads)
    return f"{draw.choice(_HEADS)} {{ {guard} {target}[{subscript}] = {value} + {draw.randrange(9)}; }}"


def made(seed: int, folder: Path) -> tuple[Path, list[Schedule]]:
    """A kernel, scheduled with nothing pipelined and with all that can be."""
    draw = random.Random(seed)
    file = folder / f"k{seed}.c"
    file.write_text(random_kernel(draw))
    program = frontend.load([file], "k")
    target = Target.load("xc7", memory_ports=draw.choice((1, 2)))
    share = draw.choice(SHARING)
    found: list[Schedule] = []
    for loops in (frozenset[Loop](), auto_pipelined(program)):
        one = schedule(program, loops, target, share=share, parallel=True)
        assert static_faults(one, target) == [], seed
        assert one.body and cycles(one, {}) <= cycles(schedule(program, loops, target, share=share), {})
        found.append(one)
    return file, found


def checked(seed: int, folder: Path) -> list[Job]:
    """The schedules with calls, on which they have been replayed."""
    file, found = made(seed, folder)
    jobs: list[Job] = []
    for one in found:
        calls = calls_of(one.program, Source((file,)), 1, seed)
        for call in calls:
            before = {name: array.reshape(-1).tolist() for name, array in call.arrays_before.items()}
            result = replay(one, before, call.params, registers=0x5A5A5A5A)
            assert result.faults == [] and result.cycles == cycles(one, call), seed
            for name, after in call.arrays_after.items():
                assert result.arrays[name] == after.reshape(-1).tolist(), (seed, name)
        jobs.append(Job(one, calls))
    return jobs


def gains(jobs: list[Job]) -> tuple[int, int]:
    """How many schedules have something that begins early, and how many a ring."""
    bodies = [
        [
            n
            for node in job.schedule.body
            for n in (node, *(node.body if isinstance(node, SequentialLoop) else ()))
        ]
        for job in jobs
    ]
    early = sum(any(isinstance(node, Parallel) and node.starts for node in body) for body in bodies)
    return early, sum(any(isinstance(m.array, Ring) for m in job.schedule.memories) for job in jobs)


def test_a_sample(tmp_path: Path) -> None:
    jobs = [job for seed in range(10) for job in checked(seed, tmp_path)]
    early, rings = gains(jobs)
    assert early >= 8 and rings >= 2


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 300, 10))
def test_many_as_hardware(first: int, tmp_path: Path) -> None:
    jobs = [job for seed in range(first, first + 10) for job in checked(seed, tmp_path)]
    for job, outcome in zip(jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert isinstance(outcome, Simulation) and not outcome.mismatches, outcome
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, call) for call in job.calls]
