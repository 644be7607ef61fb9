"""What a multiplexer of a device takes: the one in front of an operator that several operations share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seer.schedule.model import Operation
    from seer.schedule.target import Target, Unit

__all__ = [
    "MultiplexerPoint",
    "Multiplexers",
    "before_unit_ns",
    "room_for_inputs",
    "select_arrival_ns",
]

_MANY_INPUTS = 1 << 12


@dataclass(frozen=True)
class MultiplexerPoint:
    """Measured at so many inputs of one bit, each with a select of its own: delay and look-up tables."""

    inputs: int
    ns: float
    lut: float


@dataclass(frozen=True)
class Multiplexers:
    """Linear between its points, from few inputs to many."""

    points: tuple[MultiplexerPoint, ...]

    def delay_ns(self, inputs: int) -> float:
        """From data and selects to the output, wiring apart; 0 for a single input."""
        return 0.0 if inputs < 2 else round(self._at(inputs, [point.ns for point in self.points]), 3)

    def luts(self, inputs: int, width: int) -> int:
        """Look-up tables of one with `width` bits."""
        if inputs < 2:
            return 0
        return math.ceil(width * self._at(inputs, [point.lut for point in self.points]))

    def _at(self, inputs: int, values: Sequence[float]) -> float:
        above = next((k for k, point in enumerate(self.points) if point.inputs >= inputs), len(values) - 1)
        if above == 0:
            return values[0]
        low, high = self.points[above - 1], self.points[above]
        slope = (values[above] - values[above - 1]) / (high.inputs - low.inputs)
        return values[above - 1] + slope * (inputs - low.inputs)


def before_unit_ns(inputs: int, target: Target) -> float:
    """What a multiplexer of so many inputs adds to the path into a unit, its wiring included."""
    found = target.file.multiplexers
    return 0.0 if found is None or inputs < 2 else target.routing_ns + found.delay_ns(inputs)


def select_arrival_ns(target: Target) -> float:
    """When the selects of a multiplexer have arrived: registers, and a look-up table that joins them."""
    return target.register_ns + target.routing_ns + target.unit("or", 1).input_ns


def room_for_inputs(op: Operation, unit: Unit, target: Target) -> int:
    """The most inputs, up to a limit that no design comes near, of a multiplexer for which the slack in front
    of an operation is enough; 1 where it is not enough for any."""
    table = target.file.multiplexers
    if table is None:
        return 1
    arrived = max(op.start_ns, select_arrival_ns(target))
    slack = target.budget_ns - arrived - (0.0 if op.staged else target.routing_ns) - unit.input_ns
    low, high = 1, _MANY_INPUTS
    while low < high:
        middle = (low + high + 1) // 2
        if before_unit_ns(middle, target) <= slack:
            low = middle
        else:
            high = middle - 1
    return low
