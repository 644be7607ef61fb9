"""How long a simulation takes: python benchmarks/simulation_speed.py [CYCLES]

Simulates the pipelined product of two 64 × 64 matrices of doubles (benchmarks/seer/gemm_ncubed.c) on as
many generated calls as take CYCLES cycles (3,000,000 unless told otherwise), and prints how long that takes
with building the model. Verilator's runtime objects come from the cache, the model never does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from seer import frontend
from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import warm_runtime
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.schedule import Target, auto_pipelined, cycles, schedule

KERNEL = Path(__file__).parent / "seer" / "gemm_ncubed.c"


def main(least: int) -> None:
    warm_runtime()
    program = frontend.load([KERNEL], "gemm_ncubed")
    made = schedule(program, auto_pipelined(program), Target.load("xc7"))
    calls = calls_of(program, Source((KERNEL,)), 1, -(-least // cycles(made, {})))
    started = time.perf_counter()
    # A comment of its own keeps this model apart from any that was built before.
    verilog = f"{generate(made)}// {time.time_ns()}\n"
    with tempfile.TemporaryDirectory() as folder:
        result = simulate(made, verilog, calls, Path(folder))
    seconds = time.perf_counter() - started
    assert result.mismatches == 0
    print(f"{result.cycles:,} cycles in {len(calls)} calls: {seconds:.1f} s with building the model")


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 3_000_000)
