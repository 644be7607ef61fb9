"""The end of every unit whose result is a float: round to nearest, ties to even, and put together."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import LEVEL_NS, MERGED_NS, add, any_of, gate, masked
from seer.backends.rtl.floating.formats import Format
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["overflows", "round_and_pack"]


def round_and_pack(
    n: Netlist,
    form: Format,
    sign: Bits,
    exponent: Bits,
    significand: Bits,
    sticky: Bits,
    infinite: Bits,
    nan: Bits,
) -> Bits:
    """The float of a significand whose first bit has the weight of exponent field `exponent` + 1.

    Where that first bit is 0 the result is subnormal or zero, and `exponent` is ignored. Bits behind the
    precision and `sticky` decide rounding; a carry out of the fraction goes into the exponent, which is
    right also at the ends of both. `infinite` (overflow included) and `nan` override.
    """
    top, kept = significand.top, significand.high(form.precision).low(form.fraction)
    rest = significand.low(significand.width - form.precision)
    guard = rest.top
    below = any_of(n, "below", rest.low(rest.width - 1)) if rest.width > 1 else None
    # Overridden in front of the sum, where nothing waits for it, and where it may be a register's reset.
    override = gate(n, "override", "{0} | {1}", infinite, nan)
    up = n.let(
        "round_up", 1, "{0} & (|{1}) & ~{2}", [guard, join(kept.bit(0), below, sticky), override], LEVEL_NS
    )
    one = n.let("first", 1, "{0} & ~{1}", [top, override], MERGED_NS)
    least = join(constant(form.exponent - 1, 0), one, constant(form.fraction, 0))
    field = masked(n, "field", exponent, top)
    special = join(constant(form.exponent, -1), nan, constant(form.fraction - 1, 0))
    chosen = n.let(
        "chosen", form.width - 1, "{0} ? {1} : {2}", [override, special, join(field, kept)], MERGED_NS
    )
    magnitude = add(n, "magnitude", chosen, least, up)
    positive = gate(n, "result_sign", "{0} & ~{1}", sign, nan)
    return join(positive, magnitude)


def overflows(n: Netlist, form: Format, exponent: Bits, top: Bits) -> Bits:
    """Whether a non-negative `exponent`, as `round_and_pack` takes it but wider, leaves the format."""
    high = exponent.high(exponent.width - form.exponent)
    field = exponent.low(form.exponent)
    return n.let("overflow", 1, "{0} & ((|{1}) | (&{2}))", [top, high, field.part(form.exponent - 1, 1)], 1.8)
