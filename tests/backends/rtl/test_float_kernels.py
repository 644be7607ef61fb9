"""C kernels on floats as hardware: bit-exact with the compiled C, in as many cycles as the schedule says."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.schedule import Target, auto_pipelined, cycles, schedule

FILE = Path(__file__).with_name("floats.c")
TOPS = ["dot", "gemm", "stencil", "pull", "norm", "convert", "range", "newton"]


def agrees(top: str, clock: float, pipelined: bool, folder: Path) -> None:
    program = frontend.load([FILE], top)
    calls = calls_of(program, Source((FILE,)), 3, 4)
    loops = auto_pipelined(program) if pipelined else frozenset()
    scheduled = schedule(program, loops, Target.load("xc7", clock))
    verilog = generate(scheduled)
    lint(verilog, top, folder / "lint.log")
    simulation = simulate(scheduled, verilog, calls, folder)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(scheduled, call) for call in calls]


@pytest.mark.parametrize("top", ["dot", "convert", "newton"])
def test_sample(top: str, tmp_path: Path) -> None:
    agrees(top, 5.0, True, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("clock", [5.0, 8.0])
@pytest.mark.parametrize("pipelined", [False, True])
@pytest.mark.parametrize("top", TOPS)
def test_all(top: str, pipelined: bool, clock: float, tmp_path: Path) -> None:
    agrees(top, clock, pipelined, tmp_path)
