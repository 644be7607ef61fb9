"""Operations to instances of their units."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from seer.schedule.model import Node, Region
from seer.schedule.units import UnitKey, map_regions, unit_key

__all__ = ["bind"]


def bind(body: tuple[Node, ...]) -> tuple[Node, ...]:
    """Every operation that needs a unit of some latency gets an instance of its own."""
    used: Counter[UnitKey] = Counter()

    def distinct(region: Region) -> Region:
        operations = list(region.operations)
        for op in operations:
            if op.unit is not None and op.latency:
                key = unit_key(op, region.operations)
                operations[op.id] = replace(op, instance=used[key])
                used[key] += 1
        return replace(region, operations=tuple(operations))

    return map_regions(body, distinct)
