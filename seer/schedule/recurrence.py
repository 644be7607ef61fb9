"""The cycle of dependences that bounds an initiation interval, as a path of operations."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from seer.schedule.constraints import CarriedEdge, Problem

__all__ = ["Recurrence", "critical_recurrence", "recurrence_interval"]


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


def recurrence_interval(problem: Problem, least: int = 1) -> tuple[int, CarriedEdge | None]:
    """The least interval, from `least` upwards, that the recurrences allow, and a dependence that closes one
    which allows no less; None if they all do.

    Cycles of dependences lie in strongly connected components (Tarjan 1972). In each, as long as relaxing
    finds a cycle that does not allow the interval, the interval becomes what that cycle needs; so it ends
    with the greatest ratio of latency to distance.
    """
    critical: CarriedEdge | None = None
    for component in _components(problem):
        while True:
            cycle = component.positive_cycle(least)
            if cycle is None:
                break
            latency, distance, closing = cycle
            least, critical = -(-latency // distance), closing
    return least, critical


class _Component:
    """A strongly connected part of the dependences: operations in order, and what leads to each."""

    def __init__(self, problem: Problem, members: list[int], carried: list[CarriedEdge]) -> None:
        inside = set(members)
        self._into = [(v, [(u, latency) for u, latency in problem.edges[v] if u in inside]) for v in members]
        self._carried = [edge for edge in carried if edge.source in inside and edge.sink in inside]
        self._latency = {(u, v): latency for v, into in self._into for u, latency in into}

    def positive_cycle(self, interval: int) -> tuple[int, int, CarriedEdge] | None:
        """Latency, distance and a carried dependence of a cycle that does not allow the interval."""
        longest = {v: 0 for v, _ in self._into}
        via: dict[int, tuple[int, CarriedEdge | None]] = {}
        while True:
            changed = False
            for v, into in self._into:
                for u, latency in into:
                    if longest[u] + latency > longest[v]:
                        longest[v] = longest[u] + latency
                        via[v] = (u, None)
            for edge in self._carried:
                length = longest[edge.source] + edge.latency - interval * edge.distance
                if length > longest[edge.sink]:
                    longest[edge.sink] = length
                    via[edge.sink] = (edge.source, edge)
                    changed = True
            if not changed:
                return None
            cycle = self._cycle(via)
            if cycle is not None:
                return cycle

    def _cycle(self, via: dict[int, tuple[int, CarriedEdge | None]]) -> tuple[int, int, CarriedEdge] | None:
        """A cycle of the steps by which the longest paths were found; there is one only if it is positive."""
        met: dict[int, int] = {}
        for root in via:
            node = root
            while node not in met and node in via:
                met[node] = root
                node = via[node][0]
            if met.get(node) != root or node not in via:
                continue
            latency = distance = 0
            closing: CarriedEdge | None = None
            start = node
            while True:
                source, edge = via[node]
                if edge is None:
                    latency += self._latency[source, node]
                else:
                    latency += edge.latency
                    distance += edge.distance
                    # One that is only assumed explains more than one that is known.
                    if closing is None or (closing.exact and not edge.exact):
                        closing = edge
                node = source
                if node == start:
                    break
            assert closing is not None
            return latency, distance, closing
        return None


def _components(problem: Problem) -> list[_Component]:
    """The strongly connected components that hold a carried dependence, in order of their first operation."""
    if not problem.carried:
        return []
    out: list[list[int]] = [[] for _ in range(problem.size)]
    for v, into in enumerate(problem.edges):
        for u, _ in into:
            out[u].append(v)
    for edge in problem.carried:
        out[edge.source].append(edge.sink)
    component = _tarjan(out)
    members: dict[int, list[int]] = {}
    for node, number in enumerate(component):
        members.setdefault(number, []).append(node)
    carried: dict[int, list[CarriedEdge]] = {}
    for edge in problem.carried:
        if component[edge.source] == component[edge.sink]:
            carried.setdefault(component[edge.source], []).append(edge)
    return [_Component(problem, members[number], edges) for number, edges in carried.items()]


def _tarjan(out: list[list[int]]) -> list[int]:
    """The number of each node's strongly connected component."""
    order = [-1] * len(out)
    low = [0] * len(out)
    component = [-1] * len(out)
    stack: list[int] = []
    count = found = 0
    for root in range(len(out)):
        if order[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                order[node] = low[node] = count
                count += 1
                stack.append(node)
            for k in range(position, len(out[node])):
                other = out[node][k]
                if order[other] < 0:
                    work += [(node, k + 1), (other, 0)]
                    break
                if component[other] < 0:
                    low[node] = min(low[node], order[other])
            else:
                if low[node] == order[node]:
                    while True:
                        member = stack.pop()
                        component[member] = found
                        if member == node:
                            break
                    found += 1
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return component
