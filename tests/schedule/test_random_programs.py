"""Random programs: schedules pass the independent check, and replayed they compute and take what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from seer.lang import interpreter
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.replay import replay
from tests.schedule.programs import RandomProgram

BATCHES = 6
EACH = 25


@dataclass
class RecordedCall:
    """What cycles are counted from."""

    params: Mapping[str, int]
    arrays_before: Mapping[str, list[int]]


@pytest.mark.parametrize("control", [False, True])
def test_memories_with_an_output_register(control: bool, tmp_path: Path) -> None:
    """A read latency of two cycles: the same programs, checked and replayed likewise."""
    path = tmp_path / "slow.toml"
    path.write_text('base = "xc7"\nname = "slow"\n[memory]\nread_latency = 2\n')
    target = Target.load(str(path))
    for seed in range(20):
        _check(RandomProgram(seed, control), target, seed)


@pytest.mark.parametrize("control", [False, True])
@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_programs(batch: int, control: bool) -> None:
    targets = [Target.load("xc7"), Target.load("xc7", clock_ns=10.0, memory_ports=1)]
    for seed in range(batch * EACH, (batch + 1) * EACH, 3 if control else 1):
        _check(RandomProgram(seed, control), targets[seed % 2], seed)


def _check(made: RandomProgram, target: Target, seed: int) -> None:
    program = made.program
    contents, params = made.inputs()
    expected = interpreter.run(program, contents, params)
    for pipelined in (frozenset(), auto_pipelined(program)):
        scheduled = schedule(program, pipelined, target)
        assert static_faults(scheduled, target) == [], seed
        result = replay(scheduled, contents, params, registers=0x5A5A5A5A)
        assert result.faults == [], seed
        arrays = {name: result.arrays[name] for name in expected}
        assert arrays == expected, seed
        assert result.cycles == cycles(scheduled, RecordedCall(params, contents)), seed
