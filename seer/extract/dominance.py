"""Which points of cycles and area are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from typing import Protocol, TypeVar

from seer.extract.price import Price
from seer.extract.vector import PartVector
from seer.lang.terms import Block, Local, Loop, Store
from seer.lang.traverse import statements

__all__ = [
    "LEAST_POINTS",
    "SHAPE_POINTS",
    "LoopPoint",
    "bends",
    "kept_points",
    "layered",
    "leaves_registers",
    "unbeaten",
]

_LOOP_POINTS = 5
"""Points kept for one class of loops."""

LEAST_POINTS = 5
"""Points kept at each place if there are any, beaten or not."""

SHAPE_POINTS = 6
"""Points kept of the blocks that differ in their loops only."""


class _Priced(Protocol):
    @property
    def cycles(self) -> float: ...
    @property
    def vector(self) -> PartVector: ...
    @property
    def steady(self) -> float: ...


P = TypeVar("P", bound=_Priced)


@dataclass(frozen=True)
class LoopPoint:
    """A block with the loops in it that are pipelined, and its price (`steady` as there)."""

    block: Block
    pipelined: frozenset[Loop]
    cycles: float
    vector: PartVector
    operations: int
    steady: float = inf

    def priced(self, price: Price) -> LoopPoint:
        return replace(self, cycles=price.cycles, vector=price.vector)


def unbeaten(found: Sequence[P], most: int) -> list[P]:
    """At most so many of the points that no other beats, fewest cycles first."""
    kept: list[P] = []
    for point in sorted(found, key=lambda p: (p.cycles, *p.vector.measures)):
        least = (point.steady, *point.vector.measures)
        if not any(_no_greater((other.steady, *other.vector.measures), least) for other in kept):
            kept.append(point)
    return spread(kept, most)


def layered(found: Sequence[P], most: int, least: int) -> list[P]:
    """At most so many points of the front; where these are less than `least`, those that only they beat, too,
    and so on: surroundings may turn what differs by little."""
    left = list(found)
    kept: list[P] = []
    while left and len(kept) < least:
        layer = unbeaten(left, most if not kept else least - len(kept))
        kept += layer
        left = [point for point in left if not any(point is one for one in layer)]
    return kept


def kept_points(found: Sequence[LoopPoint], most: int | None) -> list[LoopPoint]:
    """The points of one class of loops that are kept; without a limit all.

    What a register that outlives the loop costs depends on who reads it: perhaps nobody, and all of the loop
    goes. So loops that leave such registers are judged among themselves.
    """
    if most is None:
        return list(found)
    closed = [point for point in found if not leaves_registers(point.block)]
    leaving = [point for point in found if leaves_registers(point.block)]
    return [
        one for group in (closed, leaving) for one in layered(group, min(most, _LOOP_POINTS), LEAST_POINTS)
    ]


def spread(front: Sequence[P], most: int) -> list[P]:
    """At most so many points of a front: its ends, then where it bends most (greatest hypervolume)."""
    if len(front) <= most:
        return list(front)
    worst = (front[-1].cycles, max(point.vector.total for point in front))
    positions = range(len(front))
    kept = [0, min(positions, key=lambda k: (front[k].vector.total, k))]
    kept.append(min(positions, key=lambda k: (front[k].steady, k)))
    kept = list(dict.fromkeys(kept))[:most]
    while len(kept) < most:
        left = [k for k in range(len(front)) if k not in kept]
        gains = {k: _volume([front[j] for j in (*kept, k)], worst) for k in left}
        kept.append(max(left, key=lambda k: (gains[k], -k)))
    return [front[k] for k in sorted(kept)]


def bends(points: Sequence[tuple[float, float]], most: int) -> list[int]:
    """The positions of at most so many points of the front of these: its ends, then where it bends most."""
    front: list[int] = []
    for k in sorted(range(len(points)), key=lambda k: (points[k], k)):
        if not front or points[k][1] < points[front[-1]][1]:
            front.append(k)
    if len(front) <= most:
        return front
    worst = points[front[-1]][0], points[front[0]][1]
    kept = [front[0], front[-1]][:most]
    while len(kept) < most:
        left = [k for k in front if k not in kept]
        kept.append(max(left, key=lambda k: (_area([points[j] for j in (*kept, k)], worst), -k)))
    return [k for k in front if k in kept]


def _volume(points: Sequence[_Priced], worst: tuple[float, float]) -> float:
    return _area([(point.cycles, point.vector.total) for point in points], worst)


def _area(points: Sequence[tuple[float, float]], worst: tuple[float, float]) -> float:
    """The area between a front and its worst corner."""
    area, least = 0.0, worst[1]
    for cycles, total in sorted(points):
        if total < least:
            area += (worst[0] - cycles) * (least - total)
            least = total
    return area


def _no_greater(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(first, second, strict=True))


@lru_cache(maxsize=1 << 14)
def leaves_registers(block: Block) -> bool:
    """Whether a block writes registers that outlive it: what that costs depends on who reads them."""
    inside = list(statements(block))
    bound = {statement.array for statement in inside if isinstance(statement, Local)}
    stores = (statement.array for statement in inside if isinstance(statement, Store))
    return any(not array.type.shape and array not in bound for array in stores)
