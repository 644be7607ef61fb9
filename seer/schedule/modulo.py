"""Modulo scheduling: the least initiation interval, then the shortest region.

Only accesses to memories compete (for ports), and operations of a limited unit; every other operation
follows them by difference constraints. So the search places those alone, on the longest-path closure of
the constraints, and any placement that the closure allows extends to all operations. Straight code is the
same with an unlimited interval. Where the search does not reach a lower bound, CP-SAT is asked for a while.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seer.errors import SeerError
from seer.lang.terms import Array
from seer.schedule.constraints import Problem, ResourceGroup
from seer.schedule.exact import is_small, place_exactly
from seer.schedule.paths import NEVER, Matrix, Paths, head_times, tail_times
from seer.schedule.placement import Placement, place
from seer.schedule.recurrence import recurrence_interval
from seer.schedule.slots import Pool

__all__ = ["Bound", "Solution", "solve", "solve_within"]

_SEARCH_NODES = 200
"""How many placements beyond two for each operation are tried before a length is given up."""

_INTERVAL_EFFORT, _LENGTH_EFFORT = 0.2, 0.05
"""Deterministic time for CP-SAT to find an interval, and a shorter region."""

_SPARE = 3
"""Intervals beyond the least length within which CP-SAT looks for a schedule."""


@dataclass(frozen=True)
class Bound:
    """What keeps the initiation interval from being smaller.

    `kind` is `trip count` (it is 1), `recurrence` (through `array`; assumed unless `exact`), `condition`
    (whether there is a next iteration is known so late), `ports` (of `array`) or `operators` (of `unit`,
    `limit` in a cycle). `together`: that resource is the busiest and would allow less, as would the
    recurrences, but not both at once.
    """

    kind: str
    array: Array | None = None
    exact: bool = True
    unit: str | None = None
    limit: int = 0
    together: bool = False


@dataclass(frozen=True)
class Solution:
    """Start cycles by operation; `interval` is 0 in straight code. `waits`: with more of every resource the
    interval or the length might be less. `least`: lower bounds of interval and length."""

    starts: tuple[int, ...]
    interval: int
    length: int
    bound: Bound
    waits: bool
    least: tuple[int, int]


def solve(problem: Problem, pipelined: bool) -> Solution:
    """A schedule of least length, and if `pipelined` of least initiation interval before that.

    The interval is the lower bound of recurrences, resources and the decision, unless neither the bounded
    search nor CP-SAT finds a schedule there.
    """
    solver = _Solver(problem)
    if not pipelined:
        found = solver.schedule(0)
        if found is None:
            raise SeerError("internal error: straight code without a schedule")
        waits = found.length > found.unhindered
        return Solution(found.starts, 0, found.length, Bound("trip count"), waits, (0, found.least))
    resource, busiest = solver.resource_interval()
    condition = solver.decision_interval()
    recurrence, critical = recurrence_interval(problem, max(1, max(resource, condition) - 1))
    least = max(recurrence, resource, condition)
    interval = least
    while (found := solver.schedule(interval)) is None:
        interval += 1
    if interval == 1:
        bound = Bound("trip count")
    elif interval == condition > recurrence:
        bound = Bound("condition")
    elif interval == recurrence and critical is not None:
        bound = Bound("recurrence", critical.array, critical.exact)
    elif busiest is None:
        # Only the decision is left, where a recurrence delays it.
        bound = Bound("condition")
    else:
        kind = "ports" if busiest.unit is None else "operators"
        bound = Bound(kind, busiest.array, True, busiest.unit, busiest.capacity, interval > least)
    waits = interval > recurrence or found.length > found.unhindered
    return Solution(found.starts, interval, found.length, bound, waits, (least, found.least))


@dataclass(frozen=True)
class _Found:
    """Start cycles and length at one interval; `least` is a lower bound of the length, `unhindered` that if
    nothing competed."""

    starts: tuple[int, ...]
    length: int
    least: int
    unhindered: int


def solve_within(problem: Problem, interval: int, length: int) -> tuple[int, ...] | None:
    """Start cycles at this interval (0: straight code) and of no more cycles, or None if none were found."""
    found = _Solver(problem).schedule(interval, length)
    return found.starts if found is not None and found.length <= length else None


class _Solver:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._groups = [g for g in problem.groups if len(g.operations) > g.capacity]
        keys: dict[int, int] = {}
        for group in self._groups:
            for operation in group.operations:
                keys.setdefault(operation, len(keys))
        self._placed = len(keys)
        for edge in problem.carried:
            keys.setdefault(edge.source, len(keys))
            keys.setdefault(edge.sink, len(keys))
        if problem.decision is not None:
            keys.setdefault(problem.decision, len(keys))
        self._keys = keys
        self._heads = head_times(problem)
        self._tails = tail_times(problem)
        self._key_heads = np.array([self._heads[k] for k in keys], dtype=np.int64)
        self._key_tails = np.array([self._tails[k] for k in keys], dtype=np.int64)
        self._paths = Paths(problem, keys)
        self._unhindered = max((h + t for h, t in zip(self._heads, self._tails, strict=True)), default=0)

    # -- lower bounds ---------------------------------------------------------------------------------

    def resource_interval(self) -> tuple[int, ResourceGroup | None]:
        """The least interval at which each resource suffices, and the busiest."""
        least, busiest = 1, None
        for group in self._groups:
            needed = -(-len(group.pool.core()) // group.capacity)
            if needed > least:
                least, busiest = needed, group
        return least, busiest

    def decision_interval(self) -> int:
        """The least interval at which the condition of the next iteration is known in time."""
        decision = self._problem.decision
        return 1 if decision is None else self._heads[decision] + 1

    # -- schedules ------------------------------------------------------------------------------------

    def schedule(self, interval: int, most: int | None = None) -> _Found | None:
        """A schedule at an interval (0: straight code), as short as may be or of at most so many cycles, or
        None if none was found."""
        paths = self._paths.at(interval)
        if paths is None:
            return None
        heads = np.max(self._key_heads[:, None] + paths, axis=0, initial=0)
        tails = np.max(paths + self._key_tails[None, :], axis=1, initial=0)
        unhindered = max(self._unhindered, int(np.max(heads + tails, initial=0)))
        least = max([unhindered, *(_resource_length(g, heads, tails, self._keys) for g in self._groups)])
        count = self._placed
        task = Placement(
            lower=heads[:count],
            tails=tails[:count],
            paths=paths[:count, :count],
            pools=tuple(self._pool(group) for group in self._groups),
            interval=interval,
            latest=self._latest(paths, interval),
        )
        if most is not None and least > most:
            return None
        placed = [] if not count else self._place(task, least) if most is None else self._fit(task, most)
        starts = None if placed is None else self._in_time(self._extend(placed, paths, heads), interval)
        return None if starts is None else _Found(starts, self._length(starts), least, unhindered)

    def _place(self, task: Placement, least: int) -> list[int] | None:
        """Start cycles of what competes, the search's own as short as bisection finds them."""
        nodes = _SEARCH_NODES + 2 * self._placed
        found = place(task, None, nodes)
        if found is None and task.interval and is_small(task):
            found = place_exactly(task, least + _SPARE * task.interval, False, _INTERVAL_EFFORT)
        if found is None:
            return None
        low, high, length = least, int(np.max(np.array(found) + task.tails)), least
        while low < high:
            better = place(task, length, nodes)
            if better is None:
                low = length + 1
            else:
                found, high = better, length
            length = (low + high) // 2
        if high > least and is_small(task):
            better = place_exactly(task, high - 1, True, _LENGTH_EFFORT)
            found = found if better is None else better
        return found

    def _fit(self, task: Placement, most: int) -> list[int] | None:
        """Start cycles of what competes such that all end by `most`."""
        found = place(task, most, _SEARCH_NODES + 2 * self._placed)
        if found is None and is_small(task):
            found = place_exactly(task, most, False, _LENGTH_EFFORT)
        return found

    def _latest(self, paths: Matrix, interval: int) -> Matrix:
        """The cycle in which each placed operation has to start for the decision to be in time."""
        decision = self._problem.decision
        if decision is None:
            return np.full(self._placed, -NEVER, dtype=np.int64)
        return interval - 1 - paths[: self._placed, self._keys[decision]]

    def _in_time(self, starts: tuple[int, ...], interval: int) -> tuple[int, ...] | None:
        """With the decision in the cycle before the next iteration; None if it is not known by then."""
        decision = self._problem.decision
        if decision is None:
            return starts
        if starts[decision] >= interval:
            return None
        return (*starts[:decision], interval - 1, *starts[decision + 1 :])

    def _pool(self, group: ResourceGroup) -> Pool:
        """The group by keys."""
        keys = self._keys
        members = tuple(keys[operation] for operation in group.operations)
        return Pool(group.capacity, members, frozenset((keys[u], keys[v]) for u, v in group.exclusive))

    def _extend(self, placed: list[int], paths: Matrix, heads: Matrix) -> tuple[int, ...]:
        """The earliest start of every operation, given those of the placed ones."""
        starts = [0] * self._problem.size
        at = np.array(placed, dtype=np.int64)
        earliest = np.maximum(heads, np.max(at[:, None] + paths[: self._placed], axis=0, initial=0))
        for key, start in zip(self._keys, earliest.tolist(), strict=True):
            starts[key] = start
        for v, edges in enumerate(self._problem.edges):
            for u, latency in edges:
                if starts[u] + latency > starts[v]:
                    starts[v] = starts[u] + latency
        return tuple(starts)

    def _length(self, starts: tuple[int, ...]) -> int:
        """Cycles until every operation has been issued and every result been taken."""
        drafts = self._problem.drafts
        ends = (start + max(1, draft.latency) for start, draft in zip(starts, drafts, strict=True))
        return max(ends, default=0)


def _resource_length(group: ResourceGroup, heads: Matrix, tails: Matrix, keys: dict[int, int]) -> int:
    """A lower bound of the length from one resource: of the operations that cannot start before h and have
    at least t cycles to go and never share, no more than its capacity start in each cycle."""
    members = [keys[operation] for operation in group.pool.core()]
    least = 0
    for h in sorted({int(heads[m]) for m in members}):
        late = sorted((int(tails[m]) for m in members if heads[m] >= h), reverse=True)
        for rank, t in enumerate(late):
            least = max(least, h + -(-(rank + 1) // group.capacity) - 1 + t)
    return least
