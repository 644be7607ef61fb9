"""Shifters and leading-zero counters, in levels between which registers may stand."""

from __future__ import annotations

from itertools import groupby

from seer.backends.rtl.floating.cells import LEVEL_NS, any_of
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["leading_zeros", "shift_left", "shift_right_sticky"]

_PAIRED_NS = 0.6 * LEVEL_NS
"""Half a look-up table's level: two fit one."""


def _selected(n: Netlist, name: str, select: Bits, choices: list[Bits], level_ns: float = LEVEL_NS) -> Bits:
    """choices[select], for two choices or four: one look-up table a bit."""
    width = choices[0].width
    shifted_in = [any(choice.bit(k).is_constant for choice in choices) for k in range(width)]
    parts: list[Bits] = []
    for is_constant, bits in groupby(range(width), lambda k: shifted_in[k]):
        places = list(bits)
        cut = [x.part(places[-1], places[0]) for x in choices]
        parts.insert(0, _mux(n, name, select, cut, is_constant, level_ns))
    return join(*parts)


def _mux(n: Netlist, name: str, select: Bits, choices: list[Bits], masked: bool, level_ns: float) -> Bits:
    """The same as AND-OR where zeros move in (`masked`), else as ?:. Of ?: with zeros Yosys makes a
    register's reset, and of that a look-up table behind the others; AND-OR it splits into more levels."""
    width, bits = choices[0].width, [select.bit(k) for k in range(select.width)]
    if masked:
        masks = (
            ["~{0}", "{0}"] if len(bits) == 1 else ["~{1} & ~{0}", "~{1} & {0}", "{1} & ~{0}", "{1} & {0}"]
        )
        terms = [f"{{{{{width}{{{{{mask}}}}}}}}} & {{{len(bits) + k}}}" for k, mask in enumerate(masks)]
        template = " | ".join(terms)
    elif len(bits) == 1:
        template = "{0} ? {2} : {1}"
    else:
        template = "{1} ? ({0} ? {5} : {4}) : ({0} ? {3} : {2})"
    return n.let(name, width, template, [*bits, *choices], level_ns)


def _levels(amount: Bits) -> list[tuple[Bits, int]]:
    """The amount's bits in pairs, the most significant first, and the weight of each pair's lower bit."""
    levels: list[tuple[Bits, int]] = []
    high = amount.width
    while high > 0:
        low = max(0, high - 2)
        levels.append((amount.part(high - 1, low), 1 << low))
        high = low
    return levels


def shift_left(n: Netlist, name: str, x: Bits, amount: Bits, level_ns: float = LEVEL_NS) -> Bits:
    """x << amount at the width of x, each level in so many ns."""
    for select, unit in _levels(amount):
        choices = [_moved_left(x, unit * k) for k in range(1 << select.width)]
        x = _selected(n, name, select, choices, level_ns)
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
    lost = [] if sticky is None else [sticky]
    for select, unit in _levels(amount):
        choices = [_moved_right(x, unit * k) for k in range(1 << select.width)]
        gone = [x.low(min(x.width, unit * k)) for k in range(1, 1 << select.width)]
        lost.append(_any_selected(n, name, select, gone))
        x = _selected(n, name, select, choices)
    return x, any_of(n, f"{name}_sticky", join(*lost))


def _any_selected(n: Netlist, name: str, select: Bits, choices: list[Bits]) -> Bits:
    """Whether any bit of choices[select - 1] is set; no for select = 0."""
    some = [any_of(n, f"{name}_lost", x) if x.width > 2 else x for x in choices]
    operands = [select.bit(0), select.top, *some]
    if len(choices) == 1:
        return n.let(f"{name}_gone", 1, "{0} & (|{2})", operands, LEVEL_NS)
    template = "{1} ? ({0} ? |{4} : |{3}) : {0} & (|{2})"
    return n.let(f"{name}_gone", 1, template, operands, 1.2 * LEVEL_NS)


def leading_zeros(n: Netlist, name: str, x: Bits) -> Bits:
    """How many zeros stand before the first one, in as many bits as number the bits of x.

    For x = 0 it is the width of x, or one less where that is a power of two.
    """
    size = max(1, (x.width - 1).bit_length())
    spare = (1 << size) - x.width
    padded = join(x, constant(spare, -1)) if spare else x
    return _count(n, name, padded, size, quarters=size % 2 == 0)[1]


def _count(n: Netlist, name: str, x: Bits, size: int, quarters: bool) -> tuple[Bits, Bits]:
    """Whether x of 2^size bits is zero, and its leading zeros in `size` bits if it is not: by halves, or by
    quarters, as the choice of one of four bits is what a look-up table holds."""
    if size == 1:
        none = n.let(f"{name}_none", 1, "~|{0}", [x], LEVEL_NS)
        return none, n.let(f"{name}_at", 1, "~{0}", [x.top], LEVEL_NS)
    if size == 2:
        none = n.let(f"{name}_none", 1, "~|{0}", [x], LEVEL_NS)
        template = "{{~({0} | {1}), ~{0} & ({1} | ~{2})}}"
        return none, n.let(f"{name}_at", 2, template, [x.bit(3), x.bit(2), x.bit(1)], LEVEL_NS)
    ways = 4 if quarters else 2
    each = x.width // ways
    parts = [x.part((k + 1) * each - 1, k * each) for k in reversed(range(ways))]
    counted = [_count(n, name, part, size - ways // 2, quarters) for part in parts]
    nones, places = [none for none, _ in counted], [at for _, at in counted]
    if quarters:
        none = n.let(f"{name}_none", 1, "&{0}", [join(*nones)], LEVEL_NS)
        digit = n.let(f"{name}_digit", 2, "{{{0} & {1}, {0} & (~{1} | {2})}}", nones[:3], LEVEL_NS)
        return none, join(digit, _selected(n, f"{name}_at", digit, places))
    none = n.let(f"{name}_none", 1, "{0} & {1}", nones, _PAIRED_NS)
    rest = n.let(f"{name}_at", size - 1, "{0} ? {2} : {1}", [nones[0], *places], _PAIRED_NS)
    return none, join(nones[0], rest)
