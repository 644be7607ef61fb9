"""Registers that hold a value for a whole block: `{ t; t = e; B(t) }` is B(e), where nothing changes it."""

from __future__ import annotations

import pytest

from seer.lang.terms import TRUE, ArrayType, Block, Expr, For, Iv, Local, LocalArray, Op, While
from seer.verify.held_values import equal_with_held_values
from seer.verify.loop_equivalence import check
from tests.verify.loop_terms import A, B, W, X, const, differs, load, op, store

N, T, U = (LocalArray(ArrayType(W, ()), level) for level in range(3))
ROW = Iv(W, 0, 0, 4, 1)
VALUE = op("sub", const(9), load(N))


def loop(value: Expr, *more: Block) -> Block:
    body = (store(A, ROW, op("add", value, load(X, ROW))),)
    return (For(ROW, const(0), const(4), (*body, *(s for block in more for s in block))),)


def held(body: Block, value: Expr = VALUE, register: LocalArray = T, when: Expr = TRUE) -> Block:
    return (Local(register, (store(register, (), value, when), *body)),)


def closed(block: Block) -> Block:
    return (Local(N, (store(N, (), load(X, const(5))), *block)),)


def test_a_value_in_a_register() -> None:
    before, after = loop(VALUE), held(loop(load(T)))
    verdict = check(before, after, None, execute=False)
    assert verdict.proved and verdict.kind == "axiom"
    assert not differs(closed(before), closed(after), (A, X))


def test_scopes_inside_move_in_by_one() -> None:
    def inner(register: LocalArray, value: Expr) -> Block:
        return (
            Local(register, (store(register, (), value), store(B, ROW, op("mul", load(register), value)))),
        )

    before, after = loop(VALUE, inner(T, VALUE)), held(loop(load(T), inner(U, load(T))))
    assert equal_with_held_values(before, after)
    assert not equal_with_held_values(before, held(loop(load(T), inner(U, load(U)))))


def test_whatever_the_loop_is() -> None:
    condition = Op("slt", 1, (load(A, const(0)), VALUE))
    before: Block = (While(condition, (store(A, const(0), op("add", load(A, const(0)), VALUE)),)),)
    changed = Op("slt", 1, (load(A, const(0)), load(T)))
    after = held((While(changed, (store(A, const(0), op("add", load(A, const(0)), load(T))),)),))
    assert check(before, after, None, execute=False).proved


WRONG: dict[str, tuple[Block, Block]] = {
    "what the value reads is written": (
        loop(VALUE, (store(N, (), ROW),)),
        held(loop(load(T), (store(N, (), ROW),))),
    ),
    "the register is written again": (loop(VALUE), held(loop(load(T), (store(T, (), ROW),)))),
    "another value": (loop(VALUE), held(loop(load(T)), op("sub", const(8), load(N)))),
    "under a predicate": (loop(VALUE), held(loop(load(T)), when=Op("eq", 1, (load(N), const(3))))),
    "an array that is written": (
        loop(load(A, const(1))),
        held(loop(load(T)), load(A, const(1))),
    ),
    "a counter": (loop(op("add", ROW, load(N))), held(loop(load(T)), op("add", ROW, load(N)))),
    "itself": (loop(op("add", load(T), const(1))), held(loop(load(T)), op("add", load(T), const(1)))),
    "a register from outside": (loop(op("add", VALUE, load(U))), held(loop(op("add", load(T), load(U))))),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_changes_is_refused(name: str) -> None:
    before, after = WRONG[name]
    assert not equal_with_held_values(before, after)


def test_a_name_bound_again_means_something_else() -> None:
    def inner(value: Expr) -> Block:
        return (Local(N, (store(N, (), ROW), store(B, ROW, value))),)

    assert not equal_with_held_values(loop(VALUE, inner(VALUE)), held(loop(load(T), inner(load(T)))))
