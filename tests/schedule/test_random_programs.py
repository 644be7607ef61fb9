"""Random programs: schedules pass the independent check, and replayed they compute and take what they say."""

from __future__ import annotations

import pytest

from seer.lang import interpreter
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.replay import replay
from tests.schedule.programs import RandomProgram

BATCHES = 6
EACH = 25


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_programs(batch: int) -> None:
    targets = [Target.load("xc7"), Target.load("xc7", clock_ns=10.0, memory_ports=1)]
    for seed in range(batch * EACH, (batch + 1) * EACH):
        made = RandomProgram(seed)
        program = made.program
        target = targets[seed % 2]
        contents, params = made.inputs()
        expected = interpreter.run(program, contents, params)
        for pipelined in (frozenset(), auto_pipelined(program)):
            scheduled = schedule(program, pipelined, target)
            assert static_faults(scheduled, target) == [], seed
            result = replay(scheduled, contents, params, registers=0x5A5A5A5A)
            assert result.faults == [], seed
            arrays = {name: result.arrays[name] for name in expected}
            assert arrays == expected, seed
            assert result.cycles == cycles(scheduled, params), seed
