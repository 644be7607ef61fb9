"""Which cycles each loop takes."""

from __future__ import annotations

from seer.lang.operators import mask
from seer.lang.terms import Expr, If, Load, Op, Param, Store
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.spent import loop_cycles
from tests.schedule.programs import array, const, counter, loop, op, program
from tests.schedule.while_programs import random_while

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)


def copy(iv: Expr) -> Store:
    return Store(B, (iv,), Load(A, (iv,)))


class Contents:
    """A call on arrays alone."""

    def __init__(self, arrays: dict[str, list[int]]) -> None:
        self.params: dict[str, int] = {}
        self.arrays_before = arrays


def test_loops_one_after_the_other_and_one_in_the_other() -> None:
    i, j, k = counter(0, 10), counter(0, 5), counter(1, 6)
    inner = loop(k, copy(k))
    p = program([A, B], loop(i, copy(i)), loop(j, Store(A, (j,), const(1)), inner, Store(A, (j,), const(2))))
    s = schedule(p, auto_pipelined(p), TARGET)
    first, outer, nested = loop_cycles(s, [{}])
    assert (first, nested) == (9 + 2, 5 * (5 + 2))
    assert first + outer + nested == cycles(s, {})


def test_several_calls_add_up() -> None:
    n, i = Param(32, "n"), counter(0, 64)
    p = program([A, B], copy(const(0)), loop(i, copy(i), upper=n), params=[n])
    s = schedule(p, auto_pipelined(p), TARGET)
    assert loop_cycles(s, [{"n": 10}, {"n": 3}, {"n": -1 & mask(32)}]) == (1 + 9 + 2 + 1 + 2 + 2 + 1,)


def test_a_loop_in_a_branch_takes_what_its_runs_take() -> None:
    i, j = counter(0, 8), counter(1, 20)
    taken = If(Op("slt", 1, (Load(A, (i,)), const(3))), (loop(j, Store(B, (j,), op("add", j, 1))),))
    p = program([A, B], loop(i, taken))
    s = schedule(p, auto_pipelined(p), TARGET)
    call = Contents({"a": list(range(64)), "b": [0] * 64})
    outer, inner = loop_cycles(s, [call])
    assert inner == 3 * 20
    assert outer + inner == cycles(s, call)


def test_a_while_loop() -> None:
    for seed in range(20):
        p, contents = random_while(seed)
        for loops in (frozenset(), auto_pipelined(p)):
            s = schedule(p, loops, TARGET)
            call = Contents(contents)
            (taken,) = loop_cycles(s, [call])
            rest = sum(node.length for node in s.body if hasattr(node, "length"))  # type: ignore[union-attr]
            assert taken == cycles(s, call) - rest


def test_beside_each_other_a_loop_takes_what_the_others_do_not_cover() -> None:
    i, j, k = counter(0, 10), counter(0, 40), counter(0, 30)
    short, long = loop(i, Store(A, (i,), const(1))), loop(j, Store(B, (j,), const(2)))
    p = program([A, B], short, long)
    s = schedule(p, auto_pipelined(p), TARGET, parallel=True)
    assert loop_cycles(s, [{}]) == (0, 30) and cycles(s, {}) == 40
    # Nothing moves because another is not there.
    p = program([A, B], loop(i, Store(A, (i,), const(1))), loop(k, copy(k)))
    s = schedule(p, auto_pipelined(p), TARGET, parallel=True)
    first, second = loop_cycles(s, [{}])
    assert first == 0 and 10 < second < cycles(s, {}) < 45
