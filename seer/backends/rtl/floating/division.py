"""Quotient: non-restoring digit recurrence (Ercegovac and Lang, Digital Arithmetic, section 5.2).

The signs of its remainders are the bits of the restoring quotient. Two bits a step are had by computing the
second remainder for both signs of the first.
"""

from __future__ import annotations

from seer.backends.rtl.floating.cells import LEVEL_NS, MERGED_NS, add, any_of, choose, gate, masked, subtract
from seer.backends.rtl.floating.formats import Format, Operand, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.parts import leading_zeros, shift_left, shift_right_sticky
from seer.backends.rtl.floating.rounding import overflows, round_and_pack

__all__ = ["division", "inverted", "normalised"]


def division(n: Netlist, form: Format, bits_a_step: int) -> Bits:
    """a / b, one or two quotient bits a step."""
    a, b = n.input("a", form.width), n.input("b", form.width)
    x, y = unpack(n, form, "a", a), unpack(n, form, "b", b)
    sign = gate(n, "sign", "{0} ^ {1}", x.sign, y.sign)
    wide = form.exponent + 3
    (top, top_exponent), (bottom, bottom_exponent) = (
        normalised(n, form, name, operand, wide) for name, operand in (("a", x), ("b", y))
    )
    # The exponent field less 1, were the quotient at least 1.
    apart = subtract(n, "apart", top_exponent, bottom_exponent)
    room = add(n, "room", apart, constant(wide, form.bias - 1))
    quotient, inexact = _divide(n, top, bottom, bits_a_step)

    below = n.let("below_one", 1, "~{0}", [quotient.top], MERGED_NS)
    less = add(n, "room_less", room, constant(wide, -1))
    exponent = choose(n, "exponent", below, less, room)
    shifted = choose(n, "leading", below, join(quotient.low(quotient.width - 1), constant(1, 0)), quotient)
    small = exponent.top
    kept = n.let("kept", 1, "~{0}", [small], MERGED_NS)
    field = masked(n, "positive", exponent, kept).low(wide - 1)
    # Where `exponent` is −k the result is subnormal, shifted to the right by k.
    back = subtract(n, "back", constant(wide, 0), exponent)
    near = quotient.width.bit_length()
    far = gate(n, "far", "{0} & (|{1})", small, back.part(wide - 1, near))
    amount = masked(n, "back_amount", back.low(near), small)
    significand, sticky = shift_right_sticky(n, "subnormal", shifted, amount, inexact)
    zero = n.let("gone", 1, "{0} | {1}", [far, y.special], MERGED_NS)
    stays = n.let("stays", 1, "~{0}", [zero], MERGED_NS)
    significand = masked(n, "significand", significand, stays)
    nothing = gate(n, "nothing", "{0}", y.special)
    last = n.let("sticky", 1, "({0} | {1}) & ~{2}", [far, sticky, nothing], MERGED_NS)
    zero_x = gate(n, "a_zero", "~({0} | {1})", x.hidden, any_of(n, "a_some", x.fraction))
    zero_y = gate(n, "b_zero", "~({0} | {1})", y.hidden, any_of(n, "b_some", y.fraction))
    over = overflows(n, form, field, significand.top)
    infinite = gate(n, "infinite", "{0} | {1} | {2}", over, x.special, zero_y)
    nan = gate(
        n, "nan", "{0} | {1} | {2} & {3} | {4} & {5}",
        x.nan, y.nan, zero_x, zero_y, x.special, y.special,
    )  # fmt: skip
    return round_and_pack(n, form, sign, field.low(form.exponent), significand, last, infinite, nan)


def normalised(
    n: Netlist, form: Format, name: str, x: Operand, width: int, level_ns: float = LEVEL_NS
) -> tuple[Bits, Bits]:
    """The significand with its first bit set (unless zero), and its exponent in two's complement; a level of
    the shifter takes `level_ns`."""
    zeros = leading_zeros(n, f"{name}_zeros", x.significand)
    significand = shift_left(n, f"{name}_normal", x.significand, zeros, level_ns)
    exponent = subtract(n, f"{name}_power", x.exponent.padded(width), zeros.padded(width))
    return significand, exponent


def _divide(n: Netlist, a: Bits, b: Bits, bits_a_step: int) -> tuple[Bits, Bits]:
    """The quotient of numbers in [1, 2): one bit before the point and one more behind it than b has (a
    quotient below 1 lacks the first); and whether something is left."""
    size = b.width + 1
    divisor = b.padded(size)
    rest = subtract(n, "rest", a.padded(size), divisor)
    # Signs are kept as they are, and inverted to digits once they are all there.
    signs = [rest.top]
    left = b.width + 1
    if bits_a_step == 2 and left > 1:
        triple = add(n, "triple", join(b, constant(1, 0)), divisor)
        while left > 1:
            rest, first = _two_steps(n, rest, divisor, triple)
            signs += [first, rest.top]
            left -= 2
    for _ in range(left):
        rest = _step(n, rest, divisor)
        signs.append(rest.top)
    restored = add(n, "restored", rest, masked(n, "lent", divisor, rest.top))
    return inverted(n, "quotient", join(*signs)), any_of(n, "inexact", restored)


def inverted(n: Netlist, name: str, x: Bits) -> Bits:
    """~x."""
    return n.let(name, x.width, "~{0}", [x], MERGED_NS)


def _signed(n: Netlist, name: str, x: Bits, sign: Bits) -> Bits:
    """x, or its complement where `sign` is set."""
    return n.let(name, x.width, "{0} ^ {1}", [x, sign.repeated(x.width)], MERGED_NS)


def _step(n: Netlist, rest: Bits, divisor: Bits) -> Bits:
    """2·rest ∓ divisor."""
    takes = inverted(n, "takes", rest.top)
    # The complement's one goes into the empty last place of 2·rest.
    doubled = join(rest.low(divisor.width - 1), takes)
    return add(n, "rest", doubled, _signed(n, "step", divisor, takes))


def _two_steps(n: Netlist, rest: Bits, divisor: Bits, triple: Bits) -> tuple[Bits, Bits]:
    """Two steps at once: 4·rest ∓ 2·divisor ∓ divisor, the second sign by that of 2·rest ∓ divisor, which
    comes with it."""
    size = divisor.width
    takes = inverted(n, "takes", rest.top)
    once = _signed(n, "once", divisor, takes)
    first = add(n, "first", join(rest.low(size - 1), takes), once)
    fourfold = join(rest.low(size - 2), constant(1, 0), takes)
    near = add(n, "near", fourfold, once)
    far = add(n, "beyond", fourfold, _signed(n, "thrice", triple, takes))
    same = n.let("same", 1, "{0} == {1}", [first.top, rest.top], MERGED_NS)
    return choose(n, "rest", same, far, near), first.top
