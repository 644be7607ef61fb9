"""Random scheduling problems, and whether a schedule obeys one."""

from __future__ import annotations

import random

from seer.schedule.constraints import CarriedEdge, Problem, ResourceGroup
from seer.schedule.operations import Draft
from tests.schedule.programs import array

MEMORIES = [array(name, 32, 64) for name in "abc"]
UNITS = ["mul", "add"]


def random_problem(rng: random.Random, most: int = 60, pipelined: bool = True) -> Problem:
    """A dependence graph of 5 to `most` operations: chains with latencies, recurrences over up to three
    iterations, accesses to memories of one or two ports, units with a limit, some accesses exclusive.

    In half of them each carried dependence closes a path, so that recurrences and resources get in each
    other's way.
    """
    size = rng.randint(5, most)
    kinds = rng.choice([["load", "store", "add", "mul"], ["load", "add", "add", "mul", "mul", "store"]])
    chosen = [rng.choice(kinds) for _ in range(size)]
    arrays = {k: rng.choice(MEMORIES) for k, kind in enumerate(chosen) if kind in ("load", "store")}
    drafts = [Draft(kind, 32, array=arrays.get(k)) for k, kind in enumerate(chosen)]
    latency = {"load": 1, "store": 1, "add": rng.randint(0, 1), "mul": rng.randint(0, 3)}
    reach = rng.choice([5, 20, size])
    edges: list[list[tuple[int, int]]] = []
    for v in range(size):
        pool = range(max(0, v - reach), v)
        users = sorted(rng.sample(pool, min(len(pool), rng.randint(0, 2))))
        edges.append([(u, latency[chosen[u]] + rng.randint(0, 1)) for u in users])
    closing = edges if rng.random() < 0.5 else None
    carried = [_carried(rng, size, closing) for _ in range(rng.randint(0, 4))] if pipelined else []
    groups: list[ResourceGroup] = []
    ports, exclusive = rng.randint(1, 2), rng.random() < 0.3
    for memory in MEMORIES:
        members = tuple(k for k in range(size) if arrays.get(k) is memory)
        if members:
            pairs = _exclusive(rng, members) if exclusive else frozenset()
            groups.append(ResourceGroup(ports, members, memory, exclusive=pairs))
    for kind in UNITS:
        members = tuple(k for k in range(size) if chosen[k] == kind)
        if members and rng.random() < 0.5:
            groups.append(ResourceGroup(rng.randint(1, 3), members, unit=kind))
    return Problem(drafts, edges, tuple(carried), tuple(groups))


def _carried(rng: random.Random, size: int, edges: list[list[tuple[int, int]]] | None) -> CarriedEdge:
    u, v = sorted(rng.sample(range(size), 2))
    if edges is not None:
        u = v
        for _ in range(rng.randint(1, 8)):
            u = rng.choice(edges[u])[0] if edges[u] else u
    return CarriedEdge(v, u, rng.randint(1, 2), rng.randint(1, 3), MEMORIES[0], True)


def _exclusive(rng: random.Random, members: tuple[int, ...]) -> frozenset[tuple[int, int]]:
    """Pairs of different sides of one condition; the last third are made in any case."""
    side = {m: rng.randrange(3) for m in members}
    pairs = ((u, v) for u in members for v in members)
    return frozenset((u, v) for u, v in pairs if side[u] + side[v] == 1)


def obeys(problem: Problem, starts: tuple[int, ...], interval: int) -> bool:
    within = all(
        starts[v] >= starts[u] + latency for v, edges in enumerate(problem.edges) for u, latency in edges
    )
    across = all(
        starts[e.sink] >= starts[e.source] + e.latency - interval * e.distance for e in problem.carried
    )
    return within and (across or not interval) and all(_fits(g, starts, interval) for g in problem.groups)


def _fits(group: ResourceGroup, starts: tuple[int, ...], interval: int) -> bool:
    """Whether a greedy division among units does; of members on two sides of one condition it is exact."""
    slots: dict[int, dict[int, list[list[int]]]] = {}
    for member in group.operations:
        slot = starts[member] % interval if interval else starts[member]
        units = slots.setdefault(slot, {}).setdefault(starts[member], [])
        for unit in units:
            if all((member, other) in group.exclusive for other in unit):
                unit.append(member)
                break
        else:
            units.append([member])
    return all(sum(map(len, cycles.values())) <= group.capacity for cycles in slots.values())
