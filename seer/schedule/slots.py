"""Who takes a resource in which cycle: at most its capacity at once, exclusive accesses counting as one.

Two accesses that never take place in the same iteration may use one port in the same cycle of the schedule.
In cycles that are merely equal modulo the interval they belong to different iterations and may meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Pool", "Slots", "shared_ports"]


@dataclass(frozen=True)
class Pool:
    """`members` compete for `capacity` units; pairs of `exclusive` (both ways round) may share one."""

    capacity: int
    members: tuple[int, ...]
    exclusive: frozenset[tuple[int, int]] = frozenset()

    def partners(self, member: int) -> tuple[int, ...]:
        return tuple(other for other in self.members if (member, other) in self.exclusive)

    def core(self, members: Sequence[int] | None = None) -> tuple[int, ...]:
        """Members no two of which may share: how many units all of them need at least, one after the other.

        Greedy, those with the fewest partners first; without exclusive pairs all of them.
        """
        members = self.members if members is None else members
        if not self.exclusive:
            return tuple(members)
        partners = {member: sum((member, other) in self.exclusive for other in members) for member in members}
        chosen: list[int] = []
        for member in sorted(members, key=lambda m: (partners[m], m)):
            if not any((member, other) in self.exclusive for other in chosen):
                chosen.append(member)
        return tuple(sorted(chosen))


def shared_ports(pool: Pool, members: Sequence[int]) -> list[list[int]]:
    """Members of one cycle divided among units, few of them: whoever shares one is exclusive.

    First fit, those with the fewest partners first, so the same members always give the same division.
    """
    if not pool.exclusive:
        return [[member] for member in members]
    partners = {member: sum((member, other) in pool.exclusive for other in members) for member in members}
    units: list[list[int]] = []
    for member in sorted(members, key=lambda m: (partners[m], m)):
        for unit in units:
            if all((member, other) in pool.exclusive for other in unit):
                unit.append(member)
                break
        else:
            units.append([member])
    return units


@dataclass
class Slots:
    """The units that are taken, by pool and cycle (modulo `interval` unless that is 0)."""

    pools: Sequence[Pool]
    interval: int
    _pool_of: dict[int, int] = field(default_factory=dict)
    _used: dict[tuple[int, int], int] = field(default_factory=dict)
    _there: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, pool in enumerate(self.pools):
            for member in pool.members:
                self._pool_of[member] = number

    def competes(self, member: int) -> bool:
        """Whether the operation is in a pool at all."""
        return member in self._pool_of

    def slot(self, member: int, cycle: int) -> tuple[int, int]:
        return self._pool_of[member], cycle % self.interval if self.interval else cycle

    def free(self, member: int, cycle: int) -> bool:
        """Whether one more may start in this cycle."""
        pool = self.pools[self._pool_of[member]]
        used = self._used.get(self.slot(member, cycle), 0)
        return used + self._share(pool, member, cycle) <= pool.capacity

    def occupants(self, member: int, cycle: int) -> list[int]:
        """Who has taken units of its pool in this cycle (modulo the interval)."""
        return sorted(self._there.get(self.slot(member, cycle), ()))

    def take(self, member: int, cycle: int) -> None:
        """Let it start in this cycle, whether or not there is room."""
        pool, slot = self.pools[self._pool_of[member]], self.slot(member, cycle)
        self._used[slot] = self._used.get(slot, 0) + self._share(pool, member, cycle)
        self._there.setdefault(slot, {})[member] = cycle

    def release(self, member: int, cycle: int) -> None:
        """Undo `take`."""
        pool, slot = self.pools[self._pool_of[member]], self.slot(member, cycle)
        del self._there[slot][member]
        self._used[slot] -= self._share(pool, member, cycle)

    def _share(self, pool: Pool, member: int, cycle: int) -> int:
        """How many more units its cycle needs with this member."""
        if not pool.exclusive:
            return 1
        found = self._there.get(self.slot(member, cycle), {})
        there = [other for other, at in found.items() if at == cycle]
        if not there:
            return 1
        return len(shared_ports(pool, [*there, member])) - len(shared_ports(pool, there))
