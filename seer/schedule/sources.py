"""Where the operands of operations come from: inputs of a multiplexer with one source are one input."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property

from seer.schedule.model import Operation, Region

__all__ = ["COMMUTATIVE", "RegionSources", "instance_sources", "is_wiring"]

COMMUTATIVE = frozenset({"add", "mul", "fadd", "fmul"})
"""Operators of shared units whose operands may change places."""

_WIRING = frozenset({"zext", "sext", "trunc"})
_SHIFTS = frozenset({"shl", "lshr", "ashr"})


def is_wiring(op: Operation, operations: tuple[Operation, ...]) -> bool:
    """Whether an operation is built of wires only."""
    if op.kind in _SHIFTS:
        return operations[op.operands[1]].kind == "const"
    return op.kind in _WIRING


class RegionSources:
    """The signals of one region, told apart. `position` is that of the region among all."""

    def __init__(self, position: int, region: Region, interval: int) -> None:
        self._position = position
        self._ops = region.operations
        self._interval = interval

    @cached_property
    def _written(self) -> frozenset[str | None]:
        return frozenset(op.memory for op in self._ops if op.kind == "write")

    def of(self, id_: int, cycle: int) -> Hashable:
        """What shows the value of an operation in a cycle; equal for equal signals."""
        op = self._ops[id_]
        match op.kind:
            case "const":
                return "const", op.width, op.value
            case "param":
                return "param", op.symbol
            case "read" if op.forwarded and cycle == op.result_cycle:
                return "forwarded", op.memory
            case "read" if op.memory not in self._written or cycle == op.result_cycle:
                return "register", op.memory
            case "load" if cycle == op.result_cycle:
                return "port", op.memory, op.port
        source = op
        while is_wiring(source, self._ops):
            source = self._ops[source.operands[0]]
        age = max(0, cycle - source.result_cycle)
        copy = min(1, age) if not self._interval else -(-age // self._interval)
        return "value", self._position, id_, copy


def instance_sources(
    found: Sequence[tuple[Region, int]], users: Sequence[tuple[int, int]]
) -> list[set[Hashable]]:
    """The sources of each operand of one instance, given all regions with their intervals and its users."""
    sources: list[set[Hashable]] = []
    for position, id_ in users:
        region, interval = found[position]
        signals = RegionSources(position, region, interval)
        op = region.operations[id_]
        sources += [set() for _ in op.operands[len(sources) :]]
        for known, operand in zip(sources, op.operands, strict=True):
            known.add(signals.of(operand, op.start_cycle))
    return sources
