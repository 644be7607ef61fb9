"""`write_wave`: a wave of a design's first cycles, in FST, which GTKWave and Surfer show.

The model is built and run once more for it, so that a simulation without a wave costs nothing. Names in the
wave are those of the Verilog: docs/rtl.md says how the source is found in them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from seer.backends.rtl.interface import Interface
from seer.backends.rtl.simulate import Call, inputs, longest, run_program
from seer.backends.rtl.testbench import BENCH, Bench
from seer.backends.rtl.verilator import build
from seer.schedule.cycles import cycles
from seer.schedule.model import Schedule

__all__ = ["WAVE_CYCLES", "WAVE_FILE", "write_wave"]

WAVE_FILE = "wave.fst"
WAVE_CYCLES = 20_000
"""Cycles that a wave shows: of a design with 1,000 signals some megabytes."""

_SECONDS = 300


def write_wave(
    schedule: Schedule, verilog: str, calls: Sequence[Call], folder: Path, most: int = WAVE_CYCLES
) -> Path:
    """Write wave.fst into `folder`: the design of `schedule`, given as `verilog`, on the calls one after the
    other, until `most` cycles are over; a clock period is the schedule's. Returns the file.

    Raises BackendError when a tool is missing or fails, or the simulation takes more than its time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(Interface.of(schedule))
    logfile = folder / "wave.log"
    logfile.write_text(f"wave of {bench.interface.module}, at most {most} cycles\n")
    program = build(f"{verilog}\n{bench.verilog()}", BENCH, bench.main(wave=True), logfile, wave=True)
    limit = longest(cycles(schedule, call) for call in calls)
    period = str(round(1000 * schedule.clock_ns))
    with tempfile.TemporaryDirectory(prefix="seer_wave_") as name:
        (Path(name) / "input").write_bytes(inputs(bench, calls))
        command = [str(program), "input", "output", str(len(calls)), str(limit), WAVE_FILE, str(most), period]
        run_program(command, Path(name), logfile, _SECONDS, "the simulator that writes the wave")
        (folder / WAVE_FILE).write_bytes((Path(name) / WAVE_FILE).read_bytes())
    return folder / WAVE_FILE
