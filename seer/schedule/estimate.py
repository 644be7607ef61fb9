"""Area of a schedule before synthesis: an estimate, good enough to choose between designs of equal speed.

It adds up units, the registers that hold values between cycles, multiplexers at memory ports, loop
counters and the valid bits of regions. It knows nothing of what synthesis simplifies across them.
"""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Hashable
from functools import lru_cache

from seer.lang.operators import OPERATORS
from seer.schedule.area import Area
from seer.schedule.memories import memory_area
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    Operation,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
    regions,
)
from seer.schedule.sources import RegionSources, is_wiring
from seer.schedule.target import Target
from seer.schedule.units import instance_users, region_intervals, unit_of

__all__ = ["area_estimate"]


def area_estimate(schedule: Schedule, target: Target) -> Area:
    """Units, registers, memories and control of a schedule; those behind the top's ports do not count."""
    total = _units(schedule.body, target)
    for node in schedule.body:
        total += _node(node, target)
    for memory in schedule.memories:
        total += memory_area(memory, target)
    ports = Multiset((op.memory, op.port) for node in schedule.body for op in _accesses(node))
    widths = {m.name: m.width + max(1, (m.words - 1).bit_length()) for m in schedule.memories}
    for (memory, _), accesses in ports.items():
        # Two inputs of a multiplexer for address and data fit one look-up table a bit.
        total += Area(lut=(accesses - 1) * widths[memory or ""] // 2)
    return total


def _units(body: tuple[Node, ...], target: Target) -> Area:
    """The instances of units, each once, and the multiplexers of their operands."""
    found = region_intervals(body)
    signals = [RegionSources(k, region, interval) for k, (region, interval) in enumerate(found)]
    total = Area()
    for (key, _), users in instance_users(body).items():
        units: list[Area] = []
        sources: list[set[Hashable]] = [set() for _ in key.operand_widths]
        for position, id_ in users:
            operations = found[position][0].operations
            op = operations[id_]
            units.append(unit_of(op, operations, target).area)
            for known, operand in zip(sources, op.operands, strict=True):
                known.add(signals[position].of(operand, op.start_cycle))
        total += max(units, key=lambda area: area.weighted(target))
        if target.file.multiplexers is not None:
            for known, width in zip(sources, key.operand_widths, strict=True):
                total += Area(lut=target.file.multiplexers.luts(len(known), width))
    return total


def _node(node: Node, target: Target) -> Area:
    match node:
        case Region():
            return _region(node, 0, frozenset(), target)
        case PipelinedLoop():
            levels = frozenset(counter.iv.level for counter in node.counters)
            area = _region(node.region, node.initiation_interval, levels, target)
            for counter in node.counters:
                area += _counter(counter)
            return area
        case SequentialLoop():
            area = _counter(node.counter)
            for inner in node.body:
                area += _node(inner, target)
            return area
        case PipelinedWhile():
            area = _region(node.condition, 0, frozenset(), target) + Area(lut=2)
            return area + _region(node.body, node.initiation_interval, frozenset(), target)
        case Branch() | WhileLoop():
            inner = (node.body,) if isinstance(node, WhileLoop) else (node.then, node.otherwise)
            area = _region(node.condition, 0, frozenset(), target) + Area(lut=1)
            if isinstance(node, WhileLoop) and node.tail is not None:
                area += _region(node.tail, 0, frozenset(), target)
            for block in inner:
                for part in block:
                    area += _node(part, target)
            return area


def _accesses(node: Node) -> list[Operation]:
    found = [op for region in regions((node,)) for op in region.operations]
    return [op for op in found if op.kind in ("load", "store")]


def _counter(counter: Counter) -> Area:
    """An incrementer, a comparison with the last value, and the register."""
    bits = max(1, (counter.iv.upper - counter.iv.lower).bit_length())
    return Area(lut=bits + -(-bits // 3), ff=bits)


@lru_cache(maxsize=1 << 12)
def _region(region: Region, interval: int, levels: frozenset[int], target: Target) -> Area:
    operations = region.operations
    total = Area(ff=region.length, lut=1)
    written = {op.memory for op in operations if op.kind == "write"}
    last_use: dict[int, int] = {}
    for op in reversed(operations):
        wiring = is_wiring(op, operations)
        inputs = op.operands if op.predicate is None else (*op.operands, op.predicate)
        for operand in inputs[:1] if wiring else inputs:
            # Wiring hands on what it is connected to: the register stands before it.
            use = last_use.get(op.id, -1) if wiring else op.start_cycle
            last_use[operand] = max(last_use.get(operand, -1), use)
        if wiring or op.kind not in OPERATORS:
            continue
        if op.unit is not None and op.instance is None:
            total += unit_of(op, operations, target).area
    for op in operations:
        stable = (
            op.kind in ("const", "param")
            or (op.kind == "iv" and op.level not in levels)
            or (op.kind == "read" and op.memory not in written)
            or is_wiring(op, operations)
        )
        lifetime = last_use.get(op.id, -1) - op.result_cycle
        if stable or lifetime <= 0:
            continue
        copies = -(-lifetime // interval) if interval else 1
        total += Area(ff=copies * op.width)
    return total
