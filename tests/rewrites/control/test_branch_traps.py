"""The traps of docs/semantics.md for rules that change branches: each refused, its neighbour proved."""

from __future__ import annotations

from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    If,
    Iv,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
)
from seer.lang.traverse import statements
from seer.rewrites.control.if_conversion import IfConversion
from seer.rewrites.control.if_correlation import IfCorrelation
from seer.rewrites.control.mux import Mux
from seer.verify.straight_line import equal_straight_line
from tests.verify.loop_terms import A, B, X, Y, const, differs, load, loop, op, store, top


def _above(limit: int) -> Expr:
    return Op("ult", 1, (const(limit), load(A, const(0))))


def _keeps_the_condition(before: Block, arrays: tuple[TopArray, ...]) -> None:
    """All that is offered is proved, and no different."""
    offers = IfConversion().attempt(before).offers
    assert offers
    for offer in offers:
        assert IfConversion().checked(offer).proved
        assert not differs(before, offer.replacement, arrays)


def test_trap_a_condition_is_read_once() -> None:
    """if (A[0] > 3) { A[0] = 0; B[0] = (A[0] > 3); }"""
    again = Op("zext", 32, (_above(3),))
    before = (If(_above(3), (store(A, const(0), const(0)), store(B, const(0), again))),)
    _keeps_the_condition(before, (A, B))
    predicated = (store(A, const(0), const(0), _above(3)), store(B, const(0), again, _above(3)))
    assert differs(before, predicated, (A, B)) and not equal_straight_line(before, predicated)
    known = (If(_above(3), (store(A, const(0), const(0)), store(B, const(0), const(1)))),)
    assert not equal_straight_line(before, known)
    other = (If(_above(3), (store(B, const(1), const(0)), store(B, const(0), again))),)
    (offer,) = IfConversion().attempt(other).offers
    assert IfConversion().checked(offer).proved


def test_trap_a_flag_that_its_branch_clears() -> None:
    """if (x[0]) { x[0] = 0; y[0] = 1; }"""
    flag = Op("ne", 1, (load(X, const(0)), const(0)))
    before = (If(flag, (store(X, const(0), const(0)), store(Y, const(0), const(1)))),)
    _keeps_the_condition(before, (X, Y))
    wrong = (store(X, const(0), const(0), flag), store(Y, const(0), const(1), flag))
    assert not equal_straight_line(before, wrong)
    turned = (wrong[1], wrong[0])
    assert equal_straight_line(before, turned) and not differs(before, turned, (X, Y))


def test_trap_a_stale_write_back_out_of_bounds() -> None:
    """8 elements: if (i < 8) small[i] = x[i]; if (i == 8) small[0] = 7, with i up to 8.

    Written as small[i & 7] = i < 8 ? x[i] : small[i & 7] the store of i = 8 meets small[0].
    """
    small = top("small", 8)
    i = Iv(32, 0, 0, 9, 1)
    inside = Op("ult", 1, (i, const(8)))
    last = store(small, const(0), const(7), Op("eq", 1, (i, const(8))))
    before: Block = (last, store(small, i, load(X, i), inside))
    wrapped = op("and", i, const(7))
    stale = Op("select", 32, (inside, load(X, i), load(small, wrapped)))
    wrong = (store(small, wrapped, stale), last)
    assert not equal_straight_line((before[1], last), wrong)
    assert not equal_straight_line(before, (last, Store(small, (wrapped,), load(X, i), TRUE)))
    # Out of bounds nothing happens, whatever the predicate says.
    unguarded = (last, Store(small, (i,), load(X, i), inside))
    assert equal_straight_line(before, unguarded)
    assert differs(
        (loop(9, lambda _: before),),
        (loop(9, lambda _: (last, store(small, wrapped, load(X, i)))),),
        (small, X),
    )


def test_trap_counting_twice_is_not_counting_once() -> None:
    """Two branches that may both be taken count twice."""
    count = store(A, const(0), op("add", load(A, const(0)), const(1)))
    one, two = (Op("eq", 1, (load(X, const(n)), const(1))) for n in range(2))
    exclusive = Op("eq", 1, (load(X, const(0)), const(2)))
    assert not IfCorrelation().attempt((If(one, (count,)), If(two, (count,)))).offers
    wrong = (If(Op("or", 1, (one, two)), (count,)),)
    assert not equal_straight_line((If(one, (count,)), If(two, (count,))), wrong)
    (offer,) = IfCorrelation().attempt((If(one, (count,)), If(exclusive, (count,)))).offers
    assert IfCorrelation().checked(offer).proved


def test_trap_a_store_between_reads_the_element() -> None:
    one, two = (Op("eq", 1, (load(X, const(0)), const(n))) for n in range(2))
    first, second = store(A, const(0), const(1), one), store(A, const(0), const(2), two)
    between = store(B, const(0), load(A, const(0)))
    assert not Mux().attempt((first, between, second)).offers
    assert Mux().attempt((first, store(B, const(0), load(A, const(1))), second)).offers


def test_an_exchange_in_its_own_branch() -> None:
    """if (s[1] < s[0]) { t = s[0]; s[0] = s[1]; s[1] = t; }"""
    small, kept = top("S", 2), LocalArray(ArrayType(32, ()), 0)
    first, second = (load(small, const(n)) for n in range(2))
    exchange = (
        store(kept, (), first),
        store(small, const(0), second),
        store(small, const(1), load(kept)),
    )
    before: Block = (If(Op("slt", 1, (second, first)), (Local(kept, exchange),)),)
    _keeps_the_condition(before, (small,))
    least = min(
        sum(isinstance(s, Store) for s in statements(o.replacement))
        for o in IfConversion().attempt(before).offers
    )
    assert least == 3  # one of the two values is kept
