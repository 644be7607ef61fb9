"""Regions, registers and what cannot be scheduled."""

from __future__ import annotations

import pytest

from seer.errors import InputError, Location
from seer.lang.program import Origin, Program
from seer.lang.terms import For, Group, Load, Local, Op, Param, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.model import PipelinedLoop, Region, Schedule
from seer.schedule.region import schedule_region
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)
S = scalar(0)
I = counter(0, 64)  # noqa: E741


def region(scheduled: Schedule, position: int = 0) -> Region:
    node = scheduled.body[position]
    if isinstance(node, PipelinedLoop):
        return node.region
    assert isinstance(node, Region)
    return node


def kinds(found: Region, *wanted: str) -> list[str]:
    return [o.kind for o in found.operations if o.kind in wanted]


def test_temporary_needs_no_register() -> None:
    body = Local(S, (Store(S, (), Load(A, (I,))), Store(B, (I,), op("add", Load(S, ()), 1))))
    p = program([A, B], loop(I, body))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert kinds(region(s), "read", "write") == []
    assert [m.name for m in s.memories] == ["a", "b"]


def test_accumulator_is_read_and_written_once_an_iteration() -> None:
    added = Store(S, (), op("add", Load(S, ()), Load(A, (I,))))
    twice = Store(S, (), op("xor", Load(S, ()), 5))
    p = program(
        [A, B], Local(S, (Store(S, (), const(0)), loop(I, added, twice), Store(B, (const(0),), Load(S, ()))))
    )
    s = schedule(p, auto_pipelined(p), TARGET)
    assert kinds(region(s, 1), "read", "write") == ["read", "write"]
    node = s.body[1]
    assert isinstance(node, PipelinedLoop) and node.initiation_interval == 1


def test_local_that_is_not_read_later_is_not_written() -> None:
    body = (Store(S, (), const(1)), Store(B, (const(0),), Load(S, ())), Store(S, (), const(2)))
    s = schedule(program([B], Local(S, body)), frozenset(), TARGET)
    assert kinds(region(s), "read", "write") == []


def test_return_value_is_written_once() -> None:
    ret = array("ap_return", 32)
    p = program([A, ret], Store(ret, (), const(1)), Store(ret, (), Load(A, (const(3),))))
    s = schedule(p, frozenset(), TARGET)
    assert kinds(region(s), "write") == ["write"]
    assert [(m.kind, m.external) for m in s.memories] == [("external", True), ("register", True)]


def test_conditional_write_needs_no_read() -> None:
    ret = array("ap_return", 32)
    when = op("slt", Load(A, (const(0),)), 7)
    s = schedule(program([A, ret], Store(ret, (), const(1), when)), frozenset(), TARGET)
    assert kinds(region(s), "read", "write", "select") == ["write"]
    (write,) = [o for o in region(s).operations if o.kind == "write"]
    assert write.predicate is not None


def test_one_load_for_equal_elements_however_spelled() -> None:
    i = counter(0, 20)
    shifted = Load(A, (op("add", op("shl", i, 1), i),))
    multiplied = Load(A, (op("mul", i, 3),))
    p = program([A, B], loop(i, Store(B, (i,), op("xor", shifted, op("add", multiplied, 1)))))
    assert kinds(region(schedule(p, auto_pipelined(p), TARGET)), "load") == ["load"]


def test_a_store_between_makes_two_loads() -> None:
    one = Load(A, (const(1),))
    body = (Store(B, (const(0),), one), Store(A, (const(1),), const(9)), Store(B, (const(1),), one))
    s = schedule(program([A, B], *body), frozenset(), TARGET)
    assert kinds(region(s), "load") == ["load", "load"]
    elsewhere = (body[0], Store(A, (const(2),), const(9)), body[2])
    s = schedule(program([A, B], *elsewhere), frozenset(), TARGET)
    assert kinds(region(s), "load") == ["load"]


def test_addresses_are_as_narrow_as_the_array() -> None:
    p = program([A, B], loop(I, Store(B, (I,), Load(A, (op("mul", I, 1),)))))
    found = region(schedule(p, auto_pipelined(p), TARGET))
    for access in found.operations:
        if access.kind in ("load", "store"):
            assert found.operations[access.operands[0]].width == 6
    assert max(o.width for o in found.operations if o.kind == "iv") == 6


def test_multiplication_by_constant_is_shifts_and_additions() -> None:
    s = schedule(
        program([A], Store(A, (const(0),), op("mul", Load(A, (const(1),)), 10))), frozenset(), TARGET
    )
    assert kinds(region(s), "mul", "add", "sub") == ["add"]


