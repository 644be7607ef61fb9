"""Conversions: integer to float, float to integer, and between formats."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import MERGED_NS, any_of, choose, gate, less, masked, subtract
from seer.backends.rtl.floating.division import normalised
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.parts import leading_zeros, shift_left, shift_right_sticky
from seer.backends.rtl.floating.rounding import overflows, round_and_pack
from seer.errors import BackendError

__all__ = ["from_integer", "narrow", "to_integer", "widen"]


def from_integer(n: Netlist, form: Format, width: int, signed: bool) -> Bits:
    """The float nearest to the integer a of `width` bits."""
    a = n.input("a", width)
    sign = a.top if signed else constant(1, 0)
    size = a
    if signed:
        size = choose(n, "size", sign, subtract(n, "minus", constant(width, 0), a), a)
    zeros = leading_zeros(n, "zeros", size)
    shifted = shift_left(n, "leading", size, zeros)
    if width <= form.precision:
        shifted = join(shifted, constant(form.precision + 1 - width, 0))
    # The exponent field, less 1, of a number with its first bit in the first place.
    first = form.bias + width - 2
    wide = max(form.exponent, first.bit_length(), zeros.width) + 1
    exponent = subtract(n, "exponent", constant(wide, first), zeros.padded(wide))
    infinite = constant(1, 0)
    if first >= form.largest - 1:
        infinite = overflows(n, form, exponent, shifted.top)
    no = constant(1, 0)
    return round_and_pack(n, form, sign, exponent.low(form.exponent), shifted, no, infinite, no)


def to_integer(n: Netlist, form: Format, width: int, signed: bool) -> Bits:
    """a without its fraction in `width` bits, or 1 followed by zeros where it does not fit."""
    a = n.input("a", form.width)
    x = unpack(n, form, "a", a)
    # The integer stands at the top of a window, to be moved down by what its exponent lacks.
    window = max(width, form.precision)
    bits = max(form.exponent, (window - 1 + form.bias).bit_length()) + 1
    highest = constant(bits, window - 1 + form.bias)
    down = subtract(n, "down", highest, x.exponent.padded(bits))
    placed = join(x.significand, constant(window - form.precision, 0)) if window > form.precision else None
    amount = (window - 1).bit_length()
    moved, _ = shift_right_sticky(n, "moved", placed or x.significand, down.low(amount))
    below_one = less(n, "below_one", x.exponent, constant(form.exponent, form.bias))
    size = masked(n, "whole", moved.low(width), n.let("some", 1, "~{0}", [below_one], MERGED_NS))
    limit = form.bias + width - 1 if signed else form.bias + width
    large = x.special
    if limit <= form.largest:
        fits = less(n, "fits", x.exponent, constant(form.exponent, limit))
        large = gate(n, "large", "~{0} | {1}", fits, x.special)
    if signed:
        value = choose(n, "value", x.sign, subtract(n, "minus", constant(width, 0), size), size)
        invalid = large
    else:
        value = size
        invalid = gate(n, "invalid", "{0} | {1} & ~{2}", large, x.sign, below_one)
    least = constant(width, 1 << (width - 1))
    return choose(n, "result", invalid, least, value)


def widen(n: Netlist, source: Format, target: Format) -> Bits:
    """a in a format that holds every number of its own as a normal one, or as zero."""
    if target.bias - source.bias < source.fraction or target.fraction < source.fraction:
        raise BackendError(f"a float of {source.width} bits has no simple form in {target.width} bits")
    a = n.input("a", source.width)
    x = unpack(n, source, "a", a)
    significand, power = normalised(n, source, "a", x, target.exponent)
    field = subtract(n, "field", power, constant(target.exponent, source.bias - target.bias))
    kept = gate(n, "nonzero", "{0} & ~{1}", significand.top, x.special)
    spare = target.fraction - source.fraction
    fraction = significand.low(source.fraction)
    magnitude = join(masked(n, "exponent", field, kept), masked(n, "fraction", fraction, kept))
    if spare:
        magnitude = join(magnitude, constant(spare, 0))
    special = join(constant(target.exponent, -1), x.nan, constant(target.fraction - 1, 0))
    sign = gate(n, "sign", "{0} & ~{1}", x.sign, x.nan)
    return join(sign, choose(n, "magnitude", x.special, special, magnitude))


def narrow(n: Netlist, source: Format, target: Format) -> Bits:
    """a rounded to a format of less precision and range."""
    if target.fraction + 2 > source.fraction or target.exponent >= source.exponent:
        raise BackendError(f"a float of {source.width} bits cannot be narrowed to {target.width} bits")
    a = n.input("a", source.width)
    x = unpack(n, source, "a", a)
    wide = source.exponent + 1
    # The target's exponent field, less 1; what is negative shifts to the right.
    offset = constant(wide, source.bias - target.bias + 1)
    room = subtract(n, "room", x.exponent.padded(wide), offset)
    back = subtract(n, "back", offset, x.exponent.padded(wide))
    kept = n.let("kept", 1, "~{0}", [room.top], MERGED_NS)
    near = (target.precision + 1).bit_length()
    far = gate(n, "far", "{0} & (|{1})", room.top, back.part(wide - 1, near))
    close = n.let("close", 1, "~{0}", [far], MERGED_NS)
    amount = masked(n, "amount", back.low(near), room.top)
    first = x.significand.high(target.precision + 1)
    rest = any_of(n, "rest", x.significand.low(source.precision - first.width))
    shifted, sticky = shift_right_sticky(n, "subnormal", first, amount, rest)
    whole = any_of(n, "whole", x.significand)
    sticky = n.let("sticky", 1, "{0} ? {1} : {2}", [far, whole, sticky], MERGED_NS)
    significand = masked(n, "significand", shifted, close)
    field = masked(n, "positive", room, kept).low(source.exponent)
    over = overflows(n, target, field, significand.top)
    infinite = gate(n, "infinite", "{0} | {1}", over, x.special)
    return round_and_pack(n, target, x.sign, field.low(target.exponent), significand, sticky, infinite, x.nan)
