"""The rules that fuse, unroll, forward and put nests in order."""

from __future__ import annotations

import random
from typing import Any

from seer.lang.terms import Block, Expr, For, Iv, Local, Op, Statement, Store
from seer.lang.traverse import Rewriter
from seer.rewrites.control import (
    distribution,
    expansion,
    fusion,
    interchange,
    perfection,
    promotion,
)
from seer.rewrites.control.distribution import Distribution
from seer.rewrites.control.expansion import Expansion
from seer.rewrites.control.fusion import Fusion
from seer.rewrites.control.interchange import Interchange
from seer.rewrites.control.perfection import Perfection
from seer.rewrites.control.promotion import Promotion
from seer.rewrites.control.unroll import Unroll
from tests.rewrites.control.counting import random_counting
from tests.rewrites.control.entry import INNER, OUTER, Broken, Entry, T, nest
from tests.rewrites.control.flat import random_loop, random_pair
from tests.rewrites.control.nests import random_nest
from tests.verify.loop_terms import A, B, C, X, Y, at, const, load, loop, op, store, with_local

__all__ = ["ENTRIES"]


def _sum(start: Expr) -> Expr:
    return op("add", start, load(X, op("add", at(OUTER, 6), INNER)))


_ROW_SUM: Block = (
    store(T, (), const(0)),
    *nest((store(T, (), _sum(load(T))),), INNER),
    store(A, OUTER, load(T)),
)


def _nest_or_counting(rng: random.Random) -> Block:
    return random_nest(rng) if rng.random() < 0.6 else random_counting(rng)


# Broken versions


def _wrong_ends(loop: For) -> tuple[Expr, Expr]:
    first, last = _ends(loop)
    return last, first


def _no_guard(block: Block, condition: Expr) -> Block:
    return block


def _wrong_element(iv: Iv) -> Expr:
    return op("add", iv, const(1))


def _all_known(values: dict[Any, Any], written: Any) -> dict[Any, Any]:
    return dict(values)


def _halves(place: int, block: Block) -> Block:
    first, second = _split(place, block)
    return second, first


def _short(block: Block) -> Block:
    (outer,) = _interchanged(block)
    assert isinstance(outer, For)
    upper = Op("sub", outer.upper.width, (outer.upper, const(1)))
    return (For(outer.iv, outer.lower, upper, outer.body),)


def _always(block: Block) -> Block:
    class Always(Rewriter):
        def statement(self, s: Statement) -> Statement:
            made = super().statement(s)
            return Store(made.array, made.indices, made.value) if isinstance(made, Store) else made

    return Always().block(_promoted(block))


def _side_by_side(exchange: Any) -> Any:
    """The sibling fusion, which looks at no dependence, in place of the one that does."""
    return _sibling(exchange._fragment)


_ends, _split, _interchanged, _promoted, _sibling = (
    perfection._ends,
    distribution._split,
    interchange._interchanged,
    promotion._promoted,
    fusion._sibling,
)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        Promotion(),
        example=(
            with_local(
                lambda t: (
                    store(t, (), load(X, const(0))),
                    store(A, const(0), op("mul", load(t), load(t))),
                    store(B, const(0), load(t)),
                )
            ),
        ),
        programs=_nest_or_counting,
        broken=(Broken(promotion, "_kept", _all_known), Broken(promotion, "_promoted", _always)),
    ),
    Entry(
        Perfection(),
        example=nest((Local(T, _ROW_SUM),), OUTER),
        programs=random_nest,
        broken=(Broken(perfection, "_ends", _wrong_ends), Broken(perfection, "_under", _no_guard)),
        kinds=("bound", "element", "guard"),
    ),
    Entry(
        Expansion(),
        example=nest((Local(T, _ROW_SUM),), OUTER),
        programs=random_nest,
        broken=(Broken(expansion, "_offset", _wrong_element),),
        kinds=("bound", "element", "dependence"),
    ),
    Entry(
        Interchange(),
        example=nest((store(A, INNER, op("add", load(A, INNER), load(X, OUTER))),), OUTER, INNER),
        programs=random_nest,
        broken=(Broken(interchange, "_interchanged", _short),),
        sample=60,
    ),
    Entry(
        Distribution(),
        example=nest(
            (
                store(A, OUTER, load(X, OUTER)),
                *nest((store(B, op("add", at(OUTER, 6), INNER), INNER),), INNER),
            ),
            OUTER,
        ),
        programs=random_nest,
        broken=(Broken(distribution, "_split", _halves),),
    ),
    Entry(
        Fusion(),
        example=(
            loop(20, lambda i: (store(A, i, load(X, i)),)),
            loop(20, lambda i: (store(C, i, op("add", load(A, i), load(Y, i))),)),
        ),
        programs=random_pair,
        broken=(Broken(fusion, "_affine", _side_by_side),),
        kinds=("bound", "element", "dependence"),
    ),
    Entry(
        Unroll(factor=2),
        example=(loop(9, lambda i: (store(A, i, op("add", load(A, i), load(X, at(i, 2)))),)),),
        programs=random_loop,
        variants=(Unroll(factor=3), Unroll()),
        kinds=("bound", "element", "dependence", "dropped"),
    ),
)
