"""Loaded data that go past their register: the hardware does what the schedule says, cycle by cycle."""

import random
from dataclasses import replace

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.model import regions
from tests.schedule.test_forwarded import contents, random_chase


@pytest.mark.parametrize("seed", [1, 4])
def test_random_programs_that_forward(seed, call, tmp_path):
    made = (replace(random_chase(k), name=f"forwarded{k}") for k in range(40 * seed, 40 * seed + 40))
    target = Target.load("xc7", 6.0, 1)
    scheduled = (schedule(p, auto_pipelined(p), target) for p in made)
    design = next(s for s in scheduled if any(o.forwarded for r in regions(s.body) for o in r.operations))
    rng = random.Random(seed)
    calls = []
    for _ in range(4):
        before = contents(rng)
        calls.append(call({}, before, interpreter.run(design.program, before, {})))
    verilog = generate(design)
    assert "_forwarded" in verilog
    lint(verilog, design.program.name, tmp_path / "lint.log")
    simulation = simulate(design, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c) for c in calls]
