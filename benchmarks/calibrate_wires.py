"""How the wires of `delays/ecp5.toml` and the routing allowance of `targets/ecp5.toml` were found.

    python benchmarks/calibrate_wires.py [FILE.c…]

Each file is a kernel whose top function has the file's name (default: `CALIBRATION`). With its loops one
iteration after the other and again pipelined, it is scheduled for ECP5, placed and routed with one seed, and

1. each wire through the routing fabric is taken from nextpnr's SDF file, and the model (driver, sink,
   fan-out) is fitted to all of them by least squares, each design weighing the same;
2. the static estimate is compared with the placed clock;
3. the allowance is found at which the longest chain that the schedule knows of takes as long as the placed
   clock.

Takes about a minute a kernel.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seer import frontend
from seer.backends.rtl import generate
from seer.backends.rtl.delays import delay_model
from seer.backends.rtl.interface import Interface
from seer.backends.rtl.pnr import placed_once
from seer.backends.rtl.timing import longest_path
from seer.backends.rtl.wrapper import WRAPPER, wrapper
from seer.errors import SeerError
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.memories import setup_ns
from seer.schedule.model import Region, Schedule, regions
from seer.schedule.retiming import unit_of

CORPUS = Path(__file__).parents[1] / "tests" / "frontend" / "corpus"
CALIBRATION = (
    *("bit_stream", "block_cipher", "bubble", "collatz", "cordic", "crc_table", "digit_votes", "fir"),
    *("histogram", "matrix", "merge_sort", "processor", "radix_sort", "reduction", "sobel", "stencil"),
    "string_match",
)
CLASSES = {
    "TRELLIS_COMB": "logic",
    "TRELLIS_RAMW": "logic",
    "TRELLIS_FF": "register",
    "MULT18X18D": "multiplier",
    "DP16KD": "memory",
}
DRIVERS = ("logic", "register", "multiplier", "memory")
SINKS = ("register", "multiplier", "memory")
# Clocks, and pins that are reached without the fabric.
LOCAL = re.compile(r"(CLK[AB]?|WCK|FCI|F1|FX[AB]|DI|WD|WAD\d)$")


@dataclass(frozen=True)
class Wire:
    """A routed wire: classes of its ends, fan-out of its net, delay in ns, weight."""

    driver: str
    sink: str
    fanout: int
    ns: float
    weight: float


@dataclass(frozen=True)
class Sample:
    """A design: its placed clock, its estimate, its wires."""

    name: str
    schedule: Schedule
    placed_ns: float
    estimate_ns: float
    wires: tuple[Wire, ...]


def wires_of(sdf: str) -> tuple[Wire, ...]:
    """The wires through the fabric in nextpnr's SDF file."""
    cells = re.findall(r'\(CELLTYPE "(\w+)"\)\s*\(INSTANCE (\S+)\)', sdf)
    types = {instance: type_ for type_, instance in cells}
    found = re.findall(r"\(INTERCONNECT (\S+)/(\w+) (\S+)/(\w+) \(\d+:\d+:(\d+)\)", sdf)
    fanout = Counter((cell, pin) for cell, pin, *_ in found)
    kept = [
        (CLASSES[types[cell]], CLASSES[types[other]], fanout[cell, pin], int(picoseconds) / 1000)
        for cell, pin, other, to, picoseconds in found
        if not LOCAL.match(to) and types.get(cell) in CLASSES and types.get(other) in CLASSES
    ]
    return tuple(Wire(*wire, 1 / len(kept)) for wire in kept)


def samples(files: Sequence[Path], target: Target) -> Iterable[Sample]:
    """Each kernel, sequential and pipelined."""
    model = delay_model("ecp5")
    assert model is not None
    for file in files:
        for way in ("sequential", "pipelined"):
            name = f"{file.stem} {way}"
            try:
                program = frontend.load((file,), file.stem)
                pipelined = auto_pipelined(program) if way == "pipelined" else frozenset()
                found = schedule(program, pipelined, target, share="all")
                text = f"{generate(found)}\n{wrapper(Interface.of(found))}"
                with tempfile.TemporaryDirectory() as folder:
                    run = placed_once(text, WRAPPER, target.clock_ns, Path(folder), "ecp5", seed=1)
            except SeerError as error:
                print(f"{name}: left out, {error}")
                continue
            path = longest_path(json.loads(run.netlist), WRAPPER, model)
            assert path is not None
            yield Sample(name, found, run.clock_ns, path.period_ns, wires_of(run.delays))


