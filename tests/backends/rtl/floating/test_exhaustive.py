"""Every operand, or pair of operands, of small formats, at several latencies, against exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from seer.backends.rtl.floating.conversion import from_integer, narrow, to_integer, widen
from seer.backends.rtl.floating.formats import Format
from seer.backends.rtl.floating.integral import INTEGRAL
from seer.backends.rtl.floating.netlist import Bits, Netlist
from seer.backends.rtl.floating.units import operator_builds, unit_text
from tests.backends.rtl.floating.exact import Model
from tests.backends.rtl.floating.harness import Unit, Words, results

BINARY: dict[str, Callable[[Model, int, int], int]] = {
    "fadd": Model.add,
    "fsub": Model.subtract,
    "fmul": Model.multiply,
    "fdiv": Model.divide,
    "fcopysign": Model.copy_sign,
    **{kind: lambda m, a, b, k=kind: m.compare(k, a, b) for kind in ("feq", "fne", "flt", "fle")},
}
UNARY: dict[str, Callable[[Model, int], int]] = {
    "fsqrt": Model.root,
    "fneg": Model.negate,
    "fabs": Model.absolute,
    **{kind: lambda m, a, k=kind: m.integral(k, a) for kind in sorted(INTEGRAL)},
}


def made(
    name: str, builds: list[Callable[[Netlist], Bits]], latency: int, operands: tuple[int, ...], result: int
) -> Unit:
    return Unit(name, unit_text(name, builds, latency, name), operands, result, latency)


def agree(units: list[Unit], expected: list[list[int]], a: Words, b: Words, folder: Path) -> None:
    for unit, found, wanted in zip(units, results(units, a, b, folder), expected, strict=True):
        wrong = np.nonzero(found != np.array(wanted, dtype=np.uint64))[0]
        shown = [
            f"{unit.name}({int(a[i]):#x}, {int(b[i]):#x}) = {int(found[i]):#x}, not {wanted[i]:#x}"
            for i in wrong[:5]
        ]
        assert not len(wrong), f"{len(wrong)} wrong: {'; '.join(shown)}"


@pytest.mark.soak
@pytest.mark.parametrize(("exponent", "fraction"), [(4, 3), (5, 2)])
def test_all_pairs(exponent: int, fraction: int, tmp_path: Path) -> None:
    every = np.arange(256, dtype=np.uint64)
    _pairs(exponent, fraction, np.repeat(every, 256), np.tile(every, 256), (0, 1, 3, 8), tmp_path)


def test_pairs(tmp_path: Path) -> None:
    pairs = np.random.default_rng(1).integers(0, 1 << 16, 5000, dtype=np.uint64)
    _pairs(4, 3, pairs >> np.uint64(8), pairs & np.uint64(255), (0, 3), tmp_path)


def _pairs(
    exponent: int, fraction: int, a: Words, b: Words, latencies: tuple[int, ...], folder: Path
) -> None:
    form, model = Format(exponent, fraction), Model(exponent, fraction)
    units: list[Unit] = []
    expected: list[list[int]] = []
    for kind, function in BINARY.items():
        wanted = [function(model, int(x), int(y)) for x, y in zip(a, b, strict=True)]
        for alternative, build in enumerate(operator_builds(kind, form)):
            for latency in latencies:
                result = 1 if kind in ("feq", "fne", "flt", "fle") else 8
                units.append(made(f"{kind}_{alternative}_{latency}", [build], latency, (8, 8), result))
                expected.append(wanted)
    agree(units, expected, a, b, folder)


@pytest.mark.soak
def test_all_single_operands(tmp_path: Path) -> None:
    _single_operands(np.arange(1 << 16, dtype=np.uint64), (0, 2, 5), tmp_path)


def test_single_operands(tmp_path: Path) -> None:
    a = np.random.default_rng(2).integers(0, 1 << 16, 3000, dtype=np.uint64)
    _single_operands(a, (0, 2), tmp_path)


def _single_operands(a: Words, latencies: tuple[int, ...], folder: Path) -> None:
    form, model = Format(5, 10), Model(5, 10)
    units: list[Unit] = []
    expected: list[list[int]] = []

    def add(
        name: str, build: Callable[[Netlist], Bits], operand: int, result: int, exact: Callable[[int], int]
    ) -> None:
        wanted = [exact(int(x) % (1 << operand)) for x in a]
        for latency in latencies:
            units.append(made(f"{name}_{latency}", [build], latency, (operand,), result))
            expected.append(wanted)

    for kind, function in UNARY.items():
        add(kind, operator_builds(kind, form)[0], 16, 16, lambda x, f=function: f(model, x))
    small, tiny = Format(4, 3), Model(4, 3)
    for width in (1, 2, 7, 11, 12, 16):
        for signed in (True, False):
            name = f"{'s' if signed else 'u'}{width}"
            add(f"from_{name}", lambda n, w=width, s=signed: from_integer(n, form, w, s), width, 16,
                lambda x, w=width, s=signed: model.from_integer(x, w, s))  # fmt: skip
            add(f"from_{name}_small", lambda n, w=width, s=signed: from_integer(n, small, w, s), width, 8,
                lambda x, w=width, s=signed: tiny.from_integer(x, w, s))  # fmt: skip
            add(f"to_{name}", lambda n, w=width, s=signed: to_integer(n, form, w, s), 16, width,
                lambda x, w=width, s=signed: model.to_integer(x, w, s))  # fmt: skip
            add(f"to_{name}_small", lambda n, w=width, s=signed: to_integer(n, small, w, s), 8, width,
                lambda x, w=width, s=signed: tiny.to_integer(x, w, s))  # fmt: skip
    add("narrow", lambda n: narrow(n, form, small), 16, 8, lambda x: model.convert(x, tiny))
    add("widen", lambda n: widen(n, small, form), 8, 16, lambda x: tiny.convert(x, model))
    agree(units, expected, a, np.zeros_like(a), folder)
