"""Area of a part of a program as what it adds to the parts around it.

Three things do not simply add up: units that parts share, memories that several parts use, and the inputs of
multiplexers in front of their ports. Each stands in the vector by itself; put together from those of its
parts, the vector of a program comes near the estimated area of the whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
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
    """So many signals of the part alone, and those that other parts may bring, too; `counted` look-up tables
    of multiplexers are in the rest of the vector already."""

    own: int = 0
    common: frozenset[Hashable] = frozenset()
    counted: int = 0

    def joined(self, other: Inputs) -> Inputs:
        return Inputs(self.own + other.own, self.common | other.common, self.counted + other.counted)

    @property
    def count(self) -> int:
        return self.own + len(self.common)


@dataclass(frozen=True)
class Storage:
    """A memory inside the design: the ports by which it is read and written, and its area."""

    reads: frozenset[int | None]
    writes: frozenset[int | None]
    area: Area

    def joined(self, other: Storage, array: Array, target: Target) -> Storage:
        """One memory for both, read and written by the ports of both."""
        larger = max(self.area, other.area, key=lambda area: area.weighted(target))
        reads, writes = self.reads | other.reads, self.writes | other.writes
        most = max(len(self.reads), len(other.reads)), max(len(self.writes), len(other.writes))
        more = _memory_area(array, len(reads), len(writes), target)
        less = _memory_area(array, *most, target)
        change = Area(more.lut - less.lut, more.ff - less.ff, 0, more.bram - less.bram)
        return Storage(reads, writes, larger + change)


@dataclass(frozen=True)
class PartVector:
    """`units` are those that others may use and all that adds up, weighted; `memories` those inside the
    design; `ports` the signals at each port; `dsp` the DSP blocks."""

    target: Target
    shared: bool
    units: AreaVector = field(default_factory=AreaVector)
    memories: Mapping[Array, Storage] = field(default_factory=dict)
    ports: Mapping[Port, Inputs] = field(default_factory=dict)
    dsp: int = 0

    @cached_property
    def total(self) -> float:
        """The one figure, of a design that is this part alone."""
        common = HANDSHAKE
        for storage in self.memories.values():
            common += storage.area
        for (part, array, _), inputs in self.ports.items():
            luts = _port_luts(part, array, inputs.count, self.target)
            common += Area(lut=max(0, luts - inputs.counted))
        return self.units.total + common.weighted(self.target)

    @cached_property
    def bram(self) -> int:
        """Block RAMs."""
        return sum(storage.area.bram for storage in self.memories.values())

    @property
    def measures(self) -> tuple[float, float, float]:
        """What the scalar dominance of parts looks at."""
        return self.total, self.dsp, self.bram

    def fits(self) -> bool:
        """Whether the device has the DSP blocks and block RAMs."""
        return Area(dsp=self.dsp, bram=self.bram).fits(self.target.file.capacity)

    def followed_by(self, other: PartVector) -> PartVector:
        """The area of both, one after the other."""
        memories, ports = dict(self.memories), dict(self.ports)
        for array, storage in other.memories.items():
            known = memories.get(array)
            memories[array] = storage if known is None else known.joined(storage, array, self.target)
        for port, inputs in other.ports.items():
            ports[port] = ports.get(port, Inputs()).joined(inputs)
        dsp = max(self.dsp, other.dsp) if self.shared else self.dsp + other.dsp
        units = self.units.followed_by(other.units)
        return PartVector(self.target, self.shared, units, memories, ports, dsp)

    def plus(self, area: Area) -> PartVector:
        """With an area that adds up."""
        units = AreaVector(self.units.units, self.units.rest + area.weighted(self.target))
        return PartVector(self.target, self.shared, units, self.memories, self.ports, self.dsp + area.dsp)


def part_vector(schedule: Schedule, target: Target) -> PartVector:
    """The vector of what a schedule builds; the handshake is the whole design's."""
    arrays = {memory.name: memory.array for memory in schedule.memories}
    ports: dict[Port, Inputs] = {}
    for (part, name, port), signals in port_signals(schedule).items():
        assert name is not None  # only accesses have ports
        array = arrays[name]
        own = sum(1 for signal in signals if _is_own(signal))
        common = frozenset(_by_array(signal, arrays) for signal in signals if not _is_own(signal))
        ports[part, array, port] = Inputs(own, common, _port_luts(part, array, len(signals), target))
    whole = area_estimate(schedule, target)
    memories = _memories(schedule, whole, target)
    vector = area_vector(schedule, target)
    apart = HANDSHAKE.weighted(target)
    apart += sum(storage.area.weighted(target) for storage in memories.values())
    units = AreaVector(vector.units, vector.rest - apart)
    return PartVector(target, schedule.share == "all", units, memories, ports, whole.dsp)


def _memories(schedule: Schedule, whole: Area, target: Target) -> dict[Array, Storage]:
    """The memories that a schedule uses, with their areas as its estimate, `whole`, has them."""
    inside = {m.name: m for m in schedule.memories if m.kind != "register" and not m.external}
    if not inside:
        return {}
    reads: dict[str, set[int | None]] = {name: set() for name in inside}
    writes: dict[str, set[int | None]] = {name: set() for name in inside}
    for region in regions(schedule.body):
        for op in region.operations:
            if op.memory in inside:
                (reads if op.kind == "load" else writes)[op.memory].add(op.port)
    outside = tuple(replace(m, kind="external") if m.name in inside else m for m in schedule.memories)
    without = area_estimate(replace(schedule, memories=outside), target)
    left = Area(whole.lut - without.lut, whole.ff - without.ff, 0, whole.bram - without.bram)
    found: dict[Array, Storage] = {}
    for name, memory in inside.items():
        # Those of narrower contents are built narrower: the difference is shared out among all.
        full = memory_area(memory, target, len(reads[name]), len(writes[name]))
        share = (
            left if len(inside) == 1 else Area(min(full.lut, left.lut), min(full.ff, left.ff), 0, full.bram)
        )
        left = Area(left.lut - share.lut, left.ff - share.ff, 0, left.bram - share.bram)
        found[memory.array] = Storage(frozenset(reads[name]), frozenset(writes[name]), share)
    return found


def _is_own(signal: Hashable) -> bool:
    return isinstance(signal, tuple) and signal[0] == "value"


def _by_array(signal: Hashable, arrays: Mapping[str, Array]) -> Hashable:
    """Signals of memories by array: names differ from part to part."""
    if isinstance(signal, tuple) and signal[0] in ("register", "port"):
        return (signal[0], arrays[signal[1]], *signal[2:])
    return signal


def _port_luts(part: str, array: Array, inputs: int, target: Target) -> int:
    """The multiplexer in front of a port's address or data, or of a register."""
    memory = _memory(array, target)
    width = max(1, (memory.words - 1).bit_length()) if part == "address" else memory.width
    return multiplexer_luts(inputs, width, target)


@lru_cache(maxsize=1 << 12)
def _memory(array: Array, target: Target) -> Memory:
    return memory_of(array, "", target)


@lru_cache(maxsize=1 << 12)
def _memory_area(array: Array, reads: int, writes: int, target: Target) -> Area:
    return memory_area(_memory(array, target), target, reads, writes)
