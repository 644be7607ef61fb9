"""The independent check of what runs side by side: that nothing is used by two branches at once.

Shares no code with the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from seer.schedule.model import (
    Branch,
    Node,
    Operation,
    Parallel,
    Schedule,
    SequentialLoop,
    WhileLoop,
    counters_of,
    regions,
)

__all__ = ["concurrent_regions", "parallel_faults"]


def parallel_faults(schedule: Schedule, limits: Mapping[str, int]) -> list[str]:
    """Memories, written registers and limited units that two branches share, and what is not at the top."""
    faults: list[str] = []
    registers = {m.array: m.name for m in schedule.memories}
    for node in schedule.body:
        if not isinstance(node, Parallel):
            if any(isinstance(inner, Parallel) for inner in _walk((node,))):
                faults.append("something runs side by side inside of a loop or branch")
            continue
        uses: list[tuple[set[str], set[str]]] = []
        for branch in node.branches:
            if any(isinstance(inner, Parallel) for inner in _walk(branch)):
                faults.append("something runs side by side inside of a branch that does")
            operations = [op for region in regions(branch) for op in region.operations]
            bounds = {
                registers[array]
                for inner in _walk(branch)
                for counter in counters_of(inner)
                for array in (*counter.lower.registers, *counter.upper.registers)
            }
            alone = {_named(op) for op in operations if op.kind in ("load", "store", "write")}
            alone |= {f"unit {op.unit}" for op in operations if op.unit in limits}
            uses.append((alone, alone | bounds | {_named(op) for op in operations if op.kind == "read"}))
        for first, (alone, _) in enumerate(uses):
            for second, (_, touched) in enumerate(uses):
                if first != second and alone & touched:
                    shared = ", ".join(sorted(alone & touched))
                    faults.append(f"branches {first} and {second} that run side by side share {shared}")
    return faults


def concurrent_regions(schedule: Schedule) -> frozenset[tuple[int, int]]:
    """Pairs of regions, by their positions in program order, that may run at the same time."""
    pairs: set[tuple[int, int]] = set()
    position = 0
    for node in schedule.body:
        if not isinstance(node, Parallel):
            position += sum(1 for _ in regions((node,)))
            continue
        branches: list[range] = []
        for branch in node.branches:
            count = sum(1 for _ in regions(branch))
            branches.append(range(position, position + count))
            position += count
        pairs |= {
            (x, y)
            for k, first in enumerate(branches)
            for m, second in enumerate(branches)
            if k != m
            for x in first
            for y in second
        }
    return frozenset(pairs)


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
