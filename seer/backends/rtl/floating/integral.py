"""Rounding to an integral value in the same format: floor, ceil, trunc, round and roundeven; and copysign."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import (
    LEVEL_NS,
    MERGED_NS,
    add,
    any_of,
    carry_ns,
    choose,
    gate,
    less,
    masked,
    subtract,
)
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["INTEGRAL", "copied_sign", "integral"]

INTEGRAL = frozenset({"ffloor", "fceil", "ftrunc", "fround", "froundeven"})
"""Operators that `integral` makes; fround takes halves away from zero."""


def integral(n: Netlist, form: Format, kind: str) -> Bits:
    """a rounded to an integral value, with its sign also where it becomes zero."""
    a = n.input("a", form.width)
    x = unpack(n, form, "a", a)
    fraction = x.fraction
    size = form.fraction
    # The places behind the point, as ones from the right: none for large numbers, all of them just above 1.
    places = subtract(n, "places", constant(form.exponent, size + form.bias), x.field)
    whole = n.let(
        "whole",
        1,
        "{0} >= {1}",
        [x.field, constant(form.exponent, size + form.bias)],
        carry_ns(form.exponent),
    )
    # A place's bits go to all of the look-up tables, over slow wires.
    ones = n.let("ones", size, "~({0} << {1})", [constant(size, -1), places], 3 * LEVEL_NS)
    behind = masked(n, "behind", ones, n.let("partly", 1, "~{0}", [whole], MERGED_NS))
    below_half = join(constant(1, 0), behind.high(size - 1)) if size > 1 else constant(1, 0)
    half = _overlap(n, "half", fraction, n.let("first", size, "{0} & ~{1}", [behind, below_half], MERGED_NS))
    rest = _overlap(n, "rest", fraction, below_half)
    one = n.let(
        "one",
        size + 1,
        "{0} & ~{1}",
        [join(behind, constant(1, 1)), join(constant(1, 0), behind)],
        MERGED_NS,
    )
    odd = _overlap(n, "odd", join(constant(1, 1), fraction), one)

    small = less(n, "small", x.field, constant(form.exponent, form.bias))
    halves = n.let("halves", 1, "{0} == {1}", [x.field, constant(form.exponent, form.bias - 1)], 2 * LEVEL_NS)
    some = gate(n, "some", "{0} | {1}", any_of(n, "a_some", fraction), any_of(n, "a_power", x.field))
    up = _rounds_up(n, "up", kind, x.sign, half, rest, odd)
    inexact = any_of(n, "a_rest", fraction)
    # Below 1 the first place behind the point is the hidden bit of numbers from a half on.
    less_than_half = gate(n, "tiny", "~{0} & {1} | {0} & {2}", halves, some, inexact)
    up_small = _rounds_up(n, "up_small", kind, x.sign, halves, less_than_half, constant(1, 0))
    kept = n.let("kept", size, "{0} & ~{1}", [fraction, behind], MERGED_NS)
    step = masked(n, "step", one, up).padded(form.width - 1)
    rounded = add(n, "rounded", join(x.field, kept), step)
    unit = masked(n, "unit", constant(form.width - 1, form.bias << size), up_small)
    result = choose(n, "size", small, unit, rounded)
    special = join(constant(form.exponent, -1), x.nan, constant(size - 1, 0))
    magnitude = choose(n, "magnitude", x.special, special, result)
    return join(gate(n, "sign", "{0} & ~{1}", x.sign, x.nan), magnitude)


def _overlap(n: Netlist, name: str, x: Bits, y: Bits) -> Bits:
    """Whether x and y have a bit in common."""
    return any_of(n, name, n.let(f"{name}_bits", x.width, "{0} & {1}", [x, y], MERGED_NS))


def _rounds_up(n: Netlist, name: str, kind: str, sign: Bits, half: Bits, rest: Bits, odd: Bits) -> Bits:
    """Whether the magnitude goes up to the next integer."""
    match kind:
        case "ffloor":
            return gate(n, name, "{0} & ({1} | {2})", sign, half, rest)
        case "fceil":
            return gate(n, name, "~{0} & ({1} | {2})", sign, half, rest)
        case "fround":
            return gate(n, name, "{0}", half)
        case "froundeven":
            return gate(n, name, "{0} & ({1} | {2})", half, rest, odd)
        case _:
            return constant(1, 0)


def copied_sign(n: Netlist, form: Format) -> Bits:
    """a with the sign of b; the canonical NaN for a NaN."""
    a, b = n.input("a", form.width), n.input("b", form.width)
    x = unpack(n, form, "a", a)
    nan = constant(form.width, form.canonical_nan)
    return choose(n, "changed", x.nan, nan, join(b.top, a.low(form.width - 1)))
