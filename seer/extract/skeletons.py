"""Blocks whose loops are decided and whose expressions are not: the candidates for the parts of a region.

A skeleton says which statements stand in a block, by the nodes that were chosen for them. What its straight
code costs depends on the expressions, which are chosen for the whole region at once; until then a skeleton
is known by what its loops cost and by estimates of the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TypeVar

from seer.egraph.snapshot import ENode
from seer.extract.vector import PartVector
from seer.lang.terms import Array, Loop

__all__ = ["Closed", "Skeleton", "Straight", "diverse", "joined"]

T = TypeVar("T")


@dataclass(frozen=True)
class Closed:
    """A loop that is decided and priced, standing for its class; `operations` are those inside."""

    class_id: int
    loop: Loop
    pipelined: frozenset[Loop]
    cycles: float
    vector: PartVector
    operations: int
    steady: float = inf


@dataclass(frozen=True)
class Straight:
    """A statement other than a loop: the node chosen for its class, and the blocks in it."""

    class_id: int
    node: ENode
    bodies: tuple[Skeleton, ...] = ()


Item = Straight | Closed


@dataclass(frozen=True)
class Skeleton:
    """`shape` is equal for skeletons that differ in the choice of loops only. `cycles` and `vector` are those
    of the loops; `accesses` by memory, `area` and `operations` are estimates for the straight code."""

    items: tuple[Item, ...]
    shape: tuple[object, ...]
    cycles: float
    vector: PartVector
    accesses: Mapping[Array, int] = field(default_factory=dict)
    area: float = 0.0
    operations: int = 0

    @property
    def total(self) -> float:
        """The weighted area of all of it."""
        return self.area + self.vector.total

    @property
    def steady(self) -> float:
        """What counts if the loop around is flattened with the loop that it consists of."""
        only = self.items[0] if len(self.items) == 1 else None
        if isinstance(only, Straight) and only.node.op in ("Group", "Local"):
            return only.bodies[0].steady
        return only.steady if isinstance(only, Closed) else inf

    @property
    def busiest(self) -> int:
        """Accesses to the memory that has the most."""
        return max(self.accesses.values(), default=0)

    def straight(self) -> Iterator[Straight]:
        """The statements that are no loops, those in branches and scopes included."""
        for item in self.items:
            if isinstance(item, Straight):
                yield item
                for body in item.bodies:
                    yield from body.straight()

    def closed(self) -> Iterator[Closed]:
        """The decided loops, those in branches and scopes included."""
        for item in self.items:
            if isinstance(item, Closed):
                yield item
            else:
                for body in item.bodies:
                    yield from body.closed()


def joined(first: Skeleton, rest: Skeleton) -> Skeleton:
    """One block behind the other."""
    return Skeleton(
        first.items + rest.items,
        first.shape + rest.shape,
        first.cycles + rest.cycles,
        first.vector.followed_by(rest.vector),
        Counter(first.accesses) + Counter(rest.accesses),
        first.area + rest.area,
        first.operations + rest.operations,
    )


def diverse(found: Sequence[T], most: int, criteria: Sequence[Callable[[T], tuple[float, ...]]]) -> list[T]:
    """At most so many of them, the best by each criterion first, the first criterion before the others."""
    if len(found) <= most:
        return list(found)
    positions = range(len(found))
    orders = [iter(sorted(positions, key=lambda k, by=by: (by(found[k]), k))) for by in criteria]
    kept: dict[int, None] = {}
    while len(kept) < most:
        for order in orders:
            new = next((k for k in order if k not in kept), None)
            if new is not None:
                kept[new] = None
            if len(kept) == most:
                break
    return [found[k] for k in kept]
