"""Random programs through exploration: equal to what came in, never slower, every step replayed."""

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from seer.driver.explore import Best, Request, explore
from seer.driver.options import Limits, Options
from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.random_programs import random_inputs, random_program
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.verify.replay import replay

LIMITS = Limits(rounds=3, datapath_steps=3, e_nodes=8_000, unrolled_statements=24)
SAMPLE = 8
SOAK = 100


@dataclass(frozen=True)
class Call:
    arrays_before: Mapping[str, list[int]]
    params: Mapping[str, int]


def explored(seed: int) -> bool:
    """Checks one program; False if the target has no unit for one of its operators."""
    draw = random.Random(seed)
    program = random_program(draw, defined=True, registers=True)
    calls = tuple(Call(*random_inputs(draw, program)) for _ in range(2))
    target = Target.load("xc7")
    try:
        baselines = [
            sum(cycles(schedule(program, chosen, target), call) for call in calls)
            for chosen in (frozenset(), auto_pipelined(program))
        ]
    except InputError:
        return False
    messages: list[object] = []
    explore(Request(program, Options(backend="none", limits=LIMITS), calls), messages.append)
    for best in [message for message in messages if isinstance(message, Best)]:
        assert replay(program.body, best.body, best.steps) == [], f"seed {seed}"
        rewritten = replace(program, body=best.body)
        for number in range(6):
            arrays, values = random_inputs(random.Random(f"{seed} {number}"), program)
            before = interpreter.run(program, arrays, values, locals_seed=number)
            after = interpreter.run(rewritten, arrays, values, locals_seed=number)
            assert before == after, f"seed {seed}"
    final = [message for message in messages if isinstance(message, Best)][-1]
    found = schedule(replace(program, body=final.body), final.pipelined, target)
    assert sum(cycles(found, call) for call in calls) == final.cycles <= min(baselines), f"seed {seed}"
    return True


@pytest.fixture(autouse=True)
def deep_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(limit)


def test_a_sample_of_random_programs():
    assert sum(explored(seed) for seed in range(SAMPLE)) >= SAMPLE // 2


@pytest.mark.soak
def test_many_random_programs():
    assert sum(explored(seed) for seed in range(1_000, 1_000 + SOAK)) >= SOAK // 2
