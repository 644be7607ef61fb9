"""Exclusive accesses on one port: the hardware makes the right one of them."""

import random
from dataclasses import replace

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.lang.program import Program
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.model import Schedule, regions
from tests.schedule.programs import RandomProgram, op
from tests.schedule.test_exclusive import A, at, cases, put


def shared(design: Schedule) -> int:
    """How many accesses take a port in a cycle in which another one of their iteration may take it."""
    count = 0
    for region in regions(design.body):
        taken = [(o.memory, o.port, o.start_cycle) for o in region.operations if o.port is not None]
        count += len(taken) - len(set(taken))
    return count


def agrees(design: Schedule, calls, folder) -> None:
    verilog = generate(design)
    lint(verilog, design.program.name, folder / "lint.log")
    simulation = simulate(design, verilog, calls, folder)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c) for c in calls]


def test_a_switch_at_an_interval_of_one(call, tmp_path):
    p = cases(*([put(k, op("sub", at(A, k), at(A, k + 7)))] for k in range(4)))
    p = Program("four_cases", p.arguments, p.body)
    design = schedule(p, auto_pipelined(p), Target.load("xc7"))
    assert shared(design) == 6 + 3
    rng = random.Random(5)
    calls = []
    for _ in range(4):
        before = {name: [rng.getrandbits(32) for _ in range(64)] for name in "ab"}
        before["s"] = [rng.randrange(6) for _ in range(64)]
        calls.append(call({}, before, interpreter.run(p, before, {})))
    agrees(design, calls, tmp_path)


@pytest.mark.parametrize("seed", [39, 40, 121])
def test_random_programs_that_share(seed, call, tmp_path):
    made = RandomProgram(seed, control=True)
    program = replace(made.program, name=f"shared{seed}")
    target = Target.load("xc7", [5.0, 10.0, 5.0][seed % 3], 1 if seed % 3 else 2)
    design = schedule(program, auto_pipelined(program), target)
    assert shared(design)
    calls = []
    for _ in range(6):
        contents, params = made.inputs()
        calls.append(call(params, contents, interpreter.run(program, contents, params)))
    agrees(design, calls, tmp_path)
