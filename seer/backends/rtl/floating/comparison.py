"""Comparisons and sign changes: no rounding, little logic."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import MERGED_NS, any_of, carry_ns, choose, equal, gate
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["comparison", "sign_change"]


def comparison(n: Netlist, form: Format, kind: str) -> Bits:
    """One bit: a = b, a ≠ b, a < b or a ≤ b (feq, fne, flt, fle); −0 = +0; false with NaN, but for ≠."""
    a, b = n.input("a", form.width), n.input("b", form.width)
    x, y = unpack(n, form, "a", a), unpack(n, form, "b", b)
    unordered = gate(n, "unordered", "{0} | {1}", x.nan, y.nan)
    zeros = gate(
        n, "zeros", "~({0} | {1})",
        any_of(n, "a_size", a.low(form.width - 1)), any_of(n, "b_size", b.low(form.width - 1)),
    )  # fmt: skip
    if kind in ("feq", "fne"):
        same = equal(n, "same", a, b)
        template = "~{0} & ({1} | {2})" if kind == "feq" else "{0} | ~({1} | {2})"
        return gate(n, "verdict", template, unordered, same, zeros)
    first, second = (a, b) if kind == "flt" else (b, a)
    before = n.let(
        "precedes", 1, "{0} < {1}", [_ordered(n, first), _ordered(n, second)], carry_ns(form.width)
    )
    template = "~{0} & ~{1} & {2}" if kind == "flt" else "~{0} & ({1} | ~{2})"
    return gate(n, "verdict", template, unordered, zeros, before)


def _ordered(n: Netlist, x: Bits) -> Bits:
    """An unsigned number in the order of the floats, −0 before +0."""
    size = x.low(x.width - 1)
    first = n.let("positive", 1, "~{0}", [x.top], MERGED_NS)
    rest = n.let("key", size.width, "{0} ^ {1}", [size, x.top.repeated(size.width)], MERGED_NS)
    return join(first, rest)


def sign_change(n: Netlist, form: Format, kind: str) -> Bits:
    """fneg or fabs; the canonical NaN for NaNs."""
    a = n.input("a", form.width)
    x = unpack(n, form, "a", a)
    sign = constant(1, 0) if kind == "fabs" else n.let("minus", 1, "~{0}", [x.sign], MERGED_NS)
    nan = constant(form.width, form.canonical_nan)
    return choose(n, "changed", x.nan, nan, join(sign, a.low(form.width - 1)))
