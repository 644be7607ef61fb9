"""Intervals and lengths against CP-SAT's proofs, and how long scheduling takes."""

from __future__ import annotations

import random
import statistics
import time

from seer.lang.terms import Load, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.constraints import CarriedEdge, Problem, ResourceGroup
from seer.schedule.model import PipelinedLoop
from seer.schedule.modulo import solve
from seer.schedule.operations import Draft
from seer.schedule.region import schedule_region
from tests.schedule.judge import shortest
from tests.schedule.programs import array, counter, loop, op, program

MEMORIES = [array(name, 32, 64) for name in "abc"]


def random_problem(rng: random.Random) -> Problem:
    """A dependence graph of up to 40 operations, about half of them accesses."""
    size = rng.randint(5, 40)
    drafts: list[Draft] = []
    for _ in range(size):
        kind = rng.choice(["load", "store", "add", "mul"])
        memory = rng.choice(MEMORIES) if kind in ("load", "store") else None
        drafts.append(Draft(kind, 32, array=memory))
    edges: list[list[tuple[int, int]]] = [
        [(u, rng.randint(0, 2)) for u in sorted(rng.sample(range(v), min(v, rng.randint(0, 2))))]
        for v in range(size)
    ]
    carried = tuple(
        CarriedEdge(v, u, rng.randint(1, 2), rng.randint(1, 3), MEMORIES[0], True)
        for u, v in (sorted(rng.sample(range(size), 2)) for _ in range(rng.randint(0, 4)))
    )
    ports = rng.randint(1, 2)
    groups = tuple(
        ResourceGroup(ports, members, memory)
        for memory in MEMORIES
        if (members := tuple(k for k, draft in enumerate(drafts) if draft.array is memory))
    )
    return Problem(drafts, edges, carried, groups)


def obeys(problem: Problem, starts: tuple[int, ...], interval: int) -> bool:
    within = all(
        starts[v] >= starts[u] + latency for v, edges in enumerate(problem.edges) for u, latency in edges
    )
    across = all(
        starts[e.sink] >= starts[e.source] + e.latency - interval * e.distance for e in problem.carried
    )
    for group in problem.groups:
        slots = [starts[k] % interval if interval else starts[k] for k in group.operations]
        if any(slots.count(slot) > group.capacity for slot in slots):
            return False
    return within and (across or not interval)


def least(problem: Problem, interval: int, length: int) -> tuple[int, int]:
    """The least interval, and the least length at it, up to the given ones."""
    for candidate in range(1, interval):
        best = shortest(problem, candidate, length + 3 * interval)
        if best is not None:
            return candidate, best
    best = shortest(problem, interval, length)
    assert best is not None
    return interval, best


def test_intervals_and_lengths_are_nearly_always_least() -> None:
    rng = random.Random(11)
    worse_interval, longer, total = 0, 0, 120
    for _ in range(total):
        problem = random_problem(rng)
        found = solve(problem, pipelined=True)
        assert obeys(problem, found.starts, found.interval)
        interval, best = least(problem, found.interval, found.length)
        worse_interval += interval < found.interval
        longer += interval == found.interval and best < found.length
    assert worse_interval <= total // 100
    assert longer <= total // 20


def test_straight_code_is_nearly_always_shortest() -> None:
    rng = random.Random(12)
    longer = 0
    for _ in range(60):
        problem = random_problem(rng)
        problem = Problem(problem.drafts, problem.edges, (), problem.groups)
        found = solve(problem, pipelined=False)
        assert obeys(problem, found.starts, 0)
        best = shortest(problem, 0, found.length)
        assert best is not None and best <= found.length
        longer += best < found.length
    assert longer <= 1


def test_time() -> None:
    target = Target.load("xc7")
    a, b, c = (array(name, 32, 4096) for name in "abc")
    seconds: list[float] = []
    for copies in (8, 9, 8, 9, 8, 9, 8, 50):
        i = counter(0, 16)
        base = len(seconds)
        stores = []
        for k in range(copies):
            at = op("add", op("mul", i, copies), k + base)
            value = op("add", op("mul", Load(a, (at,)), Load(b, (at,))), op("mul", Load(a, (at,)), 7))
            stores.append(Store(c, (at,), value))
        p = program([a, b, c], loop(i, *stores))
        schedule_region.cache_clear()
        start = time.process_time()
        (node,) = schedule(p, auto_pipelined(p), target).body
        seconds.append(time.process_time() - start)
        assert isinstance(node, PipelinedLoop) and node.initiation_interval == -(-copies // 2)
    # About 100 operations: some 10 ms; 550 operations: some 150 ms. The limits allow for slow machines.
    assert statistics.median(seconds[:-1]) < 0.1
    assert seconds[-1] < 2.0
