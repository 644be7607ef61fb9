"""The rules for code without loops: branches, stores under conditions, elements that are read again."""

from __future__ import annotations

from typing import Any

from seer.lang.terms import TRUE, Block, Expr, If, Local, LocalArray, Op
from seer.rewrites.control import forwarding, if_conversion, if_correlation, mux
from seer.rewrites.control.forwarding import Forwarding
from seer.rewrites.control.if_conversion import IfConversion
from seer.rewrites.control.if_correlation import IfCorrelation
from seer.rewrites.control.mux import Mux
from tests.rewrites.control.branches import (
    random_branches,
    random_elements,
    random_predicated,
    related_branches,
)
from tests.rewrites.control.entry import Broken, Entry
from tests.verify.loop_terms import A, B, X, const, load, op, store

__all__ = ["ENTRIES"]


def _equals(n: int) -> Expr:
    return Op("eq", 1, (load(X, const(0)), const(n)))


def _count(when: Expr = TRUE) -> Block:
    return (store(A, const(0), op("add", load(A, const(0)), const(1)), when),)


def _any_condition(condition: Expr) -> Expr:
    return condition


def _always_exclude(one: Expr, two: Expr) -> bool:
    return True


def _may_always(*_: Any) -> bool:
    return True


def _nothing_read(*roots: Expr) -> frozenset[Any]:
    return frozenset()


def _never_same(one: Any, two: Any) -> str:
    return "same" if one == two else "apart"


ENTRIES: tuple[Entry, ...] = (
    Entry(
        Forwarding(),
        example=(
            Local(
                row := LocalArray(A.type, 0),
                (
                    store(row, const(0), load(X, const(0))),
                    store(row, const(1), op("add", load(row, const(0)), const(1))),
                    store(A, const(2), op("mul", load(row, const(1)), load(row, const(1)))),
                    store(B, const(0), load(A, const(2))),
                ),
            ),
        ),
        programs=random_elements,
        broken=(
            Broken(forwarding, "read_by", _nothing_read),
            Broken(forwarding, "relation", _never_same),
        ),
        sample=50,
        kinds=("element", "guard", "dropped"),
    ),
    Entry(
        IfConversion(),
        example=(
            If(
                _equals(1),
                (store(A, const(0), const(1)), store(B, const(0), load(A, const(0)))),
                (store(A, const(0), const(2)),),
            ),
        ),
        programs=random_branches,
        broken=(
            Broken(if_conversion, "_negated", _any_condition),
            Broken(if_conversion, "written_by", _nothing_read),
        ),
        kinds=("element", "guard", "dropped"),
    ),
    Entry(
        IfCorrelation(),
        example=(If(_equals(1), _count(), (If(_equals(2), _count()),)), If(_equals(3), _count())),
        programs=related_branches,
        broken=(
            Broken(if_correlation, "exclude", _always_exclude),
            Broken(if_correlation, "_may_move", _may_always),
            Broken(if_correlation, "read_by", _nothing_read),
        ),
        sample=80,
        kinds=("element", "guard"),
    ),
    Entry(
        Mux(),
        example=(*_count(_equals(1)), store(B, const(0), load(X, const(1))), *_count(_equals(2))),
        programs=random_predicated,
        broken=(
            Broken(mux, "exclude", _always_exclude),
            Broken(mux, "_uses", lambda *_: False),
            Broken(mux, "_may_move", _may_always),
        ),
        sample=60,
        kinds=("element", "guard", "dependence"),
    ),
)
