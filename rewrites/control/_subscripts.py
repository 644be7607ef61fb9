"""Which subscripts select one element, and which surely different ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from seer.lang.intervals import Intervals
from seer.lang.terms import Array, Const, Expr, Op

__all__ = ["inside", "relation"]

_Linear = tuple[int, dict[Expr, int]]


def inside(array: Array, indices: Sequence[Expr], intervals: Intervals) -> bool:
    """Whether subscripts surely select an element."""
    shape = array.type.shape
    return all(intervals.of(index).uhi < extent for index, extent in zip(indices, shape, strict=True))


def relation(one: Sequence[Expr], two: Sequence[Expr]) -> Literal["same", "apart"] | None:
    """What is known of two subscripts, read in one state; None if nothing is."""
    found = [_compare(a, b) for a, b in zip(one, two, strict=True)]
    if "apart" in found:
        return "apart"
    return "same" if all(each == "same" for each in found) else None


def _compare(one: Expr, two: Expr) -> Literal["same", "apart"] | None:
    if one is two:
        return "same"
    if isinstance(one, Const) and isinstance(two, Const):
        return "same" if one.value == two.value else "apart"
    if one.width != two.width:
        return None
    (c, terms), (d, others) = _linear(one), _linear(two)
    if terms != others:
        return None
    return "same" if c == d else "apart"


def _linear(expr: Expr) -> _Linear:
    """A constant and multiples of other expressions, modulo 2 to the width."""
    modulus = 1 << expr.width
    match expr:
        case Const(_, value):
            return value, {}
        case Op("add" | "sub" as name, _, (a, b)):
            return _sum(_linear(a), _linear(b), 1 if name == "add" else -1, modulus)
        case Op("mul", _, (a, Const(_, factor))) | Op("mul", _, (Const(_, factor), a)):
            return _sum((0, {}), _linear(a), factor, modulus)
        case _:
            return 0, {expr: 1}


def _sum(a: _Linear, b: _Linear, factor: int, modulus: int) -> _Linear:
    terms = dict(a[1])
    for expr, c in b[1].items():
        terms[expr] = (terms.get(expr, 0) + factor * c) % modulus
    return (a[0] + factor * b[0]) % modulus, {expr: c for expr, c in terms.items() if c}
