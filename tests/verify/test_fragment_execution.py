"""Executing two blocks where nothing can be proved."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Iv, LocalArray, Op
from seer.verify.fragment_execution import differ
from tests.verify.loop_terms import A, B, W, Y, at, const, load, op, store

I = Iv(W, 0, 0, 6, 1)  # noqa: E741


def test_elements_that_meet_in_one_iteration_alone_are_found() -> None:
    """The store to A[i + 3] hides what A[Y[i]] was given if Y[i] is i + 3, and i below 3."""
    chosen, other = store(A, load(Y, I), const(14)), store(A, at(I, 1, 3), I, Op("slt", 1, (I, const(3))))
    before = (chosen, other, store(B, I, load(A, load(Y, I))))
    after = (store(B, I, const(14)), chosen, other)
    assert differ(before, after) is not None
    assert differ(before, before) is None


def test_what_stands_in_no_scope_is_not_executed() -> None:
    register, row = LocalArray(ArrayType(W, ()), 1), LocalArray(ArrayType(W, (5,)), 1)
    before = (store(A, const(0), op("add", load(register), load(row, const(2)))),)
    after = (store(A, const(0), op("add", load(row, const(2)), load(register))),)
    assert differ(before, after) == "two local arrays of one level are named: no scope is around both"
