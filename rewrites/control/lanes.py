"""Several iterations of both innermost loops side by side: an element that is loaded serves more than one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

from seer.errors import InputError
from seer.lang.terms import Block, Expr, For, Iv, Load, Op
from seer.lang.traverse import Rewriter, subexpressions
from seer.rewrites.control._guards import trips
from seer.rewrites.control._nests import Nest, constant, nest_of, nest_offer, stores
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.write_back import written_back

__all__ = ["Lanes"]


@dataclass(frozen=True)
class Lanes(ControlRule):
    """for k for i for j B(A[i], C[j])  -->
    for k for i step f for j step g { B(A[i], C[j]); B(A[i+1], C[j]); B(A[i], C[j+1]); B(A[i+1], C[j+1]) }

    A tile of f · g iterations loads f and g elements only, so the ports of two memories feed f · g units.
    This is register tiling (Wolf and Lam 1991), for units instead of registers. What the tile stores in the
    last pass alone goes behind the nest, where it is more than a memory has ports (write_back).

    Conditions: a nest with constant bounds; f and g divide the trip counts of the innermost two loops; some
    loads move with only one of them, others with only the other; at most `max_statements` statements.
    """

    name: ClassVar[str] = "lanes"
    summary: ClassVar[str] = "for i for j B --> for i step f for j step g { B(i, j); …; B(i+f-1, j+g-1) }"
    conditions: ClassVar[str] = "some loads move with one of the innermost loops, others with the other"
    takes: ClassVar[FragmentKind] = "nest"
    copies: ClassVar[bool] = True
    needs_banks: ClassVar[bool] = True

    outer: int = 2
    inner: int = 2
    ports: int = 2
    max_statements: int = 64

    def __post_init__(self) -> None:
        if self.outer < 2 or self.inner < 2:
            raise InputError("a tile has 2 iterations of each loop or more", hint="unroll takes one loop")

    @property
    def description(self) -> str:
        return f"lanes {self.outer} by {self.inner}"

    def _attempt(self, fragment: Block) -> Attempt:
        return Attempt((nest_offer(self, fragment, self._tiled),))

    def _tiled(self, block: Block) -> Block:
        nest = nest_of(block)
        if len(nest.loops) < 2:
            raise Refused("it is no nest")
        if any(scope.depth > len(nest.loops) - 2 for scope in nest.scopes):
            raise Refused("a local array has its scope in the innermost loops")
        for loop, factor in zip(nest.loops[-2:], (self.outer, self.inner), strict=True):
            if trips(loop) % factor or trips(loop) == factor:
                raise Refused(f"{factor} does not divide the {trips(loop)} iterations into several")
        size = self.outer * self.inner * len(nest.units)
        if size > self.max_statements:
            raise Refused(f"the result would have {size} statements; {self.max_statements} are the most")
        if not _serves_twice(nest):
            raise Refused("no loads move with one of the innermost loops alone, and others with the other")
        tiled = _tile(nest, self.outer, self.inner)
        with suppress(Refused):
            return written_back(tiled, self.ports)
        return tiled.rebuilt()


def _serves_twice(nest: Nest) -> bool:
    """Whether some loads move with only one of the innermost loops, and others with only the other."""
    first, second = nest.ivs[-2:]
    only: dict[Iv, bool] = {}
    roots = (e for store in stores(nest.units) for e in (*store.indices, store.value, store.when))
    for node in subexpressions(*roots):
        if isinstance(node, Load):
            found = [iv for iv in (first, second) if iv in subexpressions(*node.indices)]
            if len(found) == 1:
                only[found[0]] = True
    return len(only) == 2


def _tile(nest: Nest, outer: int, inner: int) -> Nest:
    """The nest with so many iterations of its innermost loops in one."""
    loops = list(nest.loops)
    steps: list[Iv] = []
    for number, factor in ((-2, outer), (-1, inner)):
        old = loops[number]
        iv = replace(old.iv, step=old.iv.step * factor)
        loops[number] = For(iv, old.lower, old.upper, ())
        steps.append(iv)
    first, second = nest.ivs[-2:]
    units: Block = ()
    for i in range(outer):
        for j in range(inner):
            moved: dict[Expr, Expr] = {
                first: _at(steps[0], i * first.step),
                second: _at(steps[1], j * second.step),
            }
            units += Rewriter(lambda e, moved=moved: moved.get(e, e)).block(nest.units)
    return Nest(tuple(loops), nest.scopes, units)


def _at(iv: Iv, offset: int) -> Expr:
    return Op("add", iv.bits, (iv, constant(iv.bits, offset))) if offset else iv
