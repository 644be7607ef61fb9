"""a · b + c, rounded once (Muller et al., Handbook of Floating-Point Arithmetic, section 8.5).

The product stands still in a window that has room for the addend in front of it, which moves to the right.
"""

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
from seer.backends.rtl.floating.division import normalised
from seer.backends.rtl.floating.formats import Format, Operand, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.parts import leading_zeros, shift_left, shift_right_sticky
from seer.backends.rtl.floating.rounding import overflows, round_and_pack
from seer.backends.rtl.floating.wide_product import wide_product

__all__ = ["fused"]

_GAP, _BELOW = 3, 3
"""Bits of the window between an addend that is far in front and the product, so that this is less than a
quarter of its last place; and behind the product, where a sum that begins within it still rounds."""
_LONGEST_CHAIN = 48
_SHIFT_NS = 1.5 * LEVEL_NS
"""A level of a shifter, as measured here: zeros that move in take look-up tables of their own."""


def fused(n: Netlist, form: Format) -> Bits:
    """a · b + c."""
    n.late_shifts = True
    x, y, z = (unpack(n, form, name, n.input(name, form.width)) for name in "abc")
    wide = form.exponent + 3
    factors = [normalised(n, form, name, operand, wide, _SHIFT_NS) for name, operand in (("a", x), ("b", y))]
    product = wide_product(n, factors[0][0], factors[1][0])
    sign = gate(n, "sign", "{0} ^ {1}", x.sign, y.sign)
    subtracts = gate(n, "subtracts", "{0} ^ {1}", sign, z.sign)
    zero_x, zero_y = _is_zero(n, "a", x), _is_zero(n, "b", y)
    nothing = gate(n, "nothing", "{0} | {1}", zero_x, zero_y)

    # Exponent fields: `base` is that of the window's first bit if the product decides. An addend beyond it
    # stands there itself, with the product as something small behind it.
    front = form.precision + _GAP
    window = front + product.width + _BELOW
    offset = constant(wide, front + 1 - form.bias)
    powers = [power for _, power in factors]
    base = n.let("base", wide, "{0} + {1} + {2}", [*powers, offset], LEVEL_NS + carry_ns(wide))
    field = z.exponent.padded(wide)
    apart = subtract(n, "apart", base, field)
    beyond = gate(n, "beyond", "{0} | {1}", apart.top, nothing)
    first = choose(n, "first_field", beyond, field, base)
    addend = _aligned(n, z.significand, window, apart, beyond)

    signs = subtracts.repeated(addend.width)
    turned = n.let("turned", addend.width, "{0} ^ {1}", [addend, signs], MERGED_NS)
    augend = join(constant(front + 1, 0), product, constant(_BELOW + 1, 0))
    total = _long_sum(n, "total", augend, join(subtracts, turned), subtracts)
    negative = total.top
    flipped = n.let(
        "flipped",
        addend.width,
        "{0} ^ {1}",
        [total.low(addend.width), negative.repeated(addend.width)],
        MERGED_NS,
    )
    size = _long_sum(n, "size", flipped, constant(addend.width, 0), negative)

    # The first bit may move up to where its exponent field is 1; a one there stops the count of zeros.
    room = add(n, "room", first, constant(wide, -1))
    stop = _one_behind(n, room, size.width)
    # Twice a level: counts of so many bits map to more of them.
    stopped = n.let("stopped", size.width, "{0} | {1}", [size, stop], 2 * LEVEL_NS)
    zeros = leading_zeros(n, "zeros", stopped)
    shifted = shift_left(n, "normal", size, zeros, _SHIFT_NS)
    exponent = subtract(n, "exponent", room, zeros.padded(wide))

    infinite_product = gate(n, "product_special", "{0} | {1}", x.special, y.special)
    over = overflows(n, form, exponent.low(wide - 1), shifted.top)
    infinite = gate(n, "infinite", "{0} | {1} | {2}", over, infinite_product, z.special)
    nan = _nan(n, (x, y, z), (zero_x, zero_y), infinite_product, subtracts)
    some = any_of(n, "some", size)
    # What cancels exactly is +0.
    finite = gate(
        n, "finite_sign", "{0} ? ({1} ? {2} : {3}) : {3} & ~{4}", some, negative, z.sign, sign, subtracts
    )
    result_sign = gate(
        n, "sign_of_all", "{0} ? {1} : {2} ? {3} : {4}", z.special, z.sign, infinite_product, sign, finite
    )
    field = exponent.low(form.exponent)
    return round_and_pack(n, form, result_sign, field, shifted, constant(1, 0), infinite, nan)


def _one_behind(n: Netlist, places: Bits, width: int) -> Bits:
    """A one so many places behind the first of `width` bits, if it is among them."""
    near = min((width - 1).bit_length(), places.width)
    one = f"{width}'h{1 << (width - 1):x}"
    limit = n.let("limit", width, f"{one} >> {{0}}", [places.low(near)], 2.2 * LEVEL_NS)
    if near == places.width:
        return limit
    within = n.let("within", 1, "~|{0}", [places.high(places.width - near)], LEVEL_NS)
    return masked(n, "limited", limit, within)


def _is_zero(n: Netlist, name: str, x: Operand) -> Bits:
    return gate(n, f"{name}_zero", "~({0} | {1})", x.hidden, any_of(n, f"{name}_some", x.fraction))


def _nan(
    n: Netlist, operands: tuple[Operand, ...], zeros: tuple[Bits, Bits], product: Bits, subtracts: Bits
) -> Bits:
    """A NaN among the operands, infinity times zero, or infinities of different signs."""
    x, y, z = operands
    given = gate(n, "nan_given", "{0} | {1} | {2}", x.nan, y.nan, z.nan)
    undefined = gate(n, "undefined", "{0} & {1} | {2} & {3}", x.special, zeros[1], y.special, zeros[0])
    clash = gate(n, "clash", "{0} & {1} & {2}", product, z.special, subtracts)
    return gate(n, "nan", "{0} | {1} | {2}", given, undefined, clash)


def _aligned(n: Netlist, significand: Bits, window: int, apart: Bits, beyond: Bits) -> Bits:
    """The addend from the front of the window moved to the right by `apart`, unless it is `beyond`, with one
    more bit that stands for what falls off."""
    near = min(window.bit_length(), apart.width - 1)
    stays = n.let("moves", 1, "~{0}", [beyond], MERGED_NS)
    amount = masked(n, "amount", apart.low(near), stays)
    source = join(significand, constant(window - significand.width, 0))
    moved, sticky = shift_right_sticky(n, "align", source, amount)
    if near == apart.width - 1:
        return join(moved, sticky)
    far = any_of(n, "high", apart.part(apart.width - 2, near))
    gone = gate(n, "gone", "{0} & {1}", far, stays)
    rest = any_of(n, "addend_any", significand)
    return n.let(
        "addend", window + 1, "{0} ? {1} : {2}",
        [gone, join(constant(window, 0), rest), join(moved, sticky)], LEVEL_NS,
    )  # fmt: skip


def _long_sum(n: Netlist, name: str, a: Bits, b: Bits, carry: Bits) -> Bits:
    """a + b + carry at their width, in carry chains of at most 48 bits, one after the other."""
    parts: list[Bits] = []
    for low in range(0, a.width, _LONGEST_CHAIN):
        high = min(a.width, low + _LONGEST_CHAIN) - 1
        size = high - low + 2
        total = add(n, name, a.part(high, low).padded(size), b.part(high, low).padded(size), carry)
        carry = total.top
        parts.insert(0, total.low(size - 1))
    return join(*parts)
