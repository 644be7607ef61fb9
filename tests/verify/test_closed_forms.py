"""What registers hold by the counters of loops: nothing changes, and much becomes known."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from seer.lang.terms import ArrayType, Block, For, Iv, Load, Local, LocalArray, Op, Store
from seer.lang.traverse import expressions, statements, subexpressions
from seer.verify import closed_forms
from seer.verify.closed_forms import closed
from tests.rewrites.control.campaign import differs
from tests.rewrites.control.counting import random_counting
from tests.verify.loop_terms import A, B, W, X, at, const, load, op, store

PROGRAMS = 250
N = LocalArray(ArrayType(W, ()), 0)
ROWS, COLUMNS = Iv(W, 0, 0, 4, 1), Iv(W, 1, 1, 7, 2)


def _reads(block: Block) -> int:
    """How many statements read a register."""
    roots = (expressions(statement) for statement in statements(block))
    return sum(
        any(isinstance(node, Load) and not node.indices for node in subexpressions(*found)) for found in roots
    )


def test_a_counter_in_a_nest_is_a_sum_of_counters() -> None:
    step = store(N, (), op("add", load(N), const(1)))
    inner = For(COLUMNS, const(1), const(7), (store(A, load(N), load(X, COLUMNS)), step))
    outer = For(ROWS, const(0), const(4), (inner, step))
    (scope,) = closed((Local(N, (store(N, (), const(5)), outer, store(B, const(0), load(N)))),))
    stores = [s for s in statements((scope,)) if isinstance(s, Store)]
    # Steps of 2 in the inner loop, so that half of its counter would be needed.
    assert stores[1].indices == (load(N),)
    assert stores[-1].value == const(21)


def test_a_pointer_through_rows_becomes_affine() -> None:
    rows, columns = Iv(W, 0, 0, 4, 1), Iv(W, 1, 0, 8, 1)
    step = store(N, (), op("add", load(N), const(2)))
    inner = For(columns, const(0), const(8), (store(A, load(N), const(0)), step))
    block = (Local(N, (store(N, (), const(3)), For(rows, const(0), const(4), (inner,)))),)
    stores = [s for s in statements(closed(block)) if isinstance(s, Store)]
    assert stores[1].indices == (op("add", op("add", at(rows, 16), at(columns, 2)), const(3)),)


@pytest.mark.parametrize(
    "step",
    [
        op("add", load(N), load(X, const(0))),
        op("add", load(N), ROWS),
        op("mul", load(N), const(2)),
        op("sub", const(7), load(N)),
    ],
)
def test_what_does_not_step_by_a_constant_is_left_alone(step: Op) -> None:
    loop = For(ROWS, const(0), const(4), (store(A, load(N), const(0)), store(N, (), step)))
    block = (Local(N, (store(N, (), const(0)), loop)),)
    assert closed(block) == block


def test_random_programs_stay_what_they_were() -> None:
    assert _compared(range(PROGRAMS)) > PROGRAMS // 2


@pytest.mark.soak
def test_many_random_programs_stay_what_they_were() -> None:
    assert _compared(range(1000, 6000)) > 2500


def _compared(seeds: range) -> int:
    """How many programs have fewer reads of registers afterwards; none is changed."""
    fewer = 0
    for seed in seeds:
        block = random_counting(random.Random(seed))
        after = closed(block)
        assert not differs(block, after), seed
        fewer += _reads(after) < _reads(block)
    return fewer


def _one_more(lower: Any, upper: Any, step: int) -> int | None:
    found = _TRIPS(lower, upper, step)
    return None if found is None else found + 1


def _from_zero(before: Any, iv: Iv, first: Any, step: int) -> Any:
    return _ALONG(before, iv, closed_forms.linear(const(0), {}), step)


def _unconditional(store: Store, known: Any) -> None:
    _LEARN(Store(store.array, store.indices, store.value), known)


def _none_written(block: Block) -> list[LocalArray]:
    return _WRITTEN(block)[1:]


_TRIPS, _ALONG = closed_forms._trips, closed_forms._along
_LEARN, _WRITTEN = closed_forms._learn, closed_forms._written


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("_trips", _one_more),
        ("_along", _from_zero),
        ("_learn", _unconditional),
        ("_written", _none_written),
    ],
)
def test_wrong_forms_are_seen(name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above would find mistakes."""
    closed.cache_clear()
    monkeypatch.setattr(closed_forms, name, wrong)
    try:
        blocks = (random_counting(random.Random(seed)) for seed in range(PROGRAMS))
        assert any(differs(block, closed(block)) for block in blocks)
    finally:
        closed.cache_clear()
