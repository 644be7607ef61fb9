"""Area of a schedule before synthesis: what Yosys will count when it maps the design in one piece.

It adds up units, the registers that hold values between cycles, multiplexers at memory ports, loop counters
and the tokens of control, each with the bits that synthesis keeps (`bits.py`, `mapped_area.py`). docs/rtl.md
says how near it comes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

from seer.lang.program import RETURN_NAME
from seer.schedule.area import Area
from seer.schedule.bits import Counters
from seer.schedule.control import LONGEST_SHIFT
from seer.schedule.mapped_area import region_area, remainder_area
from seer.schedule.memories import memory_area
from seer.schedule.model import (
    Branch,
    Counter,
    Memory,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)
from seer.schedule.region_registers import Access, written_bits
from seer.schedule.sources import RegionSources, instance_sources
from seer.schedule.target import Target
from seer.schedule.units import Place, UnitKey, divided_together, instance_users, region_intervals

__all__ = [
    "HANDSHAKE",
    "PortSignals",
    "area_estimate",
    "counter_area",
    "multiplexer_luts",
    "port_signals",
    "port_width",
    "unit_areas",
]

HANDSHAKE = Area(lut=4, ff=2)
"""Starting, waiting and done of a whole design."""


def area_estimate(schedule: Schedule, target: Target) -> Area:
    """Units, registers, memories and control of a schedule; those behind the top's ports do not count."""
    widths = _address_widths(schedule)
    lut, ff, dsp, bram = 0, 0, 0, 0
    copies: dict[Hashable, int] = {}
    read: dict[str, int] = {}
    ports: dict[tuple[str, str, int | None], list[Access]] = {}
    signals: dict[tuple[str, str, int | None], set[Hashable]] = {}
    places = list(_scoped(schedule.body, (), {}))
    registers = _known_registers(schedule, places)
    units: dict[tuple[int, int], Area] = {}
    for position, (region, interval, levels, counters, loops) in enumerate(places):
        found = region_area(region, interval, levels, counters, widths, registers, target)
        area = found.area
        lut, ff, dsp, bram = lut + area.lut, ff + area.ff, dsp + area.dsp, bram + area.bram
        for signal, bits in found.copies:
            copies[signal] = max(copies.get(signal, 0), bits)
        for id_, unit in found.units:
            units[position, id_] = unit
        for name, mask in found.reads:
            read[name] = read.get(name, 0) | mask
        for access in found.accesses:
            place = access.part, access.memory, access.port
            ports.setdefault(place, []).append(access)
            signals.setdefault(place, set()).add(_signal(access, position, loops))
    for place, accesses in ports.items():
        lut += _port_luts(accesses, signals[place])
    total = Area(lut, ff + sum(copies.values()), dsp, bram)
    total += HANDSHAKE + _units(schedule.body, units, target)
    for node in schedule.body:
        total += _control(node)
    loaded = {(op.memory, op.port) for region, *_ in places for op in region.operations if op.kind == "load"}
    written = {place[1:] for place in ports if place[0] == "data"}
    for memory in schedule.memories:
        if memory.kind == "register":
            writes = ports.get(("register", memory.name, None), [])
            wanted = memory.width if memory.external else read.get(memory.name, 0).bit_count()
            total += Area(ff=min(wanted, _register_bits(memory, writes)))
        elif memory.kind != "external":
            data = [
                access.bits for place, each in ports.items() for access in each if _is_data(place, memory)
            ]
            stored = replace(memory, width=max(1, *data)) if data else memory
            by = [sum(1 for name, _ in each if name == memory.name) for each in (loaded, written)]
            if memory.kind == "registers":
                by[0] += by[1]  # the decoders in front of registers are like multiplexers behind them
            total += memory_area(stored, target, *by)
    return total


def unit_areas(schedule: Schedule, target: Target) -> dict[tuple[int, int], Area]:
    """The area of the unit of each operation with an instance, by the position of its region and its id."""
    widths = _address_widths(schedule)
    places = list(_scoped(schedule.body, (), {}))
    registers = _known_registers(schedule, places)
    areas: dict[tuple[int, int], Area] = {}
    for position, (region, interval, levels, counters, _) in enumerate(places):
        found = region_area(region, interval, levels, counters, widths, registers, target)
        areas.update({(position, id_): area for id_, area in found.units})
    return areas


def _address_widths(schedule: Schedule) -> tuple[tuple[str, int], ...]:
    return tuple((m.name, max(1, (m.words - 1).bit_length())) for m in schedule.memories)


def _signal(access: Access, position: int, loops: Mapping[int, int]) -> tuple[Hashable, ...]:
    """The signal of an access among those of all regions, of which its own has this position."""
    match access.signal[0]:
        case "value":
            return position, *access.signal
        case "counter" if isinstance(level := access.signal[1], int):
            return loops.get(level, 0), *access.signal
        case _:
            return access.signal


