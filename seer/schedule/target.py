"""`Target`: a device at one clock, from a data file in seer/targets/ or one of the user's.

All delays are in nanoseconds. A path starts at a register (`register_ns` after the edge) or at a
memory's output register (`memory_read_ns`), takes `routing_ns` and the unit's delay for each operation,
and must end before `budget_ns` = clock − uncertainty; into a memory's port it also takes
`routing_ns` and the port's set-up time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

from seer.errors import InputError
from seer.lang.operators import OPERATORS
from seer.schedule.target_file import TargetFile, UnitTable, Weights, read_target_file
from seer.schedule.unit_tables import Slot, Unit, units_for, widest

__all__ = ["Target", "Unit"]

_MAX_WIDTH = 128


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
    def load(name_or_path: str, clock_ns: float | None = None, memory_ports: int | None = None) -> Target:
        """The target of this name, or of the file at this path, at a clock and with a number of ports of
        each memory (its defaults if None).

        Raises InputError for an unknown name, a file that does not follow the schema, or a clock that
        no register-to-register path of the device can meet.
        """
        text = Target.text(name_or_path)
        file = read_target_file(text, str(name_or_path), _own_files())
        ports = file.memory.ports if memory_ports is None else memory_ports
        if ports not in (1, 2):
            raise InputError(f"a memory has 1 or 2 ports, not {ports}")
        clock = file.default_clock_ns if clock_ns is None else float(clock_ns)
        target = Target(file.name, clock, ports, f"{file.digest}:{clock}:{ports}", file)
        target._check_clock()
        return target

    @staticmethod
    def text(name_or_path: str) -> str:
        """The text of a target's file, by the target's name or the path of a TOML file.

        Raises InputError for an unknown name and a file that cannot be read.
        """
        path = Path(name_or_path)
        if path.suffix == ".toml":
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise InputError(f"cannot read target file {path}: {error.strerror}") from None
            except UnicodeDecodeError:
                raise InputError(f"target file {path} is no text in UTF-8") from None
        elif name_or_path in Target.names():
            text = _own_files()[name_or_path]
        else:
            raise InputError(
                f"unknown target {name_or_path!r}",
                hint=f"known targets: {', '.join(Target.names())}; a file of your own ends in .toml",
            )
        return text

    @staticmethod
    def names() -> list[str]:
        """The names of the targets that come with seer."""
        return sorted(_own_files())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Target) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def budget_ns(self) -> float:
        """When in a cycle every path must have ended."""
        return self.clock_ns * (1 - self.file.uncertainty_share) - self.file.uncertainty_ns

    @property
    def register_ns(self) -> float:
        return self.file.register_ns

    @property
    def routing_ns(self) -> float:
        return self.file.routing_ns

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
        candidates = [
            found for table in tables for found in units_for(table, kind, width, result, self._slot)
        ]
        if not candidates:
            most = "" if result else f"; its widest has {max(widest(table, kind) for table in tables)} bits"
            raise InputError(
                f"target {self.name} has no unit for a {what}{most}",
                hint="use a narrower type for this operation",
            )
        fitting = [unit for unit, stage_ns in candidates if self._fits(unit, stage_ns)]
        if not fitting:
            raise InputError(
                f"no {what} of target {self.name} meets a clock of {self.clock_ns} ns",
                hint="choose a slower clock (--clock)",
            )
        return min(fitting, key=lambda unit: unit.latency)

    def unit_of(self, table: UnitTable, kind: str, width: int, result_width: int = 0) -> Unit | None:
        """The unit of least latency that this table has for an operator, None if none meets the clock."""
        found = units_for(table, kind, width, result_width, self._slot)
        fitting = [unit for unit, stage_ns in found if self._fits(unit, stage_ns)]
        return min(fitting, key=lambda unit: unit.latency, default=None)

    @cached_property
    def _slot(self) -> Slot:
        path_ns = self.budget_ns - self.register_ns - self.routing_ns
        return Slot(self.clock_ns, self.budget_ns, path_ns, self.file.lut_ns)

    def _fits(self, unit: Unit, stage_ns: float) -> bool:
        start = self.register_ns + self.routing_ns
        return max(start + unit.input_ns, stage_ns, unit.output_ns) <= self.budget_ns

    def _check_clock(self) -> None:
        least = max(
            self.file.memory.read_ns + self.routing_ns,
            self.register_ns + self.routing_ns + self.file.memory.setup_ns,
        )
        if least > self.budget_ns:
            raise InputError(
                f"a clock of {self.clock_ns} ns is too fast for the memories of target {self.name}",
                hint=f"they need at least {self._period_for(least):.2f} ns (--clock)",
            )

    def _period_for(self, path_ns: float) -> float:
        return (path_ns + self.file.uncertainty_ns) / (1 - self.file.uncertainty_share)


@cache
def _own_files() -> dict[str, str]:
    """The texts of the targets that come with seer, by name."""
    folder = resources.files("seer") / "targets"
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    return {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in files}
