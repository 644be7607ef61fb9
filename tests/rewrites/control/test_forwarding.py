"""What forwarding makes of elements of arrays, and what it leaves alone."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Block, Iv, Local, LocalArray, Op
from seer.rewrites.control.forwarding import Forwarding
from seer.verify.loop_equivalence import check
from seer.verify.straight_line import equal_straight_line
from tests.verify.loop_terms import A, B, W, X, at, const, differs, load, op, store, top

SMALL = top("small", 4)


def forwarded(block: Block) -> Block:
    """The one form that the rule offers, proved."""
    attempt = Forwarding().attempt(block)
    assert len(attempt.offers) == 1, attempt.refusals
    (offer,) = attempt.offers
    assert check(block, offer.replacement, None, execute=False).kind == "axiom"
    return offer.replacement


def test_a_local_array_goes_when_all_of_its_reads_are_known() -> None:
    row = LocalArray(ArrayType(W, (4,)), 0)
    body = (
        store(row, const(0), load(X, const(0))),
        store(row, const(1), op("add", load(row, const(0)), const(1))),
        store(A, const(0), load(row, const(1))),
    )
    assert forwarded((Local(row, body),)) == (store(A, const(0), op("add", load(X, const(0)), const(1))),)


def test_elements_at_a_constant_distance_are_apart() -> None:
    i = Iv(W, 0, 0, 16, 1)
    before = (
        store(A, at(i, 1, 1), load(X, i)),
        store(A, i, load(B, i)),
        store(B, i, load(A, at(i, 1, 1))),
    )
    assert store(B, i, load(X, i)) in forwarded(before)


def test_counting_twice_in_memory_stores_once() -> None:
    bumped = store(A, const(0), op("add", load(A, const(0)), const(1)))
    assert len(forwarded((bumped, bumped, bumped))) == 1


def test_subscripts_that_may_be_equal_are_left_alone() -> None:
    i = Iv(W, 0, 0, 16, 1)
    for other in (const(3), load(X, i), op("mul", i, i)):
        attempt = Forwarding().attempt((store(A, i, load(X, i)), store(B, i, load(A, other))))
        assert not attempt.offers


def test_trap_a_store_out_of_bounds_is_not_read_back() -> None:
    """small[x] = 1; B[0] = small[x] gives B[0] something else where x is 4 or more."""
    index = load(X, const(0))
    before = (store(SMALL, index, const(1)), store(B, const(0), load(SMALL, index)))
    assert not Forwarding().attempt(before).offers
    wrong = (store(SMALL, index, const(1)), store(B, const(0), const(1)))
    assert differs(before, wrong, (SMALL, B, X))
    assert not equal_straight_line(before, wrong)


def test_trap_a_narrow_subscript_that_wraps() -> None:
    """i and i + 250 are apart in 8 bits, i + 250 and i - 6 are the same."""
    big = top("G", 256)
    i = Iv(8, 0, 0, 16, 1)
    before = (store(big, at(i, 1, 250), load(X, const(0))), store(B, const(0), load(big, at(i, 1, -6))))
    assert store(B, const(0), load(X, const(0))) in forwarded(before)


def test_values_that_change_places_stay() -> None:
    swap = (
        store(A, const(2), load(A, const(0))),
        store(A, const(0), load(A, const(1))),
        store(A, const(1), load(A, const(2))),
    )
    for offer in Forwarding().attempt(swap).offers:
        assert not differs(swap, offer.replacement, (A,))


def test_predicates_become_choices_only_where_the_old_value_is_read() -> None:
    condition = Op("eq", 1, (load(X, const(0)), const(1)))
    bumped = store(A, const(0), op("add", load(A, const(0)), const(1)), condition)
    (result,) = forwarded((bumped, bumped))
    assert result.when == const(1, 1)  # type: ignore[attr-defined]
    set_twice = (store(A, const(0), const(5), condition), store(B, const(0), load(A, const(0))))
    last = forwarded(set_twice)
    assert store(A, const(0), const(5), condition) in last
