"""From a target file's tables of units to the units of one width: the points, and what is between them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from seer.lang.operators import OPERATORS
from seer.schedule.area import Area
from seer.schedule.target_file import Point, UnitTable

__all__ = ["Slot", "Unit", "units_for", "widest"]


@dataclass(frozen=True)
class Unit:
    """What computes one operation: latency 0 is combinational, else it is a pipeline of that many register
    stages that takes operands in every cycle.

    `input_ns` is from the operands to the first register, or to the result if there is none; `output_ns`
    is from the edge to the result, or again from the operands if there is no register. Neither contains
    the routing allowance at the inputs.
    """

    name: str
    latency: int
    input_ns: float
    output_ns: float
    area: Area

    def staged(self) -> Unit:
        """The same behind a register for each operand, which is not in its area."""
        return replace(self, latency=self.latency + 1, input_ns=0.0)


@dataclass(frozen=True)
class Slot:
    """A cycle of a target: its length, when in it every path must have ended, and how long one that starts
    at a register has after the wiring in front of an operation; the delay of one look-up table. All in ns."""

    clock_ns: float
    budget_ns: float
    path_ns: float
    lut_ns: float


def units_for(table: UnitTable, kind: str, width: int, result: int, slot: Slot) -> list[tuple[Unit, float]]:
    """The units of a table that compute an operator on operands of `width` bits, each with the delay of its
    slowest inner stage: infinite where nothing is known of it at this clock.

    Integer units are interpolated between the points. Floats, which have one of few widths, and units whose
    points are tabulated by clock are not: integers take the next wider such unit. `result` is the result
    width of a conversion, else 0.
    """
    operator = OPERATORS[kind]
    if _goes_on(table, kind):
        return [_interpolated(table, width, slot.lut_ns)] if width <= table.max_width else []
    exact = operator.is_float and operator.float_operands
    wide = [point for point in table.points if point.width == width or (point.width > width and not exact)]
    if result:
        exact = operator.float_result
        wide = [p for p in wide if p.result == result or (p.result > result and not exact)]
    least = min(((point.width, point.result) for point in wide), default=None)
    return [_listed(table.name, point, slot) for point in wide if (point.width, point.result) == least]


def widest(table: UnitTable, kind: str) -> int:
    """Bits of the widest operands that a table has a unit for."""
    return table.max_width if _goes_on(table, kind) else max(point.width for point in table.points)


def _goes_on(table: UnitTable, kind: str) -> bool:
    """Whether there are units between and beyond the points of a table."""
    return not OPERATORS[kind].is_float and table.points[0].clock_ns is None


def _listed(name: str, point: Point, slot: Slot) -> tuple[Unit, float]:
    area = Area(point.lut, point.ff, point.dsp)
    if point.clock_ns is None:
        return Unit(name, point.latency, point.input_ns, point.output_ns, area), point.stage_ns
    # Nothing is known but the cycles that it takes, so it fills them.
    inputs = math.floor(1000 * slot.path_ns) / 1000
    output = math.floor(1000 * slot.budget_ns) / 1000 if point.latency else inputs
    unit = Unit(name, point.latency, inputs, output, area)
    return unit, 0.0 if point.clock_ns <= slot.clock_ns else math.inf


def _interpolated(table: UnitTable, width: int, least_ns: float) -> tuple[Unit, float]:
    """The unit of a table at one width between or beyond its points."""
    low, high = _neighbours(table.points, width)

    def delay(a: float, b: float) -> float:
        return max(min(least_ns, a), _line(low.width, a, high.width, b, width))

    def amount(a: int, b: int) -> int:
        if low.dsp != high.dsp and low.width < width:
            return b  # another number of DSP blocks is another structure: nothing to interpolate
        if width < low.width:
            return math.ceil(a * width / low.width)
        return max(0, math.ceil(_line(low.width, a, high.width, b, width)))

    unit = Unit(
        table.name,
        max(0, math.ceil(_line(low.width, low.latency, high.width, high.latency, width))),
        round(delay(low.input_ns, high.input_ns), 3),
        round(delay(low.output_ns, high.output_ns), 3),
        Area(amount(low.lut, high.lut), amount(low.ff, high.ff), amount(low.dsp, high.dsp)),
    )
    return unit, delay(low.stage_ns, high.stage_ns)


def _neighbours(points: tuple[Point, ...], width: int) -> tuple[Point, Point]:
    """The two measured points around a width, or the nearest two beyond the ends."""
    if len(points) == 1:
        return points[0], points[0]
    above = next((i for i, point in enumerate(points) if point.width >= width), len(points) - 1)
    above = max(1, above)
    return points[above - 1], points[above]


def _line(x0: float, y0: float, x1: float, y1: float, x: float) -> float:
    return y0 if x0 == x1 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
