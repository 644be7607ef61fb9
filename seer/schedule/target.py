"""`Target`: a device at one clock, from a data file in seer/targets/ or one of the user's.

All delays are in nanoseconds. A path starts at a register (`register_ns` after the edge) or at a
memory's output register (`memory_read_ns`), takes `routing_ns` and the unit's delay for each operation,
and must end before `budget_ns` = clock − uncertainty; into a memory's port it also takes
`routing_ns` and the port's set-up time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path

from seer.errors import InputError
from seer.lang.operators import OPERATORS
from seer.schedule.area import Area
from seer.schedule.target_file import Point, TargetFile, UnitTable, Weights, read_target_file

__all__ = ["Target", "Unit"]

_LUT_NS = 0.24
"""Delay of one look-up table: what narrow operations are extrapolated down to."""

_MAX_WIDTH = 128


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


@dataclass(frozen=True, eq=False)
class Target:
    """A device at one clock. Two targets are equal when their files, clocks and ports are."""

    name: str
    clock_ns: float
    memory_ports: int
    fingerprint: str
    file: TargetFile
    _units: dict[tuple[str, int, int, int], Unit] = field(default_factory=dict, repr=False)

    @staticmethod
    def load(name_or_path: str, clock_ns: float | None = None, memory_ports: int = 2) -> Target:
        """The target of this name, or of the file at this path, at a clock (its default if None).

        Raises InputError for an unknown name, a file that does not follow the schema, or a clock that
        no register-to-register path of the device can meet.
        """
        path = Path(name_or_path)
        if path.suffix == ".toml":
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise InputError(f"cannot read target file {path}: {error.strerror}") from None
        else:
            source = resources.files("seer") / "targets" / f"{name_or_path}.toml"
            if not source.is_file():
                raise InputError(
                    f"unknown target {name_or_path!r}", hint=f"known targets: {', '.join(Target.names())}"
                )
            text = source.read_text(encoding="utf-8")
        file = read_target_file(text, str(name_or_path))
        if memory_ports not in (1, 2):
            raise InputError(f"a memory has 1 or 2 ports, not {memory_ports}")
        clock = file.default_clock_ns if clock_ns is None else float(clock_ns)
        target = Target(file.name, clock, memory_ports, f"{file.digest}:{clock}:{memory_ports}", file)
        target._check_clock()
        return target

    @staticmethod
    def names() -> list[str]:
        """The names of the targets that come with seer."""
        folder = resources.files("seer") / "targets"
        return sorted(e.name.removesuffix(".toml") for e in folder.iterdir() if e.name.endswith(".toml"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Target) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def budget_ns(self) -> float:
        """When in a cycle every path must have ended."""
        return self.clock_ns - self.file.uncertainty_ns

    @property
    def register_ns(self) -> float:
        return self.file.register_ns

    @property
    def routing_ns(self) -> float:
        return self.file.routing_ns

    @property
    def memory_read_ns(self) -> float:
        return self.file.memory_read_ns

    @property
    def memory_setup_ns(self) -> float:
        return self.file.memory_setup_ns

    @property
    def weights(self) -> Weights:
        return self.file.weights

    def unit(
        self, kind: str, width: int, operand_width: int | None = None, result_width: int | None = None
    ) -> Unit:
        """The unit of least latency that computes `kind` (an operator name) at this clock.

        `width` is that of the operands (for `select` that of the values), `result_width` that of the
        result, which only conversions ask for. `operand_width` says that the operands of a
        multiplication are extensions of that many bits. Raises InputError where the device has no
        unit that meets the clock.
        """
        narrow = min(width, operand_width or width)
        result = (result_width or 0) if OPERATORS[kind].shape == "convert" else 0
        key = (kind, width, narrow, result)
        found = self._units.get(key)
        if found is None:
            found = self._units[key] = self._choose(kind, width, narrow, result)
        return found

    def _choose(self, kind: str, width: int, narrow: int, result: int) -> Unit:
        tables = [table for table in self.file.units if kind in table.kinds]
        what = f"{width}-bit {kind}" + (f" to {result} bits" if result else "")
        if not tables or width > _MAX_WIDTH:
            raise InputError(f"target {self.name} has no unit for a {what}")
        if narrow < width and kind == "mul":
            # The product of narrow operands takes a DSP block also where the low half alone would not.
            width = max(narrow, min(width, 16))
        if OPERATORS[kind].is_float:
            candidates = [found for table in tables for found in _float_units(table, kind, width, result)]
        else:
            candidates = [_resolve(table, width) for table in tables if width <= table.max_width]
        if not candidates:
            widest = max(table.max_width for table in tables)
            raise InputError(
                f"target {self.name} has no unit for a {what}; its widest has {widest} bits",
                hint="use a narrower type for this operation",
            )
        fitting = [unit for unit, stage_ns in candidates if self._fits(unit, stage_ns)]
        if not fitting:
            raise InputError(
                f"no {what} of target {self.name} meets a clock of {self.clock_ns} ns",
                hint="choose a slower clock (--clock)",
            )
        return min(fitting, key=lambda unit: unit.latency)

    def _fits(self, unit: Unit, stage_ns: float) -> bool:
        start = self.register_ns + self.routing_ns
        return max(start + unit.input_ns, stage_ns, unit.output_ns) <= self.budget_ns

    def _check_clock(self) -> None:
        least = max(
            self.memory_read_ns + self.routing_ns,
            self.register_ns + self.routing_ns + self.memory_setup_ns,
        )
        if least > self.budget_ns:
            raise InputError(
                f"a clock of {self.clock_ns} ns is too fast for the memories of target {self.name}",
                hint=f"they need at least {least + self.file.uncertainty_ns:.2f} ns (--clock)",
            )


def _float_units(table: UnitTable, kind: str, width: int, result: int) -> list[tuple[Unit, float]]:
    """The units of a table for floats of one width, and the delay of the slowest inner stage of each.

    Nothing is interpolated: a float has one of few widths, and an integer that is converted takes the
    next wider unit.
    """
    operator = OPERATORS[kind]
    fitting = [
        point
        for point in table.points
        if (point.width == width if operator.float_operands else point.width >= width)
        and (point.result == result if operator.float_result or not result else point.result >= result)
    ]
    least = min(((point.width, point.result) for point in fitting), default=None)
    return [
        (
            Unit(
                table.name,
                point.latency,
                point.input_ns,
                point.output_ns,
                Area(point.lut, point.ff, point.dsp),
            ),
            point.stage_ns,
        )
        for point in fitting
        if (point.width, point.result) == least
    ]


def _resolve(table: UnitTable, width: int) -> tuple[Unit, float]:
    """The unit of a table at one width, interpolated, and the delay of its slowest inner stage."""
    low, high = _neighbours(table.points, width)

    def delay(a: float, b: float) -> float:
        return max(min(_LUT_NS, a), _line(low.width, a, high.width, b, width))

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
