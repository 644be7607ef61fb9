"""Area of a schedule before synthesis: an estimate, good enough to choose between designs of equal speed.

It adds up units, the registers that hold values between cycles, multiplexers at memory ports, loop
counters and the valid bits of regions. It knows nothing of what synthesis simplifies across them.
"""

from __future__ import annotations

from collections.abc import Hashable

from seer.schedule.area import Area
from seer.schedule.mapped_area import region_area
from seer.schedule.memories import memory_area
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
    regions,
)
from seer.schedule.sources import RegionSources, instance_sources
from seer.schedule.target import Target
from seer.schedule.units import instance_users, region_intervals, unit_of

__all__ = ["PortSignals", "area_estimate", "counter_area", "multiplexer_luts", "port_signals", "port_width"]


def area_estimate(schedule: Schedule, target: Target) -> Area:
    """Units, registers, memories and control of a schedule; those behind the top's ports do not count."""
    total = _units(schedule.body, target)
    for node in schedule.body:
        total += _node(node, target)
    loads = {
        (op.memory, op.port)
        for region in regions(schedule.body)
        for op in region.operations
        if op.kind == "load"
    }
    for memory in schedule.memories:
        total += memory_area(memory, target, sum(1 for name, _ in loads if name == memory.name))
    return total + _multiplexers(schedule, target)


PortSignals = dict[tuple[str, str | None, int | None], set[Hashable]]
"""What comes to the addresses and data of memories' ports and to registers: by part, memory and port."""


def _multiplexers(schedule: Schedule, target: Target) -> Area:
    """In front of the ports of memories, and of the registers that are written in several places."""
    total = Area()
    for place, inputs in port_signals(schedule).items():
        total += Area(lut=multiplexer_luts(len(inputs), port_width(schedule, *place[:2]), target))
    return total


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


def _units(body: tuple[Node, ...], target: Target) -> Area:
    """The instances of units, each once, and the multiplexers of their operands."""
    found = region_intervals(body)
    total = Area()
    for (key, _), users in instance_users(body).items():
        operations = [(found[position][0].operations, id_) for position, id_ in users]
        units = [unit_of(each[id_], each, target).area for each, id_ in operations]
        sources = instance_sources(found, users)
        total += max(units, key=lambda area: area.weighted(target))
        for known, width in zip(sources, key.operand_widths, strict=True):
            total += Area(lut=multiplexer_luts(len(known), width, target))
    return total


def _node(node: Node, target: Target) -> Area:
    match node:
        case Region():
            return region_area(node, 0, frozenset(), target)
        case PipelinedLoop():
            levels = frozenset(counter.iv.level for counter in node.counters)
            area = region_area(node.region, node.initiation_interval, levels, target)
            for counter in node.counters:
                area += counter_area(counter)
            return area
        case SequentialLoop():
            area = counter_area(node.counter)
            for inner in node.body:
                area += _node(inner, target)
            return area
        case PipelinedWhile():
            area = region_area(node.condition, 0, frozenset(), target) + Area(lut=2)
            return area + region_area(node.body, node.initiation_interval, frozenset(), target)
        case Branch() | WhileLoop():
            inner = (node.body,) if isinstance(node, WhileLoop) else (node.then, node.otherwise)
            area = region_area(node.condition, 0, frozenset(), target) + Area(lut=1)
            if isinstance(node, WhileLoop) and node.tail is not None:
                area += region_area(node.tail, 0, frozenset(), target)
            for block in inner:
                for part in block:
                    area += _node(part, target)
            return area


def counter_area(counter: Counter) -> Area:
    """A register that counts on a carry chain, and a comparison with the last value."""
    bits = max(1, (counter.iv.upper - counter.iv.lower).bit_length())
    bounds = 0 if counter.constant else 2 * bits
    return Area(lut=2 + -(-bits // 4) + bounds, ff=bits + (0 if counter.constant else bits + 1))
