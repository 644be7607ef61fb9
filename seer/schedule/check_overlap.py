"""The independent check of branches that begin at known times and may use one memory: access by access.

Walks through the iterations as the hardware issues them, and computes addresses by the operators' own
definitions. Shares no code with the scheduler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from seer.lang.operators import OPERATORS, to_unsigned
from seer.schedule.check_rings import ring_faults
from seer.schedule.model import Memory, Node, Operation, Parallel, PipelinedLoop, Region, SequentialLoop

__all__ = ["overlap_faults"]


@dataclass(frozen=True)
class _Access:
    """All times at which an operation may access a memory, with its addresses where no data decide."""

    op: Operation
    times: np.ndarray
    addresses: np.ndarray | None

    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """The addresses, and the last time of each."""
        return self._ends(self.times)

    def first(self) -> tuple[np.ndarray, np.ndarray]:
        """The addresses, and the first time of each."""
        addresses, times = self._ends(-self.times)
        return addresses, -times

    def _ends(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert self.addresses is not None
        order = np.lexsort((times, self.addresses))
        addresses, times = self.addresses[order], times[order]
        ends = np.append(addresses[1:] != addresses[:-1], True)
        return addresses[ends], times[ends]


class _Undecided(Exception):
    """A branch takes cycles that depend on data or arguments."""


def overlap_faults(
    node: Parallel, memories: Mapping[str, Memory], excluding: Sequence[tuple[int, int]]
) -> list[str]:
    """What is wrong with the times at which the branches begin. `memories` are those of the schedule by name;
    `excluding` are pairs of branches that may not be under way at once."""
    if len(node.starts) != len(node.branches) or min(node.starts) < 0:
        return ["branches that run side by side do not begin at known times"]
    accesses: list[list[_Access]] = []
    ends: list[int] = []
    for start, branch in zip(node.starts, node.branches, strict=True):
        runs: dict[int, tuple[Region, list[int], list[dict[int, int]]]] = {}
        try:
            ends.append(_issue(branch, start, {}, runs))
        except _Undecided:
            return ["a branch begins at a known time, but takes cycles that are not known"]
        accesses.append([access for run in runs.values() for access in _accesses(*run, memories)])
    faults = [
        f"branch {second} begins before branch {first} has ended, which it may not run beside"
        for first, second in excluding
        if node.starts[second] < ends[first]
    ]
    for first, second in combinations(range(len(node.branches)), 2):
        for before, after in product(accesses[first], accesses[second]):
            if before.op.memory != after.op.memory:
                continue
            where = f"branch {second} at the time of its start: operations {before.op.id} and {after.op.id}"
            if before.op.port == after.op.port and np.intersect1d(before.times, after.times).size:
                faults.append(f"{where} take port {after.op.port} of {after.op.memory} in one cycle")
            if "store" in (before.op.kind, after.op.kind) and not _in_order(before, after):
                faults.append(f"{where} access {after.op.memory} out of order")
    rings: dict[str, list[_Access]] = {}
    for access in (access for branch in accesses for access in branch):
        if _is_ring(memories[access.op.memory or ""]):
            rings.setdefault(access.op.memory or "", []).append(access)
    for name, found in rings.items():
        faults += _ring(memories[name], found)
    return faults


def _is_ring(memory: Memory) -> bool:
    return memory.words < memory.elements_addressed


def _ring(memory: Memory, accesses: Sequence[_Access]) -> list[str]:
    """What is wrong with the accesses to a memory of fewer words than its array has elements."""
    events: list[tuple[int, bool, int]] = []
    for access in accesses:
        is_write = access.op.kind == "store"
        if access.addresses is None or (is_write and access.op.predicate is not None):
            return [f"{memory.name} has fewer words than elements, and operation {access.op.id} any of these"]
        times, elements = access.times.tolist(), access.addresses.tolist()
        events += zip(times, [is_write] * len(times), elements, strict=True)
    return ring_faults(memory.name, memory.words, events)


def _in_order(before: _Access, after: _Access) -> bool:
    """Whether no word is accessed by `after` in a cycle in which `before` may still access it, or earlier."""
    if before.addresses is None or after.addresses is None:
        return bool(before.times.max() < after.times.min())
    ones, last = before.last()
    others, first = after.first()
    _, here, there = np.intersect1d(ones, others, assume_unique=True, return_indices=True)
    return bool(np.all(last[here] < first[there]))


def _issue(
    nodes: Sequence[Node],
    start: int,
    counters: dict[int, int],
    runs: dict[int, tuple[Region, list[int], list[dict[int, int]]]],
) -> int:
    """Note when each region is begun, with the counters; returns when the nodes have ended."""
    for node in nodes:
        match node:
            case Region() if not node.late:
                _note(node, start, counters, runs)
                start += node.length
            case PipelinedLoop() if not node.around and all(c.constant for c in node.counters):
                ranges = [range(c.lower.constant, c.upper.constant, c.iv.step) for c in node.counters]
                for values in product(*ranges):
                    own = {c.iv.level: value for c, value in zip(node.counters, values, strict=True)}
                    _note(node.region, start, {**counters, **own}, runs)
                    start += node.initiation_interval
                start += node.region.length - node.initiation_interval
            case SequentialLoop() if not node.drain_free and node.counter.constant:
                counter = node.counter
                for value in range(counter.lower.constant, counter.upper.constant, counter.iv.step):
                    start = _issue(node.body, start, {**counters, counter.iv.level: value}, runs)
            case _:
                raise _Undecided
    return start


def _note(
    region: Region,
    start: int,
    counters: dict[int, int],
    runs: dict[int, tuple[Region, list[int], list[dict[int, int]]]],
) -> None:
    _, starts, values = runs.setdefault(id(region), (region, [], []))
    starts.append(start)
    values.append(counters)


def _accesses(
    region: Region, starts: list[int], counters: list[dict[int, int]], memories: Mapping[str, Memory]
) -> list[_Access]:
    begun = np.array(starts, np.int64)
    columns: dict[int, np.ndarray | None] = {}
    found: list[_Access] = []
    for op in region.operations:
        if op.kind in ("load", "store"):
            column = _column(op.operands[0], region, counters, columns)
            if column is not None and int(column.max()) < memories[op.memory or ""].elements_addressed:
                column = column.astype(np.int64)
            else:
                column = None
            found.append(_Access(op, begun + op.start_cycle, column))
    return found


def _column(
    position: int,
    region: Region,
    counters: list[dict[int, int]],
    columns: dict[int, np.ndarray | None],
) -> np.ndarray | None:
    """What an operation yields in each run; None where arguments or memories decide."""
    if position not in columns:
        op = region.operations[position]
        made: np.ndarray | None = None
        if op.kind == "const":
            made = np.array([op.value] * len(counters), object)
        elif op.kind == "iv":
            level = -1 if op.level is None else op.level
            if level in counters[0]:  # else a counter around all this
                made = np.array([to_unsigned(values[level], op.width) for values in counters], object)
        elif op.kind in OPERATORS:
            inputs = [_column(operand, region, counters, columns) for operand in op.operands]
            if all(column is not None for column in inputs):
                width, evaluate = region.operations[op.operands[-1]].width, OPERATORS[op.kind].evaluate
                rows = zip(*(column for column in inputs if column is not None), strict=True)
                made = np.array([evaluate(width, op.width, *row) for row in rows], object)
        columns[position] = made
    return columns[position]
