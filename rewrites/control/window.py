"""What a nest reads at constant distances is read once, and kept in line buffers and shift registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.conditions import both
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, loop_free
from seer.rewrites.control._clamps import unclamped
from seer.rewrites.control._guards import trips, under
from seer.rewrites.control._nests import Nest, constant, first_value, nest_of, nest_offer, opened
from seer.rewrites.control._own import copied, fresh_array
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control._stencils import Stencil, stencils

__all__ = ["Window"]


_FEW_READS = 2
"""Reads of an iteration up to which a window is one way to spare them among others."""


@dataclass(frozen=True)
class Window(ControlRule):
    """for r for c: B(A[r][c], A[r][c+1], A[r+1][c], …)  -->
    { L0; …; w; for r' for c': { p = A[r'][c']; if (far enough) B(w, L0[c'], p); w = p; L0[c'] = p } }

    Each iteration reads one new element; the others are those that earlier iterations read: in the same row
    registers hold them, of rows before a local array a row. The loops begin as much earlier as the window is
    high and wide, and do nothing but fill it then. Loops over the window itself are unrolled. Where a row is
    longer than `max_words`, the nest is cut into strips. Where a counter decides at a border which element is
    read (i > 0 ? i - 1 : 0), it chooses between elements of the window.

    Conditions: a nest of one or two loops with step 1 and constant bounds; at least two loads of an array
    that it does not write, whose subscripts differ by constants.
    """

    name: ClassVar[str] = "window"
    summary: ClassVar[str] = "for r for c: B(A[r][c], A[r+1][c+1]) --> line buffers; B(L[c], A[r'][c'])"
    conditions: ClassVar[str] = "loads whose subscripts differ by constants, of an array that is not written"
    takes: ClassVar[FragmentKind] = "nest"
    takes_too: ClassVar[tuple[FragmentKind, ...]] = ("loop",)

    max_words: int = 256

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if isinstance(loop, For) and loop.iv.level and loop_free(loop.body):
            # The nest around it is better served by a window over both loops, if it can have one.
            return Attempt((nest_offer(self, fragment, self._as_it_is, inside=True),))
        try:
            # Several reads an iteration as it stands: nothing is gained by other orders of these loops. One
            # of two reads unrolled iterations share as well, and what they store besides.
            most: list[int] = []
            offer = nest_offer(self, fragment, lambda block: self._windowed(nest_of(block), most))
            offer = replace(offer, supersedes=max(most) > _FEW_READS)
        except Refused:
            offer = nest_offer(self, fragment, self._opened)
        return Attempt((offer,))

    def _as_it_is(self, block: Block) -> Block:
        return self._windowed(nest_of(block))

    def _opened(self, block: Block) -> Block:
        return self._windowed(nest_of(opened(block)))

    def _windowed(self, nest: Nest, most: list[int] | None = None) -> Block:
        """The nest with a window; how many elements of one array it is read at joins `most`."""
        if len(nest.loops) > 2:
            raise Refused("there are more than two loops")
        if any(loop.iv.step != 1 for loop in nest.loops):
            raise Refused("a loop has another step than 1")
        if any(0 < scope.depth < len(nest.loops) for scope in nest.scopes):
            raise Refused("a local array has its scope between the loops")
        nest = replace(nest, units=unclamped(nest.units, nest.ivs))
        found = stencils(nest)
        if not found:
            raise Refused("no array is read at constant distances")
        if most is not None:
            most.append(max(stencil.size for stencil in found))
        return _Plan(nest, found, self.max_words).block()


class _Plan:
    """The new nest; the counters of the old one are those of the new one plus a constant, and in strips plus
    the strip's first column."""

    def __init__(self, nest: Nest, found: list[Stencil], words: int) -> None:
        self._nest, self._stencils = nest, found
        self._rows, self._columns = max(s.rows for s in found), max(s.columns for s in found)
        counts = [1, *(trips(loop) for loop in nest.loops)][-2:]
        strips = -(-counts[1] // max(1, words - self._columns + 1)) if self._rows > 1 else 1
        self._strip = -(-counts[1] // strips)
        work = (counts[0] + self._rows - 1) * strips * (self._strip + self._columns - 1)
        if 3 * work > 2 * counts[0] * counts[1] * max(s.size for s in found):
            raise Refused("the window is large for the nest")
        ivs = nest.ivs
        base = ivs[0].level
        lowers = [first_value(loop) for loop in nest.loops]
        self._heads: list[Iv] = []
        if strips > 1:
            self._heads.append(
                _counter(ivs[-1], base, 0, strips * self._strip - self._strip + 1, self._strip)
            )
        ahead = [self._rows - 1, self._columns - 1][-len(ivs) :]
        extents = [counts[0], self._strip][-len(ivs) :]
        self._values: dict[Expr, Expr] = {}
        self._shifts: dict[Expr, int] = {}
        guards: list[Expr] = []
        for iv, lower, before, extent in zip(ivs, lowers, ahead, extents, strict=True):
            shift = max(0, before - lower)
            start = lower - before + shift
            new = _counter(iv, base + len(self._heads), start, start + before + extent, 1)
            self._heads.append(new)
            if before:
                guards.append(Op("sle", 1, (constant(iv.bits, lower + shift), new)))
            self._values[iv], self._shifts[iv] = new, -shift
        if strips > 1:
            column = ivs[-1]
            self._values[column] = Op("add", column.bits, (self._heads[0], self._values[column]))
            value = self._ahead(column, 0)
            if strips * self._strip > counts[1]:
                guards.append(Op("slt", 1, (value, constant(column.bits, lowers[-1] + counts[1]))))
        self._guard: Expr = TRUE
        for guard in guards:
            self._guard = both(self._guard, guard)
        self._locals: list[LocalArray] = []

    def _ahead(self, iv: Iv, more: int) -> Expr:
        """An old counter, `more` iterations later, by the new ones."""
        value, shift = self._values[iv], self._shifts[iv] + more
        return value if not shift else Op("add", iv.bits, (value, constant(iv.bits, shift)))

    def block(self) -> Block:
        shown: dict[Load, Expr] = {}
        kept: Block = ()
        for stencil in self._stencils:
            replaced, filling = self._window(stencil)
            shown |= replaced
            kept += filling
        values: dict[Expr, Expr] = {iv: self._ahead(iv, 0) for iv in self._nest.ivs}
        units = under(_Shown(values, shown).block(self._nest.units), self._guard)
        block: Block = (*self._scoped(units, len(self._nest.loops)), *kept)
        strips = len(self._heads) > len(self._nest.loops)
        for position, iv in reversed(list(enumerate(self._heads))):
            block = (For(iv, constant(iv.bits, iv.lower), constant(iv.bits, iv.upper), block),)
            if position == strips:
                block = self._in_locals(block)
        return self._scoped(block, 0)

    def _in_locals(self, block: Block) -> Block:
        for array in reversed(self._locals):
            block = (Local(array, block),)
        return block

    def _scoped(self, block: Block, depth: int) -> Block:
        for scope in reversed(self._nest.scopes):
            if scope.depth == depth:
                block = (Local(scope.array, block),)
        return block

    def _local(self, stencil: Stencil, shape: tuple[int, ...]) -> LocalArray:
        type = stencil.places[0][0].array.type
        array = fresh_array(ArrayType(type.width, shape, type.content), len(self._locals))
        self._locals.append(array)
        return array

    def _window(self, stencil: Stencil) -> tuple[dict[Load, Expr], Block]:
        """What stands for the loads of a window, and the stores behind them that move it on."""
        column = self._heads[-1]
        index: Expr = column
        if column.lower:
            index = Op("sub", column.bits, (column, constant(column.bits, column.lower)))
        lines = [self._local(stencil, (column.upper - column.lower,)) for _ in range(stencil.rows - 1)]
        newest = self._newest(stencil)
        shown: list[Expr] = [*(Load(line, (index,)) for line in lines), newest]
        values: dict[Load, Expr] = {}
        kept: list[Statement] = []
        for row in range(stencil.rows):
            first = stencil.first_column(row)
            if first is None:
                continue
            registers = [self._local(stencil, ()) for _ in range(stencil.columns - 1 - first)]
            delayed = [shown[row], *(Load(register, ()) for register in registers)]
            for load, at, place in stencil.places:
                if at == row:
                    values[load] = delayed[stencil.columns - 1 - place]
            shifts = list(zip(registers, delayed, strict=False))
            kept += [copied(Store(register, (), value)) for register, value in reversed(shifts)]
        kept += [copied(Store(line, (index,), value)) for line, value in zip(lines, shown[1:], strict=True)]
        return values, tuple(kept)

    def _newest(self, stencil: Stencil) -> Expr:
        """The load of the place of a window that no iteration has read before."""
        load, row, column = max(stencil.places, key=lambda place: place[1:])
        ahead = [stencil.rows - 1 - row, stencil.columns - 1 - column][-len(self._nest.loops) :]
        values: dict[Expr, Expr] = {
            iv: self._ahead(iv, more) for iv, more in zip(self._nest.ivs, ahead, strict=True)
        }
        return Rewriter(lambda e: values.get(e, e)).expression(load)


def _counter(old: Iv, level: int, lower: int, upper: int, step: int) -> Iv:
    if upper > 1 << (old.bits - 1):
        raise Refused("the counter is too narrow")
    return Iv(old.bits, level, lower, upper, step)


class _Shown(Rewriter):
    """Replaces counters and loads by their values."""

    def __init__(self, values: Mapping[Expr, Expr], shown: Mapping[Load, Expr]) -> None:
        super().__init__(lambda e: values.get(e, e))
        self._shown = shown

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node in self._shown:
            return self._shown[node]
        return super()._rebuild(node)
