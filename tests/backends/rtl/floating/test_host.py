"""Units for float and double against the host's arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.floating.units import FLOAT_KINDS
from seer.lang.operators import OPERATORS
from tests.backends.rtl.floating.harness import Unit, Words, results

FLOATS = {32: np.float32, 64: np.float64}
UNSIGNED = {32: np.uint32, 64: np.uint64}
SIGNED = {32: np.int32, 64: np.int64}
NAN = {32: 0x7FC00000, 64: 0x7FF8000000000000}
FRACTION = {32: 23, 64: 52}


def specials(width: int) -> list[int]:
    """Zeros, subnormals, the ends of the ranges, ones, numbers around powers of two, infinities and NaNs."""
    fraction, sign = FRACTION[width], 1 << (width - 1)
    top = (sign - 1) >> fraction
    bias = top >> 1
    fields = [0, 1, 2, fraction, bias - fraction - 1, bias - 1, bias, bias + 1, bias + fraction, top - 1, top]
    fields += [bias + 31, bias + 32, bias + 63, bias + 64]
    rests = [
        0,
        1,
        (1 << fraction) - 1,
        1 << (fraction - 1),
        (1 << (fraction - 1)) + 1,
        (1 << (fraction - 1)) - 1,
    ]
    return [s | field << fraction | rest for s in (0, sign) for field in fields for rest in rests]


def vectors(width: int, count: int, seed: int) -> tuple[Words, Words]:
    """All pairs of special values where there is room for them, then random ones: any bits, near exponents,
    sparse fractions, neighbours, small integers, and subnormals."""
    rng = np.random.default_rng(seed)
    special = np.array(specials(width), dtype=np.uint64)
    pairs = rng.choice(len(special) ** 2, min(len(special) ** 2, max(count // 4, 1)), replace=False)
    fraction, full = FRACTION[width], (1 << width) - 1
    left: list[Words] = [special[pairs // len(special)]]
    right: list[Words] = [special[pairs % len(special)]]
    part = (count - len(pairs)) // 6
    for kind in range(6):
        a, b = (rng.integers(0, full, part, dtype=np.uint64, endpoint=True) for _ in "ab")
        rest = np.uint64((1 << fraction) - 1)
        if kind == 1:  # exponents close together
            near = (a & ~rest) + (rng.integers(0, 2 * fraction, part, dtype=np.uint64) << np.uint64(fraction))
            b = (near & np.uint64(full >> 1)) | (b & (rest | np.uint64(1 << (width - 1))))
        elif kind == 2:  # few bits set: ties
            a, b = (
                x & rng.integers(0, full, part, dtype=np.uint64) & (a | ~rest) | (x & ~rest) for x in (a, b)
            )
        elif kind == 3:  # neighbours of opposite signs
            b = (a ^ np.uint64(1 << (width - 1))) + rng.integers(0, 9, part, dtype=np.uint64) & np.uint64(
                full
            )
        elif kind == 4:  # integers of all sizes
            a, b = (x >> rng.integers(0, width, part, dtype=np.uint64) for x in (a, b))
        elif kind == 5:  # results around the subnormals
            b = (b & rest) | (rng.integers(0, fraction + 3, part, dtype=np.uint64) << np.uint64(fraction))
        left.append(a)
        right.append(b)
    return np.concatenate(left), np.concatenate(right)


def as_float(bits: Words, width: int) -> np.ndarray:
    return bits.astype(UNSIGNED[width]).view(FLOATS[width])


def as_bits(values: np.ndarray, width: int) -> Words:
    """Bits, NaNs canonical."""
    bits = values.astype(FLOATS[width]).view(UNSIGNED[width]).astype(np.uint64)
    return np.where(np.isnan(values), np.uint64(NAN[width]), bits)


def to_integer(x: np.ndarray, result: int, signed: bool) -> Words:
    least = -(2.0 ** (result - 1)) if signed else 0.0
    end = 2.0 ** (result - 1) if signed else 2.0**result
    whole = np.trunc(x.astype(np.float64))
    fits = (whole >= least) & (whole < end)
    value = np.where(fits, whole, 0.0)
    high = value >= 2.0**63
    low = np.where(high, value - 2.0**63, value).astype(np.int64).view(np.uint64)
    bits = np.where(high, low + np.uint64(1 << 63), low) & np.uint64((1 << result) - 1)
    return np.where(fits, bits, np.uint64(1 << (result - 1)))


def from_integer(a: Words, operand: int, result: int, signed: bool) -> Words:
    if not signed:
        return as_bits(a.astype(FLOATS[result]), result)
    moved = (a << np.uint64(64 - operand)).view(np.int64) >> np.int64(64 - operand)
    return as_bits(moved.astype(FLOATS[result]), result)


BINARY: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "fadd": np.add, "fsub": np.subtract, "fmul": np.multiply, "fdiv": np.divide,
    "fcopysign": np.copysign, "feq": np.equal, "fne": np.not_equal, "flt": np.less, "fle": np.less_equal,
}  # fmt: skip


def away(x: np.ndarray) -> np.ndarray:
    """Rounded, halves away from zero."""
    whole = np.trunc(x)
    return np.copysign(whole + np.where(np.abs(x - whole) >= 0.5, np.sign(x), 0).astype(x.dtype), x)


UNARY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fsqrt": np.sqrt, "fneg": np.negative, "fabs": np.abs, "ffloor": np.floor, "fceil": np.ceil,
    "ftrunc": np.trunc, "froundeven": np.rint, "fround": away,
}  # fmt: skip

Case = tuple[str, int, int]
"""Operator, width of the operands, width of the result."""


def wanted(case: Case, a: Words, b: Words) -> Words:
    kind, width, result = case
    cut = np.uint64((1 << width) - 1)
    if kind in ("sitofp", "uitofp"):
        return from_integer(a & cut, width, result, kind == "sitofp")
    x, y = as_float(a & cut, width), as_float(b & cut, width)
    with np.errstate(all="ignore"):
        if kind in ("fptosi", "fptoui"):
            return to_integer(x, result, kind == "fptosi")
        if kind in ("fpext", "fptrunc"):
            return as_bits(x.astype(FLOATS[result]), result)
        if kind in UNARY:
            return as_bits(UNARY[kind](x), width)
        found = BINARY[kind](x, y)
        return found.astype(np.uint64) if result == 1 else as_bits(found, width)


def cases(width: int) -> list[Case]:
    """The operators on floats of this width, conversions from and to integers of several widths."""
    same = [(kind, width, width) for kind in ("fadd", "fsub", "fmul", "fdiv", "fcopysign", *UNARY)]
    compare = [(kind, width, 1) for kind in ("feq", "fne", "flt", "fle")]
    integers = [(kind, w, width) for kind in ("sitofp", "uitofp") for w in (8, 21, 32, 64)]
    integers += [(kind, width, w) for kind in ("fptosi", "fptoui") for w in (8, 21, 32, 64)]
    return [*same, *compare, *integers, ("fpext", 32, 64) if width == 32 else ("fptrunc", 64, 32)]


def check(width: int, latencies: dict[str, list[int]], a: Words, b: Words, folder: Path) -> None:
    tried: list[Case] = []
    units: list[Unit] = []
    for case in cases(width):
        kind, operand, result = case
        for latency in latencies.get(kind, [2]):
            name, text = float_unit(kind, operand, result, latency)
            operands = (operand,) * OPERATORS[kind].arity
            tried.append(case)
            units.append(Unit(name, text, operands, result, latency))
    assert {kind for kind, _, _ in cases(32) + cases(64)} == FLOAT_KINDS
    for case, unit, found in zip(tried, units, results(units, a, b, folder), strict=True):
        expected = wanted(case, a, b)
        wrong = np.nonzero(found != expected)[0]
        shown = [
            f"{unit.name}({int(a[i]):#x}, {int(b[i]):#x}) = {int(found[i]):#x}, not {int(expected[i]):#x}"
            for i in wrong[:5]
        ]
        assert not len(wrong), f"{len(wrong)} wrong: {'; '.join(shown)}"


FEW = {
    "fadd": [4], "fsub": [6], "fmul": [4], "fdiv": [14], "fsqrt": [13], "fneg": [0], "fabs": [0],
    "fcopysign": [0], **{kind: [0] for kind in ("feq", "fne", "flt", "fle")},
}  # fmt: skip
MANY = {
    "fadd": [0, 3, 5, 9], "fsub": [4], "fmul": [0, 2, 3, 5, 9], "fdiv": [5, 17, 33], "fsqrt": [3, 14, 40],
    **{kind: [0, 1] for kind in ("feq", "fne", "flt", "fle", "fneg", "fabs")},
    **{kind: [0, 1, 3] for kind in ("sitofp", "uitofp", "fptosi", "fptoui", "fpext", "fptrunc")},
}  # fmt: skip


@pytest.mark.parametrize("width", [32, 64])
def test_sample(width: int, tmp_path: Path) -> None:
    a, b = vectors(width, 20_000, width)
    check(width, FEW, a, b, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("width", [32, 64])
def test_millions(width: int, tmp_path: Path) -> None:
    for round_ in range(4):
        a, b = vectors(width, 500_000, 1000 + round_)
        check(width, MANY, a, b, tmp_path)
