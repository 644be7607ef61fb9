"""Iterations that do not depend on each other take turns, so that those that do lie far apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import ClassVar

from seer.lang.conditions import both
from seer.lang.terms import (
    TRUE,
    Array,
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
from seer.lang.traverse import Rewriter, children, subexpressions, with_bodies
from seer.rewrites.control._carried import FAR, Carried, carried_values, distance
from seer.rewrites.control._guards import ends, trips
from seer.rewrites.control._nests import Nest, constant, first_value, nest_of, nest_offer, stores
from seer.rewrites.control._own import copied, fresh_array, store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused

__all__ = ["Interleaving"]

_LEAST_SHARE = 16
"""How often an element is to be updated for copying it in to be worthwhile."""


@dataclass(frozen=True)
class Interleaving(ControlRule):
    """for i for k A[i] = f(A[i])  -->
    { T[n]; for i T[i] = A[i]; for k for i { if (last k) A[i] = f(T[i]); T[i] = f(T[i]) } }
    for i { t = 0; for k t = f(t); B[i] = t }  -->
    { T[n]; for k for i { t = f(first k ? 0 : T[i]); if (last k) B[i] = t; T[i] = t } }

    The loops that carry a value move out of the others, as far as a local array with a word for each of the
    iterations between them allows: no operation is reassociated, and the memory of the value is read and
    written once. A loop that is too long for `max_words` is cut into tiles.

    Conditions: a nest with constant bounds; each iteration reads no element that it does not write, and is
    carried by fewer loops than there are.
    """

    name: ClassVar[str] = "interleaving"
    summary: ClassVar[str] = "for i for k A[i] = f(A[i]) --> T = A; for k for i T[i] = f(T[i]); A = T"
    conditions: ClassVar[str] = (
        "a nest with constant bounds, of which some loops carry a value and others none"
    )
    takes: ClassVar[FragmentKind] = "nest"

    max_words: int = 256

    def _attempt(self, fragment: Block) -> Attempt:
        return Attempt((replace(nest_offer(self, fragment, self._interleaved), supersedes=True),))

    def _interleaved(self, block: Block) -> Block:
        nest = nest_of(block)
        carried = carried_values(nest)
        return _Plan(nest, carried, _carrying(nest, carried), self.max_words).block()


def _carrying(nest: Nest, carried: tuple[Carried, ...]) -> list[int]:
    """The loops that carry values; raises Refused where moving them out gains nothing."""
    if not carried:
        raise Refused("no iteration depends on another")
    counts = [trips(loop) for loop in nest.loops]
    carrying = [n for n in range(len(counts)) if any(n in c.loops for c in carried)]
    free = [n for n in range(len(counts)) if n not in carrying]
    if not carrying or not free:
        raise Refused("all loops carry a value, or none does")
    for each in carried:
        if each.in_memory and len(each.loops) < len(carrying):
            raise Refused("a memory is updated by fewer loops than other values")
    slow = distance(nest, carrying) < FAR and any(c.slow for c in carried)
    updates = prod(counts[n] for n in carrying)
    shared = any(c.in_memory for c in carried) and updates >= _LEAST_SHARE
    if not slow and not shared:
        raise Refused("iterations that depend on each other lie far apart")
    return carrying


@dataclass(frozen=True)
class _Level:
    """A new loop, without its body, and what it adds to the counter of loop `number` of the old nest."""

    number: int
    loop: For
    share: Expr

    @staticmethod
    def counting(number: int, level: int, iv: Iv, lower: int, count: int, step: int) -> _Level:
        """A loop of `count` iterations from `lower` on."""
        new = Iv(iv.bits, level, lower, lower + (count - 1) * step + 1, step)
        return _Level(number, For(new, constant(iv.bits, lower), constant(iv.bits, new.upper), ()), new)


class _Plan:
    """The new nest: tiles of free loops around, then the loops that carry, then the rest of the free ones."""

    def __init__(self, nest: Nest, carried: tuple[Carried, ...], carrying: list[int], words: int) -> None:
        self._nest, self._carried, self._carrying = nest, carried, carrying
        self._base = nest.loops[0].iv.level
        self._counts = [trips(loop) for loop in nest.loops]
        free = [n for n in range(len(nest.loops)) if n not in carrying]
        kept = [c.array for c in carried if not c.in_memory and c.array.type.shape]
        self._check_scopes({c.array for c in carried} - set(kept))
        rows = [c for c in carried if c.array not in kept]
        self._tile = _tile(free, self._counts, words if rows else prod(self._counts))
        self._inner = sorted(self._tile)
        self._around = [n for n in free if self._tile.get(n, 1) < self._counts[n]]
        shape = tuple(self._tile[n] for n in self._inner)
        self._rows: dict[Array, LocalArray] = {}
        for number, each in enumerate(rows):
            content = ArrayType(each.array.type.width, shape, each.array.type.content)
            self._rows[each.array] = fresh_array(content, number)

    def _check_scopes(self, replaced: set[Array]) -> None:
        for scope in self._nest.scopes:
            if scope.array not in replaced and 0 < scope.depth < len(self._nest.loops):
                raise Refused("a local array has its scope between the loops")

    def block(self) -> Block:
        around = [self._outer(number, level) for level, number in enumerate(self._around, self._base)]
        level = self._base + len(around)
        heads = [self._whole(number, level + n) for n, number in enumerate(self._carrying)]
        inside = self._inside(level + len(heads))
        block = _nested([*heads, *inside], self._body([*around, *heads], inside))
        copies = self._copies(around, self._inside(level))
        block = (*copies, *block)
        for array in reversed(self._rows.values()):
            block = (Local(array, block),)
        return self._scoped(_nested(around, block), 0)

    def _scoped(self, block: Block, depth: int) -> Block:
        """`block` in the scopes of the old nest at a depth, except for those of what has a row now."""
        for scope in reversed(self._nest.scopes):
            if scope.depth == depth and scope.array not in self._rows:
                block = (Local(scope.array, block),)
        return block

    def _outer(self, number: int, level: int) -> _Level:
        """What stands around of a free loop: all of it, or its tiles."""
        old, part = self._nest.loops[number].iv, self._tile.get(number, 1)
        return _Level.counting(
            number,
            level,
            old,
            first_value(self._nest.loops[number]),
            self._counts[number] // part,
            old.step * part,
        )

    def _whole(self, number: int, level: int) -> _Level:
        old = self._nest.loops[number].iv
        return _Level.counting(
            number, level, old, first_value(self._nest.loops[number]), self._counts[number], old.step
        )

    def _inside(self, level: int) -> list[_Level]:
        """The innermost loops, counted from zero."""
        found: list[_Level] = []
        for number in self._inner:
            old = self._nest.loops[number].iv
            new = _Level.counting(number, level + len(found), old, 0, self._tile[number], 1)
            share: Expr = new.loop.iv
            if old.step != 1:
                share = Op("mul", old.bits, (share, constant(old.bits, old.step)))
            if number not in self._around and first_value(self._nest.loops[number]):
                share = Op(
                    "add", old.bits, (share, constant(old.bits, first_value(self._nest.loops[number])))
                )
            found.append(replace(new, share=share))
        return found

    def _values(self, levels: list[_Level]) -> dict[Expr, Expr]:
        """The old counters by the new."""
        values: dict[Expr, Expr] = {}
        for level in levels:
            old = self._nest.loops[level.number].iv
            known = values.get(old)
            values[old] = level.share if known is None else Op("add", old.bits, (known, level.share))
        return values

    def _copies(self, around: list[_Level], inside: list[_Level]) -> Block:
        """Loops that fill the rows of what comes from memory."""
        moved = _Moving(self._values([*around, *inside]), {}, ())
        own = tuple(level.loop.iv for level in inside)
        firsts = {ends(self._nest.loops[number])[0] for number in self._carrying}
        filled: list[Statement] = []
        for each in self._carried:
            if each.in_memory and not _starts_anew(self._nest, each, firsts):
                element = Load(each.array, tuple(moved.expression(i) for i in each.subscripts))
                filled.append(copied(Store(self._rows[each.array], own, element)))
        return _nested(inside, tuple(filled)) if filled else ()

    def _body(self, outer: list[_Level], inside: list[_Level]) -> Block:
        """The units at the new counters, on rows; what comes from memory is also stored there at the end."""
        own = tuple(level.loop.iv for level in inside)
        values = self._values([*outer, *inside])
        moved, rowed = _Moving(values, {}, ()), _Moving(values, self._rows, own)
        last: Expr = TRUE
        for level in outer:
            if level.number in self._carrying:
                last = both(last, ends(level.loop)[1])
        units: list[Statement] = []
        for unit in self._nest.units:
            store, new = store_of(unit), rowed.statement(unit)
            if any(c.in_memory and c.array is store.array for c in self._carried):
                row = store_of(new)
                indices = tuple(moved.expression(i) for i in store.indices)
                units.append(with_store(new, Store(store.array, indices, row.value, both(last, row.when))))
            units.append(new)
        return self._scoped(tuple(units), len(self._nest.loops))


def _starts_anew(nest: Nest, carried: Carried, firsts: set[Expr]) -> bool:
    """Whether the first iteration of the loops that carry, for which `firsts` hold, reads no old value."""
    element = Load(carried.array, carried.subscripts)
    roots = [e for s in stores(nest.units) for e in (s.value, s.when)]
    guarded = True
    for node in subexpressions(*roots):
        for position, child in enumerate(children(node)):
            if child is element:
                first = isinstance(node, Op) and node.name == "select" and position == 2
                guarded &= first and firsts <= _conjuncts(children(node)[0])
    return guarded and element not in roots


def _conjuncts(condition: Expr) -> set[Expr]:
    if isinstance(condition, Op) and condition.name == "and":
        return {c for operand in condition.operands for c in _conjuncts(operand)}
    return {condition}


def _tile(free: list[int], counts: list[int], words: int) -> dict[int, int]:
    """Of which free loops how many iterations stand inside, at most `words` together; raises Refused."""
    tile: dict[int, int] = {}
    room = words
    for number in reversed(free):
        part = max(n for n in range(1, min(room, counts[number]) + 1) if counts[number] % n == 0)
        if part == 1:
            continue
        tile[number] = part
        room //= part
    if not tile:
        raise Refused("there is no loop to interleave")
    return tile


def _nested(levels: list[_Level], block: Block) -> Block:
    for level in reversed(levels):
        block = (with_bodies(level.loop, [block]),)
    return block


class _Moving(Rewriter):
    """Replaces counters by their values, and elements of arrays by those of their rows."""

    def __init__(
        self, values: Mapping[Expr, Expr], rows: Mapping[Array, LocalArray], own: tuple[Expr, ...]
    ) -> None:
        super().__init__(lambda e: values.get(e, e))
        self._rows, self._own = rows, own

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array in self._rows:
            return Load(self._rows[node.array], self._own)
        return super()._rebuild(node)

    def statement(self, s: Statement) -> Statement:
        if isinstance(s, Store) and s.array in self._rows:
            return Store(self._rows[s.array], self._own, self.expression(s.value), self.expression(s.when))
        return super().statement(s)
