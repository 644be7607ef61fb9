"""Designs between two of a front: where they differ in several places, some of the places from each.

What is kept of each class is little, so a program of several loops has designs between those that the classes
gave: the changes that are worth most of their area first, as in the knapsack problem (Dantzig 1957).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from seer.egraph.snapshot import Snapshot
from seer.extract.price import Price
from seer.extract.refine import Refined
from seer.lang.terms import Block, For, If, Local, Loop, Statement, While
from seer.lang.traverse import bodies, statements, with_bodies

__all__ = ["between"]

_PLACES = 16
"""Places in which two designs may differ: each is priced alone."""

_MIXES = 4
"""Designs between two."""

_Path = tuple[int, ...]
"""Positions of statements and of blocks in them, from the outermost on."""


@dataclass(frozen=True)
class _Pair:
    """A smaller and a faster design of equal classes."""

    snapshot: Snapshot
    small: Refined
    fast: Refined

    def places(self, small: Block, fast: Block, path: _Path = ()) -> list[tuple[_Path, Statement]] | None:
        """The smallest statements in which they differ, with those of the faster one; None where blocks do
        not stand side by side."""
        if len(small) != len(fast):
            return None
        found: list[tuple[_Path, Statement]] = []
        for position, (one, other) in enumerate(zip(small, fast, strict=True)):
            if one is other and self._pipelined(one, self.small) == self._pipelined(other, self.fast):
                continue
            inner = self._inside(one, other, (*path, position))
            if inner is None:
                number = self.snapshot.class_of(one)
                if number is None or number != self.snapshot.class_of(other):
                    return None
                inner = [((*path, position), other)]
            found += inner
        return found

    def _inside(self, one: Statement, other: Statement, path: _Path) -> list[tuple[_Path, Statement]] | None:
        """The places inside two statements that are equal but for what stands in them."""
        if _head(one) != _head(other) or not bodies(one):
            return None
        if isinstance(one, (For, While)) and (one in self.small.pipelined) != (other in self.fast.pipelined):
            return None
        found: list[tuple[_Path, Statement]] = []
        for number, (a, b) in enumerate(zip(bodies(one), bodies(other), strict=True)):
            places = self.places(a, b, (*path, number))
            if places is None:
                return None
            found += places
        return found

    @staticmethod
    def _pipelined(statement: Statement, design: Refined) -> list[Loop]:
        return [s for s in statements((statement,)) if isinstance(s, (For, While)) and s in design.pipelined]

    def mixed(self, chosen: Collection[tuple[_Path, Statement]]) -> Refined:
        """The smaller design with some places of the faster one."""
        taken = dict(chosen)
        pipelined: dict[Loop, None] = {}

        def block(found: Block, path: _Path) -> Block:
            return tuple(statement(s, (*path, position)) for position, s in enumerate(found))

        def statement(found: Statement, path: _Path) -> Statement:
            if path in taken:
                pipelined.update(dict.fromkeys(self._pipelined(taken[path], self.fast)))
                return taken[path]
            inner = [block(body, (*path, number)) for number, body in enumerate(bodies(found))]
            made = with_bodies(found, inner)
            if isinstance(made, (For, While)) and found in self.small.pipelined:
                pipelined[made] = None
            return made

        made = block(self.small.block, ())
        return Refined(made, frozenset(pipelined))


def between(
    snapshot: Snapshot, small: Refined, fast: Refined, price: Callable[[Refined], Price | None]
) -> Iterator[Refined]:
    """Designs between two of equal classes, `fast` the one with fewer cycles."""
    pair = _Pair(snapshot, small, fast)
    places = pair.places(small.block, fast.block)
    start = price(small)
    if places is None or start is None or not 1 < len(places) <= _PLACES:
        return
    gains: list[tuple[float, int]] = []
    for number, place in enumerate(places):
        found = price(pair.mixed([place]))
        if found is not None and found.cycles < start.cycles:
            growth = max(found.vector.total - start.vector.total, 0.0)
            gains.append(((start.cycles - found.cycles) / (growth + 1.0), number))
    order = [places[number] for _, number in sorted(gains, key=lambda gain: (-gain[0], gain[1]))]
    last = min(len(order), len(places) - 1)
    for count in dict.fromkeys(1 + k * (last - 1) // max(1, _MIXES - 1) for k in range(_MIXES) if last):
        yield pair.mixed(order[:count])


def _head(statement: Statement) -> tuple[object, ...]:
    """All of a statement but the blocks in it."""
    match statement:
        case For(iv, lower, upper):
            return For, iv, lower, upper
        case While(condition):
            return While, condition
        case If(condition):
            return If, condition
        case Local(array):
            return Local, array
        case _:
            return type(statement), () if bodies(statement) else statement