def test_groups_and_scopes_dissolve() -> None:
    body = Group((Store(A, (const(0),), const(1)), Group(()), Local(S, (Store(A, (const(1),), const(2)),))))
    s = schedule(program([A], body, Store(B, (const(0),), const(3))), frozenset(), TARGET)
    assert len(s.body) == 1 and kinds(region(s), "store") == ["store"] * 3


def test_names_of_locals_are_unique() -> None:
    local = Local(
        S,
        (
            Store(S, (), const(0)),
            loop(I, Store(S, (), op("add", Load(S, ()), I))),
            Store(A, (const(0),), Load(S, ())),
        ),
    )
    p = program([A, B], local)
    named = Program(p.name, p.arguments, p.body, {local: Origin(names=("a",))})
    assert [m.name for m in schedule(named, frozenset(), TARGET).memories] == ["a", "b", "a_2"]


def test_bound_by() -> None:
    def bound(p: Program) -> tuple[int, str]:
        (node,) = schedule(p, auto_pipelined(p), TARGET).body
        assert isinstance(node, PipelinedLoop)
        return node.initiation_interval, node.bound_by

    four = op("add", op("add", Load(A, (const(1),)), Load(A, (I,))), Load(A, (const(2),)))
    assert bound(program([A, B], loop(I, Store(B, (I,), four)))) == (2, "ports of a")
    i = counter(0, 60)
    carried = Store(A, (op("add", i, 1),), op("add", Load(A, (i,)), 1))
    assert bound(program([A], loop(i, carried))) == (3, "recurrence through a")
    far = Store(A, (op("add", i, 3),), op("add", Load(A, (i,)), 1))
    assert bound(program([A], loop(i, far))) == (1, "trip count")
    data = Store(A, (op("and", Load(B, (i,)), 63),), op("add", Load(A, (i,)), 1))
    ii, reason = bound(program([A, B], loop(i, data)))
    assert ii > 1 and reason == "recurrence through a (assumed: subscript not affine)"


def test_auto_pipelined_stops_at_imperfect_nests() -> None:
    j, k = counter(1, 4), counter(2, 4)
    innermost = loop(k, Store(A, (k,), k))
    middle = loop(j, innermost)
    outer = loop(I, middle, Store(B, (I,), I))
    assert auto_pipelined(program([A, B], outer)) == frozenset({innermost, middle})
    n = Param(32, "n")
    open_loop = loop(I, middle, upper=n)
    assert auto_pipelined(program([A, B], open_loop, params=[n])) == frozenset({innermost, middle})


def refused(p: Program, pipelined: frozenset[For]) -> InputError:
    with pytest.raises(InputError) as caught:
        schedule(p, pipelined, TARGET)
    return caught.value


def test_refusals_say_where() -> None:
    j = counter(1, 4)
    inner = loop(j, Store(A, (j,), j))
    outer = loop(I, inner, Store(B, (I,), I))
    p = program([A, B], outer)
    located = Program(p.name, p.arguments, p.body, {outer: Origin(("L1",), ("i",), (Location("k.c", 3, 5),))})
    error = refused(located, frozenset({outer}))
    assert str(error.location) == "k.c:3:5" and "L1" in error.message and error.hint

    n = Param(32, "n")
    twice = loop(I, inner, inner, upper=n)
    error = refused(program([A], twice, params=[n]), frozenset({twice, inner}))
    assert "contains a loop" in error.message

    small = Param(32, "m")
    shifted = loop(I, Store(A, (I,), I), upper=Op("lshr", 32, (small, const(1))))
    assert "not an affine expression" in refused(program([A], shifted, params=[small]), frozenset()).message


def test_fragment_with_free_locals_keeps_their_writes() -> None:
    p = program([A], loop(I, Store(S, (), op("add", Load(S, ()), Load(A, (I,))))))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert kinds(region(s), "read", "write") == ["read", "write"]


def test_dag_of_sixty_doublings() -> None:
    value = Load(A, (const(0),))
    doubled = value
    for _ in range(60):
        doubled = op("mul", doubled, doubled)
    s = schedule(program([A], Store(A, (const(0),), doubled)), frozenset(), TARGET)
    assert kinds(region(s), "mul") == ["mul"] * 60


def test_same_schedule_every_time() -> None:
    p = program([A, B], loop(I, Store(B, (I,), op("mul", Load(A, (I,)), Load(A, (const(3),))))))
    first = schedule(p, auto_pipelined(p), TARGET)
    schedule_region.cache_clear()
    assert schedule(p, auto_pipelined(p), TARGET) == first
