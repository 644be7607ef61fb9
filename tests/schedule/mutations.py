"""Schedules made illegal on purpose: each change breaks a rule of `seer.schedule.model`, for a stated reason.

What can be made right again is: lengths follow the operations, and times inside cycles are computed afresh.
So the broken rule is as a rule the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from seer.schedule import replay as replay_module
from seer.schedule.model import (
    Branch,
    Node,
    Operation,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)
from seer.schedule.target import Target

TIMELESS = ("const", "param", "iv")
ACCESSES = ("load", "store")


@dataclass(frozen=True)
class Mutation:
    """What was done, and the schedule that came of it."""

    kind: str
    text: str
    schedule: Schedule


@dataclass(frozen=True)
class Place:
    """A region of a schedule, its interval (0: straight code), and how to exchange it."""

    region: Region
    interval: int
    put: Callable[[Region], Schedule]
    decides: bool

    def slot(self, op: Operation) -> int:
        return op.start_cycle % self.interval if self.interval else op.start_cycle

    def changed(self, *operations: Operation) -> Region:
        """The region with these operations instead of those of their ids."""
        found = list(self.region.operations)
        for op in operations:
            found[op.id] = op
        return Region(tuple(found), self.region.length)


def places(schedule: Schedule) -> Iterator[Place]:
    """All regions of a schedule."""

    def nodes(found: tuple[Node, ...], put: Callable[[tuple[Node, ...]], Schedule]) -> Iterator[Place]:
        for k, node in enumerate(found):

            def here(changed: Node, k: int = k) -> Schedule:
                return put((*found[:k], changed, *found[k + 1 :]))

            yield from inside(node, here)

    def inside(node: Node, put: Callable[[Node], Schedule]) -> Iterator[Place]:
        match node:
            case Region():
                yield Place(node, 0, put, False)
            case PipelinedLoop():
                yield Place(
                    node.region, node.initiation_interval, lambda r: put(replace(node, region=r)), False
                )
            case SequentialLoop():
                yield from nodes(node.body, lambda body: put(replace(node, body=body)))
            case Branch():
                yield Place(node.condition, 0, lambda r: put(replace(node, condition=r)), True)
                yield from nodes(node.then, lambda then: put(replace(node, then=then)))
                yield from nodes(node.otherwise, lambda side: put(replace(node, otherwise=side)))
            case WhileLoop():
                yield Place(node.condition, 0, lambda r: put(replace(node, condition=r)), True)
                yield from nodes(node.body, lambda body: put(replace(node, body=body)))
                if node.tail is not None:
                    yield Place(node.tail, 0, lambda r: put(replace(node, tail=r)), True)
            case PipelinedWhile():
                yield Place(node.condition, 0, lambda r: put(replace(node, condition=r)), True)
                yield Place(node.body, node.initiation_interval, lambda r: put(replace(node, body=r)), True)

    yield from nodes(schedule.body, lambda body: replace(schedule, body=body))


def inputs(op: Operation) -> tuple[int, ...]:
    return op.operands if op.predicate is None else (*op.operands, op.predicate)


def mended(region: Region, target: Target) -> Region:
    """With the right length, and the right times inside of cycles (each delay is what it was)."""
    done: list[Operation] = []
    for op in region.operations:
        start = target.register_ns if inputs(op) else 0.0
        for source in (done[k] for k in inputs(op)):
            if source.kind != "const" and source.result_cycle == op.start_cycle:
                start = max(start, source.ready_ns)
        passes = op.latency == 0 and bool(inputs(op)) and op.kind not in ("read", "param", "iv")
        ready = start + op.ready_ns - op.start_ns if passes else op.ready_ns
        done.append(replace(op, start_ns=start, ready_ns=ready))
    return Region(tuple(done), max(op.start_cycle + max(1, op.latency) for op in done))


def mutations(
    schedule: Schedule, target: Target, conflicts: list[Conflict], recurs: bool
) -> Iterator[Mutation]:
    """All of them; `conflicts` are of a run of this schedule, in which all recurrences show if it `recurs`
    (a dependence that is possible need not occur)."""
    for number, place in enumerate(places(schedule)):

        def made(
            kind: str, text: str, region: Region, place: Place = place, number: int = number
        ) -> Mutation:
            return Mutation(kind, f"region {number}: {text}", place.put(region))

        for op in place.region.operations:
            yield from _of_operation(op, place, schedule, target, made)
        yield from _of_pairs(place, schedule, target, made)
        for conflict in conflicts:
            if conflict.region is place.region:
                yield from _of_conflict(conflict, place, target, made)
        for by in (-1, 1):
            # The length is that of the operations, no less and no more.
            region = replace(place.region, length=place.region.length + by)
            yield made("length", f"{by:+}", region)
    yield from _intervals(schedule, recurs)


_Made = Callable[[str, str, Region], Mutation]


def _of_operation(
    op: Operation, place: Place, schedule: Schedule, target: Target, made: _Made
) -> Iterator[Mutation]:
    operations = place.region.operations
    sources = [operations[k] for k in inputs(op) if operations[k].kind not in TIMELESS]
    if sources:
        # One cycle before the last of its operands has a value.
        first = max(source.result_cycle for source in sources)
        yield made("early", f"{op.kind} {op.id}", place.changed(replace(op, start_cycle=first - 1)))
        if op.latency == 0 and op.start_cycle == first + 1 and op.kind not in ("read", "decide"):
            # In the cycle of its operands, if its delay is more than what they leave of the clock.
            arrived = max(s.ready_ns for s in sources if s.result_cycle == first)
            if arrived + op.ready_ns - op.start_ns > target.budget_ns + 0.01:
                early = mended(place.changed(replace(op, start_cycle=first)), target)
                yield made("chain", f"{op.kind} {op.id}", early)
    if op.unit is not None:
        # The latency is the unit's.
        later = replace(op, latency=op.latency + 1)
        yield made("latency", f"{op.kind} {op.id}", place.changed(later))
    if op.kind in ACCESSES:
        (memory,) = (m for m in schedule.memories if m.name == op.memory)
        yield made("port", f"{op.kind} {op.id} has none", place.changed(replace(op, port=None)))
        wrong = replace(op, port=memory.ports)
        yield made("port", f"{op.kind} {op.id} on one too many", place.changed(wrong))
    if op.kind == "decide" and op.start_cycle:
        early = replace(op, start_cycle=op.start_cycle - 1)
        yield made("decide", f"{op.id} early", place.changed(early))


def _of_pairs(place: Place, schedule: Schedule, target: Target, made: _Made) -> Iterator[Mutation]:
    operations = place.region.operations
    accesses = [op for op in operations if op.kind in ACCESSES]
    limits = dict(schedule.limits)
    for k, u in enumerate(accesses):
        for v in accesses[k + 1 :]:
            if u.memory != v.memory:
                continue
            together = place.slot(u) == place.slot(v) and u.port == v.port
            if together and u.predicate is not None and v.predicate is not None:
                # Without its predicate an access takes place whenever the other does.
                for op, other in ((u, v), (v, u)):
                    free = mended(place.changed(replace(op, predicate=None)), target)
                    yield made("exclusive", f"{op.kind} {op.id} unpredicated", free)
                    if other.predicate != op.predicate and (other.predicate or 0) < op.id:
                        same = mended(place.changed(replace(op, predicate=other.predicate)), target)
                        yield made("exclusive", f"{op.kind} {op.id} under the other's predicate", same)
            elif u.port != v.port and place.slot(u) == place.slot(v) and None in (u.predicate, v.predicate):
                # One port for two, of which one takes place in any case.
                booked = place.changed(replace(v, port=u.port))
                yield made("port", f"{u.kind} {u.id} and {v.kind} {v.id} share one", booked)
    for unit, limit in limits.items():
        users = [op for op in operations if op.unit == unit]
        for u in users:
            full = sum(place.slot(op) == place.slot(u) for op in users) == limit
            other = next((v for v in users if place.slot(v) != place.slot(u)), None)
            if full and other is not None:
                more = mended(place.changed(replace(other, start_cycle=u.start_cycle)), target)
                yield made("limit", f"{unit} at {u.id} and {other.id}", more)


@dataclass(frozen=True)
class Conflict:
    """Operation `later`, `distance` iterations after `earlier`, was seen at the same element; one writes."""

    region: Region
    earlier: int
    later: int
    distance: int


def _of_conflict(conflict: Conflict, place: Place, target: Target, made: _Made) -> Iterator[Mutation]:
    u, v = (place.region.operations[k] for k in (conflict.earlier, conflict.later))
    span = place.interval * conflict.distance
    text = f"{u.kind} {u.id}, {conflict.distance} iterations later {v.kind} {v.id}"
    if u.kind == "write" and v.kind == "read":
        # Written in the cycle in which the later iteration reads.
        late = replace(u, start_cycle=v.start_cycle + span)
        yield made("register", f"{text}: late", mended(place.changed(late), target))
        return
    if u.kind in ("read", "write"):
        # Read behind the write, or written in the wrong order.
        early = replace(v, start_cycle=u.start_cycle - span - (u.kind == "read"))
        yield made("register", f"{text}: early", place.changed(early))
        return
    # Two accesses to one element in one cycle, or in the wrong order.
    early = replace(v, start_cycle=u.start_cycle - span)
    yield made("dependence", f"{text}: early", place.changed(early))
    if u.kind == "store":
        late = replace(u, start_cycle=v.start_cycle + span)
        yield made("dependence", f"{text}: late", mended(place.changed(late), target))


def _intervals(schedule: Schedule, recurs: bool) -> Iterator[Mutation]:
    """A smaller interval than recurrences, or the accesses and ports of a memory, or a limit allow."""
    for k, node in enumerate(schedule.body):
        if not isinstance(node, PipelinedLoop) or node.initiation_interval == 1:
            continue
        proved = not node.bound_by.endswith("with dependences")
        if not proved or (node.bound_by.startswith("recurrence") and not recurs):
            continue
        faster = replace(node, initiation_interval=node.initiation_interval - 1)
        body = (*schedule.body[:k], faster, *schedule.body[k + 1 :])
        yield Mutation("interval", f"of node {k}", replace(schedule, body=body))


def conflicts_of(
    schedule: Schedule,
    contents: dict[str, list[int]],
    params: dict[str, int],
    patch: pytest.MonkeyPatch,
) -> list[Conflict]:
    """The conflicts that a run meets: for each pair of operations with the least distance."""
    least: dict[tuple[int, int, int], tuple[Region, int]] = {}
    run = replay_module._Machine._run
    check = replay_module._Machine.check_order
    current: list[Region] = []

    def recorded_run(machine, region, iterations, interval):  # type: ignore[no-untyped-def]
        current.append(region)
        run(machine, region, iterations, interval)
        current.pop()

    def recorded(machine, accesses, registers, *forwarded):  # type: ignore[no-untyped-def]
        for found in accesses.values() if current else ():  # not what goes on without draining
            _note(current[-1], found, least)
        check(machine, accesses, registers, *forwarded)

    with patch.context() as inner:
        inner.setattr(replay_module._Machine, "_run", recorded_run)
        inner.setattr(replay_module._Machine, "check_order", recorded)
        replay_module.replay(schedule, contents, params)
    return [Conflict(region, u, v, distance) for (_, u, v), (region, distance) in least.items()]


def _note(
    region: Region,
    accesses: list[tuple[tuple[int, int], int, bool]],
    least: dict[tuple[int, int, int], tuple[Region, int]],
) -> None:
    ordered = sorted(accesses)
    for k, ((n, u), _, writes) in enumerate(ordered):
        for (m, v), _, other in ordered[k + 1 : k + 8]:
            key = id(region), u, v
            # An operation and itself keep their distance wherever they are moved.
            if u != v and (writes or other) and (key not in least or m - n < least[key][1]):
                least[key] = region, m - n
