"""The control rules' check where stores stand in branches, and where a While stands in the way."""

from __future__ import annotations

from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    For,
    If,
    Iv,
    Op,
    Statement,
    Store,
    Table,
    While,
)
from seer.lang.traverse import Rewriter, statements
from seer.rewrites.control.unroll import Unroll
from seer.verify.loop_equivalence import check
from seer.verify.straight_line import equal_straight_line
from tests.verify.loop_terms import A, B, X, const, differs, load, loop, op, store, verdict


def _positive(i: Iv) -> Op:
    return Op("slt", 1, (const(0), load(X, i)))


def _conditional(n: int, *, clobber: bool = False) -> For:
    """for i: if (X[i] > 0) { A[i] = X[i]; B[i] = 1 } else A[i] = 2"""

    def body(i: Iv) -> tuple[Statement, ...]:
        second = store(X if clobber else B, i, const(1))
        return (If(_positive(i), (store(A, i, load(X, i)), second), (store(A, i, const(2)),)),)

    return loop(n, body)


def test_unrolling_a_loop_with_an_if_is_proved() -> None:
    before = (_conditional(8),)
    (offer,) = Unroll(factor=2).apply(before)
    verdict = check(before, offer.replacement, offer.correspondence)
    assert verdict.proved and verdict.kind == "isl", verdict.reason
    assert any(isinstance(s, If) for s in statements(offer.replacement))
    assert not differs(before, offer.replacement, (A, B, X))


def test_an_if_that_changes_its_own_condition_is_not_proved() -> None:
    before = (_conditional(8, clobber=True),)
    (offer,) = Unroll(factor=2).apply(before)
    verdict = check(before, offer.replacement, offer.correspondence)
    assert not verdict.proved and verdict.tested
    assert "may change what its condition reads" in verdict.reason


def test_branches_that_change_places_are_refused() -> None:
    before = (_conditional(8),)
    (offer,) = Unroll(factor=2).apply(before)

    class Swap(Rewriter):
        def statement(self, s: Statement) -> Statement:
            if isinstance(s, If):
                return If(Op("xor", 1, (s.condition, TRUE)), self.block(s.then), self.block(s.otherwise))
            return super().statement(s)

    wrong = Swap().block(offer.replacement)
    assert not check(before, wrong, offer.correspondence).accepted


def test_a_store_moved_into_a_branch_is_refused() -> None:
    before = (loop(8, lambda i: (store(B, i, const(1)), store(A, i, const(2)))),)

    def move(outer: Statement) -> Block:
        assert isinstance(outer, For)
        inside = If(_positive(outer.iv), outer.body[2:])
        return (For(outer.iv, outer.lower, outer.upper, (*outer.body[:2], inside)),)

    assert not verdict(before, move, execute=True).accepted
    assert verdict(before, lambda outer: (outer,)).proved


def test_a_store_may_leave_a_branch_with_its_condition() -> None:
    before = (loop(8, lambda i: (If(_positive(i), (store(B, i, const(1)),)),)),)

    def leave(outer: Statement) -> Block:
        assert isinstance(outer, For)
        (branch,) = outer.body
        assert isinstance(branch, If)
        companion, last = branch.then
        assert isinstance(last, Store)
        predicated = Store(last.array, last.indices, last.value, branch.condition)
        return (For(outer.iv, outer.lower, outer.upper, (companion, predicated)),)

    assert verdict(before, leave).proved


def test_a_while_is_refused() -> None:
    flag = load(X, const(0))
    inner = While(Op("slt", 1, (flag, const(3))), (store(X, const(0), op("add", flag, const(1))),))
    before = (loop(4, lambda i: (inner, store(A, i, flag))),)
    attempt = Unroll(factor=2).attempt(before)
    assert not attempt.offers
    assert attempt.refusals == ("While statements are not understood",)
    assert not check(before, before, None).accepted


def test_straight_line_code_under_ifs_by_symbolic_execution() -> None:
    condition = Op("slt", 1, (const(0), load(X, const(0))))
    negated = Op("xor", 1, (condition, TRUE))
    first, second = store(A, const(0), const(1)), store(B, const(0), const(2))

    def predicated(s: Store, when: Expr) -> Store:
        return Store(s.array, s.indices, s.value, when)

    branch = (If(condition, (first,), (second,)),)
    apart = (predicated(first, condition), predicated(second, negated))
    assert equal_straight_line(branch, apart)
    assert not equal_straight_line(branch, tuple(predicated(s, condition) for s in (first, second)))
    # The condition is that of before the If, even if a branch writes what it reads.
    spoiling = store(X, const(0), const(0))
    assert not equal_straight_line(
        (If(condition, (spoiling, first)),), (predicated(spoiling, condition), predicated(first, condition))
    )


def test_tables_stay_constants() -> None:
    table = Table(ArrayType(32, (8,)), (5, 1, 4, 1, 5, 9, 2, 6))
    before = (loop(8, lambda i: (store(A, i, op("add", load(table, i), load(X, load(table, i)))),)),)
    (offer,) = Unroll(factor=2).apply(before)
    verdict = check(before, offer.replacement, offer.correspondence)
    assert verdict.proved, verdict.reason
    assert not differs(before, offer.replacement, (A, X))
