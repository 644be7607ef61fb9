"""Bounds that read the register of which another is a copy."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Block, Const, Expr, For, If, Iv, Load, Local, LocalArray, Op
from seer.lang.traverse import statements
from seer.verify.bound_copies import with_bounds_of_origin
from tests.verify.loop_terms import A, W, X, const, load, op, store

N, T, U = (LocalArray(ArrayType(W, ()), level) for level in range(3))
ROW = Iv(W, 0, 0, 8, 1)


def rows(bound: Expr, *more: Block) -> For:
    return For(ROW, const(0), bound, (store(A, ROW, ROW), *(s for block in more for s in block)))


def bounds(block: Block) -> list[Expr]:
    return [s.upper for s in statements(with_bounds_of_origin(block)) if isinstance(s, For)]


def test_copies_of_copies() -> None:
    block = (store(T, (), load(N)), Local(U, (store(U, (), load(T)), rows(op("add", load(U), const(1))))))
    assert bounds(block) == [op("add", load(N), const(1))]


def test_until_either_is_written() -> None:
    copy = store(T, (), load(N))
    for change in (store(N, (), const(3)), store(T, (), load(X, const(0)))):
        assert bounds((copy, change, rows(load(T)))) == [load(T)]
        assert bounds((copy, If(Op("eq", 1, (load(N), const(0))), (change,)), rows(load(T)))) == [load(T)]
        assert bounds((copy, rows(load(T)), change, rows(load(T)))) == [load(N), load(T)]
        # In the next iteration of a loop around it is no copy.
        assert bounds((copy, For(ROW, const(0), const(8), (rows(load(T)), change))))[1] == load(T)


def test_what_is_no_copy() -> None:
    maybe = store(T, (), load(N), Op("eq", 1, (load(N), const(0))))
    for first in (maybe, store(T, (), op("add", load(N), const(1))), store(T, (), load(X, const(0)))):
        assert bounds((first, rows(load(T)))) == [load(T)]
    again: Block = (store(T, (), load(N)), Local(T, (rows(load(T)),)))
    assert bounds(again) == [load(T)]
    assert bounds((store(T, (), Load(T, ())), rows(load(T)))) == [load(T)]
    # A copy that is made in one side of a branch only.
    branch = If(Op("eq", 1, (load(N), const(0))), (store(T, (), load(N)), rows(load(T))))
    assert bounds((branch, rows(load(T)))) == [load(N), load(T)]


def test_bounds_do_not_read_what_the_body_writes() -> None:
    block: Block = (store(T, (), load(N)), rows(load(T), (store(N, (), const(1)),)))
    assert bounds(block) == [load(T)]
    assert bounds((store(T, (), Const(W, 5)), rows(load(T)))) == [load(T)]
