"""The independent check of what runs side by side: that nothing is used by two branches at once.

Shares no code with the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from seer.lang.terms import LocalArray
from seer.schedule.check_overlap import overlap_faults
from seer.schedule.model import (
    Branch,
    Memory,
    Node,
    Operation,
    Parallel,
    Schedule,
    SequentialLoop,
    WhileLoop,
    counters_of,
    regions,
)
from seer.schedule.partition import Ring

__all__ = ["concurrent_regions", "parallel_faults"]


def parallel_faults(schedule: Schedule, limits: Mapping[str, int]) -> list[str]:
    """Memories, written registers and limited units that two branches share, and what is in a wrong place."""
    faults: list[str] = []
    found = sum(1 for _ in _parallel(schedule.body, False))
    if found < sum(isinstance(node, Parallel) for node in _walk(schedule.body)):
        faults.append("something runs side by side inside of a branch, a while loop or a drain-free nest")
    registers = {m.array: m.name for m in schedule.memories}
    memories = {m.name: m for m in schedule.memories}
    for memory in schedule.memories:
        if memory.words < memory.elements_addressed:
            faults += _ring_faults(schedule, memory)
    for node, in_loop in _parallel(schedule.body, False):
        if in_loop and not node.starts:
            faults.append("something runs side by side inside of a loop, but begins at no known times")
        uses: list[_Use] = []
        for branch in node.branches:
            operations = [op for region in regions(branch) for op in region.operations]
            bounds = {
                registers[array]
                for inner in _walk(branch)
                for counter in counters_of(inner)
                for array in (*counter.lower.registers, *counter.upper.registers)
            }
            accessed = {_named(op) for op in operations if op.kind in ("load", "store")}
            alone = {_named(op) for op in operations if op.kind == "write"}
            alone |= {f"unit {op.unit}" for op in operations if op.unit in limits}
            touched = alone | bounds | {_named(op) for op in operations if op.kind == "read"}
            uses.append(_Use(frozenset(accessed), frozenset(alone), frozenset(touched)))
        pairs = list(combinations(range(len(uses)), 2))
        if node.starts:
            excluding = [pair for pair in pairs if uses[pair[0]].shared(uses[pair[1]])]
            faults += overlap_faults(node, memories, excluding)
            continue
        for first, second in pairs:
            one, other = uses[first], uses[second]
            common = one.shared(other) | one.accessed & other.accessed
            if common:
                shared = ", ".join(sorted(common))
                faults.append(f"branches {first} and {second} that run side by side share {shared}")
    return faults


def _ring_faults(schedule: Schedule, memory: Memory) -> list[str]:
    """An array in fewer words than it has elements is a local one, and only branches of known times use it,
    which are looked at access by access."""
    faults: list[str] = []
    if not isinstance(memory.array, Ring) or not isinstance(memory.array.whole, LocalArray):
        faults.append(f"{memory.name} has fewer words than elements, but is no local array")
    nodes = schedule.body
    while True:
        users = [
            node
            for node in nodes
            if any(op.memory == memory.name for region in regions((node,)) for op in region.operations)
        ]
        if len(users) != 1 or not isinstance(users[0], SequentialLoop):
            break
        nodes = users[0].body
    if len(users) > 1 or not all(isinstance(node, Parallel) and node.starts for node in users):
        faults.append(f"{memory.name} has fewer words than elements, and is used at unknown times")
    return faults


def _parallel(nodes: Sequence[Node], in_loop: bool) -> Iterator[tuple[Parallel, bool]]:
    """What runs side by side where it may stand, and whether that is in a loop."""
    for node in nodes:
        if isinstance(node, Parallel):
            yield node, in_loop
            for branch in node.branches:
                yield from _parallel(branch, True)
        elif isinstance(node, SequentialLoop) and not node.drain_free:
            yield from _parallel(node.body, True)


@dataclass(frozen=True)
class _Use:
    """The memories that a branch accesses, the registers that it writes and limited units, and all registers
    that it touches with these."""

    accessed: frozenset[str]
    alone: frozenset[str]
    touched: frozenset[str]

    def shared(self, other: _Use) -> frozenset[str]:
        """What both cannot have at once, memories apart."""
        return self.alone & other.touched | self.touched & other.alone


def concurrent_regions(schedule: Schedule) -> frozenset[tuple[int, int]]:
    """Pairs of regions, by their positions in program order, that may run at the same time."""
    pairs: set[tuple[int, int]] = set()
    _note_pairs(schedule.body, 0, pairs)
    return frozenset(pairs)


def _note_pairs(nodes: Sequence[Node], position: int, pairs: set[tuple[int, int]]) -> int:
    """Add the pairs below nodes whose first region has that position; returns the position behind them."""
    for node in nodes:
        if isinstance(node, SequentialLoop):
            position = _note_pairs(node.body, position, pairs)
        elif isinstance(node, Parallel):
            branches: list[range] = []
            for branch in node.branches:
                behind = _note_pairs(branch, position, pairs)
                branches.append(range(position, behind))
                position = behind
            for first, second in permutations(branches, 2):
                pairs.update(product(first, second))
        else:
            position += sum(1 for _ in regions((node,)))
    return position


def _named(op: Operation) -> str:
    return op.memory or ""


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes and all below them."""
    for node in nodes:
        yield node
        match node:
            case SequentialLoop() | WhileLoop():
                yield from _walk(node.body)
            case Branch():
                yield from _walk((*node.then, *node.otherwise))
            case Parallel():
                for branch in node.branches:
                    yield from _walk(branch)
            case _:
                continue
