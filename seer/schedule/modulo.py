"""Modulo scheduling: the least initiation interval, then the shortest region.

Only accesses to memories compete (for ports), and operations of a limited unit; every other operation
follows them by difference constraints. So the search places those alone, on the longest-path closure of
the constraints, and any placement that the closure allows extends to all operations. Straight code is the
same with an unlimited interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seer.errors import SeerError
from seer.lang.terms import Array
from seer.schedule.constraints import CarriedEdge, Problem, ResourceGroup
from seer.schedule.placement import Placement, place
from seer.schedule.slots import Pool

__all__ = ["Bound", "Solution", "solve", "solve_within"]

Matrix = npt.NDArray[np.int64]

_NEVER = -(1 << 40)
"""Longest path between operations that nothing relates."""

_SEARCH_NODES = 200
"""How many placements beyond two for each access are tried before a length is given up."""


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
    interval or the length might be less."""

    starts: tuple[int, ...]
    interval: int
    length: int
    bound: Bound
    waits: bool


def solve(problem: Problem, pipelined: bool) -> Solution:
    """A schedule of least length, and if `pipelined` of least initiation interval before that.

    The interval is the lower bound of recurrences and resources unless the bounded search finds none there.
    """
    solver = _Solver(problem)
    if not pipelined:
        starts = solver.schedule(0)
        if starts is None:
            raise SeerError("internal error: straight code without a schedule")
        length = solver.length(starts)
        return Solution(starts, 0, length, Bound("trip count"), length > solver.free_length)
    recurrence, critical = solver.recurrence_interval()
    resource, busiest = solver.resource_interval()
    condition = solver.decision_interval()
    least = max(recurrence, resource, condition, 1)
    interval = least
    while True:
        starts = solver.schedule(interval)
        if starts is not None:
            break
        interval += 1
    if interval == 1:
        bound = Bound("trip count")
    elif interval == condition > recurrence:
        bound = Bound("condition")
    elif interval == recurrence and critical is not None:
        bound = Bound("recurrence", critical.array, critical.exact)
    elif busiest is None:
        raise SeerError("internal error: an interval without a bound")
    else:
        kind = "ports" if busiest.unit is None else "operators"
        bound = Bound(kind, busiest.array, True, busiest.unit, busiest.capacity, interval > least)
    length = solver.length(starts)
    waits = interval > max(recurrence, 1) or length > solver.free_length
    return Solution(starts, interval, length, bound, waits)


