"""Area of a part of a program as what it adds to the parts around it.

Four things do not simply add up: units that parts share, memories that several parts use, the inputs of
multiplexers in front of their ports, and registers. Each stands in the vector by itself, so that the vector
of a program without shared operators, put together from those of its parts, gives the estimated area of the
whole to the unit, and with sharing comes near.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from seer.lang.terms import Array
from seer.schedule.area import Area
from seer.schedule.area_vector import AreaVector, area_vector
from seer.schedule.estimate import HANDSHAKE, area_estimate, multiplexer_luts, port_signals
from seer.schedule.memories import memory_area, memory_of
from seer.schedule.model import Memory, Schedule, regions
from seer.schedule.target import Target

__all__ = ["PartVector", "part_vector"]

Port = tuple[str, Array, int | None]
"""Address or data of a memory's port, or a register that is written."""


@dataclass(frozen=True)
class Inputs:
    """So many signals of the part alone, and those that other parts may bring, too."""

    own: int = 0
    common: frozenset[Hashable] = frozenset()

    def joined(self, other: Inputs) -> Inputs:
        return Inputs(self.own + other.own, self.common | other.common)

    @property
    def count(self) -> int:
        return self.own + len(self.common)


@dataclass(frozen=True)
class PartVector:
    """`units` are those that others may use and all that adds up, weighted; `loads` the ports by which each
    memory is read; `ports` the signals at each port; `dsp` the DSP blocks."""

    target: Target
    shared: bool
    units: AreaVector = field(default_factory=AreaVector)
    loads: Mapping[Array, frozenset[int | None]] = field(default_factory=dict)
    ports: Mapping[Port, Inputs] = field(default_factory=dict)
    dsp: int = 0

    @cached_property
    def total(self) -> float:
        """The one figure, of a design that is this part alone."""
        common = _common(self.loads, self.ports, self.target) + HANDSHAKE
        return self.units.total + common.weighted(self.target)

    @cached_property
    def bram(self) -> int:
        """Block RAMs."""
        return _common(self.loads, {}, self.target).bram

    @property
    def measures(self) -> tuple[float, float, float]:
        """What the scalar dominance of parts looks at."""
        return self.total, self.dsp, self.bram

    def fits(self) -> bool:
        """Whether the device has the DSP blocks and block RAMs."""
        return Area(dsp=self.dsp, bram=self.bram).fits(self.target.file.capacity)

    def followed_by(self, other: PartVector) -> PartVector:
        """The area of both, one after the other."""
        loads, ports = dict(self.loads), dict(self.ports)
        for array, used in other.loads.items():
            loads[array] = loads.get(array, frozenset()) | used
        for port, inputs in other.ports.items():
            ports[port] = ports.get(port, Inputs()).joined(inputs)
        dsp = max(self.dsp, other.dsp) if self.shared else self.dsp + other.dsp
        units = self.units.followed_by(other.units)
        return PartVector(self.target, self.shared, units, loads, ports, dsp)

    def plus(self, area: Area) -> PartVector:
        """With an area that adds up."""
        units = AreaVector(self.units.units, self.units.rest + area.weighted(self.target))
        return PartVector(self.target, self.shared, units, self.loads, self.ports, self.dsp + area.dsp)

    def covers(self, other: PartVector) -> bool:
        """Whether this one is no larger than the other, whatever stands around the two."""
        others = {unit.kind: unit for unit in other.units.units}
        return (
            self.units.rest <= other.units.rest
            and self.dsp <= other.dsp
            and all(
                (known := others.get(unit.kind)) is not None
                and unit.count <= known.count
                and unit.size <= known.size
                and unit.multiplexers <= known.multiplexers
                for unit in self.units.units
            )
            and all(used <= other.loads.get(array, frozenset()) for array, used in self.loads.items())
            and all(
                inputs.own <= (more := other.ports.get(port, Inputs())).own and inputs.common <= more.common
                for port, inputs in self.ports.items()
            )
        )


def part_vector(schedule: Schedule, target: Target) -> PartVector:
    """The vector of what a schedule builds."""
    arrays = {memory.name: memory.array for memory in schedule.memories}
    loads: dict[Array, frozenset[int | None]] = {}
    for region in regions(schedule.body):
        for op in region.operations:
            if op.memory is not None:
                array = arrays[op.memory]
                port = frozenset({op.port}) if op.kind == "load" else frozenset()
                loads[array] = loads.get(array, frozenset()) | port
    ports: dict[Port, Inputs] = {}
    for (part, name, port), signals in port_signals(schedule).items():
        assert name is not None  # only accesses have ports
        own = sum(1 for signal in signals if _is_own(signal))
        common = frozenset(_by_array(signal, arrays) for signal in signals if not _is_own(signal))
        ports[part, arrays[name], port] = Inputs(own, common)
    whole = area_estimate(schedule, target)
    vector = area_vector(schedule, target)
    # Registers of arguments are there whether a part uses them or not.
    idle = (m for m in schedule.memories if m.array not in loads)
    # The handshake is the whole design's.
    apart = _common(loads, ports, target) + HANDSHAKE
    for memory in idle:
        apart += memory_area(memory, target, 0)
    units = AreaVector(vector.units, vector.rest - apart.weighted(target))
    return PartVector(target, schedule.share == "all", units, loads, ports, whole.dsp)


def _is_own(signal: Hashable) -> bool:
    return isinstance(signal, tuple) and signal[0] == "value"


def _by_array(signal: Hashable, arrays: Mapping[str, Array]) -> Hashable:
    """Signals of memories by array: names differ from part to part."""
    if isinstance(signal, tuple) and signal[0] in ("register", "port"):
        return (signal[0], arrays[signal[1]], *signal[2:])
    return signal


def _common(
    loads: Mapping[Array, frozenset[int | None]], ports: Mapping[Port, Inputs], target: Target
) -> Area:
    """Memories, and the multiplexers in front of their ports."""
    total = Area()
    for array, used in loads.items():
        total += _memory_area(array, len(used), target)
    for (part, array, _), inputs in ports.items():
        memory = _memory(array, target)
        width = max(1, (memory.words - 1).bit_length()) if part == "address" else memory.width
        total += Area(lut=multiplexer_luts(inputs.count, width, target))
    return total


@lru_cache(maxsize=1 << 12)
def _memory(array: Array, target: Target) -> Memory:
    return memory_of(array, "", target)


@lru_cache(maxsize=1 << 12)
def _memory_area(array: Array, reads: int, target: Target) -> Area:
    return memory_area(_memory(array, target), target, reads)
