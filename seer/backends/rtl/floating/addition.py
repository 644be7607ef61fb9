"""Sum and difference: one path, the smaller operand aligned to the larger (Muller et al., Handbook of
Floating-Point Arithmetic, 2nd edition, section 8.2)."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import LEVEL_NS, MERGED_NS, add, any_of, choose, gate, less, subtract
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.parts import leading_zeros, shift_left, shift_right_sticky
from seer.backends.rtl.floating.rounding import round_and_pack

__all__ = ["addition"]


def addition(n: Netlist, form: Format, negated: bool) -> Bits:
    """a + b, or a − b where `negated`."""
    a, b = n.input("a", form.width), n.input("b", form.width)
    if negated:
        b = join(n.let("minus_b", 1, "~{0}", [b.top], MERGED_NS), b.low(form.width - 1))
    x, y = unpack(n, form, "a", a), unpack(n, form, "b", b)
    size_a, size_b = a.low(form.width - 1), b.low(form.width - 1)
    swap = less(n, "swap", size_a, size_b)
    subtracts = gate(n, "subtracts", "{0} ^ {1}", a.top, b.top)
    more = subtract(n, "a_less_b", x.field, y.field)
    less_ = subtract(n, "b_less_a", y.field, x.field)
    apart = choose(n, "apart", swap, less_, more)
    sign, field, significand = (
        choose(n, f"bigger_{name}", swap, second, first)
        for name, first, second in (
            ("sign", x.sign, y.sign),
            ("field", x.field, y.field),
            ("significand", x.significand, y.significand),
        )
    )
    # A subnormal's exponent is that of the field 1: beside a normal operand it is one place less apart.
    closer = gate(n, "closer", "{0} ^ {1}", x.hidden, y.hidden)
    operands = [swap, closer, x.significand, y.significand, *map(_doubled, (x.significand, y.significand))]
    template = "{1} ? ({0} ? {4} : {5}) : ({0} ? {2} : {3})"
    small = n.let("smaller", form.precision, template, operands, LEVEL_NS)
    least = n.let("least", 1, "{0} | ~{1}", [field.bit(0), significand.top], LEVEL_NS)
    exponent = join(field.high(form.exponent - 1), least)
    special = gate(n, "special", "{0} | {1}", x.special, y.special)
    clash = gate(n, "clash", "{0} & {1} & {2}", x.special, y.special, subtracts)
    nan = gate(n, "nan", "{0} | {1} | {2}", x.nan, y.nan, clash)

    total = _total(n, form, significand, small, apart, subtracts)
    # The first bit of `total` weighs twice the larger operand's. Moved by as many places as the exponent has
    # above the least one, and not normal then, it is subnormal.
    # A one at that place stops the count of zeros.
    first = f"{total.width}'h{1 << (total.width - 1):x}"
    limit = n.let("limit", total.width, f"{first} >> {{0}}", [exponent], 2 * LEVEL_NS)
    stopped = n.let("stopped", total.width, "{0} | {1}", [total, limit], LEVEL_NS)
    zeros = leading_zeros(n, "zeros", stopped)
    shifted = shift_left(n, "normal", total, zeros)
    reduced = subtract(n, "reduced", exponent, zeros.padded(form.exponent))
    # What cancels exactly is +0.
    some = any_of(n, "some", total)
    result_sign = gate(n, "sign", "{0} & ({1} | ~{2})", sign, some, subtracts)
    # From the largest finite exponent, a carry leads out of the format.
    last = exponent.part(form.exponent - 1, 1)
    infinite = n.let("infinite", 1, "(&{0}) & {1} | {2}", [last, total.top, special], 1.8)
    return round_and_pack(n, form, result_sign, reduced, shifted, constant(1, 0), infinite, nan)


def _doubled(x: Bits) -> Bits:
    """2·x at its width."""
    return join(x.low(x.width - 1), constant(1, 0))


def _total(n: Netlist, form: Format, large: Bits, small: Bits, apart: Bits, subtracts: Bits) -> Bits:
    """large ± small · 2^−apart, with three bits behind the precision, of which the last one stands for
    whatever is below: enough to round, as a long shift leaves at most one leading zero."""
    size = form.precision + 2
    near = min(size.bit_length(), form.exponent)
    aligned, sticky = shift_right_sticky(n, "align", join(small, constant(2, 0)), apart.low(near))
    aligned = join(aligned, sticky)
    signs = subtracts.repeated(size + 1)
    if near < form.exponent:
        far = any_of(n, "far", apart.high(form.exponent - near))
        beyond = join(constant(size, 0), any_of(n, "small_any", small))
        operands = [far, beyond, aligned, signs]
        addend = n.let("addend", size + 1, "({0} ? {1} : {2}) ^ {3}", operands, MERGED_NS)
    else:
        addend = n.let("addend", size + 1, "{0} ^ {1}", [aligned, signs], MERGED_NS)
    augend = join(constant(1, 0), large, constant(3, 0))
    return add(n, "total", augend, join(subtracts, addend), subtracts)
