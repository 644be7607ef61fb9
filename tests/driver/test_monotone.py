"""A greater limit or budget gives no design that is slower."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

import pytest

from seer.driver.explore import Best, Request, explore
from seer.driver.options import Limits, Options
from seer.lang.program import Program
from seer.lang.random_programs import random_inputs, random_program
from seer.schedule import Target, area_estimate, schedule
from seer.verify.vectors import Call, memory

SMALL = Limits(
    rounds=2, datapath_steps=2, e_nodes=8_000, loop_rewrites=12, unrolled_statements=16, candidates=4
)
GREATER: dict[str, tuple[int, ...]] = {
    "rounds": (1, 2, 3),
    "datapath_steps": (1, 2, 4),
    "e_nodes": (200, 8_000, 40_000),
    "loop_rewrites": (2, 12, 40),
    "unrolled_statements": (4, 16, 64),
    "region_operations": (40, 600, 1_200),
    "candidates": (1, 4, 6),
}
BUDGETS = (1.0, 1.1, 1.4, 2.0, None)
SAMPLE = (3,)


def kernel(seed: int) -> tuple[Program, tuple[Call, ...]]:
    draw = random.Random(f"monotone {seed}")
    program = random_program(draw, defined=True)
    widths = {array.name: array.type.width for array in program.arrays}
    arrays, params = random_inputs(draw, program)
    return program, (Call(params, {name: memory(widths[name], found) for name, found in arrays.items()}),)


@lru_cache(maxsize=64)
def front(seed: int, limits: Limits) -> list[tuple[int, float]]:
    """Cycles and weighted areas of what an exploration finds."""
    program, calls = kernel(seed)
    messages: list[object] = []
    explore(Request(program, Options(backend="none", limits=limits), calls), messages.append)
    best = [message for message in messages if isinstance(message, Best)][-1]
    return [(found.figures.cycles, found.figures.weighted) for found in best.front]


def check_limit(seed: int, name: str, least: int, most: int) -> None:
    """Between the values of a limit at two positions."""
    cycles = [min(front(seed, replace(SMALL, **{name: v})))[0] for v in GREATER[name][least:most]]
    assert cycles == sorted(cycles, reverse=True), f"seed {seed}, {name}"


@pytest.mark.parametrize("name", GREATER)
def test_cycles_do_not_grow_with_a_limit(name: str) -> None:
    for seed in SAMPLE:
        check_limit(seed, name, 0, 2)


def test_cycles_do_not_grow_with_a_budget() -> None:
    for seed in SAMPLE:
        program, _ = kernel(seed)
        source = area_estimate(schedule(program, frozenset(), Target.load("xc7")), Target.load("xc7"))
        area = source.weighted(Target.load("xc7"))
        found = front(seed, SMALL)
        fastest = [
            min((c for c, a in found if most is None or a <= most * area), default=None) for most in BUDGETS
        ]
        kept = [cycles for cycles in fastest if cycles is not None]
        assert kept and kept == sorted(kept, reverse=True), f"seed {seed}"


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 130))
def test_cycles_do_not_grow_with_any_limit_on_many_kernels(seed: int) -> None:
    for name in GREATER:
        check_limit(seed, name, 0, 3)