def solve_within(problem: Problem, interval: int, length: int) -> tuple[int, ...] | None:
    """Start cycles at this interval (0: straight code) and of no more cycles, or None if none were found."""
    solver = _Solver(problem)
    starts = solver.schedule(interval)
    return starts if starts is not None and solver.length(starts) <= length else None


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
        self._heads = self._head_times()
        self._tails = self._tail_times()
        self._intra = self._closure_within_iteration()
        self.free_length = 0
        """The length at the last interval tried if nothing competed."""

    # -- longest paths --------------------------------------------------------------------------------

    def _head_times(self) -> list[int]:
        heads: list[int] = []
        for edges in self._problem.edges:
            heads.append(max((heads[u] + latency for u, latency in edges), default=0))
        return heads

    def _tail_times(self) -> list[int]:
        """Cycles from the start of each operation to the end of the region, at least."""
        tails = [1] * self._problem.size
        for v in range(self._problem.size - 1, -1, -1):
            for u, latency in self._problem.edges[v]:
                tails[u] = max(tails[u], tails[v] + latency)
        return tails

    def _closure_within_iteration(self) -> Matrix:
        """Longest path from each key to each key through edges of one iteration."""
        count = len(self._keys)
        if count == 0:
            return np.zeros((0, 0), dtype=np.int64)
        paths = np.full((self._problem.size, count), _NEVER, dtype=np.int64)
        for key, column in self._keys.items():
            paths[key, column] = 0
        for v, edges in enumerate(self._problem.edges):
            row = paths[v]
            for u, latency in edges:
                np.maximum(row, paths[u] + latency, out=row)
        return paths[list(self._keys)].T.copy()

    def _closure(self, interval: int) -> Matrix | None:
        """Longest paths between keys at this interval, or None if some cycle is positive."""
        paths = self._intra.copy()
        for edge in self._problem.carried:
            u, v = self._keys[edge.source], self._keys[edge.sink]
            paths[u, v] = max(paths[u, v], edge.latency - interval * edge.distance)
        if self._problem.carried:
            for k in range(len(self._keys)):
                np.maximum(paths, paths[:, k : k + 1] + paths[k : k + 1, :], out=paths)
            if np.any(np.diagonal(paths) > 0):
                return None
        paths[paths < _NEVER // 2] = _NEVER
        return paths

    # -- lower bounds ---------------------------------------------------------------------------------

    def recurrence_interval(self) -> tuple[int, CarriedEdge | None]:
        """The least interval without a positive cycle, and the dependence that closes its worst cycle."""
        worst: CarriedEdge | None = None
        low = 1
        for edge in self._problem.carried:
            around = int(self._intra[self._keys[edge.sink], self._keys[edge.source]]) + edge.latency
            alone = -(-around // edge.distance)
            if alone > low:
                low, worst = alone, edge
        if self._closure(low) is not None:
            return low, worst
        high = 2 * low
        while self._closure(high) is None:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._closure(middle) is None:
                low = middle
            else:
                high = middle
        return high, worst or self._problem.carried[0]

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

    def schedule(self, interval: int) -> tuple[int, ...] | None:
        """Start cycles at an interval (0: straight code), or None if none was found."""
        paths = self._closure(interval)
        if paths is None:
            return None
        count = self._placed
        self.free_length = max((h + t for h, t in zip(self._heads, self._tails, strict=True)), default=0)
        if count == 0:
            starts = self._in_time(self._extend({}, interval), interval)
            self.free_length = 0 if starts is None else self.length(starts)
            return starts
        key_heads = np.array([self._heads[k] for k in self._keys], dtype=np.int64)
        key_tails = np.array([self._tails[k] for k in self._keys], dtype=np.int64)
        heads = np.max(key_heads[:, None] + paths, axis=0)
        tails = np.max(paths + key_tails[None, :], axis=1)
        shortest = self.free_length = max(self.free_length, int(np.max(heads + tails)))
        task = Placement(
            lower=heads[:count],
            tails=tails[:count],
            paths=paths[:count, :count],
            pools=tuple(self._pool(group) for group in self._groups),
            interval=interval,
            latest=self._latest(paths, interval),
        )
        shortest = max(shortest, *(_resource_length(g, heads, tails, self._keys) for g in self._groups))
        nodes = _SEARCH_NODES + 2 * count
        found = place(task, None, nodes)
        if found is None:
            return None
        reach = int(np.max(np.array(found) + task.tails))
        length = shortest
        while length < reach:
            better = place(task, length, nodes)
            if better is not None:
                found = better
                break
            length += 1
        return self._in_time(self._extend(dict(zip(self._keys, found, strict=False)), interval), interval)

    def _latest(self, paths: Matrix, interval: int) -> Matrix:
        """The cycle in which each placed access has to start for the decision to be in time."""
        decision = self._problem.decision
        if decision is None:
            return np.full(self._placed, -_NEVER, dtype=np.int64)
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

    def _extend(self, placed: dict[int, int], interval: int) -> tuple[int, ...]:
        """The earliest start of every operation, given those of the placed accesses."""
        starts = [placed.get(v, 0) for v in range(self._problem.size)]
        changed = True
        while changed:
            changed = False
            for v, edges in enumerate(self._problem.edges):
                for u, latency in edges:
                    if starts[u] + latency > starts[v]:
                        starts[v] = starts[u] + latency
            for edge in self._problem.carried:
                least = starts[edge.source] + edge.latency - interval * edge.distance
                if least > starts[edge.sink]:
                    starts[edge.sink] = least
                    changed = True
        return tuple(starts)

    def length(self, starts: tuple[int, ...]) -> int:
        """Cycles until every operation has been issued and every result been taken."""
        return (
            max(
                (start + draft.latency + (0 if draft.latency else 1))
                for start, draft in zip(starts, self._problem.drafts, strict=True)
            )
            if starts
            else 0
        )


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
