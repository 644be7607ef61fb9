"""Shifters and leading-zero counters, in levels between which registers may stand."""

from __future__ import annotations

from seer.backends.rtl.floating.cells import LEVEL_NS, any_of
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["leading_zeros", "shift_left", "shift_right_sticky"]

_PAIRED_NS = 0.6 * LEVEL_NS


def _selected(n: Netlist, name: str, select: Bits, choices: list[Bits]) -> Bits:
    """choices[select], for two choices or four: one look-up table a bit."""
    width = choices[0].width
    if len(choices) == 2:
        return n.let(name, width, "{0} ? {2} : {1}", [select, *choices], LEVEL_NS)
    template = "{1} ? ({0} ? {5} : {4}) : ({0} ? {3} : {2})"
    return n.let(name, width, template, [select.bit(0), select.bit(1), *choices], LEVEL_NS)


def _levels(amount: Bits) -> list[tuple[Bits, int]]:
    """The amount's bits in pairs, the most significant first, and the weight of each pair's lower bit."""
    levels: list[tuple[Bits, int]] = []
    high = amount.width
    while high > 0:
        low = max(0, high - 2)
        levels.append((amount.part(high - 1, low), 1 << low))
        high = low
    return levels


def shift_left(n: Netlist, name: str, x: Bits, amount: Bits) -> Bits:
    """x << amount at the width of x."""
    for select, unit in _levels(amount):
        choices = [_moved_left(x, unit * k) for k in range(1 << select.width)]
        x = _selected(n, name, select, choices)
    return x


def _moved_left(x: Bits, amount: int) -> Bits:
    if amount == 0:
        return x
    if amount >= x.width:
        return constant(x.width, 0)
    return join(x.low(x.width - amount), constant(amount, 0))


def _moved_right(x: Bits, amount: int) -> Bits:
    if amount == 0:
        return x
    if amount >= x.width:
        return constant(x.width, 0)
    return join(constant(amount, 0), x.high(x.width - amount))


def shift_right_sticky(
    n: Netlist, name: str, x: Bits, amount: Bits, sticky: Bits | None = None
) -> tuple[Bits, Bits]:
    """x >> amount at the width of x, and whether a bit that is set fell off, now or before (`sticky`)."""
    lost = constant(1, 0) if sticky is None else sticky
    for select, unit in _levels(amount):
        choices = [_moved_right(x, unit * k) for k in range(1 << select.width)]
        losses = [lost]
        for k in range(1, 1 << select.width):
            gone = x.low(min(x.width, unit * k))
            losses.append(join(lost, any_of(n, f"{name}_lost", gone) if gone.width > 3 else gone))
        x = _selected(n, name, select, choices)
        lost = _any_selected(n, f"{name}_sticky", select, losses)
    return x, lost


def _any_selected(n: Netlist, name: str, select: Bits, choices: list[Bits]) -> Bits:
    """Whether any bit of choices[select] is set."""
    if len(choices) == 2:
        return n.let(name, 1, "{0} ? |{2} : |{1}", [select, *choices], LEVEL_NS)
    template = "{1} ? ({0} ? |{5} : |{4}) : ({0} ? |{3} : |{2})"
    return n.let(name, 1, template, [select.bit(0), select.bit(1), *choices], 1.2 * LEVEL_NS)


def leading_zeros(n: Netlist, name: str, x: Bits) -> Bits:
    """How many zeros stand before the first one, in as many bits as number the bits of x.

    For x = 0 it is the width of x, or one less where that is a power of two.
    """
    size = max(1, (x.width - 1).bit_length())
    spare = (1 << size) - x.width
    padded = join(x, constant(spare, -1)) if spare else x
    return _count(n, name, padded, size)[1]


def _count(n: Netlist, name: str, x: Bits, size: int) -> tuple[Bits, Bits]:
    """Whether x of 2^size bits is zero, and its leading zeros in `size` bits if it is not."""
    if size == 1:
        return n.let(f"{name}_none", 1, "~|{0}", [x], LEVEL_NS), n.let(
            f"{name}_at", 1, "~{0}", [x.top], LEVEL_NS
        )
    if size == 2:
        none = n.let(f"{name}_none", 1, "~|{0}", [x], LEVEL_NS)
        at = n.let(
            f"{name}_at",
            2,
            "{{~({0} | {1}), ~{0} & ({1} | ~{2})}}",
            [x.bit(3), x.bit(2), x.bit(1)],
            LEVEL_NS,
        )
        return none, at
    half = x.width // 2
    (high_none, high), (low_none, low) = (
        _count(n, name, part, size - 1) for part in (x.high(half), x.low(half))
    )
    # Two of these levels fit one look-up table.
    none = n.let(f"{name}_none", 1, "{0} & {1}", [high_none, low_none], _PAIRED_NS)
    rest = n.let(f"{name}_at", size - 1, "{0} ? {1} : {2}", [high_none, low, high], _PAIRED_NS)
    return none, join(high_none, rest)
