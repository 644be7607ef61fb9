"""Product. Leading zeros of a subnormal factor are counted beside the multiplication, then shifted away."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import (
    LEVEL_NS,
    MERGED_NS,
    add,
    any_of,
    carry_ns,
    choose,
    gate,
    masked,
    subtract,
)
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.parts import leading_zeros, shift_left
from seer.backends.rtl.floating.rounding import overflows, round_and_pack
from seer.backends.rtl.floating.wide_product import wide_product

__all__ = ["multiplication"]


def multiplication(n: Netlist, form: Format) -> Bits:
    """a · b."""
    # What the shifter needs waits for the product, in shift registers; single precision is smaller without.
    n.late_shifts = form.width > 32
    a, b = n.input("a", form.width), n.input("b", form.width)
    x, y = unpack(n, form, "a", a), unpack(n, form, "b", b)
    sign = gate(n, "sign", "{0} ^ {1}", x.sign, y.sign)
    product = wide_product(n, x.significand, y.significand)

    # A normal factor has no zeros; of two subnormal ones only a sticky bit is left, whatever is counted.
    zeros = n.let(
        "zeros",
        _count_bits(form),
        "{0} | {1}",
        [leading_zeros(n, f"{name}_zeros", operand.significand) for name, operand in (("a", x), ("b", y))],
        MERGED_NS,
    )
    # The product's first bit has the weight of exponent field room + 1: so far it may move to the left; where
    # `room` is negative it moves to the right. `start` is the place of a product that stays.
    wide = form.exponent + 2
    room = _exponent_sum(n, "room", x.exponent, y.exponent, -form.bias, wide)
    start = form.precision + 1
    amount_bits = (2 * form.precision).bit_length()
    bounded = _exponent_sum(n, "bounded", x.exponent, y.exponent, start - form.bias, wide)
    padded = zeros.padded(wide)
    counted = add(n, "counted", padded, constant(wide, start))
    margin = subtract(n, "margin", room, padded)
    # Compared as signed numbers: whether the zeros can be shifted away with one place to spare.
    free = n.let("free", 1, "~{0} & (|{1})", [margin.top, margin], 2 * LEVEL_NS)
    limited = masked(n, "limited", bounded, n.let("kept", 1, "~{0}", [bounded.top], MERGED_NS))
    amount = choose(n, "amount", free, counted, limited).low(amount_bits)
    placed = shift_left(n, "placed", join(constant(start, 0), product), amount)

    more = n.let("more", 1, "{0} & ~{1}", [free, placed.top], LEVEL_NS)
    shifted = choose(n, "normal", more, join(placed.low(placed.width - 1), constant(1, 0)), placed)
    one_less = add(n, "one_less", margin, constant(wide, -1))
    exponent = masked(n, "exponent", choose(n, "either", more, one_less, margin), free).low(wide - 1)
    infinite = gate(
        n, "infinite", "{0} | {1} | {2}", overflows(n, form, exponent, shifted.top), x.special, y.special
    )
    zero_x = gate(n, "a_zero", "~({0} | {1})", x.hidden, any_of(n, "a_some", x.fraction))
    zero_y = gate(n, "b_zero", "~({0} | {1})", y.hidden, any_of(n, "b_some", y.fraction))
    nan = gate(
        n, "nan", "{0} | {1} | {2} & {3} | {4} & {5}",
        x.nan, y.nan, x.special, zero_y, y.special, zero_x,
    )  # fmt: skip
    return round_and_pack(n, form, sign, exponent.low(form.exponent), shifted, constant(1, 0), infinite, nan)


def _count_bits(form: Format) -> int:
    """Bits that number the bits of a significand."""
    return (form.precision - 1).bit_length()


def _exponent_sum(n: Netlist, name: str, a: Bits, b: Bits, offset: int, width: int) -> Bits:
    """a + b + offset in two's complement of `width` bits: a row of look-up tables, then one carry chain."""
    operands = [a.padded(width), b.padded(width), constant(width, offset)]
    return n.let(name, width, "{0} + {1} + {2}", operands, LEVEL_NS + carry_ns(width))
