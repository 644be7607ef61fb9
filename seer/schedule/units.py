"""The functional units of a schedule: which operations one piece of hardware computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from seer.schedule.model import (
    Branch,
    Node,
    Operation,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    SequentialLoop,
    WhileLoop,
    regions,
)

__all__ = ["Place", "UnitKey", "instance_users", "map_regions", "unit_key"]

Place = tuple[int, int]
"""An operation of a schedule: the position of its region among all regions, and its id there."""


@dataclass(frozen=True, order=True)
class UnitKey:
    """What is the same of two operations that one unit can compute: operator, widths in bits, and latency."""

    kind: str
    width: int
    operand_widths: tuple[int, ...]
    latency: int


def unit_key(op: Operation, operations: tuple[Operation, ...]) -> UnitKey:
    """The kind of unit that an operation of a region needs."""
    widths = tuple(operations[operand].width for operand in op.operands)
    return UnitKey(op.kind, op.width, widths, op.latency)


def instance_users(body: tuple[Node, ...]) -> dict[tuple[UnitKey, int], list[Place]]:
    """The operations of each instance, in program order."""
    users: dict[tuple[UnitKey, int], list[Place]] = {}
    for position, region in enumerate(regions(body)):
        for op in region.operations:
            if op.instance is not None:
                key = unit_key(op, region.operations), op.instance
                users.setdefault(key, []).append((position, op.id))
    return users


def map_regions(body: tuple[Node, ...], change: Callable[[Region], Region]) -> tuple[Node, ...]:
    """The same tree with each region changed, called in the order of `regions`."""

    def block(nodes: Iterable[Node]) -> tuple[Node, ...]:
        return tuple(node(inner) for inner in nodes)

    def node(inner: Node) -> Node:
        match inner:
            case Region():
                return change(inner)
            case PipelinedLoop():
                return replace(inner, region=change(inner.region))
            case SequentialLoop():
                return replace(inner, body=block(inner.body))
            case Branch():
                condition = change(inner.condition)
                then = block(inner.then)
                return replace(inner, condition=condition, then=then, otherwise=block(inner.otherwise))
            case WhileLoop():
                condition = change(inner.condition)
                loop = block(inner.body)
                tail = None if inner.tail is None else change(inner.tail)
                return replace(inner, condition=condition, body=loop, tail=tail)
            case PipelinedWhile():
                return replace(inner, condition=change(inner.condition), body=change(inner.body))

    return block(body)
