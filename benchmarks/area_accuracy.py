"""How good the area estimate is: python benchmarks/area_accuracy.py [--set NAME | FILE.c…] [options]

`evaluation` are the designs by which the estimate is judged, chosen before they were measured; its
numbers and rules come from `calibration`, the designs that were looked into (docs/schedule.md says
more). FILEs are kernels whose top function has the file's name; each is measured with its loops one
iteration after the other and again with its innermost loops pipelined. The estimate is compared with
what Yosys counts when it maps the design in one piece; --parts also has units and memories mapped apart,
as `seer` reports areas. Prints a line for each design, how many are within 15 % in LUTs and flip-flops
together and exact in DSP blocks and block RAMs, and for LUTs, flip-flops and the weighted figure the
median and mean error and Spearman's rank correlation.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seer import frontend
from seer.backends.rtl import generate, synthesise
from seer.errors import SeerError
from seer.schedule import SHARING, Area, Target, area_estimate, auto_pipelined, schedule

__all__ = ["CALIBRATION", "EVALUATION", "NEAR", "Case", "Measurement", "measure"]

ROOT = Path(__file__).parents[1]
NEAR = 0.15
"""The error up to which an estimate of LUTs and flip-flops together counts as good."""


@dataclass(frozen=True)
class Case:
    """A kernel, below the project's root, and how it is scheduled."""

    file: str
    pipelined: bool = True
    share: str = "all"

    @property
    def name(self) -> str:
        unshared = "" if self.share == "all" else f", share {self.share}"
        return f"{Path(self.file).stem} {'pipelined' if self.pipelined else 'sequential'}{unshared}"


def _corpus(name: str, pipelined: bool = True, share: str = "all") -> Case:
    return Case(f"tests/frontend/corpus/{name}.c", pipelined, share)


EVALUATION = (
    _corpus("cordic", pipelined=False),  # sums and shifts by tables, one after the other
    _corpus("crc_table"),  # a table, shifts of bytes
    _corpus("sobel"),  # a stencil of small products
    _corpus("histogram"),  # a recurrence through a memory
    _corpus("bubble", pipelined=False),  # swaps under conditions
    _corpus("collatz"),  # a while loop, shared between its two branches
    _corpus("block_cipher"),  # bytes, exclusive ors, tables
    _corpus("matrix", share="none"),
    _corpus("merge_sort"),  # branches that hold loops, local arrays
    _corpus("binary_search", pipelined=False),  # a while loop with an early end
    _corpus("bit_widths"),  # operators of many widths, divisions
    _corpus("several_counters"),
    Case("benchmarks/seer/gemm_ncubed.c"),  # double
    Case("benchmarks/seer/kmp.c"),  # nested while loops
    Case("benchmarks/seer/sort_radix.c", pipelined=False),
    Case("benchmarks/area/saxpy.c", share="none"),  # float
    Case("benchmarks/area/levels.c", pipelined=False),  # conversions, float
    Case("benchmarks/area/wide_sums.c"),  # 64 bits
    Case("benchmarks/area/blend.c"),  # bytes
    Case("benchmarks/area/tally.c"),  # block RAM
)

CALIBRATION = (
    *(_corpus(name) for name in ("affine_bounds", "alignment", "bit_stream", "breadth_first", "digit_votes")),
    *(_corpus(name) for name in ("fir", "if_chains", "nested_control", "radix_sort", "reduction", "shifts")),
    *(_corpus(name) for name in ("soft_float", "stencil", "string_match", "switches")),
    _corpus("processor", pipelined=False),
    _corpus("stencil", pipelined=False),
    Case("benchmarks/seer/sort_merge.c"),
    *(Case(f"benchmarks/area/{name}.c") for name in ("echoes", "nearest", "rotate")),
)


