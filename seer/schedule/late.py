"""Operations beside the pipelined loop of a drain-free nest that wait for what its iterations leave.

`for i { s = 0; for j s += a; y = s }`: when the inner loop hands on, its last iteration has not written s
yet. So what stands beside it and uses s takes place a constant number of cycles later than the rest of its
region, what depends on that no sooner, and all accesses beside the loop to one memory or register wait alike:
nothing changes between them. The delay D leaves room for the pipelined loop's last write and last read of s.
It is less than the time until the next entry's first read, because that comes as late in an iteration as the
write allows: with the write in cycle w and the read in cycle r, D = w + 1 − II, and w − r < II.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from seer.schedule.model import Operation, Region

__all__ = ["Late", "late_operations"]

_ACCESSES = ("read", "write", "load", "store")


@dataclass(frozen=True)
class Late:
    """By how many cycles accesses to registers and memories beside the loop wait."""

    delays: Mapping[str, int]

    @property
    def cycles(self) -> int:
        """The longest wait."""
        return max(self.delays.values())

    def applied(self, region: Region, register_ns: float, changing: frozenset[int | str]) -> Region:
        """A region with what depends on such accesses that much later."""
        waits = _waits(region, self.delays)
        if not any(waits):
            return region
        operations: list[Operation] = []
        for op, wait in zip(region.operations, waits, strict=True):
            moved = replace(op, start_cycle=op.start_cycle + wait)
            operations.append(_timed(moved, operations, op, register_ns))
        return replace(region, operations=tuple(operations), late=max(waits), changing=changing)


def _inputs(op: Operation) -> tuple[int, ...]:
    return op.operands if op.predicate is None else (*op.operands, op.predicate)


def _timed(op: Operation, before: Sequence[Operation], was: Operation, register_ns: float) -> Operation:
    """An operation that was moved, with when in its cycle its operands arrive and its result does."""
    if not _inputs(op):
        return op
    sources = [before[u] for u in _inputs(op)]
    at_once = [s.ready_ns for s in sources if s.kind != "const" and s.result_cycle == op.start_cycle]
    arrived = max([register_ns, *at_once])
    ready = op.ready_ns if op.latency else round(arrived + was.ready_ns - was.start_ns, 3)
    return replace(op, start_ns=round(arrived, 3), ready_ns=ready)


def _waits(region: Region, delays: Mapping[str, int]) -> list[int]:
    """How many cycles each operation waits."""
    found: list[int] = []
    for op in region.operations:
        own = delays.get(op.memory or "", 0) if op.kind in _ACCESSES else 0
        found.append(max([own, *(found[u] for u in _inputs(op))]))
    return found


def late_operations(
    beside: Sequence[Region], inner: Region, interval: int, early: Iterable[str]
) -> Late | str | None:
    """What has to wait beside the pipelined loop of a nest, None if nothing has to, or why it cannot.

    `early` are the registers that bounds read.
    """
    last: Mapping[str, int] = {
        op.memory or "": op.start_cycle for op in inner.operations if op.kind == "write"
    }
    reads = {op.memory or "": op.start_cycle for op in inner.operations if op.kind == "read"}
    used = {op.memory for region in beside for op in region.operations if op.kind in ("read", "write")}
    own = {r: max(0, max(last[r] + 1, reads.get(r, 0)) - interval) for r in last if r in used}
    if not own:
        return None
    delays = _closed(beside, own)
    for name in sorted(delays):
        if name in early:
            return f"a bound depends on {name}, which the pipelined loop leaves"
        if name in reads and name not in last:
            return f"{name} depends on what the pipelined loop leaves, which reads it in its first cycle"
    for region in beside:
        for op, wait in zip(region.operations, _waits(region, delays), strict=True):
            if op.kind == "write" and op.memory in last:
                first = min(last[op.memory], reads.get(op.memory, last[op.memory]))
                if op.start_cycle + wait + 1 > region.length + first:
                    return f"{op.memory} would be set after its first use in the pipelined loop"
    return Late(delays)


def _closed(beside: Sequence[Region], delays: Mapping[str, int]) -> dict[str, int]:
    """These delays, and those of everything written later for it, with all accesses to that."""
    found = dict(delays)
    while True:
        before = dict(found)
        for region in beside:
            depends = _depending(region, found)
            for op, wait in zip(region.operations, _waits(region, found), strict=True):
                if op.id in depends and op.kind in ("write", "load", "store") and op.memory is not None:
                    found[op.memory] = max(wait, found.get(op.memory, 0))
        if found == before:
            return found


def _depending(region: Region, delays: Mapping[str, int]) -> frozenset[int]:
    """The operations on registers and memories with a delay, if of 0 cycles, and what depends on them."""
    found: set[int] = set()
    for op in region.operations:
        if (op.kind in _ACCESSES and op.memory in delays) or any(u in found for u in _inputs(op)):
            found.add(op.id)
    return frozenset(found)
