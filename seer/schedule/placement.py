"""Placing operations that compete in cycles, so that no more of them meet than their resource takes.

A bounded depth-first search, most urgent operation first, each at its earliest free cycle; where that gets
stuck, iterative modulo scheduling (Rau 1994), which evicts what stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seer.schedule.slots import Pool, Slots

__all__ = ["Placement", "place"]

Vector = npt.NDArray[np.int64]

_EVICTIONS_PER_OPERATION = 8

_CYCLE_BITS = 20
"""Bits of a cycle's number; no region is longer."""

_PLACED = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Placement:
    """The task: earliest starts `lower`, cycles to the end `tails`, longest `paths` between operations
    (start_j − start_i ≥ paths[i, j]), what they compete for, the interval (0: straight code), and `latest`
    starts whatever the length."""

    lower: Vector
    tails: Vector
    paths: npt.NDArray[np.int64]
    pools: tuple[Pool, ...]
    interval: int
    latest: Vector


def place(task: Placement, length: int | None, nodes: int) -> list[int] | None:
    """Start cycles such that all end by `length` (None: no limit), or None if none was found within
    `nodes` steps of the search."""
    found = _search(task, length, nodes)
    if found is None and length is not None and task.interval:
        found = _search(task, length, nodes, tightest_first=True)
    if found is None and length is None:
        roomy = int(np.max(task.lower + task.tails)) + task.interval
        found = _search(task, roomy, nodes, tightest_first=True)
        if found is None:
            found = _evicting(task)
    return None if found is None else _tightened(task, found)


def _partners(task: Placement) -> list[tuple[int, ...]]:
    """For each operation those with which it may share a unit in one cycle."""
    partners: list[tuple[int, ...]] = [()] * len(task.lower)
    for pool in task.pools:
        if pool.exclusive:
            for member in pool.members:
                partners[member] = pool.partners(member)
    return partners


def _search(
    task: Placement, length: int | None, nodes: int, tightest_first: bool = False
) -> list[int] | None:
    """Depth first: the operation of the earliest deadline, or tightest window, at its first free cycle."""
    count = len(task.lower)
    upper = task.latest if length is None else np.minimum(length - task.tails, task.latest)
    if np.any(task.lower > upper):
        return None
    slots = Slots(task.pools, task.interval)
    partners = _partners(task)
    starts = [-1] * count
    urgency = -task.tails
    # One frame per placed operation: (operation, cycles left to try, windows before it was placed).
    frames: list[tuple[int, list[int], Vector, Vector]] = []
    lower, upper_now = task.lower.copy(), upper
    unplaced = np.ones(count, dtype=bool)

    def open_frame() -> None:
        deadline = upper_now if length is not None else urgency
        if tightest_first:
            deadline = deadline - lower
        # The earliest deadline, of those the earliest start, of those the first.
        chosen = int(np.argmin(np.where(unplaced, (deadline << _CYCLE_BITS) + lower, _PLACED)))
        first, last = int(lower[chosen]), int(upper_now[chosen])
        limit = min(last, first + (task.interval - 1 if task.interval else count))
        cycles = list(range(first, limit + 1))
        # Later cycles offer nothing new but the company of an exclusive access.
        cycles += sorted({int(lower[p]) for p in partners[chosen] if limit < lower[p] <= last})
        frames.append((chosen, cycles[::-1], lower, upper_now))

    open_frame()
    while frames:
        chosen, free, lower_before, upper_before = frames[-1]
        if starts[chosen] >= 0:
            slots.release(chosen, starts[chosen])
            starts[chosen] = -1
            unplaced[chosen] = True
        while free and not slots.free(chosen, free[-1]):
            free.pop()
        if not free or nodes <= 0:
            frames.pop()
            continue
        nodes -= 1
        cycle = free.pop()
        lower = np.maximum(lower_before, cycle + task.paths[chosen])
        upper_now = np.minimum(upper_before, cycle - task.paths[:, chosen])
        if np.any(lower > upper_now):
            continue
        starts[chosen] = cycle
        unplaced[chosen] = False
        slots.take(chosen, cycle)
        lower[chosen] = upper_now[chosen] = cycle
        if not unplaced.any():
            return starts
        open_frame()
    return None


def _evicting(task: Placement) -> list[int] | None:
    """Iterative modulo scheduling with a budget of evictions."""
    count = len(task.lower)
    starts = [-1] * count
    last = [-1] * count
    order = sorted(range(count), key=lambda a: (-int(task.tails[a]), a))
    budget = _EVICTIONS_PER_OPERATION * count
    interval = task.interval or 2 * count
    slots, partners = Slots(task.pools, interval), _partners(task)

    def remove(other: int) -> None:
        slots.release(other, starts[other])
        starts[other] = -1

    while budget > 0:
        chosen = next((a for a in order if starts[a] < 0), None)
        if chosen is None:
            return starts
        budget -= 1
        earliest = int(task.lower[chosen])
        for other, start in enumerate(starts):
            if start >= 0:
                earliest = max(earliest, start + int(task.paths[other, chosen]))
        together = sorted({starts[p] for p in partners[chosen] if starts[p] >= earliest + interval})
        cycle = max(earliest, last[chosen] + 1)
        for candidate in (*range(earliest, earliest + interval), *together):
            if slots.free(chosen, candidate):
                cycle = candidate
                break
        while not slots.free(chosen, cycle):
            remove(slots.occupants(chosen, cycle)[0])
        slots.take(chosen, cycle)
        starts[chosen] = last[chosen] = cycle
        for other, start in enumerate(starts):
            if other != chosen and start >= 0:
                gap = start - cycle
                if gap < task.paths[chosen, other] or -gap < task.paths[other, chosen]:
                    remove(other)
    return None


def _tightened(task: Placement, starts: list[int]) -> list[int]:
    """The same placement with each operation, first to last, moved to its earliest free cycle."""
    starts = list(starts)
    slots = Slots(task.pools, task.interval)
    for member, start in enumerate(starts):
        slots.take(member, start)
    moved = True
    while moved:
        moved = False
        for member in sorted(range(len(starts)), key=lambda a: (starts[a], a)):
            now = starts[member]
            others = np.array(starts) + task.paths[:, member]
            others[member] = task.lower[member]
            earliest = max(int(task.lower[member]), int(np.max(others)))
            if earliest >= now:
                continue
            slots.release(member, now)
            starts[member] = next((c for c in range(earliest, now) if slots.free(member, c)), now)
            moved |= starts[member] < now
            slots.take(member, starts[member])
    return starts
