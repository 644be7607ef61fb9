"""Square root: non-restoring digit recurrence, one bit a step."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import MERGED_NS, add, any_of, choose, gate, masked
from seer.backends.rtl.floating.division import inverted, normalised
from seer.backends.rtl.floating.formats import Format, unpack
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join
from seer.backends.rtl.floating.rounding import round_and_pack

__all__ = ["square_root"]


def square_root(n: Netlist, form: Format) -> Bits:
    """√a; NaN for negative numbers, −0 for −0."""
    a = n.input("a", form.width)
    x = unpack(n, form, "a", a)
    wide = form.exponent + 2
    significand, power = normalised(n, form, "a", x, wide)
    # An odd distance from the bias doubles the radicand; the rest of it is halved.
    halved = add(n, "halved", power, constant(wide, form.bias - 2))
    even = power.bit(0)
    zero = constant(1, 0)
    radicand = choose(n, "radicand", even, join(zero, significand), join(significand, zero))
    root, inexact = _root(n, radicand)
    some = gate(n, "some", "{0} | {1}", x.hidden, any_of(n, "a_any", x.fraction))
    negative = gate(n, "negative", "{0} & {1}", x.sign, some)
    nan = gate(n, "nan", "{0} | {1}", x.nan, negative)
    exponent = halved.part(form.exponent, 1)
    return round_and_pack(n, form, x.sign, exponent, root, inexact, x.special, nan)


def _root(n: Netlist, radicand: Bits) -> tuple[Bits, Bits]:
    """As many bits of √radicand as it has, for a number in [1, 4) with two bits before the point; and
    whether something is left."""
    count = radicand.width
    source = join(radicand, constant(count, 0))
    rest, signs = constant(2, 0), None
    for step in range(count):
        pair = source.part(2 * count - 1 - 2 * step, 2 * count - 2 - 2 * step)
        takes = inverted(n, "takes", rest.top)
        # −(4·root + 1) is the complement of 4·root with two ones behind it; 4·root + 3 is added back. Bits
        # of the root are the inverted signs of the remainders.
        turned = [] if signs is None else [_turned(n, signs, rest.top)]
        size = step + 3
        trial = join(rest, pair).low(size)
        rest = add(n, "rest", trial, join(takes, *turned, constant(2, 3)))
        signs = join(signs, rest.top)
    assert signs is not None
    root = inverted(n, "root", signs)
    lent = masked(n, "lent", join(constant(1, 0), root, constant(1, 1)), rest.top)
    restored = add(n, "restored", rest, lent)
    return root, any_of(n, "inexact", restored)


def _turned(n: Netlist, x: Bits, condition: Bits) -> Bits:
    """~x where the condition holds, else x."""
    return n.let("turned", x.width, "{0} ^ {1}", [x, condition.repeated(x.width)], MERGED_NS)
