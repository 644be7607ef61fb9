"""Interval analysis of single expressions: constant bounds of the signed and the unsigned reading.

Sound for every state and for all induction values in their constant hulls. An induction variable
whose hull is empty (a loop that never runs) gets no facts at all: see the traps of docs/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seer.lang.operators import mask, to_signed
from seer.lang.terms import Const, Expr, Iv, Load, Op, Param, Range, Table, out_of_bounds_value
from seer.lang.traverse import unknown

__all__ = ["Interval", "Intervals"]


@dataclass(frozen=True)
class Interval:
    """Inclusive bounds of a value of `width` bits, read unsigned and read signed."""

    width: int
    ulo: int
    uhi: int
    slo: int
    shi: int

    @property
    def signed_bounds(self) -> tuple[int, int]:
        return self.slo, self.shi

    @staticmethod
    def full(width: int) -> Interval:
        return Interval(width, 0, mask(width), -(1 << (width - 1)), mask(width - 1) if width > 1 else 0)

    @staticmethod
    def unsigned(width: int, lo: int, hi: int) -> Interval:
        """The values lo..hi if they fit `width` bits unsigned, else everything."""
        whole = Interval.full(width)
        if not 0 <= lo <= hi <= whole.uhi:
            return whole
        if hi <= whole.shi:
            return Interval(width, lo, hi, lo, hi)
        if lo > whole.shi:
            return Interval(width, lo, hi, lo - (1 << width), hi - (1 << width))
        return Interval(width, lo, hi, whole.slo, whole.shi)

    @staticmethod
    def signed(width: int, lo: int, hi: int) -> Interval:
        """The values lo..hi if they fit `width` bits signed, else everything."""
        whole = Interval.full(width)
        if not whole.slo <= lo <= hi <= whole.shi:
            return whole
        if lo >= 0:
            return Interval(width, lo, hi, lo, hi)
        if hi < 0:
            return Interval(width, lo + (1 << width), hi + (1 << width), lo, hi)
        return Interval(width, 0, whole.uhi, lo, hi)

    def meet(self, other: Interval) -> Interval:
        """Both facts together; contradictory facts (unreachable code) give `self`."""
        ulo, uhi = max(self.ulo, other.ulo), min(self.uhi, other.uhi)
        slo, shi = max(self.slo, other.slo), min(self.shi, other.shi)
        return Interval(self.width, ulo, uhi, slo, shi) if ulo <= uhi and slo <= shi else self


class Intervals:
    """Memoised intervals of expressions."""

    def __init__(self) -> None:
        self._memo: dict[Expr, Interval] = {}

    def of(self, root: Expr) -> Interval:
        for node in unknown(root, self._memo):
            self._memo[node] = self._node(node)
        return self._memo[root]

    def _node(self, node: Expr) -> Interval:
        match node:
            case Const():
                return Interval.unsigned(node.bits, node.value, node.value)
            case Iv():
                if node.lower >= node.upper:
                    return Interval.full(node.bits)
                # Not the last multiple of the step: the hull's lower bound need not be the loop's.
                return _declared(node.bits, node.lower, node.upper - 1)
            case Param():
                return _content(node.bits, node.content)
            case Load(array=Table() as table):
                return self._table(node, table)
            case Load():
                return _content(node.width, node.array.type.content)
            case Op():
                return self._op(node, [self._memo[o] for o in node.operands])
            case _:
                raise TypeError(type(node).__name__)

    def _table(self, node: Load, table: Table) -> Interval:
        """The hull of the values at the places that the subscripts may select, and of what is read out of
        bounds where that is possible."""
        places = [(self._memo[i], extent) for i, extent in zip(node.indices, table.type.shape, strict=True)]
        values = set(_selected(table.values, places))
        if any(index.uhi >= extent for index, extent in places):
            values.add(out_of_bounds_value(table.type))
        if not values:
            return _content(node.width, table.type.content)
        signed = [to_signed(value, node.width) for value in values]
        return Interval(node.width, min(values), max(values), min(signed), max(signed))

    def _op(self, node: Op, args: list[Interval]) -> Interval:
        w = node.bits
        match node.name:
            case "add" | "sub" | "mul":
                return _arithmetic(node.name, w, *args)
            case "zext":
                return Interval.unsigned(w, args[0].ulo, args[0].uhi)
            case "sext":
                return Interval.signed(w, args[0].slo, args[0].shi)
            case "trunc":
                a = args[0]
                return Interval.unsigned(w, a.ulo, a.uhi).meet(Interval.signed(w, a.slo, a.shi))
            case "and":
                return Interval.unsigned(w, 0, min(args[0].uhi, args[1].uhi))
            case "udiv" if args[1].ulo > 0:
                return Interval.unsigned(w, args[0].ulo // args[1].uhi, args[0].uhi // args[1].ulo)
            case "urem" if args[1].ulo > 0:
                return Interval.unsigned(w, 0, min(args[0].uhi, args[1].uhi - 1))
            case "lshr":
                low = args[0].ulo >> args[1].uhi if args[1].uhi < w else 0
                return Interval.unsigned(w, low, args[0].uhi >> min(args[1].ulo, w))
            case "shl" if args[1].uhi < w:
                low, high = args[1].ulo, args[1].uhi
                unsigned = Interval.unsigned(w, args[0].ulo << low, args[0].uhi << high)
                corners = [bound << by for bound in (args[0].slo, args[0].shi) for by in (low, high)]
                return unsigned.meet(Interval.signed(w, min(corners), max(corners)))
            case "select":
                a, b = args[1], args[2]
                return Interval(w, min(a.ulo, b.ulo), max(a.uhi, b.uhi), min(a.slo, b.slo), max(a.shi, b.shi))
            case _:
                return Interval.full(w)


def _declared(width: int, lo: int, hi: int) -> Interval:
    return Interval.signed(width, lo, hi) if lo < 0 else Interval.unsigned(width, lo, hi)


def _content(width: int, content: Range | None) -> Interval:
    return Interval.full(width) if content is None else _declared(width, content.lower, content.upper)


def _arithmetic(name: str, w: int, a: Interval, b: Interval) -> Interval:
    def bounds(alo: int, ahi: int, blo: int, bhi: int) -> tuple[int, int]:
        match name:
            case "add":
                return alo + blo, ahi + bhi
            case "sub":
                return alo - bhi, ahi - blo
            case _:
                corners = [x * y for x in (alo, ahi) for y in (blo, bhi)]
                return min(corners), max(corners)

    unsigned = Interval.unsigned(w, *bounds(a.ulo, a.uhi, b.ulo, b.uhi))
    return unsigned.meet(Interval.signed(w, *bounds(a.slo, a.shi, b.slo, b.shi)))


def _selected(values: Sequence[int], places: Sequence[tuple[Interval, int]]) -> Iterator[int]:
    """The values of a table, row by row, at subscripts of given ranges and extents."""
    if not places:
        yield from values
        return
    (index, extent), *inner = places
    size = len(values) // extent if extent else 0
    for place in range(index.ulo, min(index.uhi, extent - 1) + 1):
        yield from _selected(values[place * size : (place + 1) * size], inner)
