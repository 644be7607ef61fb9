"""Units for float and double against the host's arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.floating.units import FLOAT_KINDS
from seer.lang.operators import OPERATORS
from seer.schedule import Target
from tests.backends.rtl.floating.harness import Unit, Words, results
from tests.backends.rtl.floating.operands import floats, integers, special_pairs

FLOATS = {32: np.float32, 64: np.float64}
UNSIGNED = {32: np.uint32, 64: np.uint64}
SIGNED = {32: np.int32, 64: np.int64}
NAN = {32: 0x7FC00000, 64: 0x7FF8000000000000}


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


def arithmetic() -> list[Case]:
    """The operators on floats of both widths, conversions between these included."""
    found: list[Case] = []
    for width in (32, 64):
        found += [(kind, width, width) for kind in ("fadd", "fsub", "fmul", "fdiv", "fcopysign", *UNARY)]
        found += [(kind, width, 1) for kind in ("feq", "fne", "flt", "fle")]
    return [*found, ("fpext", 32, 64), ("fptrunc", 64, 32)]


def conversions(widths: Iterable[int]) -> list[Case]:
    """From and to integers of these widths, signed and not."""
    return [
        case
        for width in widths
        for form in (32, 64)
        for case in (
            ("sitofp", width, form), ("uitofp", width, form), ("fptosi", form, width), ("fptoui", form, width)
        )
    ]  # fmt: skip


XC7 = Target.load("xc7")


def shipped(case: Case) -> int:
    """The latency at which designs for xc7 have this unit at 5 ns."""
    kind, width, result = case
    return XC7.unit(kind, width, result_width=result).latency


def operands(case: Case, count: int, seed: int) -> tuple[Words, Words]:
    """All pairs of special values, and `count` random ones."""
    kind, width, _ = case
    if kind in ("sitofp", "uitofp"):
        a = np.concatenate([np.arange(-512, 512).astype(np.uint64), integers(count, seed)])
        return a, a
    pairs = zip(special_pairs(width), floats(width, count, seed), strict=True)
    a, b = (np.concatenate(each) for each in pairs)
    return a, b


def check(tried: Sequence[tuple[Case, int]], count: int, seed: int, folder: Path) -> int:
    """Units at latencies against the host: how many results were compared."""
    compared = 0
    sources: dict[tuple[bool, int], list[tuple[Case, int]]] = {}
    for case, latency in tried:
        integer = case[0] in ("sitofp", "uitofp")
        sources.setdefault((integer, 0 if integer else case[1]), []).append((case, latency))
    for number, group in enumerate(sources.values()):
        a, b = operands(group[0][0], count, seed)
        units: list[Unit] = []
        for (kind, operand, result), latency in group:
            name, text = float_unit(kind, operand, result, latency)
            units.append(Unit(name, text, (operand,) * OPERATORS[kind].arity, result, latency))
        here = folder / str(number)
        here.mkdir()
        for (case, _), unit, found in zip(group, units, results(units, a, b, here), strict=True):
            expected = wanted(case, a, b)
            wrong = np.nonzero(found != expected)[0]
            shown = [
                f"{unit.name}({int(a[i]):#x}, {int(b[i]):#x}) = {int(found[i]):#x}, not {int(expected[i]):#x}"
                for i in wrong[:5]
            ]
            assert not len(wrong), f"{len(wrong)} wrong: {'; '.join(shown)}"
            compared += len(found)
    return compared


def test_every_operator_is_tried() -> None:
    """Here, and a · b + c in test_fused.py."""
    assert {kind for kind, _, _ in (*arithmetic(), *conversions([8]))} == FLOAT_KINDS - {"fma"}


def test_sample(tmp_path: Path) -> None:
    cases = [*arithmetic(), *conversions([8, 21, 64])]
    assert check([(case, shipped(case)) for case in cases], 12_000, 1, tmp_path) > 90 * 12_000


_ALL = [*arithmetic(), *conversions(range(8, 65))]
_GROUP = 24


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, len(_ALL), _GROUP))
def test_a_million(first: int, tmp_path: Path) -> None:
    """Each unit as it ships on 1,000,000 random operands and all pairs of 200 special values."""
    cases = _ALL[first : first + _GROUP]
    compared = check([(case, shipped(case)) for case in cases], 1_000_000, 1000 + first, tmp_path)
    assert compared >= 1_000_000 * len(cases)


MANY = {
    "fadd": [0, 3, 5, 9], "fsub": [4], "fmul": [0, 2, 3, 5, 9], "fdiv": [5, 17, 33], "fsqrt": [3, 14, 40],
    **{kind: [0, 1] for kind in ("feq", "fne", "flt", "fle", "fneg", "fabs")},
}  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("width", [32, 64])
def test_many_latencies(width: int, tmp_path: Path) -> None:
    cases = [case for case in (*arithmetic(), *conversions([8, 21, 32, 64])) if width in case[1:]]
    tried = [(case, latency) for case in cases for latency in MANY.get(case[0], [0, 1, 3])]
    check(tried, 200_000, width, tmp_path)
