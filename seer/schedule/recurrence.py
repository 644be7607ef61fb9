"""The cycle of dependences that bounds an initiation interval, as a path of operations."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from seer.schedule.constraints import CarriedEdge, Problem

__all__ = ["Recurrence", "critical_recurrence"]


@dataclass(frozen=True)
class Recurrence:
    """A cycle through the iterations of a loop: `latency` cycles around, over `distance` iterations.

    `operations` are its operations in order of their dependence, those that a combinational path passes
    through included; the last depends on the first by `closing`, the dependence on an earlier iteration.
    """

    operations: tuple[int, ...]
    latency: int
    distance: int
    closing: CarriedEdge


def critical_recurrence(problem: Problem, interval: int) -> Recurrence | None:
    """A cycle that does not allow an interval of `interval` − 1; None if there is none.

    Such a cycle has a positive length where each dependence is as long as its latency less the interval
    times its distance, so relaxing longest paths finds it (Bellman 1958, Ford 1956).
    """
    size = problem.size
    edges = [(u, v, latency, None) for v, into in enumerate(problem.edges) for u, latency in into]
    edges += [(e.source, e.sink, e.latency - (interval - 1) * e.distance, e) for e in problem.carried]
    longest = [0] * size
    via: list[tuple[int, CarriedEdge | None] | None] = [None] * size
    changed: int | None = None
    for _ in range(size + 1):
        changed = None
        for u, v, length, carried in edges:
            if longest[u] + length > longest[v]:
                longest[v] = longest[u] + length
                via[v] = (u, carried)
                changed = v
        if changed is None:
            return None
    assert changed is not None
    node = changed
    for _ in range(size):
        step = via[node]
        assert step is not None
        node = step[0]
    return _around(problem, via, node)


def _around(problem: Problem, via: list[tuple[int, CarriedEdge | None] | None], start: int) -> Recurrence:
    """The cycle on which `start` lies, turned so that a carried dependence closes it."""
    steps: list[tuple[int, int, CarriedEdge | None]] = []
    node = start
    while True:
        step = via[node]
        assert step is not None
        steps.append((step[0], node, step[1]))
        node = step[0]
        if node == start:
            break
    steps.reverse()
    last = max(k for k, (_, _, carried) in enumerate(steps) if carried is not None)
    steps = steps[last + 1 :] + steps[: last + 1]
    closing = steps[-1][2]
    assert closing is not None
    latency = distance = 0
    operations = [steps[0][0]]
    for u, v, carried in steps:
        if carried is None:
            latency += dict(problem.edges[v])[u]
            operations += _between(problem, u, v)
        else:
            latency += carried.latency
            distance += carried.distance
            if carried is not closing:
                operations.append(v)
    return Recurrence(tuple(operations), latency, distance, closing)


def _between(problem: Problem, u: int, v: int) -> list[int]:
    """What the data passes from `u` on, up to `v` and with it; `v` alone where no data flows."""
    before: dict[int, int] = {}
    waiting = deque([v])
    while waiting and u not in before:
        node = waiting.popleft()
        for operand in problem.drafts[node].inputs:
            if operand not in before and operand >= u:
                before[operand] = node
                waiting.append(operand)
    path = [v]
    if u in before:
        path, node = [], before[u]
        while node != v:
            path.append(node)
            node = before[node]
        path.append(v)
    return path
