"""Cycle counts by the rules of seer.schedule.model."""

from __future__ import annotations

from seer.lang.operators import mask
from seer.lang.terms import Expr, For, Load, Op, Param, Store
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.model import PipelinedLoop, Region, SequentialLoop
from tests.schedule.programs import array, const, counter, loop, op, program

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)


def copy(iv: Expr) -> Store:
    return Store(B, (iv,), Load(A, (iv,)))


def test_sequential_and_pipelined_copy() -> None:
    i = counter(0, 64)
    p = program([A, B], loop(i, copy(i)))
    assert cycles(schedule(p, frozenset(), TARGET), {}) == 64 * 2
    assert cycles(schedule(p, auto_pipelined(p), TARGET), {}) == 63 + 2


def test_empty_program_takes_a_cycle() -> None:
    assert cycles(schedule(program([A]), frozenset(), TARGET), {}) == 1
    never = loop(counter(0, 5, 5), Store(A, (const(0),), const(1)))
    assert schedule(program([A], never), frozenset(), TARGET).body == ()


def test_loop_of_a_parameter_has_a_guard_cycle() -> None:
    n, i = Param(32, "n"), counter(0, 64)
    p = program([A, B], loop(i, copy(i), upper=n), params=[n])
    for pipelined, expected in ((frozenset(), 1 + 10 * 2), (auto_pipelined(p), 1 + 9 + 2)):
        s = schedule(p, pipelined, TARGET)
        assert cycles(s, {"n": 10}) == expected
        assert cycles(s, {"n": 0}) == 1
        assert cycles(s, {"n": -3 & mask(32)}) == 1


def test_bound_that_is_read_unsigned() -> None:
    n, i = Param(3, "n"), counter(0, 7)
    p = program([A, B], loop(i, copy(i), upper=Op("zext", 32, (n,))), params=[n])
    s = schedule(p, frozenset(), TARGET)
    assert [cycles(s, {"n": value}) for value in range(8)] == [1 + 2 * value for value in range(8)]


def test_triangular_nest() -> None:
    i, j = counter(0, 40), counter(1, 40)
    p = program([A, B], loop(i, loop(j, copy(j), upper=i)))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert cycles(s, {}) == sum(1 + (0 if k == 0 else k - 1 + 2) for k in range(40))


def test_deep_triangular_nest_is_fast() -> None:
    i, j, k = counter(0, 300), counter(1, 300), counter(2, 300)
    p = program([A, B], loop(i, loop(j, loop(k, copy(const(1)), upper=j), upper=i)))
    s = schedule(p, frozenset(), TARGET)
    assert cycles(s, {}) == sum(1 + sum(1 + 2 * y for y in range(x)) for x in range(300))


def test_perfect_nest_is_flattened() -> None:
    M = array("m", 32, 8, 8)
    i, j = counter(0, 8), counter(1, 8)
    inner = loop(j, Store(M, (i, j), op("add", i, j)))
    p = program([M], loop(i, inner))
    (node,) = schedule(p, auto_pipelined(p), TARGET).body
    assert isinstance(node, PipelinedLoop) and len(node.counters) == 2
    only_inner = schedule(p, frozenset({inner}), TARGET)
    assert isinstance(only_inner.body[0], SequentialLoop)
    assert cycles(only_inner, {}) == 8 * (7 + node.region.length)
    assert node.loops == (p.body[0], inner) and all(isinstance(f, For) for f in node.loops)


def test_neighbours_add_up() -> None:
    i = counter(0, 4)
    p = program([A, B], Store(A, (const(0),), const(1)), loop(i, copy(i)), Store(A, (const(1),), const(2)))
    s = schedule(p, frozenset(), TARGET)
    assert [type(node) for node in s.body] == [Region, SequentialLoop, Region]
    assert cycles(s, {}) == 1 + 4 * 2 + 1
