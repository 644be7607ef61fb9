"""What the user wants of the result: an objective, and budgets that it has to keep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seer.errors import InputError
from seer.lang.program import Origin, Program
from seer.lang.terms import Loop
from seer.schedule.area import Area
from seer.schedule.model import (
    Branch,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Schedule,
    SequentialLoop,
    WhileLoop,
)

__all__ = [
    "OBJECTIVES",
    "Bound",
    "Budgets",
    "Figures",
    "Key",
    "is_of",
    "objective_key",
    "worst_interval",
]

OBJECTIVES = ("latency", "balanced", "area")

Key = tuple[float, float, float]


@dataclass(frozen=True)
class Figures:
    """What budgets and objectives look at.

    `cycles` are summed over the counted calls, `weighted` is the one figure of the area, `intervals` has
    for each label of `--target-ii` the greatest interval of its loops: infinite where one of them is not
    pipelined, 0 where none is left.
    """

    cycles: int
    area: Area
    weighted: float
    intervals: tuple[float, ...] = ()


def objective_key(objective: str, cycles: int, weighted: float) -> Key:
    """What the objective minimises, then what decides between equals."""
    match objective:
        case "latency":
            return cycles, weighted, 0
        case "area":
            return weighted, cycles, 0
        case "balanced":
            return cycles * weighted, cycles, weighted
        case _:
            raise ValueError(objective)


@dataclass(frozen=True)
class Bound:
    """One budget as a number: the option as the user gave it, what it allows, and what it bounds.

    `kind` is `area`, `dsp`, `bram`, `cycles`, or `ii` with the `position` of its label.
    """

    option: str
    allowed: float
    kind: str
    position: int = 0

    def taken(self, figures: Figures) -> float:
        """What a design takes of what is bounded."""
        match self.kind:
            case "area":
                return figures.weighted
            case "dsp":
                return figures.area.dsp
            case "bram":
                return figures.area.bram
            case "cycles":
                return figures.cycles
            case _:
                return figures.intervals[self.position]

    def kept(self, figures: Figures) -> bool:
        return self.taken(figures) <= self.allowed

    @property
    def synthesised(self) -> bool:
        """Whether synthesis says what is taken; the schedule says the rest, exactly."""
        return self.kind in ("area", "dsp", "bram")


@dataclass(frozen=True)
class Budgets:
    """None means no budget. `max_area` is a weighted area or, with an x behind it, a multiple of the input's.
    `target_ii` bounds the interval of every loop whose origins hold a label, or that starts at a place such
    as `kernel.c:12`.

    Raises InputError for what is no budget.
    """

    max_area: str | None = None
    max_dsp: int | None = None
    max_bram: int | None = None
    max_latency: int | None = None
    target_ii: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        if self.max_area is not None and not _area(self.max_area)[0] > 0:
            raise InputError(
                f"--max-area {self.max_area!r} is no area",
                hint="1.4x is a multiple of the input's, 500 a figure of the target's weights",
            )
        counts = (self.max_dsp, self.max_bram, self.max_latency, *(n for _, n in self.target_ii))
        if any(count is not None and count < 0 for count in counts):
            raise InputError("a budget cannot be negative")

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for label, _ in self.target_ii)

    def bounds(self, source: float) -> tuple[Bound, ...]:
        """The budgets as numbers, the input's weighted area being `source`."""
        found: list[Bound] = []
        if self.max_area is not None:
            value, relative = _area(self.max_area)
            found.append(Bound(f"--max-area {self.max_area}", value * source if relative else value, "area"))
        counts = (("dsp", self.max_dsp), ("bram", self.max_bram))
        found += [Bound(f"--max-{kind} {n}", n, kind) for kind, n in counts if n is not None]
        if self.max_latency is not None:
            found.append(Bound(f"--max-latency {self.max_latency}", self.max_latency, "cycles"))
        for position, (label, interval) in enumerate(self.target_ii):
            found.append(Bound(f"--target-ii {label}={interval}", interval, "ii", position))
        return tuple(found)


def _area(text: str) -> tuple[float, bool]:
    """The number, and whether it is a multiple of the input's area; 0 for what is neither."""
    number = text.removesuffix("x")
    try:
        value = float(number)
    except ValueError:
        return 0.0, False
    return (value if math.isfinite(value) else 0.0), number != text


def is_of(origin: Origin, label: str) -> bool:
    """Whether a loop of this origin is one that the label, or place, names."""
    return label in origin.labels or any(place.short == label for place in origin.locations)


def worst_interval(schedule: Schedule, label: str) -> float:
    """The greatest initiation interval of the loops of a label: infinite where one is not pipelined, 0 where
    there is none."""
    return max(_intervals(schedule.body, schedule.program, label), default=0)


def _intervals(nodes: Sequence[Node], program: Program, label: str) -> Iterable[float]:
    def named(*loops: Loop) -> bool:
        return any(is_of(program.origins.get(loop, Origin()), label) for loop in loops)

    for node in nodes:
        match node:
            case PipelinedLoop() if named(*node.loops):
                yield node.initiation_interval
            case PipelinedWhile() if named(node.loop):
                yield node.initiation_interval
            case SequentialLoop() | WhileLoop():
                if named(node.loop):
                    yield math.inf
                yield from _intervals(node.body, program, label)
            case Branch():
                yield from _intervals((*node.then, *node.otherwise), program, label)
            case Parallel():
                yield from _intervals(node.nodes, program, label)
            case _:
                continue
