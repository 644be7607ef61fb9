"""IEEE 754 in small formats, on whole arrays of bit patterns, for exhaustive checks of rules about floats.

A format is known by its width, as in SeerLang, and has the shape of binary32 and binary64: sign, exponent,
fraction, gradual underflow, infinities and NaNs. The widest of them is to the narrower ones what
binary64 is to binary32: 2p + 2 bits or more (Figueroa 1995, When is double rounding innocuous?), and
exponents that products do not leave. Arithmetic goes through binary64, for the same reason exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

__all__ = ["FLOAT_FUNCTIONS", "FORMATS", "canonical_nan"]

FORMATS = {5: 3, 6: 3, 8: 4, 17: 11}
"""Precision by width, the hidden bit included."""

Patterns = Any
"""An array of 64-bit integers, bit patterns of one format."""


def _bias(width: int) -> int:
    return (1 << (width - FORMATS[width] - 1)) - 1


def _infinity(width: int) -> int:
    return ((1 << (width - FORMATS[width])) - 1) << (FORMATS[width] - 1)


def canonical_nan(width: int) -> int:
    """The NaN that operations return: positive, quiet, no payload."""
    return _infinity(width) | 1 << (FORMATS[width] - 2)


@cache
def _numbers(width: int) -> Any:
    """The number that each pattern of a format stands for."""
    precision, bias = FORMATS[width], _bias(width)
    patterns = np.arange(1 << width, dtype=np.int64)
    magnitude = patterns & ((1 << (width - 1)) - 1)
    exponent = magnitude >> (precision - 1)
    fraction = magnitude & ((1 << (precision - 1)) - 1)
    significand = np.where(exponent == 0, fraction, fraction | 1 << (precision - 1)).astype(np.float64)
    values = np.ldexp(significand, np.maximum(exponent, 1) - bias - (precision - 1))
    values = np.where(magnitude == _infinity(width), np.inf, values)
    values = np.where(magnitude > _infinity(width), np.nan, values)
    return np.where(patterns >> (width - 1) == 1, -values, values)


def _decoded(patterns: Patterns, width: int) -> Any:
    return _numbers(width)[patterns]


def _encoded(numbers: Any, width: int) -> Patterns:
    """Numbers rounded once, to nearest, ties to even."""
    precision, least = FORMATS[width], 1 - _bias(width)
    magnitude = np.abs(numbers)
    finite = np.where(np.isfinite(magnitude), magnitude, 0.0)
    exponent = np.where(finite == 0, least, np.maximum(np.frexp(finite)[1] - 1, least))
    significand = np.rint(np.ldexp(finite, precision - 1 - exponent)).astype(np.int64)
    patterns = ((exponent - least).astype(np.int64) << (precision - 1)) + significand
    patterns = np.where(np.isinf(magnitude), _infinity(width), np.minimum(patterns, _infinity(width)))
    patterns = patterns | (np.signbit(numbers).astype(np.int64) << (width - 1))
    return np.where(np.isnan(numbers), canonical_nan(width), patterns)


def _arithmetic(function: Callable[..., Any]) -> Callable[..., Patterns]:
    def evaluate(width: int, _: int, *operands: Patterns) -> Patterns:
        with np.errstate(all="ignore"):
            return _encoded(function(*(_decoded(o, width) for o in operands)), width)

    return evaluate


def _comparison(function: Callable[[Any, Any], Any]) -> Callable[..., Patterns]:
    def evaluate(width: int, _: int, a: Patterns, b: Patterns) -> Patterns:
        with np.errstate(all="ignore"):
            return np.asarray(function(_decoded(a, width), _decoded(b, width))).astype(np.int64)

    return evaluate


def _sign_changed(change: Callable[[Any, int], Any]) -> Callable[..., Patterns]:
    def evaluate(width: int, _: int, a: Patterns) -> Patterns:
        nan = np.isnan(_decoded(a, width))
        return np.where(nan, canonical_nan(width), change(a, 1 << (width - 1)))

    return evaluate


def _signed(value: Patterns, width: int) -> Patterns:
    half = 1 << (width - 1)
    return (value ^ half) - half


def _to_integer(signed: bool) -> Callable[..., Patterns]:
    def evaluate(width: int, result: int, a: Patterns) -> Patterns:
        number = np.trunc(_decoded(a, width))
        low, high = (-(1 << (result - 1)), (1 << (result - 1)) - 1) if signed else (0, (1 << result) - 1)
        with np.errstate(all="ignore"):
            fits = np.isfinite(number) & (number >= low) & (number <= high)
        found = np.where(fits, number, 0.0).astype(np.int64) & ((1 << result) - 1)
        return np.where(fits, found, 1 << (result - 1))

    return evaluate


FLOAT_FUNCTIONS: dict[str, Callable[..., Patterns]] = {
    "fadd": _arithmetic(np.add),
    "fsub": _arithmetic(np.subtract),
    "fmul": _arithmetic(np.multiply),
    "fdiv": _arithmetic(np.divide),
    "fsqrt": _arithmetic(np.sqrt),
    "ffloor": _arithmetic(np.floor),
    "fceil": _arithmetic(np.ceil),
    "ftrunc": _arithmetic(np.trunc),
    "froundeven": _arithmetic(np.rint),
    "fneg": _sign_changed(lambda a, sign: a ^ sign),
    "fabs": _sign_changed(lambda a, sign: a & ~sign),
    "feq": _comparison(lambda a, b: a == b),
    "fne": _comparison(lambda a, b: a != b),
    "flt": _comparison(lambda a, b: a < b),
    "fle": _comparison(lambda a, b: a <= b),
    "sitofp": lambda width, result, a: _encoded(_signed(a, width).astype(np.float64), result),
    "uitofp": lambda width, result, a: _encoded(np.asarray(a).astype(np.float64), result),
    "fptosi": _to_integer(signed=True),
    "fptoui": _to_integer(signed=False),
    "fpext": lambda width, result, a: _encoded(_decoded(a, width), result),
    "fptrunc": lambda width, result, a: _encoded(_decoded(a, width), result),
}
"""Operators as `OPERATORS[name].evaluate` would compute them in these formats, for all elements at once."""