def _is_data(place: tuple[str, str, int | None], memory: Memory) -> bool:
    return place[0] == "data" and place[1] == memory.name


def _known_registers(schedule: Schedule, places: list[_Scoped]) -> tuple[tuple[str, int], ...]:
    """The registers of which not all bits may be set, with those that may."""
    masks: dict[str, int] = {}
    for region, *_ in places:
        for name, mask in written_bits(region):
            masks[name] = masks.get(name, 0) | mask
    inside = [m for m in schedule.memories if m.kind == "register" and not m.external]
    return tuple(
        (m.name, masks[m.name])
        for m in inside
        if masks.get(m.name, -1) != (1 << m.width) - 1 and m.name in masks
    )


_Scoped = tuple[Region, int, frozenset[int | str], Counters, Mapping[int, int]]
_STILL: frozenset[int | str] = frozenset()


def _scoped(nodes: tuple[Node, ...], scope: Counters, loops: Mapping[int, int]) -> Iterator[_Scoped]:
    """All regions in the order of `regions`: with the interval (0: straight code), the levels of the counters
    that step with it and the registers that change beside it, and all counters in scope, with what tells
    their loops apart by level."""
    for node in nodes:
        match node:
            case Region():
                yield node, node.length if node.late else 0, node.changing, scope, loops
            case PipelinedLoop():
                inner = (*scope, *(_register(counter) for counter in node.counters))
                levels = node.moving | {c.iv.level for c in (*node.around, *node.counters)}
                yield node.region, node.initiation_interval, levels, inner, loops
            case SequentialLoop():
                level = node.counter.iv.level
                yield from _scoped(node.body, (*scope, _register(node.counter)), {**loops, level: id(node)})
            case Branch():
                yield node.condition, 0, _STILL, scope, loops
                yield from _scoped((*node.then, *node.otherwise), scope, loops)
            case WhileLoop():
                yield node.condition, 0, _STILL, scope, loops
                yield from _scoped(node.body, scope, loops)
                if node.tail is not None:
                    yield node.tail, 0, _STILL, scope, loops
            case PipelinedWhile():
                yield node.condition, 0, _STILL, scope, loops
                yield node.body, node.initiation_interval, _STILL, scope, loops
            case Parallel():
                yield from _scoped(node.nodes, scope, loops)


