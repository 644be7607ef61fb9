"""The rules for loops whose iterations data decide."""

from __future__ import annotations

from seer.lang.terms import Block, Expr, For, Iv, Local, Op, Store, While
from seer.rewrites.control import _state
from seer.rewrites.control.merging import FORMS, Merging
from tests.rewrites.control.entry import Broken, Entry, T
from tests.rewrites.control.searches import random_search
from tests.verify.loop_terms import A, W, X, const, load, op, store

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


# Broken versions


def _one_more(self: _state.Counter) -> Store:
    step = _ADVANCED(self)
    return Store(step.array, (), Op("add", step.value.width, (step.value, const(1, step.value.width))))


def _too_narrow(self: _state.Counter, value: Expr) -> Expr:
    return value


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
)
