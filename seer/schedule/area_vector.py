"""Area of a part of a program by what it may share with the parts that run before and after it.

Units that operators of different regions may share count by kind: where parts follow one another, the
greatest number of each that one part needs is enough, and a multiplexer stands in front of what both use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from seer.schedule.area import Area
from seer.schedule.estimate import area_estimate, unit_areas
from seer.schedule.model import Schedule
from seer.schedule.multiplexer import room_for_inputs
from seer.schedule.target import Target
from seer.schedule.units import UnitKey, instance_users, region_intervals, unit_of

__all__ = ["AreaVector", "area_vector"]


@dataclass(frozen=True)
class _Units:
    """So many units of a kind, the weighted area of one, and of the multiplexers that one more user takes."""

    kind: UnitKey
    count: int
    size: float
    multiplexers: float


@dataclass(frozen=True)
class AreaVector:
    """Weighted areas: of units that others may use, by kind in their order, and of the `rest`."""

    units: tuple[_Units, ...] = ()
    rest: float = 0.0

    @cached_property
    def total(self) -> float:
        """The one figure."""
        return self.rest + sum(unit.count * unit.size for unit in self.units)

    def followed_by(self, other: AreaVector) -> AreaVector:
        """The area of both, one after the other."""
        units = {unit.kind: unit for unit in self.units}
        rest = self.rest + other.rest
        for more in other.units:
            known = units.get(more.kind)
            if known is None:
                units[more.kind] = more
                continue
            rest += min(known.count, more.count) * max(known.multiplexers, more.multiplexers)
            size, inputs = max(known.size, more.size), max(known.multiplexers, more.multiplexers)
            units[more.kind] = _Units(more.kind, max(known.count, more.count), size, inputs)
        return AreaVector(tuple(units[kind] for kind in sorted(units)), rest)


def area_vector(schedule: Schedule, target: Target) -> AreaVector:
    """The vector of a schedule. Units are for others where all of their operations have slack for a
    multiplexer and it is smaller than the unit; without sharing between regions none are."""
    total = area_estimate(schedule, target).weighted(target)
    table = target.file.multiplexers
    if schedule.share != "all" or table is None:
        return AreaVector(rest=total)
    found = region_intervals(schedule.body)
    areas = unit_areas(schedule, target)
    units: dict[UnitKey, _Units] = {}
    for (key, _), users in instance_users(schedule.body).items():
        operations = [(found[position][0].operations, id_) for position, id_ in users]
        resolved = [(each[id_], unit_of(each[id_], each, target)) for each, id_ in operations]
        size = max(areas[place].weighted(target) for place in users)
        luts = sum(table.luts(2, width) for width in key.operand_widths)
        multiplexers = Area(lut=luts).weighted(target)
        if multiplexers >= size or any(room_for_inputs(op, unit, target) < 2 for op, unit in resolved):
            continue
        known = units.get(key)
        count, size = (1, size) if known is None else (known.count + 1, max(known.size, size))
        units[key] = _Units(key, count, size, multiplexers)
    ordered = tuple(units[key] for key in sorted(units))
    return AreaVector(ordered, total - sum(unit.count * unit.size for unit in ordered))