@dataclass(frozen=True)
class Measurement:
    """One design: estimated area, synthesised in one piece, and with units and memories apart."""

    case: Case
    estimate: Area
    flat: Area
    parts: Area | None = None

    @property
    def error(self) -> float:
        """Relative error of the LUTs and flip-flops together."""
        measured = self.flat.lut + self.flat.ff
        return (self.estimate.lut + self.estimate.ff - measured) / measured

    @property
    def near(self) -> bool:
        return abs(self.error) <= NEAR

    @property
    def blocks_exact(self) -> bool:
        """Whether DSP blocks and block RAMs are."""
        return (self.estimate.dsp, self.estimate.bram) == (self.flat.dsp, self.flat.bram)

    def line(self) -> str:
        e, f = self.estimate, self.flat
        text = (
            f"{self.case.name:28} LUT {e.lut:5} / {f.lut:5}  FF {e.ff:5} / {f.ff:5}  {self.error:+5.0%}"
            f"  DSP {e.dsp:2} / {f.dsp:2}  BRAM {e.bram} / {f.bram}"
        )
        p = self.parts
        return (
            text if p is None else f"{text}  in parts: LUT {p.lut:5} FF {p.ff:5} DSP {p.dsp:2} BRAM {p.bram}"
        )


def measure(case: Case, target: Target, parts: bool = False) -> Measurement:
    """Schedules, estimates and synthesises one kernel."""
    file = ROOT / case.file
    program = frontend.load((file,), file.stem)
    loops = auto_pipelined(program) if case.pipelined else frozenset()
    design = schedule(program, loops, target, share=case.share)
    verilog, family = generate(design), target.file.family
    with tempfile.TemporaryDirectory() as folder:
        flat = synthesise(verilog, program.name, Path(folder), family, flat=True)
        apart = synthesise(verilog, program.name, Path(folder), family).area if parts else None
    return Measurement(case, area_estimate(design, target), flat.area, apart)


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 0; equal values share the mean of theirs."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation; 0 where one side is constant."""
    a, b = ranks(first), ranks(second)
    return statistics.correlation(a, b) if len(set(a)) > 1 and len(set(b)) > 1 else 0.0


def summary(name: str, estimates: Sequence[float], measured: Sequence[float]) -> str:
    """Errors relative to what was measured, where that is not nothing."""
    errors = [(e - m) / m for e, m in zip(estimates, measured, strict=True) if m]
    sizes = [abs(error) for error in errors]
    return (
        f"{name:9} median error {statistics.median(sizes):5.0%}  mean {statistics.mean(sizes):5.0%}  bias"
        f" {statistics.median(errors):+5.0%}  rank correlation {spearman(estimates, measured):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--set", choices=("evaluation", "calibration"), default="evaluation")
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--share", choices=SHARING, default="all")
    parser.add_argument("--clock", type=float)
    parser.add_argument("--target", default="xc7")
    options = parser.parse_args()
    target = Target.load(options.target, options.clock)
    cases = EVALUATION if options.set == "evaluation" else CALIBRATION
    if options.files:
        pairs = [(str(file.resolve()), way) for file in options.files for way in (False, True)]
        cases = tuple(Case(file, way, options.share) for file, way in pairs)
    found: list[Measurement] = []
    for case in cases:
        try:
            found.append(measure(case, target, options.parts))
        except SeerError as error:
            print(f"{case.name}: left out, {error}")
            continue
        print(found[-1].line(), flush=True)
    near, exact = sum(row.near for row in found), sum(row.blocks_exact for row in found)
    print(f"{len(found)} designs on {target.name} at {target.clock_ns:g} ns")
    print(f"{near} within {NEAR:.0%} in LUT + FF, {exact} exact in DSP blocks and block RAMs")
    for name in ("lut", "ff"):
        pairs = [(getattr(row.estimate, name), getattr(row.flat, name)) for row in found]
        print(summary(name.upper(), [e for e, _ in pairs], [m for _, m in pairs]))
    weighted = [(row.estimate.weighted(target), row.flat.weighted(target)) for row in found]
    print(summary("weighted", [e for e, _ in weighted], [m for _, m in weighted]))


if __name__ == "__main__":
    main()
