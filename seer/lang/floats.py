"""What the operators on IEEE 754 numbers compute, bit pattern in, bit pattern out.

Widths are 32 (binary32) and 64 (binary64). Every operation rounds once, to nearest with ties to even;
subnormals are kept; a NaN that an operation returns is the canonical one. Arithmetic on binary32 goes
through binary64: for +, −, ×, ÷ and √ 53 bits are at least 2·24 + 2, so that the second rounding gives
what a single one would (Figueroa 1995, When is double rounding innocuous?). Functions of math.h are
those of the platform's libm in the precision of the operand, so that they agree with compiled C.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import struct
from collections.abc import Callable
from fractions import Fraction
from functools import cache

__all__ = [
    "CONVERSIONS",
    "FLOAT_COMPARISONS",
    "FLOAT_OPERATIONS",
    "MATH_FUNCTIONS",
    "canonical_nan",
    "number_of",
]

_FORMATS = {32: ("<I", "<f"), 64: ("<Q", "<d")}
_PRECISION = {32: 24, 64: 53}


def canonical_nan(width: int) -> int:
    """The NaN that operations return: positive, quiet, no payload."""
    return 0x7FC00000 if width == 32 else 0x7FF8000000000000


def _infinity(width: int) -> int:
    return 0x7F800000 if width == 32 else 0x7FF0000000000000


def _is_nan(bits: int, width: int) -> bool:
    return bits & ~_sign(width) > _infinity(width)


def _sign(width: int) -> int:
    return 1 << (width - 1)


def _decode(bits: int, width: int) -> float:
    integer, number = _FORMATS[width]
    return struct.unpack(number, struct.pack(integer, bits))[0]


def number_of(bits: int, width: int) -> Fraction | None:
    """The number that a float's pattern stands for; None for infinities and NaNs."""
    value = _decode(bits, width)
    return Fraction(value) if value == value and abs(value) != float("inf") else None


def _encode(value: float, width: int) -> int:
    """The bits of `value`, rounded once to `width` bits."""
    if value != value:
        return canonical_nan(width)
    integer, number = _FORMATS[width]
    try:
        return struct.unpack(integer, struct.pack(number, value))[0]
    except OverflowError:
        return _infinity(width) | (_sign(width) if value < 0 else 0)


def _divide(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or a != a:
        return float("nan")
    # The sign of a zero shows only in its bits.
    negative = (a < 0) != (_encode(b, 64) >> 63 == 1)
    return float("-inf") if negative else float("inf")


def _arithmetic(function: Callable[..., float]) -> Callable[..., int]:
    def evaluate(width: int, _: int, *operands: int) -> int:
        return _encode(function(*(_decode(operand, width) for operand in operands)), width)

    return evaluate


def _comparison(function: Callable[[float, float], bool]) -> Callable[..., int]:
    def evaluate(width: int, _: int, a: int, b: int) -> int:
        return int(function(_decode(a, width), _decode(b, width)))

    return evaluate


def _absolute(width: int, _: int, a: int) -> int:
    return canonical_nan(width) if _is_nan(a, width) else a & ~_sign(width)


def _negate(width: int, _: int, a: int) -> int:
    return canonical_nan(width) if _is_nan(a, width) else a ^ _sign(width)


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")


@cache
def _library_function(name: str, width: int, arity: int) -> Callable[..., float]:
    number = ctypes.c_float if width == 32 else ctypes.c_double
    function = _library()[name + ("f" if width == 32 else "")]
    function.restype = number
    function.argtypes = [number] * arity
    return function


def _math(name: str, arity: int) -> Callable[..., int]:
    def evaluate(width: int, _: int, *operands: int) -> int:
        function = _library_function(name, width, arity)
        return _encode(function(*(_decode(operand, width) for operand in operands)), width)

    return evaluate


def _rounded(value: int, width: int) -> int:
    """The bits of the number nearest to the integer `value`, ties to even."""
    magnitude = abs(value)
    excess = magnitude.bit_length() - _PRECISION[width]
    if excess > 0:
        kept, rest, half = magnitude >> excess, magnitude & ((1 << excess) - 1), 1 << (excess - 1)
        kept += rest > half or (rest == half and kept & 1)
        magnitude = kept << excess
    try:
        exact = float(magnitude)
    except OverflowError:
        exact = float("inf")
    return _encode(-exact if value < 0 else exact, width)


def _from_signed(width: int, result: int, a: int) -> int:
    return _rounded(a - (1 << width) if a >> (width - 1) else a, result)


def _from_unsigned(width: int, result: int, a: int) -> int:
    return _rounded(a, result)


def _to_integer(width: int, result: int, a: int, lower: int, upper: int) -> int:
    value = _decode(a, width)
    if value == value and abs(value) != float("inf") and lower <= int(value) <= upper:
        return int(value) & ((1 << result) - 1)
    return 1 << (result - 1)


def _to_signed(width: int, result: int, a: int) -> int:
    return _to_integer(width, result, a, -(1 << (result - 1)), (1 << (result - 1)) - 1)


def _to_unsigned(width: int, result: int, a: int) -> int:
    return _to_integer(width, result, a, 0, (1 << result) - 1)


def _convert(width: int, result: int, a: int) -> int:
    return _encode(_decode(a, width), result)


FLOAT_OPERATIONS: dict[str, tuple[int, Callable[..., int]]] = {
    "fadd": (2, _arithmetic(lambda a, b: a + b)),
    "fsub": (2, _arithmetic(lambda a, b: a - b)),
    "fmul": (2, _arithmetic(lambda a, b: a * b)),
    "fdiv": (2, _arithmetic(_divide)),
    "fabs": (1, _absolute),
    "fneg": (1, _negate),
}
"""Arity and evaluation of the operations that need no library."""

FLOAT_COMPARISONS: dict[str, Callable[..., int]] = {
    "feq": _comparison(lambda a, b: a == b),
    "fne": _comparison(lambda a, b: a != b),
    "flt": _comparison(lambda a, b: a < b),
    "fle": _comparison(lambda a, b: a <= b),
}
"""All false where an operand is NaN, except fne, which is then true."""

_LIBRARY_NAMES = {
    1: (
        *("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "cbrt", "erf"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        *("floor", "ceil", "round", "trunc", "roundeven"),
    ),
    2: ("pow", "atan2", "fmod", "copysign"),
    3: ("fma",),
}


def _operator_name(function: str) -> str:
    return function if function in ("fmod", "fma") else f"f{function}"


MATH_FUNCTIONS: dict[str, tuple[int, str, Callable[..., int]]] = {
    _operator_name(name): (arity, name, _math(name, arity))
    for arity, names in _LIBRARY_NAMES.items()
    for name in names
}
"""Arity, name in math.h (for double) and evaluation of each operator that is a function of math.h."""

CONVERSIONS: dict[str, tuple[bool, bool, Callable[..., int]]] = {
    "sitofp": (False, True, _from_signed),
    "uitofp": (False, True, _from_unsigned),
    "fptosi": (True, False, _to_signed),
    "fptoui": (True, False, _to_unsigned),
    "fpext": (True, True, _convert),
    "fptrunc": (True, True, _convert),
}
"""Whether the operand is a float, whether the result is, and evaluation. To an integer they truncate
towards zero; NaN and what the integer type cannot hold give 1 followed by zeros (the least number)."""
