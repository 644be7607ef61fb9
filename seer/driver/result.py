"""`Result`: what an optimisation run found, and its `result.json`.

The schema of the file is versioned by `SCHEMA`; it holds no times (those stand in timings.json), so that
equal inputs and options give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from seer.backends.rtl.pnr import Placement
from seer.driver.tally import RuleCount
from seer.egraph.derivation import Step
from seer.lang.program import Origin, Program
from seer.lang.terms import Loop, Term
from seer.schedule.area import Area
from seer.schedule.banks import banked_arrays
from seer.schedule.hot_loop import HotLoop
from seer.schedule.model import (
    Branch,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)

__all__ = [
    "DESIGNS",
    "PROOF_KINDS",
    "SCHEMA",
    "Breach",
    "Choice",
    "Design",
    "LoopReport",
    "Result",
    "loop_reports",
]

SCHEMA = 1
DESIGNS = ("input", "auto_pipelined", "seer")
PROOF_KINDS = ("smt", "ring", "exhaustive", "isl", "axiom", "executed")


@dataclass(frozen=True)
class LoopReport:
    """One loop of a design. `ii` and `depth` in cycles; None for a loop that is not pipelined.

    `cycles` are those of all counted calls, without the loops inside it; None where they were not asked for.
    """

    label: str
    location: str
    ii: int | None
    ii_bound_by: str | None
    depth: int | None
    trip_count: int | None
    cycles: int | None = None


@dataclass(frozen=True)
class Design:
    """A program with its schedule and what was measured of it.

    Cycles are summed over the recorded calls. `area_source` says whether `area` was synthesised
    (`yosys`) or estimated (`model`); `min_clock_ns` is the static timing estimate, if any. `loop_cycles`
    are those of each loop, in the order of `loop_reports`, once they are known; `placement` is what placing
    and routing says, where it was asked for.
    """

    program: Program
    pipelined: frozenset[Loop]
    schedule: Schedule
    predicted_cycles: int
    area: Area
    area_source: str = "model"
    simulated_cycles: int | None = None
    min_clock_ns: float | None = None
    loop_cycles: tuple[int, ...] = ()
    placement: Placement | None = None

    @property
    def cycles(self) -> int:
        """Simulated cycles where the design was simulated, else predicted ones."""
        return self.predicted_cycles if self.simulated_cycles is None else self.simulated_cycles

    def to_json(self) -> dict[str, Any]:
        return {
            "cycles": {"predicted": self.predicted_cycles, "simulated": self.simulated_cycles},
            "min_clock_ns": self.min_clock_ns,
            "placed": None if self.placement is None else self.placement.to_json(),
            "area": {
                "lut": self.area.lut,
                "ff": self.area.ff,
                "dsp": self.area.dsp,
                "bram": self.area.bram,
                "source": self.area_source,
            },
            "partitions": {array.name: array.cut for array in banked_arrays(self.schedule)},
            "loops": [vars(report) for report in loop_reports(self.schedule, self.loop_cycles)],
        }


@dataclass(frozen=True)
class Breach:
    """A design that was not chosen, by its cycles, since it takes more than a budget allows."""

    cycles: int
    option: str
    allowed: float
    taken: float


@dataclass(frozen=True)
class Choice:
    """How the design was chosen. `source` says what the area was checked on: `yosys` or `model`; `budgets`
    are the options given; `front` is the chosen point's position in the front, None where it is not in it.

    `rejected` are designs that would have been preferred, but turned out to break a budget. `kept` is False
    only in an interrupted run that has found nothing within the budgets.
    """

    objective: str
    budgets: tuple[str, ...] = ()
    source: str = "model"
    front: int | None = None
    rejected: tuple[Breach, ...] = ()
    kept: bool = True

    def to_json(self) -> dict[str, Any]:
        data = vars(self) | {"budgets": list(self.budgets)}
        return data | {"rejected": [vars(breach) for breach in self.rejected]}


@dataclass(frozen=True)
class Result:
    """The outcome of a run. `designs` holds `input`, `auto_pipelined` and `seer`, in this order; `front` what
    the exploration found, fewest cycles first; `rules` what came of each rule, where exploration ended by
    itself; `hot_loop` the loop in which `seer` spends most of its cycles."""

    top: str
    target: str
    clock_ns: float
    options: Mapping[str, Any]
    designs: Mapping[str, Design]
    front: tuple[Design, ...]
    choice: Choice
    proof: Mapping[str, int]
    cpp_vectors: int
    rtl_vectors: int
    mismatches: int
    egraph: Mapping[str, Any]
    reproducible: bool
    version: str
    interrupted: bool = False
    steps: tuple[Step, ...] = ()
    rules: tuple[RuleCount, ...] = ()
    hot_loop: HotLoop | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "seer": self.version,
            "top": self.top,
            "target": self.target,
            "clock_ns": self.clock_ns,
            "options": dict(self.options),
            "designs": {name: design.to_json() for name, design in self.designs.items()},
            "front": [design.to_json() for design in self.front],
            "choice": self.choice.to_json(),
            "proof": dict(self.proof),
            "equivalence": {
                "cpp_vectors": self.cpp_vectors,
                "rtl_vectors": self.rtl_vectors,
                "mismatches": self.mismatches,
            },
            "hot_loop": None if self.hot_loop is None else vars(self.hot_loop),
            "egraph": dict(self.egraph),
            "reproducible": self.reproducible,
        }


def loop_reports(schedule: Schedule, cycles: Sequence[int] = ()) -> tuple[LoopReport, ...]:
    """The loops of a schedule in program order, outer before inner, with the cycles of each if given."""
    reports = tuple(_reports(schedule.body, schedule.program.origins))
    return tuple(replace(r, cycles=n) for r, n in zip(reports, cycles, strict=True)) if cycles else reports


def _reports(nodes: Iterable[Node], origins: Mapping[Term, Origin]) -> Iterable[LoopReport]:
    for node in nodes:
        match node:
            case Region():
                continue
            case PipelinedLoop():
                label, location = _names(node.loops, origins)
                trips = 1
                for counter in node.counters:
                    trips *= counter.trip_count({}) if counter.constant else 0
                yield LoopReport(
                    label,
                    location,
                    node.initiation_interval,
                    node.bound_by,
                    node.region.length,
                    trips or None,
                )
            case SequentialLoop():
                label, location = _names((node.loop,), origins)
                trips = node.counter.trip_count({}) if node.counter.constant else None
                yield LoopReport(label, location, None, None, None, trips)
                yield from _reports(node.body, origins)
            case WhileLoop():
                label, location = _names((node.loop,), origins)
                yield LoopReport(label, location, None, None, None, None)
                yield from _reports(node.body, origins)
            case PipelinedWhile():
                label, location = _names((node.loop,), origins)
                interval, depth = node.initiation_interval, node.body.length
                yield LoopReport(label, location, interval, node.bound_by, depth, None)
            case Branch():
                yield from _reports((*node.then, *node.otherwise), origins)
            case Parallel():
                yield from _reports(node.nodes, origins)


def _names(loops: tuple[Loop, ...], origins: Mapping[Term, Origin]) -> tuple[str, str]:
    merged = Origin()
    for loop in loops:
        merged = merged.merged(origins.get(loop, Origin()))
    return "_".join(merged.labels), str(merged.locations[0]) if merged.locations else ""