def fit(wires: Sequence[Wire]) -> dict[str, float]:
    """The model's numbers: `driver NAME`, `sink NAME`, `doubling`."""
    names = [*(f"driver {name}" for name in DRIVERS), *(f"sink {name}" for name in SINKS), "doubling"]
    rows = np.array(
        [
            [
                *(wire.driver == name for name in DRIVERS),
                *(wire.sink == name for name in SINKS),
                math.log2(wire.fanout),
            ]
            for wire in wires
        ],
        dtype=float,
    )
    roots = np.sqrt([wire.weight for wire in wires])
    found = np.linalg.lstsq(rows * roots[:, None], np.array([w.ns for w in wires]) * roots, rcond=None)[0]
    return dict(zip(names, found.tolist(), strict=True))


def longest_chain(found: Schedule, target: Target, allowance: float) -> float:
    """The longest chain of operations within a cycle, as the schedule stands, at this allowance."""
    return max((_longest(region, found, target, allowance) for region in regions(found.body)), default=0.0)


def _longest(region: Region, found: Schedule, target: Target, allowance: float) -> float:
    kinds = {memory.name: memory.kind for memory in found.memories}
    worst, ready = target.register_ns, list[float]()
    for op in region.operations:
        inputs = [*op.operands, *([] if op.predicate is None else [op.predicate])]
        arrived = target.register_ns if inputs else 0.0
        for operand in inputs:
            source = region.operations[operand]
            if source.kind != "const" and source.start_cycle + source.latency == op.start_cycle:
                arrived = max(arrived, ready[operand])
        end, result = arrived, arrived if inputs else op.ready_ns
        if op.kind in ("load", "store"):
            end = arrived + allowance + setup_ns(kinds[op.memory or ""], target)
            result = op.ready_ns
        elif op.kind == "decide":
            end = arrived + allowance + target.unit("and", 1).input_ns
        elif op.unit is not None:
            unit = unit_of(op, region.operations, target)
            inside = unit.input_ns if op.latency else op.ready_ns - op.start_ns - target.routing_ns
            end = arrived + allowance + inside
            result = unit.output_ns if op.latency else end
        worst = max(worst, end)
        ready.append(result)
    return worst


def allowance_of(sample: Sample, target: Target) -> float:
    """The allowance in ns at which the schedule's longest chain takes as long as the placed clock."""
    low, high = -1.0, 4.0
    for _ in range(30):
        middle = (low + high) / 2
        slower = longest_chain(sample.schedule, target, middle) < sample.placed_ns
        low, high = (middle, high) if slower else (low, middle)
    return low


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or [CORPUS / f"{name}.c" for name in CALIBRATION]
    target = Target.load("ecp5")
    found: list[Sample] = []
    for sample in samples(files, target):
        found.append(sample)
        ratio = sample.estimate_ns / sample.placed_ns
        print(
            f"{sample.name:26} placed {sample.placed_ns:6.2f}  estimate {sample.estimate_ns:6.2f}"
            f" ({ratio - 1:+4.0%})  allowance {allowance_of(sample, target):5.2f}",
            flush=True,
        )
    wires = [wire for sample in found for wire in sample.wires]
    for name, ns in fit(wires).items():
        print(f"{name:18} {ns:6.3f} ns")
    ratios = [sample.estimate_ns / sample.placed_ns for sample in found]
    print(f"estimate / placed: mean {statistics.mean(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"allowance: median {statistics.median(allowance_of(sample, target) for sample in found):.2f} ns")


if __name__ == "__main__":
    main()
