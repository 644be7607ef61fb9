"""Operators of seer.lang on whole arrays of operand values, for exhaustive proofs.

Each function computes what `OPERATORS[name].evaluate` does, for all elements at once; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = ["FUNCTIONS", "WIDEST", "evaluate"]

WIDEST = 30
"""Operand bits that products of 64-bit integers are exact for."""

Values = Any
"""An array of 64-bit integers (or booleans), or one integer."""


def evaluate(root: Expr, params: Sequence[Param]) -> Values:
    """The values of `root` for all values of the parameters, one axis each (of length 1 where it does not
    matter). Raises ValueError for an expression that is too wide or no operator of integers."""
    axes = len(params)
    found: dict[Expr, Values] = {}
    for node in subexpressions(root):
        if node.width > WIDEST:
            raise ValueError(f"{node.width} bits are too many")
        match node:
            case Const(_, value):
                found[node] = np.full((1,) * axes, value, dtype=np.int64)
            case Param(bits, _):
                shape = [1] * axes
                shape[params.index(node)] = 1 << bits
                found[node] = np.arange(1 << bits, dtype=np.int64).reshape(shape)
            case Op(name, bits, operands) if name in FUNCTIONS:
                args = [found[operand] for operand in operands]
                found[node] = FUNCTIONS[name](operands[-1].width, bits, *args)
            case _:
                raise ValueError(f"{type(node).__name__} cannot stand in a rule")
    return found[root]


def _signed(value: Values, width: int) -> Values:
    half = 1 << (width - 1)
    return (value ^ half) - half


def _mask(width: int) -> int:
    return (1 << width) - 1


def _udiv(w: int, _: int, a: Values, b: Values) -> Values:
    return np.where(b == 0, _mask(w), a // np.maximum(b, 1))


def _urem(_: int, __: int, a: Values, b: Values) -> Values:
    return np.where(b == 0, a, a % np.maximum(b, 1))


def _quotient(w: int, a: Values, b: Values) -> Values:
    x, y = _signed(a, w), _signed(b, w)
    magnitude = np.abs(x) // np.maximum(np.abs(y), 1)
    return np.where((x < 0) == (y < 0), magnitude, -magnitude)


def _sdiv(w: int, _: int, a: Values, b: Values) -> Values:
    return np.where(b == 0, _mask(w), _quotient(w, a, b) & _mask(w))


def _srem(w: int, _: int, a: Values, b: Values) -> Values:
    return np.where(b == 0, a, (_signed(a, w) - _quotient(w, a, b) * _signed(b, w)) & _mask(w))


def _shl(w: int, _: int, a: Values, b: Values) -> Values:
    return np.where(b >= w, 0, (a << np.minimum(b, w)) & _mask(w))


def _lshr(w: int, _: int, a: Values, b: Values) -> Values:
    return np.where(b >= w, 0, a >> np.minimum(b, w))


def _ashr(w: int, _: int, a: Values, b: Values) -> Values:
    return (_signed(a, w) >> np.minimum(b, w - 1)) & _mask(w)


def _truth(relation: Callable[[Values, Values], Values], signed: bool = False) -> Callable[..., Values]:
    def apply(w: int, _: int, a: Values, b: Values) -> Values:
        if signed:
            a, b = _signed(a, w), _signed(b, w)
        return np.asarray(relation(a, b)).astype(np.int64)

    return apply


FUNCTIONS: dict[str, Callable[..., Values]] = {
    "add": lambda w, _, a, b: (a + b) & _mask(w),
    "sub": lambda w, _, a, b: (a - b) & _mask(w),
    "mul": lambda w, _, a, b: (a * b) & _mask(w),
    "udiv": _udiv,
    "urem": _urem,
    "sdiv": _sdiv,
    "srem": _srem,
    "and": lambda _, __, a, b: a & b,
    "or": lambda _, __, a, b: a | b,
    "xor": lambda _, __, a, b: a ^ b,
    "shl": _shl,
    "lshr": _lshr,
    "ashr": _ashr,
    "eq": _truth(lambda a, b: a == b),
    "ne": _truth(lambda a, b: a != b),
    "ult": _truth(lambda a, b: a < b),
    "ule": _truth(lambda a, b: a <= b),
    "slt": _truth(lambda a, b: a < b, signed=True),
    "sle": _truth(lambda a, b: a <= b, signed=True),
    "select": lambda _, __, p, a, b: np.where(p != 0, a, b),
    "zext": lambda _, __, a: a,
    "sext": lambda w, v, a: _signed(a, w) & _mask(v),
    "trunc": lambda _, v, a: a & _mask(v),
}
