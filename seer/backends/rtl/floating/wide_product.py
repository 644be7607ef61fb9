"""Products wider than a DSP block: tiles of 24 × 17 bits, which a 7-series block multiplies unsigned.

The tiles of one chunk of the first factor are summed in the blocks' own cascade, the columns that this
gives in look-up tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from seer.backends.rtl.floating.cells import LEVEL_NS, add, carry_ns, product
from seer.backends.rtl.floating.netlist import Bits, Netlist, constant, join

__all__ = ["wide_product"]

_LONG, _SHORT = 24, 17
_LONGEST_CHAIN = 48
_NARROW = 2
"""Factors of so many bits are left to look-up tables."""


@dataclass(frozen=True)
class _Term:
    """`bits` · 2^offset."""

    offset: int
    bits: Bits

    @property
    def end(self) -> int:
        return self.offset + self.bits.width


def wide_product(n: Netlist, a: Bits, b: Bits) -> Bits:
    """a · b, with as many bits as both have."""
    width = a.width + b.width
    terms: list[_Term] = []
    rest = b.width % _SHORT
    if b.width > _SHORT and 0 < rest <= _NARROW:
        offset = b.width - rest
        terms.append(_Term(offset, _strip(n, a, b.high(rest))))
        b = b.low(offset)
    terms += [_Term(i, _column(n, x, [y for _, y in _chunks(b, _SHORT)])) for i, x in _chunks(a, _LONG)]
    rows = _rows(terms)
    while len(rows) > 1:
        sums = [_sum(n, rows[k], rows[k + 1], width) for k in range(0, len(rows) - 1, 2)]
        rows = sums + rows[len(sums) * 2 :]
    bits = rows[0].bits
    return bits.padded(width).low(width)


def _chunks(x: Bits, size: int) -> list[tuple[int, Bits]]:
    starts = range(0, x.width, size)
    return [(start, x.part(min(start + size, x.width) - 1, start)) for start in starts]


def _column(n: Netlist, x: Bits, factors: list[Bits]) -> Bits:
    """x times the factors side by side, the least significant first."""
    total = product(n, "product", x, factors[0])
    below: list[Bits] = []
    for factor in factors[1:]:
        below.insert(0, total.low(_SHORT))
        total = product(n, "product", x, factor, total.part(total.width - 1, _SHORT))
    return join(total, *below)


def _strip(n: Netlist, a: Bits, b: Bits) -> Bits:
    """a times a factor of one or two bits."""
    once = b.bit(0).repeated(a.width)
    if b.width == 1:
        return n.let("strip", a.width, "{0} & {1}", [a, once], LEVEL_NS)
    template = "{{2'b0, {0} & {1}}} + {{1'b0, {0} & {2}, 1'b0}}"
    operands = [a, once, b.bit(1).repeated(a.width)]
    return n.let("strip", a.width + 2, template, operands, carry_ns(a.width))


def _rows(terms: list[_Term]) -> list[_Term]:
    """Terms that do not overlap put side by side, the lowest first."""
    rows: list[list[_Term]] = []
    for term in sorted(terms, key=lambda t: (t.offset, t.end)):
        row = next((row for row in rows if row[-1].end <= term.offset), None)
        if row is None:
            rows.append([term])
        else:
            row.append(term)
    return [_side_by_side(row) for row in rows]


def _side_by_side(row: list[_Term]) -> _Term:
    bits = row[0].bits
    for previous, term in pairwise(row):
        gap = term.offset - previous.end
        bits = join(term.bits, constant(gap, 0) if gap else None, bits)
    return _Term(row[0].offset, bits)


def _sum(n: Netlist, x: _Term, y: _Term, width: int) -> _Term:
    """The sum of two terms; bits below the higher offset need no adder."""
    low, high = (x, y) if x.offset <= y.offset else (y, x)
    end = min(max(low.end, high.end) + 1, width)
    kept = min(high.offset, low.end) - low.offset
    below = low.bits.low(kept) if kept else None
    gap = high.offset - low.offset - kept
    if gap or kept == low.bits.width:
        middle = constant(gap, 0) if gap else None
        return _Term(low.offset, join(high.bits, middle, below))
    size = end - high.offset
    above = low.bits.part(low.bits.width - 1, kept)
    total = _wide_add(n, above.padded(size).low(size), high.bits.padded(size).low(size))
    return _Term(low.offset, join(total, below))


def _wide_add(n: Netlist, a: Bits, b: Bits) -> Bits:
    """a + b at their width, in halves where one carry chain would be too long for a cycle."""
    if a.width <= _LONGEST_CHAIN:
        return add(n, "partial", a, b)
    half = a.width // 2
    low = add(n, "partial", a.low(half).padded(half + 1), b.low(half).padded(half + 1))
    high = add(n, "partial", a.high(a.width - half), b.high(a.width - half), low.top)
    return join(high, low.low(half))
