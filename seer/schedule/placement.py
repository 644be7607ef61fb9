"""Placing operations that compete in cycles, so that no more of them meet than their resource takes.

A bounded depth-first search, most urgent operation first, each at its earliest free cycle; where that gets
stuck, iterative modulo scheduling (Rau 1994), which evicts what stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Placement", "place"]

Vector = npt.NDArray[np.int64]

_EVICTIONS_PER_ACCESS = 8


@dataclass(frozen=True)
class Placement:
    """The task: earliest starts `lower`, cycles to the end `tails`, longest `paths` between accesses
    (start_j − start_i ≥ paths[i, j]), `latest` starts whatever the length, groups of (ports, accesses), and
    the interval (0: straight code)."""

    lower: Vector
    tails: Vector
    paths: npt.NDArray[np.int64]
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    interval: int
    latest: Vector


def place(task: Placement, length: int | None, nodes: int) -> list[int] | None:
    """Start cycles such that all end by `length` (None: no limit), or None if none was found within
    `nodes` steps of the search."""
    group_of = [0] * len(task.lower)
    for number, (_, members) in enumerate(task.groups):
        for member in members:
            group_of[member] = number
    found = _search(task, group_of, length, nodes)
    if found is None and length is not None and task.interval:
        found = _search(task, group_of, length, nodes, tightest_first=True)
    if found is None and length is None:
        roomy = int(np.max(task.lower + task.tails)) + task.interval
        found = _search(task, group_of, roomy, nodes, tightest_first=True)
        if found is None:
            found = _evicting(task, group_of)
    return None if found is None else _tightened(task, group_of, found)


def _search(
    task: Placement, group_of: list[int], length: int | None, nodes: int, tightest_first: bool = False
) -> list[int] | None:
    """Depth first: the access of the earliest deadline, or tightest window, at its first free cycle."""
    count = len(task.lower)
    upper = task.latest if length is None else np.minimum(length - task.tails, task.latest)
    if np.any(task.lower > upper):
        return None
    used: dict[tuple[int, int], int] = {}
    starts = [-1] * count
    urgency = -task.tails
    # One frame per placed access: (access, cycles left to try, windows before it was placed).
    frames: list[tuple[int, list[int], Vector, Vector]] = []
    lower, upper_now = task.lower.copy(), upper
    unplaced = np.ones(count, dtype=bool)

    def slot(access: int, cycle: int) -> tuple[int, int]:
        return group_of[access], cycle % task.interval if task.interval else cycle

    def open_frame() -> None:
        candidates = np.flatnonzero(unplaced)
        deadline = upper_now[candidates] if length is not None else urgency[candidates]
        if tightest_first:
            deadline = deadline - lower[candidates]
        order = np.lexsort((candidates, lower[candidates], deadline))
        access = int(candidates[order[0]])
        ports = task.groups[group_of[access]][0]
        first, last = int(lower[access]), int(upper_now[access])
        limit = first + (task.interval - 1 if task.interval else count)
        free = [c for c in range(first, min(last, limit) + 1) if used.get(slot(access, c), 0) < ports]
        frames.append((access, free[::-1], lower, upper_now))

    open_frame()
    while frames:
        access, free, lower_before, upper_before = frames[-1]
        if starts[access] >= 0:
            used[slot(access, starts[access])] -= 1
            starts[access] = -1
            unplaced[access] = True
        if not free or nodes <= 0:
            frames.pop()
            continue
        nodes -= 1
        cycle = free.pop()
        lower = np.maximum(lower_before, cycle + task.paths[access])
        upper_now = np.minimum(upper_before, cycle - task.paths[:, access])
        if np.any(lower > upper_now):
            continue
        starts[access] = cycle
        unplaced[access] = False
        key = slot(access, cycle)
        used[key] = used.get(key, 0) + 1
        lower[access] = upper_now[access] = cycle
        if not unplaced.any():
            return starts
        open_frame()
    return None


def _evicting(task: Placement, group_of: list[int]) -> list[int] | None:
    """Iterative modulo scheduling with a budget of evictions."""
    count = len(task.lower)
    starts = [-1] * count
    last = [-1] * count
    occupants: dict[tuple[int, int], list[int]] = {}
    order = sorted(range(count), key=lambda a: (-int(task.tails[a]), a))
    budget = _EVICTIONS_PER_ACCESS * count
    interval = task.interval or 2 * count

    def remove(access: int) -> None:
        occupants[(group_of[access], starts[access] % interval)].remove(access)
        starts[access] = -1

    while budget > 0:
        access = next((a for a in order if starts[a] < 0), None)
        if access is None:
            return starts
        budget -= 1
        ports = task.groups[group_of[access]][0]
        earliest = int(task.lower[access])
        for other, start in enumerate(starts):
            if start >= 0:
                earliest = max(earliest, start + int(task.paths[other, access]))
        cycle = max(earliest, last[access] + 1)
        for candidate in range(earliest, earliest + interval):
            if len(occupants.get((group_of[access], candidate % interval), ())) < ports:
                cycle = candidate
                break
        key = (group_of[access], cycle % interval)
        while len(occupants.get(key, ())) >= ports:
            remove(occupants[key][0])
        occupants.setdefault(key, []).append(access)
        starts[access] = last[access] = cycle
        for other, start in enumerate(starts):
            if other != access and start >= 0:
                gap = start - cycle
                if gap < task.paths[access, other] or -gap < task.paths[other, access]:
                    remove(other)
    return None


def _tightened(task: Placement, group_of: list[int], starts: list[int]) -> list[int]:
    """The same placement with each access, first to last, moved to its earliest free cycle."""
    starts = list(starts)

    def slot(access: int, cycle: int) -> tuple[int, int]:
        return group_of[access], cycle % task.interval if task.interval else cycle

    used: dict[tuple[int, int], int] = {}
    for access, start in enumerate(starts):
        used[slot(access, start)] = used.get(slot(access, start), 0) + 1
    moved = True
    while moved:
        moved = False
        for access in sorted(range(len(starts)), key=lambda a: (starts[a], a)):
            now = starts[access]
            others = np.array(starts) + task.paths[:, access]
            others[access] = task.lower[access]
            earliest = max(int(task.lower[access]), int(np.max(others)))
            ports = task.groups[group_of[access]][0]
            for cycle in range(earliest, now):
                if used.get(slot(access, cycle), 0) < ports or slot(access, cycle) == slot(access, now):
                    used[slot(access, now)] -= 1
                    starts[access] = cycle
                    used[slot(access, cycle)] = used.get(slot(access, cycle), 0) + 1
                    moved = True
                    break
    return starts
