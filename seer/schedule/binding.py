"""Operations to instances of their units.

A unit takes operands in every cycle, so the operations that it may not be given at once are those issued in
one cycle of one region, modulo the interval. Of the instances that are left an operation takes the one at
whose operands it adds the fewest bits to multiplexers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace

from seer.schedule.model import Node, Operation, Region
from seer.schedule.multiplexer import room_for_inputs
from seer.schedule.parallel import lanes
from seer.schedule.sources import COMMUTATIVE, RegionSources
from seer.schedule.target import Target
from seer.schedule.units import Place, UnitKey, map_regions, region_intervals, unit_key, unit_of

__all__ = ["bind"]


def bind(
    body: tuple[Node, ...], target: Target, share: str, kinds: Collection[UnitKey] = ()
) -> tuple[Node, ...]:
    """Every operation that needs a unit of some latency gets an instance; those of `kinds` share them, over
    all regions or, where `share` is `loop`, those of their own region. What stands beside the loop of a
    drain-free nest shares nothing. Combinational units that are not shared have none."""
    found = region_intervals(body)
    chosen: dict[Place, tuple[int, bool]] = {}
    used: Counter[UnitKey] = Counter()
    side = lanes(body)
    for key, regions in _by_kind(found, kinds).items():
        # What runs at once shares nothing.
        apart: dict[Hashable, list[tuple[int, list[Operation]]]] = {}
        for position, users in regions.items():
            alone = share != "all" or found[position][0].beside
            apart.setdefault(("alone", position) if alone else side[position], []).append((position, users))
        for pool in apart.values():
            if key in kinds and share != "none" and not found[pool[0][0]][0].beside:
                instances = _Pool(key, found, target).assign(pool)
            else:
                instances = [[(place, False)] for place, _ in _places(pool)]
            for instance in instances:
                if not key.latency and len(instance) == 1:
                    continue
                chosen.update({place: (used[key], swapped) for place, swapped in instance})
                used[key] += 1
    position = iter(range(len(found)))

    def bound(region: Region) -> Region:
        here = next(position)
        operations = tuple(_bound(op, chosen.get((here, op.id))) for op in region.operations)
        return replace(region, operations=operations)

    return map_regions(body, bound)


def _bound(op: Operation, choice: tuple[int, bool] | None) -> Operation:
    if choice is None:
        return op
    instance, swapped = choice
    return replace(op, instance=instance, operands=op.operands[::-1] if swapped else op.operands)


_Users = dict[int, list[Operation]]
"""Operations of one kind by the position of their region."""


def _by_kind(found: Sequence[tuple[Region, int]], wanted: Collection[UnitKey]) -> dict[UnitKey, _Users]:
    kinds: dict[UnitKey, _Users] = {}
    for position, (region, _) in enumerate(found):
        for op in region.operations:
            if op.unit is None:
                continue
            key = unit_key(op, region.operations)
            if key.latency or key in wanted:
                users = kinds.setdefault(key, {})
                users.setdefault(position, []).append(op)
    return kinds


def _places(pool: Sequence[tuple[int, list[Operation]]]) -> list[tuple[Place, Operation]]:
    return [((position, op.id), op) for position, users in pool for op in users]


@dataclass
class _Instance:
    """`room` is how many inputs of a multiplexer the slack of the tightest operation allows; `slots` are
    taken cycles, `sources` those of each operand."""

    room: int
    places: list[tuple[Place, bool]] = field(default_factory=list)
    slots: set[tuple[int, int]] = field(default_factory=set)
    sources: list[set[Hashable]] = field(default_factory=list)

    def fits(self, sources: list[Hashable], room: int) -> bool:
        """Whether all operations find their operands in time if one with these sources is added."""
        most = min(self.room, room)
        return all(len(known | {source}) <= most for known, source in zip(self.sources, sources, strict=True))


class _Pool:
    """Instances of one kind."""

    def __init__(self, key: UnitKey, found: Sequence[tuple[Region, int]], target: Target) -> None:
        self._key = key
        self._found = found
        self._target = target
        self._instances: list[_Instance] = []

    def assign(self, pool: Sequence[tuple[int, list[Operation]]]) -> list[list[tuple[Place, bool]]]:
        """The operations of each instance, and whether their operands change places.

        Cycles in which many are issued come first: they decide how many instances there are.
        """
        groups: dict[tuple[int, int], list[Operation]] = {}
        for position, users in pool:
            interval = self._found[position][1]
            for op in users:
                slot = op.start_cycle % interval if interval else op.start_cycle
                groups.setdefault((position, slot), []).append(op)
        for slot, users in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
            self._assign_slot(slot, users)
        return [instance.places for instance in self._instances]

    def _assign_slot(self, slot: tuple[int, int], users: list[Operation]) -> None:
        """The cheapest pair of operation and instance first; what fits no instance gets a new one."""
        position = slot[0]
        region, interval = self._found[position]
        signals = RegionSources(position, region, interval)
        waiting = {op.id: op for op in users}
        sources = {op.id: [signals.of(o, op.start_cycle) for o in op.operands] for op in users}
        rooms = {
            op.id: room_for_inputs(op, unit_of(op, region.operations, self._target), self._target)
            for op in users
        }
        while waiting:
            best = min(
                (
                    (self._cost(instance, sources[id_], swapped), id_, number, swapped)
                    for id_ in waiting
                    for number, instance in enumerate(self._instances)
                    if slot not in instance.slots
                    for swapped in self._orders(waiting[id_])
                    if instance.fits(sources[id_][:: -1 if swapped else 1], rooms[id_])
                ),
                default=None,
            )
            if best is None:
                id_, swapped = next(iter(waiting)), False
                instance = _Instance(rooms[id_], sources=[set() for _ in self._key.operand_widths])
                self._instances.append(instance)
            else:
                _, id_, number, swapped = best
                instance = self._instances[number]
            instance.room = min(instance.room, rooms[id_])
            instance.slots.add(slot)
            instance.places.append(((position, id_), swapped))
            ordered = sources[id_][:: -1 if swapped else 1]
            for known, source in zip(instance.sources, ordered, strict=True):
                known.add(source)
            del waiting[id_]

    def _orders(self, op: Operation) -> tuple[bool, ...]:
        return (False, True) if op.kind in COMMUTATIVE else (False,)

    def _cost(self, instance: _Instance, sources: list[Hashable], swapped: bool) -> int:
        """Bits by which multiplexers widen."""
        ordered = sources[::-1] if swapped else sources
        widths = zip(instance.sources, ordered, self._key.operand_widths, strict=True)
        return sum(width for known, source, width in widths if source not in known)
