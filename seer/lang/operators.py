"""The operators of SeerLang expressions and what each computes.

Values are signless bit vectors, held as Python integers in [0, 2^width). All
operators are total, as docs/semantics.md defines them: x/0 is all ones, x%0 is
x, a shift by the width or more gives 0 or copies of the sign. A float is its IEEE 754
bit pattern of 32 or 64 bits; that it is one shows in the operator (seer.lang.floats).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seer.lang.floats import CONVERSIONS, FLOAT_COMPARISONS, FLOAT_OPERATIONS, MATH_FUNCTIONS

__all__ = ["FLOAT_WIDTHS", "OPERATORS", "Operator", "mask", "to_signed", "to_unsigned"]

FLOAT_WIDTHS = (32, 64)
"""Widths at which bit patterns can be read as floats."""


def mask(width: int) -> int:
    """The all-ones value of `width` bits."""
    return (1 << width) - 1


def to_signed(value: int, width: int) -> int:
    """The two's-complement reading of `value`, whose bits above `width` are ignored."""
    value &= mask(width)
    return value - (1 << width) if value >> (width - 1) else value


def to_unsigned(value: int, width: int) -> int:
    """The low `width` bits of `value` as a number in [0, 2^width)."""
    return value & mask(width)


@dataclass(frozen=True)
class Operator:
    """One kind of expression node.

    `shape` says how widths relate: `same` (operands and result have one width), `compare`
    (operands have one width, the result 1 bit), `select` (1-bit condition, then two operands of the
    result's width), `widen` / `narrow` (one operand, strictly narrower / wider than the result),
    `convert` (one operand, any two widths). Where `float_operands` or `float_result` is set, the width
    in question is one of FLOAT_WIDTHS.
    `evaluate(operand_width, result_width, *values)` takes and returns numbers in [0, 2^width).
    """

    name: str
    arity: int
    shape: str
    evaluate: Callable[..., int]
    commutative: bool = False
    float_operands: bool = False
    float_result: bool = False

    @property
    def is_float(self) -> bool:
        """Whether it reads or gives a float."""
        return self.float_operands or self.float_result


def _udiv(w: int, _: int, a: int, b: int) -> int:
    return mask(w) if b == 0 else a // b


def _urem(w: int, _: int, a: int, b: int) -> int:
    return a if b == 0 else a % b


def _sdiv(w: int, _: int, a: int, b: int) -> int:
    x, y = to_signed(a, w), to_signed(b, w)
    if y == 0:
        return mask(w)
    quotient = abs(x) // abs(y)
    return to_unsigned(quotient if (x < 0) == (y < 0) else -quotient, w)


def _srem(w: int, _: int, a: int, b: int) -> int:
    x, y = to_signed(a, w), to_signed(b, w)
    if y == 0:
        return a
    remainder = abs(x) % abs(y)
    return to_unsigned(-remainder if x < 0 else remainder, w)


OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in [
        Operator("add", 2, "same", lambda w, _, a, b: to_unsigned(a + b, w), True),
        Operator("sub", 2, "same", lambda w, _, a, b: to_unsigned(a - b, w)),
        Operator("mul", 2, "same", lambda w, _, a, b: to_unsigned(a * b, w), True),
        Operator("udiv", 2, "same", _udiv),
        Operator("sdiv", 2, "same", _sdiv),
        Operator("urem", 2, "same", _urem),
        Operator("srem", 2, "same", _srem),
        Operator("and", 2, "same", lambda w, _, a, b: a & b, True),
        Operator("or", 2, "same", lambda w, _, a, b: a | b, True),
        Operator("xor", 2, "same", lambda w, _, a, b: a ^ b, True),
        Operator("shl", 2, "same", lambda w, _, a, b: to_unsigned(a << b, w) if b < w else 0),
        Operator("lshr", 2, "same", lambda w, _, a, b: a >> b if b < w else 0),
        Operator("ashr", 2, "same", lambda w, _, a, b: to_unsigned(to_signed(a, w) >> min(b, w), w)),
        Operator("eq", 2, "compare", lambda w, _, a, b: int(a == b), True),
        Operator("ne", 2, "compare", lambda w, _, a, b: int(a != b), True),
        Operator("ult", 2, "compare", lambda w, _, a, b: int(a < b)),
        Operator("ule", 2, "compare", lambda w, _, a, b: int(a <= b)),
        Operator("slt", 2, "compare", lambda w, _, a, b: int(to_signed(a, w) < to_signed(b, w))),
        Operator("sle", 2, "compare", lambda w, _, a, b: int(to_signed(a, w) <= to_signed(b, w))),
        Operator("select", 3, "select", lambda w, _, c, a, b: a if c else b),
        Operator("zext", 1, "widen", lambda w, r, a: a),
        Operator("sext", 1, "widen", lambda w, r, a: to_unsigned(to_signed(a, w), r)),
        Operator("trunc", 1, "narrow", lambda w, r, a: to_unsigned(a, r)),
        *(
            Operator(name, arity, "same", evaluate, name in ("fadd", "fmul"), True, True)
            for name, (arity, evaluate) in FLOAT_OPERATIONS.items()
        ),
        *(
            Operator(name, arity, "same", evaluate, False, True, True)
            for name, (arity, _, evaluate) in MATH_FUNCTIONS.items()
        ),
        *(
            Operator(name, 2, "compare", evaluate, name in ("feq", "fne"), True)
            for name, evaluate in FLOAT_COMPARISONS.items()
        ),
        *(
            Operator(name, 1, "convert", evaluate, False, operand, result)
            for name, (operand, result, evaluate) in CONVERSIONS.items()
        ),
    ]
}
