"""The paper's laws: each as written, and what is measured of a loop."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seer.lang.terms import Expr, Load, Local, Store
from seer.schedule import Target, cycles, schedule
from seer.schedule.law_prices import LawPrices, innermost_loops
from seer.schedule.laws import (
    Access,
    LoopState,
    accesses_of,
    flattened_cycles,
    forwarded,
    fully_unrolled_latency,
    fused,
    if_converted,
    interchanged,
    most_accesses,
    straight,
    unrolled,
)
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
ONE_PORT = Target.load("paper")
A, B = array("a", 32, 64), array("b", 32, 64)
I = counter(0, 16)  # noqa: E741


def at(memory: str, index: Expr, stores: bool = False, copy: int = 0) -> Access:
    return {"a": A, "b": B}[memory], (index,), stores, copy


def test_cycles() -> None:
    assert LoopState(3, 10).cycles(5) == 3 * 4 + 10
    assert LoopState(3, 10).cycles(0) == 0


def test_most_accesses_counts_the_busiest_memory_s_ports() -> None:
    accesses = {at("a", const(k)) for k in range(5)} | {at("b", const(0), True)}
    assert most_accesses(accesses, TARGET) == 3 and most_accesses(accesses, ONE_PORT) == 5
    assert most_accesses((), TARGET) == 0


def test_fusion() -> None:
    """P' = max(P0, P1, M(A0 ∪ A1)): an access that both make counts once."""
    first = LoopState(1, 4, frozenset({at("a", I), at("b", I, True)}))
    second = LoopState(2, 7, frozenset({at("a", I), at("a", op("add", I, 1))}), Fraction(2))
    state = fused(first, second, ONE_PORT)
    assert (state.interval, state.latency, state.recurrence) == (2, 7, 2)
    assert len(state.accesses) == 3
    apart = LoopState(1, 3, frozenset(at("a", op("add", I, k)) for k in range(2, 6)))
    assert fused(first, apart, ONE_PORT).interval == 5


def test_unrolling() -> None:
    """P' = max(⌈u·r/d⌉, M(copies)); what does not move with the loop is loaded once, but stored each time."""
    state = LoopState(3, 5, frozenset({at("a", I), at("b", const(0))}), Fraction(5, 2))
    by_four = unrolled(state, 4, 0, ONE_PORT)
    assert (by_four.interval, by_four.latency) == (10, 12) and by_four.recurrence == 10
    assert len(by_four.accesses) == 5
    plain = LoopState(1, 5, frozenset({at("a", I, True)}))
    assert unrolled(plain, 6, 0, TARGET).interval == 3
    assert (
        unrolled(unrolled(plain, 2, 0, TARGET), 3, 0, TARGET).accesses
        == unrolled(plain, 6, 0, TARGET).accesses
    )
    assert fully_unrolled_latency(state, 16) == 80


def test_flattening_saves_the_ramps() -> None:
    state = LoopState(2, 9)
    assert 6 * state.cycles(4) - flattened_cycles(state, 6, 4) == (9 - 2) * (6 - 1)


def test_the_other_laws() -> None:
    state = LoopState(4, 6, frozenset({at("a", I)}), Fraction(4))
    assert interchanged(state, Fraction(0), TARGET).interval == 1
    both = if_converted(state, [at("a", const(1))], [at("a", const(k)) for k in range(2, 7)], 1, ONE_PORT)
    assert (both.interval, both.latency, len(both.accesses)) == (6, 7, 7)
    assert forwarded(state, frozenset(), Fraction(3, 2), TARGET) == LoopState(
        2, 6, frozenset(), Fraction(3, 2)
    )
    assert straight(9, frozenset({at("a", const(0)), at("a", const(1))}), ONE_PORT).interval == 2


def test_accesses_of_neighbouring_loops_compare() -> None:
    """Neither the hull of the counter nor a second spelling of the same load makes another access."""
    wide = counter(0, 32)
    first = accesses_of((Store(B, (I,), op("add", Load(A, (I,)), Load(A, (I,)))),), I)
    second = accesses_of((Store(B, (wide,), Load(A, (wide,))),), wide)
    assert first == second and len(first) == 2


def test_a_measured_recurrence() -> None:
    """b[i] = b[i − 2] · 3 goes around in load, product and store over two iterations."""
    far = op("mul", Load(B, (op("sub", I, 2),)), Load(A, (const(0),)))
    chain = program((A, B), loop(I, Store(B, (I,), far)))
    prices = LawPrices(chain, TARGET)
    (state,) = prices.states.values()
    assert state.recurrence.denominator in (1, 2) and state.interval == -(-state.recurrence // 1)
    free = program((A, B), loop(I, Store(B, (I,), Load(A, (I,)))))
    (state,) = LawPrices(free, TARGET).states.values()
    assert state.recurrence == 0 and state.interval == 1


def test_a_sum_carries_its_own_latency() -> None:
    total = scalar(0)
    body = loop(I, Store(total, (), op("add", Load(total, ()), Load(A, (I,)))))
    sums = program(
        (A, B), Local(total, (Store(total, (), const(0)), body, Store(B, (const(0),), Load(total, ()))))
    )
    (state,) = LawPrices(sums, TARGET).states.values()
    assert state.recurrence == 1


@pytest.mark.parametrize("seed", range(30))
def test_the_program_itself_costs_by_law_what_it_does_by_schedule(seed: int) -> None:
    """Nothing is derived yet, so both agree but where equal statements stand in several places."""
    source = RandomProgram(seed).program
    inner = frozenset(innermost_loops(source.body))
    found = schedule(source, inner, TARGET)
    values = {"n": 3}
    assert LawPrices(source, TARGET).cycles(source, inner, values) == cycles(found, values)
