"""Loaded data that the next iteration takes past the register that they go to."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Const, Expr, If, Load, Local, Op, Statement, Store, While
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import Operation, PipelinedLoop, PipelinedWhile, Region, Schedule
from seer.schedule.replay import replay
from tests.schedule.programs import array, const, counter, loop, op, program, scalar
from tests.schedule.test_branches import RecordedCall

TARGET = Target.load("xc7", 6.0, 1)
A, B, C = array("a", 6, 64), array("b", 6, 64), array("c", 6, 64)
P, Q, R = scalar(0, 6), scalar(1, 6), scalar(2, 6)
COUNTER = counter(0, 20)


def chase(*body: Statement) -> Program:
    """A loop over `body`, which reads and writes P and Q."""
    inside = (Store(P, (), const(3, 6)), Store(Q, (), const(5, 6)), loop(COUNTER, *body))
    return program([A, B, C], Local(P, (Local(Q, inside),)))


def pipelined(s: Schedule) -> PipelinedLoop | PipelinedWhile:
    (found,) = (n for n in s.body if isinstance(n, (PipelinedLoop, PipelinedWhile)))
    return found


def contents(rng: random.Random) -> dict[str, list[int]]:
    return {name: [rng.randrange(64) for _ in range(64)] for name in "abc"}


def checked(p: Program, seed: int = 0) -> Schedule:
    """The schedule of a program, which passes all checks and leaves what the interpreter does."""
    s = schedule(p, auto_pipelined(p), TARGET)
    assert static_faults(s, TARGET) == []
    before = contents(random.Random(seed))
    result = replay(s, before, {}, registers=77)
    assert result.faults == []
    expected = interpreter.run(p, before, {})
    assert {name: result.arrays[name] for name in expected} == expected
    assert result.cycles == cycles(s, RecordedCall({}, before))
    return s


def test_what_is_loaded_may_be_the_next_address() -> None:
    p = Load(P, ())
    node = pipelined(checked(chase(Store(P, (), Load(A, (p,))), Store(B, (COUNTER,), p))))
    assert isinstance(node, PipelinedLoop) and node.initiation_interval == 1
    assert [o.kind for o in node.region.operations if o.forwarded] == ["read"]


def test_a_queue_of_two_registers() -> None:
    # The address is decided by what was loaded two iterations ago.
    p, q = Load(P, ()), Load(Q, ())
    where = Op("select", 6, (op("slt", p, 7), p, op("add", p, 1)))
    queue = (Store(P, (), q), Store(Q, (), Load(A, (Load(R, ()),))))
    body = (Store(B, (COUNTER,), p), Local(R, (Store(R, (), where), *queue)))
    assert pipelined(checked(chase(*body))).initiation_interval == 1


def test_a_register_under_a_condition() -> None:
    p = Load(P, ())
    rare = op("eq", Load(C, (Op("trunc", 6, (COUNTER,)),)), 7)
    for seed in range(4):
        s = checked(chase(If(rare, (Store(P, (), Load(A, (p,))),)), Store(B, (COUNTER,), p)), seed)
        assert pipelined(s).initiation_interval == 1


def test_a_while_loop() -> None:
    p, i = Load(P, ()), Load(Q, ())
    body = (Store(B, (i,), p), Store(P, (), Load(A, (p,))), Store(Q, (), op("add", i, 1)))
    inside = (Store(P, (), const(3, 6)), Store(Q, (), const(0, 6)), While(op("ult", i, 20), body))
    s = checked(program([A, B, C], Local(P, (Local(Q, inside),))))
    assert isinstance(pipelined(s), PipelinedWhile) and pipelined(s).initiation_interval == 1


def test_computed_values_are_not_forwarded() -> None:
    p = Load(P, ())
    s = checked(chase(Store(P, (), op("add", Load(A, (p,)), 1)), Store(B, (COUNTER,), p)))
    assert pipelined(s).initiation_interval == 2
    assert not any(o.forwarded for o in _region(s).operations)


def _region(s: Schedule) -> Region:
    node = pipelined(s)
    return node.body if isinstance(node, PipelinedWhile) else node.region


def _changed(s: Schedule, *changes: Operation) -> Schedule:
    node = pipelined(s)
    assert isinstance(node, PipelinedLoop)
    operations = list(node.region.operations)
    for change in changes:
        operations[change.id] = change
    changed = replace(node, region=replace(node.region, operations=tuple(operations)))
    return replace(s, body=tuple(changed if n is node else n for n in s.body))


def test_the_check_refuses_what_is_wrong() -> None:
    p = Load(P, ())
    s = checked(chase(Store(P, (), Load(A, (p,))), Store(B, (COUNTER,), p)))
    (read,) = (o for o in _region(s).operations if o.kind == "read" and o.memory == "local0")
    (load,) = (o for o in _region(s).operations if o.kind == "load")
    before = contents(random.Random(1))
    plain = replay(_changed(s, replace(read, forwarded=False)), before, {})
    assert any("out of order" in fault for fault in plain.faults)
    early = static_faults(_changed(s, replace(read, ready_ns=TARGET.register_ns)), TARGET)
    assert any("ready_ns" in fault for fault in early)
    wrong = static_faults(_changed(s, replace(load, forwarded=True)), TARGET)
    assert any("forwards" in fault for fault in wrong)
    other = checked(chase(Store(P, (), op("add", Load(A, (p,)), 1)), Store(B, (COUNTER,), p)))
    (read,) = (o for o in _region(other).operations if o.kind == "read" and o.memory == "local0")
    computed = static_faults(_changed(other, replace(read, forwarded=True)), TARGET)
    assert any("not loaded" in fault for fault in computed)


def test_a_late_condition_is_refused() -> None:
    p = Load(P, ())
    rare = op("eq", Load(C, (Op("trunc", 6, (COUNTER,)),)), 7)
    s = checked(chase(If(rare, (Store(P, (), Load(A, (p,))),)), Store(B, (COUNTER,), p)))
    (write,) = (o for o in _region(s).operations if o.kind == "write")
    assert write.predicate is not None
    condition = _region(s).operations[write.predicate]
    late = static_faults(_changed(s, replace(condition, start_cycle=write.start_cycle)), TARGET)
    assert any("before it is known" in fault for fault in late)


def random_chase(seed: int) -> Program:
    """Two registers that take what is loaded, what the other holds, or sums, some under conditions."""
    rng = random.Random(seed)
    p, q, i = Load(P, ()), Load(Q, ()), Op("trunc", 6, (COUNTER,))

    def place() -> Expr:
        first = rng.choice([p, q, i])
        return rng.choice([first, op(rng.choice(["add", "xor"]), first, rng.choice([p, q, const(1, 6)]))])

    def value() -> Expr:
        return rng.choice([*[Load(rng.choice([A, B]), (place(),)) for _ in range(4)], p, q, place()])

    body: list[Statement] = [Store(P, (), q)] if seed % 2 else []
    for _ in range(rng.randint(1, 2)):
        store: Statement = Store(Q if seed % 2 else rng.choice([P, Q]), (), value())
        if rng.random() < 0.4:
            store = If(op("slt", rng.choice([p, Load(A, (i,))]), rng.choice([q, const(9, 6)])), (store,))
        body.append(store)
    body.insert(rng.randrange(len(body) + 1), Store(C, (i,), rng.choice([p, q])))
    if rng.random() < 0.3:
        body.append(Store(B, (place(),), p))
    return chase(*body)


def test_random_programs() -> None:
    found = 0
    for seed in range(120):
        s = checked(random_chase(seed), seed)
        found += any(o.forwarded for o in _region(s).operations)
    assert found >= 12


def test_constants_stand_in_no_way() -> None:
    # A predicate that is always true is none.
    p = Load(P, ())
    s = checked(chase(Store(P, (), Load(A, (p,)), Const(1, 1)), Store(B, (COUNTER,), p)))
    assert pipelined(s).initiation_interval == 1


@pytest.mark.parametrize("ports", [1, 2])
def test_ports_do_not_matter(ports: int) -> None:
    p = chase(Store(P, (), Load(A, (Load(P, ()),))), Store(B, (COUNTER,), Load(P, ())))
    target = Target.load("xc7", 6.0, ports)
    assert pipelined(schedule(p, auto_pipelined(p), target)).initiation_interval == 1
