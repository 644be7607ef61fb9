"""The nodes that units are made of, with delays as on 7-series devices (look-up table and wire: 0.9 ns).

The delays only decide where registers are put; what a unit really needs is measured (docs/rtl.md).
"""

from __future__ import annotations

from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = [
    "LEVEL_NS",
    "MERGED_NS",
    "add",
    "any_of",
    "carry_ns",
    "choose",
    "equal",
    "every",
    "gate",
    "less",
    "masked",
    "product",
    "subtract",
]

LEVEL_NS = 0.9
"""A look-up table and the wire to it."""

MERGED_NS = 0.4
"""A gate that goes into the look-up tables of what follows."""

_PRODUCT_NS, _PRODUCT_SETUP_NS, _PRODUCT_LATE_NS = 3.4, 1.75, 1.87


def carry_ns(width: int) -> float:
    """Of a carry chain with a look-up table in front of each bit."""
    return 1.5 + 0.028 * width


def _tree_ns(width: int) -> float:
    """Of a tree of look-up tables with six inputs each."""
    levels, reach = 1, 6
    while reach < width:
        levels, reach = levels + 1, reach * 6
    return LEVEL_NS * levels


def gate(n: Netlist, name: str, template: str, *operands: Bits, width: int = 1) -> Bits:
    """A function of few bits: the operands' total width per result bit decides its delay."""
    inputs = sum(operand.width if width == 1 else 1 for operand in operands)
    return n.let(name, width, template, operands, _tree_ns(inputs))


def any_of(n: Netlist, name: str, x: Bits) -> Bits:
    """Whether a bit is set."""
    return n.let(name, 1, "|{0}", [x], _tree_ns(x.width))


def every(n: Netlist, name: str, x: Bits) -> Bits:
    """Whether all bits are set."""
    return n.let(name, 1, "&{0}", [x], _tree_ns(x.width))


def masked(n: Netlist, name: str, x: Bits, condition: Bits) -> Bits:
    """x where the condition holds, else 0."""
    return n.let(name, x.width, "{0} & {1}", [x, condition.repeated(x.width)], MERGED_NS)


def choose(n: Netlist, name: str, condition: Bits, yes: Bits, no: Bits) -> Bits:
    """`condition ? yes : no`."""
    return n.let(name, yes.width, "{0} ? {1} : {2}", [condition, yes, no], LEVEL_NS)


def add(n: Netlist, name: str, a: Bits, b: Bits, carry: Bits | None = None) -> Bits:
    """a + b + carry at the width of a and b, in one carry chain."""
    if carry is None:
        return n.let(name, a.width, "{0} + {1}", [a, b], carry_ns(a.width))
    wide = n.let(name, a.width + 1, "{0} + {1}", [join(a, constant(1, 1)), join(b, carry)], carry_ns(a.width))
    return wide.high(a.width)


def subtract(n: Netlist, name: str, a: Bits, b: Bits) -> Bits:
    """a − b at their width."""
    return n.let(name, a.width, "{0} - {1}", [a, b], carry_ns(a.width))


def less(n: Netlist, name: str, a: Bits, b: Bits) -> Bits:
    """Whether a < b, unsigned."""
    return n.let(name, 1, "{0} < {1}", [a, b], carry_ns(a.width))


def equal(n: Netlist, name: str, a: Bits, b: Bits) -> Bits:
    """Whether a = b."""
    return n.let(name, 1, "{0} == {1}", [a, b], 1.7 + 0.01 * a.width)


def product(n: Netlist, name: str, a: Bits, b: Bits, addend: Bits | None = None) -> Bits:
    """a · b + addend, unsigned, for factors that fit one DSP block, which may take a register in; the addend
    is at most as wide as the product."""
    width = a.width + b.width
    operands = [a.padded(width), b.padded(width)]
    template = "{0} * {1}"
    if addend is not None:
        operands.append(addend.padded(width))
        template += " + {2}"
    return n.let(name, width, template, operands, _PRODUCT_NS, _PRODUCT_SETUP_NS, _PRODUCT_LATE_NS)