def _span(counter: Counter) -> tuple[int, int]:
    """Least and greatest value of a counter's register."""
    if not counter.constant:
        return counter.iv.lower, max(counter.iv.lower, counter.iv.upper - 1)
    low, step = counter.lower.constant, counter.iv.step
    return low, max(low, low + (counter.upper.constant - 1 - low) // step * step)


def _register(counter: Counter) -> tuple[int, int, bool]:
    low, high = _span(counter)
    if low < 0:
        return counter.iv.level, max(~low, high).bit_length() + 1, True
    return counter.iv.level, max(1, high.bit_length()), False


def _register_bits(memory: Memory, writes: list[Access]) -> int:
    """The bits of a register that may vary: what is only ever set to one constant is that constant."""
    if memory.external and memory.name != RETURN_NAME:
        return memory.width
    values = [access.signal[1] for access in writes if access.signal[0] == "const"]
    known = [value for value in values if isinstance(value, int)]
    union, common = 0, -1
    for value in known:
        union, common = union | value, common & value
    varying = max((access.bits for access in writes), default=0)
    if varying and known:
        varying = max(varying, union.bit_length())
    return min(memory.width, max(varying, (union & ~common).bit_count()))


def _port_luts(accesses: list[Access], signals: set[Hashable]) -> int:
    """The multiplexer in front of a port's address or data or of a register, and the port's enable."""
    part, inputs = accesses[0].part, len(signals)
    bits = max(access.bits for access in accesses)
    lut = 0
    if part != "data":
        # A guarded access is one more input of the look-up tables that join valid bits.
        enables = len(accesses) + sum(access.guarded for access in accesses)
        lut += -(-(enables - 1) // 5)
    constants = sum(1 for signal in signals if isinstance(signal, tuple) and signal[0] == "const")
    if part == "register" and constants:
        inputs -= 1  # constants reset it
    if inputs < 2:
        return lut
    # Up to three inputs are chosen one after the other, more by sums of products. Bit-wise operators in front
    # of them are part of the same look-up tables.
    spare = [access.bits for access in accesses if access.spare]
    pins = (2 * inputs - 1 if inputs <= 3 else 2 * inputs) + 2 * len(spare)
    tables = bits if pins <= 6 else -(-bits * (pins - 1) // 5)
    return lut + max(0, tables - sum(spare))


PortSignals = dict[tuple[str, str | None, int | None], set[Hashable]]
"""What comes to the addresses and data of memories' ports and to registers: by part, memory and port."""


def port_signals(schedule: Schedule) -> PortSignals:
    """The different signals, as `RegionSources` tells them apart, that come to each port and register."""
    signals: PortSignals = {}
    for k, (region, interval) in enumerate(region_intervals(schedule.body)):
        sources = RegionSources(k, region, interval)
        for op in region.operations:
            shown = [sources.of(operand, op.start_cycle) for operand in op.operands]
            for part, signal in zip(_PARTS.get(op.kind, ()), shown, strict=False):
                # Constants written to a register reset it.
                if part != "register" or region.operations[op.operands[0]].kind != "const":
                    signals.setdefault((part, op.memory, op.port), set()).add(signal)
    return signals


def port_width(schedule: Schedule, part: str, name: str | None) -> int:
    """Bits of this part, `address` or data, of a memory's port, or of a register."""
    memory = next(memory for memory in schedule.memories if memory.name == name)
    return max(1, (memory.words - 1).bit_length()) if part == "address" else memory.width


_PARTS = {"load": ("address",), "store": ("address", "data"), "write": ("register",)}


def multiplexer_luts(inputs: int, width: int, target: Target) -> int:
    """Look-up tables of a multiplexer with so many inputs of `width` bits."""
    table = target.file.multiplexers
    # Without measurements: two more inputs fit one look-up table a bit.
    return (inputs - 1) * width // 2 if table is None else table.luts(inputs, width)


def _units(body: tuple[Node, ...], areas: Mapping[tuple[int, int], Area], target: Target) -> Area:
    """The instances of units, each once, and the multiplexers of their operands."""
    found = region_intervals(body)
    total = Area()
    shared = instance_users(body)
    together = _remainders(found, shared)
    for (key, _), users in shared.items():
        if users[0] in together:
            total += remainder_area(key.kind, key.width)
            continue
        total += max((areas[place] for place in users), key=lambda area: area.weighted(target))
        if key.staged:
            total += Area(ff=sum(key.operand_widths))
        if len(users) == 1:
            continue
        sources = instance_sources(found, users)
        for known, width in zip(sources, key.operand_widths, strict=True):
            total += Area(lut=multiplexer_luts(len(known), width, target))
    return total


def _remainders(
    found: Sequence[tuple[Region, int]], users: Mapping[tuple[UnitKey, int], list[Place]]
) -> set[Place]:
    """The remainders that come out of the divider of a quotient."""
    alone = {places[0] for places in users.values() if len(places) == 1}
    return {
        (position, id_)
        for position, (region, _) in enumerate(found)
        for id_ in divided_together(region.operations, lambda op, p=position: (p, op.id) in alone)
    }


def _control(node: Node) -> Area:
    """Counters and the logic that hands tokens on."""
    match node:
        case Region():
            return Area(lut=1)
        case PipelinedLoop():
            area = Area(lut=1)
            for counter in node.counters:
                area += counter_area(counter)
            return area
        case SequentialLoop():
            # The wait for what is under way is a shift register.
            waits = Area(lut=-(-node.drain // 32), ff=1) if node.drain else Area()
            area = Area(lut=1) + counter_area(node.counter) + waits
            for inner in node.body:
                area += _control(inner)
            return area
        case PipelinedWhile():
            return Area(lut=3)
        case Parallel():
            # What has ended waits for the others, in a register for each.
            area = Area(lut=1 + len(node.branches), ff=len(node.branches))
            for start in node.starts:
                area += waiting_area(start)
            for inner in node.nodes:
                area += _control(inner)
            return area
        case Branch() | WhileLoop():
            area = Area(lut=2)
            blocks = (node.body,) if isinstance(node, WhileLoop) else (node.then, node.otherwise)
            for block in blocks:
                for inner in block:
                    area += _control(inner)
            return area


def waiting_area(cycles: int) -> Area:
    """What hands a token on so many cycles later: a shift register, or a counter."""
    if cycles <= LONGEST_SHIFT:
        return Area(lut=-(-cycles // 32), ff=min(cycles, 1))
    bits = cycles.bit_length()
    return Area(lut=2 + bits + bits // 4, ff=bits)


def counter_area(counter: Counter) -> Area:
    """A register that counts on a carry chain, and a comparison with the last value."""
    _, bits, _ = _register(counter)
    if counter.constant:
        # Up to three bits are counted in look-up tables; a carry chain needs one for its enable.
        return Area(lut=bits if bits <= 3 else 1 + bits // 6, ff=bits)
    # Set in a guard cycle from its lower bound, tested against what the upper bound leaves in a register.
    moving_start, moving_end = bool(counter.lower.terms), bool(counter.upper.terms)
    test = -(-(2 * bits if moving_end else bits) // 5)
    lut = 3 + test + (bits if moving_start else 0)
    return Area(lut=lut, ff=bits + 1 + (bits if moving_end else 0))
