"""When a node of the loop tree touches which word of which memory, where no data decide about that.

A node is static if the bounds of all its loops are constants and nothing in it waits for a decision: then it
takes the same cycles in every call, and each of its accesses takes place at known cycles (an access with a
predicate: then or not at all). Addresses that are computed from counters and constants alone are known, too;
any other may be any word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from seer.schedule.cycles import cycles_of
from seer.schedule.model import Counter, Memory, Node, Operation, PipelinedLoop, Region, SequentialLoop

__all__ = ["Timeline", "Touched", "timeline"]

NEVER = 1 << 40
"""A cycle that none reaches."""
_MOST = 1 << 22
"""Accesses of one node that are looked at."""

_Values = np.ndarray
_Counters = Mapping[int, _Values]


@dataclass(frozen=True, eq=False)
class Touched:
    """Of each word of a memory, by address: the first and the last cycle of a read and of a write, in cycles
    from the beginning of the node; NEVER and −NEVER where there is none. `exact`: all addresses are known,
    and all writes take place."""

    first_read: _Values
    last_read: _Values
    first_write: _Values
    last_write: _Values
    exact: bool

    @staticmethod
    def untouched(elements: int, exact: bool) -> Touched:
        """What no access is noted of yet."""
        never = np.full(elements, NEVER, np.int64)
        return Touched(never, -never, never.copy(), -never, exact)


@dataclass(frozen=True, eq=False)
class Timeline:
    """A static node: its cycles, what it does to memories by name, and the cycles in which it takes each
    port, ascending, by memory and number."""

    cycles: int
    touched: Mapping[str, Touched]
    ports: Mapping[tuple[str, int], _Values]


@lru_cache(maxsize=1 << 8)
def timeline(node: Node, memories: tuple[Memory, ...]) -> Timeline | None:
    """Of a node that is static and not too long to be looked at access by access; None for any other.
    `memories` are those that it accesses."""
    if not _static(node):
        return None
    elements = {memory.name: memory.elements_addressed for memory in memories}
    touched: dict[str, Touched] = {}
    ports: dict[tuple[str, int], list[_Values]] = {}
    total = 0
    for region, begun, counters in _runs((node,), np.zeros(1, np.int64), {}):
        accesses = [op for op in region.operations if op.kind in ("load", "store")]
        total += len(accesses) * len(begun)
        if total > _MOST:
            return None
        values: dict[int, _Values | None] = {}
        for op in accesses:
            name = op.memory or ""
            cycles = begun + op.start_cycle
            ports.setdefault((name, op.port or 0), []).append(cycles)
            address = _value(op.operands[0], region.operations, counters, values)
            if address is not None and int(address.max()) >= elements[name]:
                address = None
            found = touched.get(name) or Touched.untouched(elements[name], True)
            first, last = found.first_read, found.last_read
            if op.kind == "store":
                first, last = found.first_write, found.last_write
            _note(first, last, address, cycles)
            sure = address is not None and (op.kind == "load" or op.predicate is None)
            touched[name] = replace(found, exact=found.exact and sure)
    taken = {port: np.unique(np.concatenate(cycles)) for port, cycles in ports.items()}
    return Timeline(cycles_of(node, {}), touched, taken)


def _static(node: Node) -> bool:
    match node:
        case Region():
            return not node.late
        case PipelinedLoop():
            return not node.around and _counts(*node.counters)
        case SequentialLoop():
            return not node.drain_free and _counts(node.counter) and all(map(_static, node.body))
        case _:
            return False


def _counts(*counters: Counter) -> bool:
    """Whether all bounds are constants, with iterations between them."""
    return all(counter.constant and counter.trip_count({}) > 0 for counter in counters)


def _note(first: _Values, last: _Values, address: _Values | None, cycles: _Values) -> None:
    """Accesses in ascending cycles; of the accesses to one word the last assignment stands."""
    if address is None:
        np.minimum(first, cycles[0], out=first)
        np.maximum(last, cycles[-1], out=last)
        return
    here = np.full(len(first), -NEVER, np.int64)
    here[address] = cycles
    np.maximum(last, here, out=last)
    here = np.full(len(first), NEVER, np.int64)
    here[address[::-1]] = cycles[::-1]
    np.minimum(first, here, out=first)


def _runs(
    nodes: Sequence[Node], begun: _Values, counters: _Counters
) -> Iterator[tuple[Region, _Values, _Counters]]:
    """Each region with the cycles in which it begins, ascending, and the counters in these runs."""
    for node in nodes:
        match node:
            case Region():
                yield node, begun, counters
            case PipelinedLoop():
                times, inner = begun, counters
                spacing = node.initiation_interval
                spacings: list[int] = []
                for counter in reversed(node.counters):
                    spacings.append(spacing)
                    spacing *= counter.trip_count({})
                for counter in node.counters:
                    times, inner = _stepped(counter, spacings.pop(), times, inner)
                yield node.region, times, inner
            case SequentialLoop():
                times, inner = _stepped(node.counter, cycles_of(node.body, {}), begun, counters)
                yield from _runs(node.body, times, inner)
            case _:
                raise TypeError(type(node).__name__)
        begun = begun + cycles_of(node, {})


def _stepped(
    counter: Counter, spacing: int, begun: _Values, counters: _Counters
) -> tuple[_Values, _Counters]:
    """The iterations of a loop that begin so many cycles apart, for each of its own beginnings."""
    trips = counter.trip_count({})
    steps = np.arange(trips, dtype=np.int64)
    inner = {level: np.repeat(values, trips) for level, values in counters.items()}
    inner[counter.iv.level] = np.tile(counter.lower.constant + steps * counter.iv.step, len(begun))
    return (begun[:, None] + steps * spacing).reshape(-1), inner


def _value(
    position: int, operations: Sequence[Operation], counters: _Counters, values: dict[int, _Values | None]
) -> _Values | None:
    """What an operation yields in each run, in [0, 2^width); None where data decide or it is too wide."""
    if position not in values:
        values[position] = _computed(operations[position], operations, counters, values)
    return values[position]


def _computed(
    op: Operation, operations: Sequence[Operation], counters: _Counters, values: dict[int, _Values | None]
) -> _Values | None:
    runs = len(next(iter(counters.values()))) if counters else 1
    if op.width > 62:
        return None
    mask = (1 << op.width) - 1
    if op.kind == "const":
        return np.full(runs, op.value or 0, np.int64)
    if op.kind == "iv":
        # Of a loop around the node nothing is known.
        known = counters.get(-1 if op.level is None else op.level)
        return None if known is None else known & mask
    if op.kind not in _WORDS:
        return None
    inputs = [_value(operand, operations, counters, values) for operand in op.operands]
    if any(value is None for value in inputs):
        return None
    operands = [value for value in inputs if value is not None]
    widths = [operations[operand].width for operand in op.operands]
    if op.kind == "sext":
        sign = 1 << (widths[0] - 1)
        return ((operands[0] ^ sign) - sign) & mask
    if op.kind in ("zext", "trunc"):
        return operands[0] & mask
    first, second = operands
    if op.kind in ("shl", "lshr"):
        if int(second.max()) >= op.width:
            return None
        # Sums and products wrap at 64 bits, which keeps the lower ones.
        return (first << second if op.kind == "shl" else first >> second) & mask
    with np.errstate(over="ignore"):
        return _WORDS[op.kind](first, second) & mask


_WORDS = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "shl": np.left_shift,
    "lshr": np.right_shift,
    "zext": np.positive,
    "sext": np.positive,
    "trunc": np.positive,
}
"""The operators of addresses that are followed."""
