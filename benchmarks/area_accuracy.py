"""How good the area estimate is: python benchmarks/area_accuracy.py FILE.c… [--share MODE] [--clock NS]

Every file is a kernel whose top function has the file's name. Each is scheduled with its loops one iteration
after the other and again with its innermost loops pipelined; the estimate of both is compared with what
Yosys counts. Prints a line for each schedule, then for LUTs, flip-flops and the one weighted figure the
median and mean error, and Spearman's rank correlation. Programs that cannot be scheduled are named.
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


@dataclass(frozen=True)
class Measurement:
    """One schedule: estimated and synthesised area."""

    name: str
    estimate: Area
    measured: Area


def measure(file: Path, target: Target, share: str) -> list[Measurement]:
    """The schedules of one kernel."""
    found: list[Measurement] = []
    program = frontend.load((file,), file.stem)
    for name, pipelined in (("sequential", frozenset()), ("pipelined", auto_pipelined(program))):
        design = schedule(program, pipelined, target, share=share)
        with tempfile.TemporaryDirectory() as folder:
            synthesis = synthesise(generate(design), program.name, Path(folder), target.file.family)
        found.append(Measurement(f"{file.stem} {name}", area_estimate(design, target), synthesis.area))
    return found


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
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--share", choices=SHARING, default="all")
    parser.add_argument("--clock", type=float)
    parser.add_argument("--target", default="xc7")
    options = parser.parse_args()
    target = Target.load(options.target, options.clock)
    found: list[Measurement] = []
    for file in options.files:
        try:
            rows = measure(file, target, options.share)
        except SeerError as error:
            print(f"{file.stem}: left out, {error}")
            continue
        for row in rows:
            e, m = row.estimate, row.measured
            print(
                f"{row.name:34} LUT {e.lut:6} / {m.lut:6}  FF {e.ff:6} / {m.ff:6}"
                f"  DSP {e.dsp:3} / {m.dsp:3}  BRAM {e.bram:3} / {m.bram:3}",
                flush=True,
            )
        found += rows
    print(f"{len(found)} schedules on {target.name} at {target.clock_ns:g} ns, --share {options.share}")
    for name in ("lut", "ff"):
        pairs = [(getattr(row.estimate, name), getattr(row.measured, name)) for row in found]
        print(summary(name.upper(), [e for e, _ in pairs], [m for _, m in pairs]))
    weighted = [(row.estimate.weighted(target), row.measured.weighted(target)) for row in found]
    print(summary("weighted", [e for e, _ in weighted], [m for _, m in weighted]))


if __name__ == "__main__":
    main()
