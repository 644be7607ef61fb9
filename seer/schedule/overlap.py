"""Nodes that follow one another, begun before those in front of them have ended.

Where a loop writes an array in about the order in which the next one reads it, the second need not wait for
the end of the first. If both are static (`seer.schedule.timeline`), the cycle of every access is known, and
so is the least distance of their beginnings at which each access still follows, by a cycle, all those of
earlier nodes to the same word that it must follow: no handshake is needed, and the cycles stay exact.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from seer.schedule.model import Memory, Node
from seer.schedule.timeline import NEVER, Timeline, timeline

__all__ = ["Begun", "begin_early"]

_TRIES = 64
"""How many cycles beyond the least distance are tried for ports that both nodes take."""


@dataclass(frozen=True)
class Begun:
    """A node, the memories that it accesses, what it must have alone (registers that it writes, limited
    units), and the registers that it reads."""

    node: Node
    memories: tuple[Memory, ...]
    alone: frozenset[Hashable]
    read: frozenset[Hashable]

    def excludes(self, other: Begun) -> bool:
        """Whether the two cannot be under way at once."""
        return bool(self.alone & other.alone or self.alone & other.read or self.read & other.alone)


def begin_early(nodes: Sequence[Begun]) -> tuple[tuple[int, ...], int] | None:
    """When each node may begin, in cycles after the first, and when all have ended; None unless all are
    static."""
    lines: list[Timeline] = []
    for each in nodes:
        found = timeline(each.node, each.memories)
        if found is None:
            return None
        lines.append(found)
    starts: list[int] = []
    for k, line in enumerate(lines):
        start = 0
        for before, other, begun in zip(nodes, lines, starts, strict=False):
            distance = other.cycles if before.excludes(nodes[k]) else _distance(other, line)
            start = max(start, begun + distance)
        starts.append(_with_ports(start, line, lines, starts))
    return tuple(starts), max(start + line.cycles for start, line in zip(starts, lines, strict=True))


@lru_cache(maxsize=1 << 12)
def _distance(first: Timeline, second: Timeline) -> int:
    """How many cycles after the first node the second may begin: no word is read or written in or before a
    cycle in which the first writes it, nor written in or before one in which the first reads it."""
    least = 0
    for name, before in first.touched.items():
        after = second.touched.get(name)
        if after is not None:
            for last, following in (
                (before.last_write, after.first_read),
                (before.last_write, after.first_write),
                (before.last_read, after.first_write),
            ):
                gap = int(np.max(last - following)) + 1
                if gap > -NEVER // 2:
                    least = max(least, gap)
    return least


def _with_ports(start: int, line: Timeline, lines: Sequence[Timeline], starts: Sequence[int]) -> int:
    """The first cycle from `start` on in which the node may begin such that no port is taken twice."""
    for _ in range(_TRIES):
        if not any(_collide(start - begun, other, line) for other, begun in zip(lines, starts, strict=False)):
            return start
        start += 1
    # Once the others that it collides with have ended, none is.
    for other, begun in sorted(zip(lines, starts, strict=False), key=lambda each: each[1] + each[0].cycles):
        if _collide(start - begun, other, line):
            start = max(start, begun + other.cycles)
    return start


def _collide(distance: int, first: Timeline, second: Timeline) -> bool:
    """Whether both take a port in one cycle if the second begins so many cycles after the first."""
    if distance >= first.cycles:
        return False
    return any(
        bool(np.intersect1d(taken, second.ports[port] + distance, assume_unique=True).size)
        for port, taken in first.ports.items()
        if port in second.ports
    )
