"""Parts of a program that touch nothing in common, side by side: they begin at once, and what follows them
begins when the last has ended.

Only nodes that follow one another outside of all loops are put so. Two conflict, and stay in order, where
they use one memory (its ports belong to one of them), where one writes a register that the other touches, or
where they take operations of a unit that is limited. The nodes are cut into stretches, each of which falls
into what hangs together by conflicts; of all ways to cut them the one that takes the fewest cycles is found
by dynamic programming, with data-dependent and run-time counts taken as typical.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from seer.lang.affine import Held, Symbol
from seer.lang.terms import Array
from seer.schedule.control import ControlCosts
from seer.schedule.cycles import TYPICAL_ITERATIONS, cycles_of
from seer.schedule.limits import Limits
from seer.schedule.model import Node, Parallel, loop_counters, regions

__all__ = ["lanes", "side_by_side"]

_LONGEST = 64
"""Nodes of a stretch that is looked at."""


@dataclass(frozen=True)
class _Part:
    """A node, its cycles, what it uses alone (memories, registers that it writes, limited units), and what
    registers it reads."""

    node: Node
    cycles: int
    alone: frozenset[Hashable]
    read: frozenset[Hashable]

    def conflicts(self, other: _Part) -> bool:
        """Whether the two may not run at once."""
        return bool(self.alone & other.alone or self.alone & other.read or self.read & other.alone)


def side_by_side(
    nodes: Sequence[Node], limits: Limits, registers: Mapping[Array, str], control: ControlCosts
) -> tuple[Node, ...]:
    """The nodes of a program's body, in parallel where that takes fewer cycles; `registers` are the names of
    those that loops' bounds read, by array."""
    parts = [_part(node, limits, registers, control) for node in nodes]
    best: list[tuple[int, tuple[Node, ...]]] = [(0, ())]
    for end, last in enumerate(parts, 1):
        spent, made = best[end - 1]
        found = spent + last.cycles, (*made, last.node)
        for start in range(end - 2, max(-1, end - 1 - _LONGEST), -1):
            groups = _groups(parts[start:end])
            longest = max(sum(part.cycles for part in group) for group in groups)
            if best[start][0] + longest < found[0]:
                branches = tuple(tuple(part.node for part in group) for group in groups)
                found = best[start][0] + longest, (*best[start][1], Parallel(branches))
        best.append(found)
    return best[-1][1]


def _groups(parts: Sequence[_Part]) -> list[list[_Part]]:
    """What hangs together by conflicts, in order."""
    groups: list[list[_Part]] = []
    for part in parts:
        joined = [group for group in groups if any(part.conflicts(other) for other in group)]
        if not joined:
            groups.append([part])
            continue
        members = {id(other) for group in joined for other in group}
        merged = [other for other in parts if id(other) in members] + [part]
        groups = [merged if group is joined[0] else group for group in groups if group not in joined[1:]]
    return groups


def _part(node: Node, limits: Limits, registers: Mapping[Array, str], control: ControlCosts) -> _Part:
    limited = {name for name, _ in limits}
    counters = list(loop_counters((node,)))
    alone: set[Hashable] = set()
    read: set[Hashable] = {
        ("register", registers[array]) for counter in counters for array in counter.registers
    }
    for region in regions((node,)):
        for op in region.operations:
            if op.kind in ("load", "store"):
                alone.add(("memory", op.memory))
            elif op.kind == "write":
                alone.add(("register", op.memory))
            elif op.kind == "read":
                read.add(("register", op.memory))
            elif op.unit in limited:
                alone.add(("unit", op.unit))
    mentioned = [symbol for c in counters for symbol in (*c.lower.mentions, *c.upper.mentions)]
    typical: dict[Symbol, int] = {
        symbol: TYPICAL_ITERATIONS for symbol in mentioned if not isinstance(symbol, (int, Held))
    }
    return _Part(node, cycles_of(node, typical, control), frozenset(alone), frozenset(read))


def lanes(body: Sequence[Node]) -> list[Hashable]:
    """Of each region, in the order of `regions`, what is equal for those that never run at once: None outside
    of what is parallel, else which branch of which it is part of."""
    found: list[Hashable] = []
    for position, node in enumerate(body):
        if isinstance(node, Parallel):
            for number, branch in enumerate(node.branches):
                found += [(position, number)] * sum(1 for _ in regions(branch))
        else:
            found += [None] * sum(1 for _ in regions((node,)))
    return found
