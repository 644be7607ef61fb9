"""Longest paths through a problem's constraints: what any placement of its operations has to keep."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seer.schedule.constraints import Problem

__all__ = ["NEVER", "Matrix", "Paths", "head_times", "tail_times"]

Matrix = npt.NDArray[np.int64]

NEVER = -(1 << 40)
"""Longest path between operations that nothing relates."""


def head_times(problem: Problem) -> list[int]:
    """The earliest start of each operation, by the dependences within an iteration."""
    heads: list[int] = []
    for edges in problem.edges:
        head = 0
        for u, latency in edges:
            if heads[u] + latency > head:
                head = heads[u] + latency
        heads.append(head)
    return heads


def tail_times(problem: Problem) -> list[int]:
    """Cycles from the start of each operation to the end of the region, at least."""
    tails = [max(1, draft.latency) for draft in problem.drafts]
    for v in range(problem.size - 1, -1, -1):
        tail = tails[v]
        for u, latency in problem.edges[v]:
            if tail + latency > tails[u]:
                tails[u] = tail + latency
    return tails


class Paths:
    """Longest paths between the operations of `keys`, of which the first `placed` compete for something; all
    ends of carried dependences are among them."""

    def __init__(self, problem: Problem, keys: dict[int, int]) -> None:
        self._problem = problem
        self._keys = keys
        self._within = self._within_iteration()
        ends = {keys[end] for edge in problem.carried for end in (edge.source, edge.sink)}
        self._ends = sorted(ends)

    def _within_iteration(self) -> Matrix:
        """Through dependences within an iteration."""
        count = len(self._keys)
        if count == 0:
            return np.zeros((0, 0), dtype=np.int64)
        paths = np.full((self._problem.size, count), NEVER, dtype=np.int64)
        for key, column in self._keys.items():
            paths[key, column] = 0
        for v, edges in enumerate(self._problem.edges):
            row = paths[v]
            for u, latency in edges:
                np.maximum(row, paths[u] + latency, out=row)
        return paths[list(self._keys)].T.copy()

    def at(self, interval: int) -> Matrix | None:
        """Through all dependences at this interval, or None if some cycle of them is positive."""
        paths = self._within.copy()
        for edge in self._problem.carried:
            u, v = self._keys[edge.source], self._keys[edge.sink]
            paths[u, v] = max(paths[u, v], edge.latency - interval * edge.distance)
        # Only where a carried dependence begins or ends do paths meet that are not joined already.
        for k in self._ends:
            np.maximum(paths, paths[:, k : k + 1] + paths[k : k + 1, :], out=paths)
        if self._ends and np.any(np.diagonal(paths) > 0):
            return None
        paths[paths < NEVER // 2] = NEVER
        return paths
