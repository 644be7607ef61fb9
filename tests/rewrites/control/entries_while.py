"""The rules for loops whose iterations data decide."""

from __future__ import annotations

from typing import Any

from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
    While,
)
from seer.rewrites.control import _paths, _state, deciding, invariants, scalar_replacement
from seer.rewrites.control._paths import Tree, leaves
from seer.rewrites.control.deciding import Deciding
from seer.rewrites.control.invariants import Invariants
from seer.rewrites.control.merging import FORMS, Merging
from seer.rewrites.control.scalar_replacement import ScalarReplacement
from tests.rewrites.control.entry import Broken, Entry, T
from tests.rewrites.control.searches import random_invariants, random_recurrence, random_search, random_steps
from tests.verify.loop_terms import A, B, W, X, const, load, op, store

__all__ = ["ENTRIES"]

_ROW = Iv(W, 0, 0, 8, 1)
_DIFFER = Op("ne", 1, (load(A, load(T)), load(X, _ROW)))
_SAME = Op("eq", 1, (load(A, load(T)), load(X, _ROW)))
_ROWS: Block = (
    While(
        Op("and", 1, (Op("slt", 1, (const(0), load(T))), _DIFFER)),
        (store(T, (), op("sub", load(T), const(1))),),
    ),
    store(T, (), op("add", load(T), const(1)), _SAME),
)
_SEARCH: Block = (
    Local(
        T,
        (store(T, (), const(0)), For(_ROW, const(0), const(8), _ROWS), store(A, const(9), load(T))),
    ),
)


_SMALL = TopArray(ArrayType(W, (4,)), "S")
_STEPS: Block = (
    Local(
        T,
        (
            store(T, (), const(0)),
            While(
                Op("slt", 1, (load(T), const(20))),
                (
                    If(
                        Op("eq", 1, (load(X, load(T)), load(_SMALL, op("and", load(T), const(3))))),
                        (store(B, const(0), op("add", load(B, const(0)), const(1))),),
                    ),
                    store(T, (), op("add", load(T), const(1))),
                ),
            ),
        ),
    ),
)


_N = LocalArray(ArrayType(W, ()), 1)
_HALVES: Block = (
    Local(
        T,
        (
            store(T, (), const(0)),
            Local(
                _N,
                (
                    store(_N, (), load(X, const(0))),
                    While(
                        Op("slt", 1, (load(T), op("and", op("sub", const(9), load(_N)), const(7)))),
                        (
                            For(
                                _ROW,
                                const(0),
                                const(8),
                                (store(A, _ROW, op("add", _ROW, op("mul", load(_N), const(3)))),),
                            ),
                            store(T, (), op("add", load(T), const(1))),
                        ),
                    ),
                ),
            ),
        ),
    ),
)


# Broken versions


def _always_same(value: Expr, changing: set[Array]) -> bool:
    return _IS_INVARIANT(value, set())


_IS_INVARIANT = invariants._is_invariant


_NEXT = Iv(W, 0, 1, 8, 1)
_RECURRENCE: Block = (
    For(
        _NEXT,
        const(1),
        const(8),
        (store(A, _NEXT, op("add", load(A, op("sub", _NEXT, const(1))), load(X, _NEXT))),),
    ),
)


def _first_of_all(loop: For, load: Load) -> Expr:
    return load if load.indices[0] is loop.iv else _BEFORE(loop, Load(load.array, (loop.iv,)))


def _the_same(form: Any, loop: For) -> Any:
    return form


_BEFORE = scalar_replacement._before_first


def _one_more(self: _state.Counter) -> Store:
    step = _ADVANCED(self)
    return Store(step.array, (), Op("add", step.value.width, (step.value, const(1, step.value.width))))


def _too_narrow(self: _state.Counter, value: Expr) -> Expr:
    return value


def _late(tree: Tree, registers: dict[Load, LocalArray]) -> Tree:
    """What an iteration leaves for the next is what it found."""
    return tree


def _first_way(tree: Tree, naming: _state.Naming) -> Block:
    return _EMITTED(leaves(tree)[0], naming)


def _not_all(copies: dict[Load, LocalArray], level: int) -> Block:
    return _FILLED(copies, level)[1:]


_EMITTED, _FILLED = _paths.emitted, deciding._filled
_ADVANCED = _state.Counter.advanced

ENTRIES = (
    Entry(
        Merging(),
        _SEARCH,
        random_search,
        broken=(Broken(_state.Counter, "advanced", _one_more),),
        variants=tuple(Merging(form=form) for form in FORMS if form != "turns"),
        sample=10,
        kinds=("bound", "guard"),
    ),
    Entry(
        Deciding(),
        _STEPS,
        random_steps,
        broken=(
            Broken(deciding, "_leaving", _late),
            Broken(deciding, "emitted", _first_way),
            Broken(deciding, "_filled", _not_all),
        ),
        variants=(
            Deciding(keep=False, copy="none"),
            Deciding(copy="none"),
            Deciding(ahead=2, copy="none"),
            Deciding(copy="all"),
        ),
        sample=16,
        kinds=("bound", "guard", "element"),
    ),
    Entry(
        Invariants(),
        _HALVES,
        random_invariants,
        broken=(Broken(invariants, "_is_invariant", _always_same),),
        sample=30,
        kinds=("bound", "element"),
    ),
    Entry(
        ScalarReplacement(),
        _RECURRENCE,
        random_recurrence,
        broken=(
            Broken(scalar_replacement, "_before_first", _first_of_all),
            Broken(scalar_replacement, "_previous", _the_same),
        ),
        sample=30,
    ),
)
