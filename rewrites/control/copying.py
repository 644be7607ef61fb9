"""What a nest reads again and again of one memory is copied in front of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from seer.lang.affine import AffineForms
from seer.lang.terms import (
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
    Store,
    Table,
)
from seer.lang.traverse import Rewriter, subexpressions, with_bodies
from seer.rewrites.control._carried import carried_values
from seer.rewrites.control._guards import trips
from seer.rewrites.control._nests import Nest, constant, counters, nest_of, nest_offer, stores
from seer.rewrites.control._own import copied, fresh_array
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused

__all__ = ["Copying"]

_GAIN = 2
"""How many iterations a copied word must serve."""


@dataclass(frozen=True)
class Copying(ControlRule):
    """for j for i: B(A[i], A[x])  -->  { C[n]; for i C[i] = A[i]; for j for i: B(C[i], A[x]) }
    for j for i: B(A[0], A[1])  -->  { s; t; s = A[0]; t = A[1]; for j for i: B(s, t) }

    Where a memory is read several times in an iteration, its ports bound how soon the next may begin. Part of
    the reads then go to copies of what they select: an element for each value of the counters that a
    subscript depends on. Where it depends on none, this is the hoisting of an invariant load.

    Conditions: a nest with constant bounds that does not write the array; a copied word serves at least two
    iterations; no recurrence within the innermost loop is slower than the ports.
    """

    name: ClassVar[str] = "copying"
    summary: ClassVar[str] = "for j for i: B(A[i], A[x]) --> C = A; for j for i: B(C[i], A[x])"
    conditions: ClassVar[str] = "several reads an iteration of an array that the nest does not write"
    takes: ClassVar[FragmentKind] = "nest"
    takes_too: ClassVar[tuple[FragmentKind, ...]] = ("loop",)

    max_bits: int = 1 << 17
    max_copies: int = 32

    def _attempt(self, fragment: Block) -> Attempt:
        return Attempt((nest_offer(self, fragment, self._copied),))

    def _copied(self, block: Block) -> Block:
        nest = nest_of(block)
        innermost = len(nest.loops) - 1
        if any(c.slow and innermost in c.loops for c in carried_values(nest)):
            raise Refused("a recurrence in the innermost loop is slower than the ports")
        parts = [part for part in _parts(nest) if part.bits <= self.max_bits]
        if not parts:
            raise Refused("no array is read several times in an iteration, and often enough")
        if len(parts) > self.max_copies:
            raise Refused(f"{len(parts)} copies would be needed; {self.max_copies} are the most")
        return _with_copies(nest, parts)


@dataclass(frozen=True)
class _Part:
    """The elements that a load selects, by the loops that its subscripts depend on."""

    load: Load
    loops: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def words(self) -> int:
        return prod(self.shape)

    @property
    def bits(self) -> int:
        return self.words * self.load.width

    @property
    def type(self) -> ArrayType:
        return ArrayType(self.load.width, self.shape, self.load.array.type.content)


def _parts(nest: Nest) -> list[_Part]:
    """The loads that are to read copies, so that one of each array is left."""
    written = {store.array for store in stores(nest.units)}
    roots = (e for store in stores(nest.units) for e in (*store.indices, store.value, store.when))
    loads: dict[Array, list[Load]] = {}
    for node in subexpressions(*roots):
        if isinstance(node, Load) and node.array.type.shape and node.array not in written:
            loads.setdefault(node.array, []).append(node)
    iterations = prod(trips(loop) for loop in nest.loops)
    forms = AffineForms()
    found: list[_Part] = []
    for array, reads in loads.items():
        if isinstance(array, Table) or len(reads) < 2:
            continue
        parts = [_part(nest, load) for load in reads if all(forms.of(i) is not None for i in load.indices)]
        parts.sort(key=lambda part: part.words)
        found += [part for part in parts[: len(reads) - 1] if part.words * _GAIN <= iterations]
    return found


def _part(nest: Nest, load: Load) -> _Part:
    loops = counters(load.indices, nest.ivs)
    return _Part(load, loops, tuple(nest.ivs[n].upper - nest.ivs[n].lower for n in loops))


def _with_copies(nest: Nest, parts: list[_Part]) -> Block:
    arrays = {part.load: fresh_array(part.type, number) for number, part in enumerate(parts)}
    filling: dict[tuple[int, ...], list[_Part]] = {}
    for part in parts:
        filling.setdefault(part.loops, []).append(part)
    copies = tuple(s for loops, same in filling.items() for s in _filled(nest, loops, same, arrays))
    replaced = {part.load: Load(arrays[part.load], _element(nest, part.loops)) for part in parts}
    block = (*copies, *_Copied(replaced).block(nest.rebuilt()))
    for array in reversed(arrays.values()):
        block = (Local(array, block),)
    return block


def _filled(
    nest: Nest, loops: tuple[int, ...], parts: list[_Part], arrays: Mapping[Load, LocalArray]
) -> Block:
    """Loops that fill copies which depend on the same counters."""
    base = nest.loops[0].iv.level
    moved: dict[Expr, Expr] = {}
    heads: list[For] = []
    for level, number in enumerate(loops, base):
        old = nest.loops[number]
        iv = Iv(old.iv.bits, level, old.iv.lower, old.iv.upper, old.iv.step)
        moved[old.iv] = iv
        heads.append(For(iv, old.lower, old.upper, ()))
    rewriter = Rewriter(lambda e: moved.get(e, e))
    stored = (Store(arrays[part.load], _element(nest, loops), part.load) for part in parts)
    block: Block = tuple(rewriter.statement(copied(store)) for store in stored)
    for head in reversed(heads):
        block = (with_bodies(head, [block]),)
    return block


def _element(nest: Nest, loops: tuple[int, ...]) -> tuple[Expr, ...]:
    """Where in a copy an iteration finds its element."""
    ivs = [nest.ivs[number] for number in loops]
    return tuple(iv if not iv.lower else Op("sub", iv.bits, (iv, constant(iv.bits, iv.lower))) for iv in ivs)


class _Copied(Rewriter):
    """Replaces loads by others."""

    def __init__(self, copied: Mapping[Load, Load]) -> None:
        super().__init__()
        self._copied = copied

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node in self._copied:
            return self._copied[node]
        return super()._rebuild(node)
