"""Parts of a program side by side: what follows them begins when the last has ended.

Nodes that follow one another are put so outside of all loops, and in the second of the ways below also in
loops that run one iteration after the other. They are cut into stretches, and of all ways to cut them the one
that takes the fewest cycles is found by dynamic programming, with data-dependent and run-time counts taken as
typical. The nodes of a stretch run side by side in one of two ways:

- They fall into what hangs together by conflicts, and these sequences begin at once. Two nodes conflict, and
  stay in order, where they use one memory (its ports belong to one of them), where one writes a register that
  the other touches, or where they take operations of a unit that is limited.
- If all are static, each begins as early as its accesses may follow those of the nodes before it
  (`seer.schedule.overlap`), also where they use one memory.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from seer.lang.terms import Array
from seer.schedule.control import ControlCosts
from seer.schedule.cycles import typical_cycles
from seer.schedule.limits import Limits
from seer.schedule.model import Memory, Node, Parallel, SequentialLoop, loop_counters, regions
from seer.schedule.overlap import Begun, begin_early

__all__ = ["lanes", "side_by_side"]

_LONGEST = 64
"""Nodes of a stretch that is looked at."""


@dataclass(frozen=True)
class _Part:
    """A node, its cycles, and what it uses."""

    begun: Begun
    cycles: int

    def conflicts(self, other: _Part) -> bool:
        """Whether the two may not begin together."""
        common = set(self.begun.memories) & set(other.begun.memories)
        return bool(common) or self.begun.excludes(other.begun)


def side_by_side(
    nodes: Sequence[Node],
    limits: Limits,
    registers: Mapping[Array, str],
    memories: Mapping[str, Memory],
    control: ControlCosts,
    in_loop: bool = False,
) -> tuple[Node, ...]:
    """The nodes of a program's or a loop's body, in parallel where that takes fewer cycles.

    `registers` are the names of those that loops' bounds read, by array, `memories` what the nodes access, by
    name. In a loop only what is static is: which of several takes longest would else depend on the iteration.
    """
    parts = [_part(node, limits, registers, memories, control) for node in nodes]
    # What control costs beside the generated hardware's is not known cycle by cycle.
    exact = control == ControlCosts()
    best: list[tuple[int, tuple[Node, ...]]] = [(0, ())]
    for end, last in enumerate(parts, 1):
        spent, made = best[end - 1]
        found = spent + last.cycles, (*made, last.begun.node)
        for start in range(end - 2, max(-1, end - 1 - _LONGEST), -1):
            stretch = parts[start:end]
            ways = [] if in_loop else [_together(stretch)]
            early = begin_early([part.begun for part in stretch]) if exact else None
            if early is not None:
                branches = tuple((part.begun.node,) for part in stretch)
                ways.append((early[1], Parallel(branches, early[0])))
            for longest, node in ways:
                if best[start][0] + longest < found[0]:
                    found = best[start][0] + longest, (*best[start][1], node)
        best.append(found)
    return best[-1][1]


def _together(parts: Sequence[_Part]) -> tuple[int, Parallel]:
    """What hangs together by conflicts, begun at once, and the cycles of the longest."""
    groups = _groups(parts)
    longest = max(sum(part.cycles for part in group) for group in groups)
    return longest, Parallel(tuple(tuple(part.begun.node for part in group) for group in groups))


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


def _part(
    node: Node,
    limits: Limits,
    registers: Mapping[Array, str],
    memories: Mapping[str, Memory],
    control: ControlCosts,
) -> _Part:
    limited = {name for name, _ in limits}
    counters = list(loop_counters((node,)))
    accessed: dict[Memory, None] = {}
    alone: set[Hashable] = set()
    read: set[Hashable] = {
        ("register", registers[array]) for counter in counters for array in counter.registers
    }
    for region in regions((node,)):
        for op in region.operations:
            if op.kind in ("load", "store"):
                accessed[memories[op.memory or ""]] = None
            elif op.kind == "write":
                alone.add(("register", op.memory))
            elif op.kind == "read":
                read.add(("register", op.memory))
            elif op.unit in limited:
                alone.add(("unit", op.unit))
    begun = Begun(node, tuple(accessed), frozenset(alone), frozenset(read))
    return _Part(begun, typical_cycles((node,), control))


def lanes(body: Sequence[Node]) -> list[Hashable]:
    """Of each region, in the order of `regions`, what is equal for those that never run at once: None outside
    of what is parallel, else which branch of which it is part of."""
    found: list[Hashable] = []
    _note_lanes(body, None, found, count())
    return found


def _note_lanes(body: Sequence[Node], lane: Hashable, found: list[Hashable], numbers: Iterator[int]) -> None:
    for node in body:
        match node:
            case Parallel():
                own = next(numbers)
                for number, branch in enumerate(node.branches):
                    _note_lanes(branch, (own, number), found, numbers)
            case SequentialLoop():
                _note_lanes(node.body, lane, found, numbers)
            case _:
                found += [lane] * sum(1 for _ in regions((node,)))
