"""The independent check refuses schedules that were tampered with."""

from __future__ import annotations

import random
from dataclasses import replace

from seer.lang.operators import mask
from seer.lang.terms import Load, Local, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedLoop, Region, Schedule
from seer.schedule.replay import replay
from seer.schedule.units import instance_users
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
SLOW = Target.load("xc7", 6.0)
A, B = array("a", 32, 64), array("b", 32, 64)


def kernels() -> list[Schedule]:
    i, s = counter(0, 20), scalar(0)
    next_a = op("add", i, 1)
    recurrence = Store(A, (next_a,), op("add", op("mul", Load(A, (i,)), Load(B, (i,))), Load(B, (next_a,))))
    in_place = Store(
        A, (i,), op("xor", op("add", Load(A, (i,)), Load(A, (next_a,))), Load(A, (op("add", i, 2),)))
    )
    total = Store(s, (), op("add", op("mul", Load(s, ()), 5), Load(A, (i,))))
    found = [
        program([A, B], loop(i, recurrence)),
        program([A, B], loop(i, in_place)),
        program(
            [A, B], Local(s, (Store(s, (), const(1)), loop(i, total), Store(B, (const(0),), Load(s, ()))))
        ),
    ]
    return [schedule(p, pipelined, TARGET) for p in found for pipelined in (frozenset(), auto_pipelined(p))]


def faults(scheduled: Schedule) -> list[str]:
    rng = random.Random(3)
    arrays = {
        m.name: [rng.getrandbits(32) & mask(32) for _ in range(64)] for m in scheduled.memories if m.words > 1
    }
    return static_faults(scheduled, TARGET) or replay(scheduled, arrays, {}).faults


def with_region(scheduled: Schedule, position: int, region: Region) -> Schedule:
    node = scheduled.body[position]
    changed = replace(node, region=region) if isinstance(node, PipelinedLoop) else region
    body = (*scheduled.body[:position], changed, *scheduled.body[position + 1 :])
    return replace(scheduled, body=body)


def test_a_smaller_interval_is_refused() -> None:
    checked = 0
    for scheduled in kernels():
        for position, node in enumerate(scheduled.body):
            if isinstance(node, PipelinedLoop) and node.initiation_interval > 1:
                faster = replace(node, initiation_interval=node.initiation_interval - 1)
                body = (*scheduled.body[:position], faster, *scheduled.body[position + 1 :])
                assert faults(replace(scheduled, body=body))
                checked += 1
    assert checked >= 2


def test_a_dropped_dependence_is_refused() -> None:
    """A store so late that the next iterations' loads of its element overtake it."""
    i = counter(0, 20)
    shift = Store(A, (i,), Load(B, (i,)))
    after = Store(B, (op("add", i, 1),), const(7))
    p = program([A, B], loop(i, shift, after))
    scheduled = schedule(p, auto_pipelined(p), TARGET)
    (node,) = scheduled.body
    assert isinstance(node, PipelinedLoop)
    late = tuple(
        replace(o, start_cycle=o.start_cycle + 4) if o.kind == "store" and o.memory == "b" else o
        for o in node.region.operations
    )
    region = Region(late, max(o.start_cycle + max(1, o.latency) for o in late))
    assert replay(scheduled, {}, {}).faults == []
    assert any("out of order" in f for f in replay(with_region(scheduled, 0, region), {}, {}).faults)


def test_two_accesses_on_one_port() -> None:
    i = counter(0, 20)
    p = program([A, B], loop(i, Store(B, (i,), op("add", Load(A, (i,)), Load(A, (op("add", i, 1),))))))
    scheduled = schedule(p, auto_pipelined(p), TARGET)
    (node,) = scheduled.body
    assert isinstance(node, PipelinedLoop)
    clash = tuple(replace(o, port=0) if o.kind == "load" else o for o in node.region.operations)
    assert any(
        "shares port" in f for f in faults(with_region(scheduled, 0, replace(node.region, operations=clash)))
    )


def shared_kernel() -> Schedule:
    """Four products an iteration at interval 2, on two units, and a loop that shares one of them."""
    i = counter(0, 20)
    terms = [op("mul", Load(A, (op("add", i, k),)), Load(B, (op("add", i, k),))) for k in range(4)]
    total = op("add", op("add", *terms[:2]), op("add", *terms[2:]))
    scaled = op("mul", Load(B, (i,)), Load(A, (op("add", i, 1),)))
    p = program([A, B], loop(i, Store(B, (op("add", i, 8),), total)), loop(i, Store(A, (i,), scaled)))
    return schedule(p, auto_pipelined(p), SLOW)


def test_instances_that_are_booked_twice_or_missing_are_refused() -> None:
    scheduled = shared_kernel()
    assert static_faults(scheduled, SLOW) == []
    users = instance_users(scheduled.body)
    assert {len(found) for found in users.values()} == {2, 3}
    refused = 0
    for position, node in enumerate(scheduled.body):
        assert isinstance(node, PipelinedLoop)
        for k, operation in enumerate(node.region.operations):
            if operation.instance is None:
                continue
            for instance in (None, 1 - operation.instance):
                changed = replace(operation, instance=instance)
                operations = (*node.region.operations[:k], changed, *node.region.operations[k + 1 :])
                wrong = with_region(scheduled, position, replace(node.region, operations=operations))
                refused += bool(static_faults(wrong, SLOW))
    # A single product may move to the other unit.
    assert refused >= 9


def test_sharing_beyond_the_mode_is_refused() -> None:
    scheduled = shared_kernel()
    assert any("another region" in fault for fault in static_faults(replace(scheduled, share="loop"), SLOW))
    assert any("none may be" in fault for fault in static_faults(replace(scheduled, share="none"), SLOW))


def test_a_multiplexer_without_slack_is_refused() -> None:
    """At 5 ns data of memories reach a multiplier, but not through a multiplexer."""
    i = counter(0, 20)
    body = [loop(i, Store(B, (i,), op("mul", Load(A, (i,)), Load(m, (op("add", i, 1),))))) for m in (A, B)]
    p = program([A, B], *body)
    scheduled = schedule(p, auto_pipelined(p), TARGET)
    assert static_faults(scheduled, TARGET) == []
    assert [len(found) for found in instance_users(scheduled.body).values()] == [1, 1]
    node = scheduled.body[1]
    assert isinstance(node, PipelinedLoop)
    operations = tuple(o if o.instance is None else replace(o, instance=0) for o in node.region.operations)
    wrong = with_region(scheduled, 1, replace(node.region, operations=operations))
    assert any("its chain takes" in fault for fault in static_faults(wrong, TARGET))
