"""The functional units of a schedule: which operations one piece of hardware computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from seer.schedule.model import (
    Branch,
    Node,
    Operation,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    SequentialLoop,
    WhileLoop,
    regions,
)
from seer.schedule.target import Target, Unit

__all__ = [
    "Place",
    "UnitKey",
    "divided_together",
    "instance_users",
    "map_regions",
    "region_intervals",
    "unit_key",
    "unit_of",
]

Place = tuple[int, int]
"""An operation of a schedule: the position of its region among all regions, and its id there."""


@dataclass(frozen=True, order=True)
class UnitKey:
    """What is the same of two operations that one unit can compute: operator, widths in bits, latency, and
    whether the operands pass a register in front of the unit, a cycle of that latency."""

    kind: str
    width: int
    operand_widths: tuple[int, ...]
    latency: int
    staged: bool = False

    def with_stage(self) -> UnitKey:
        """The same with such registers."""
        return replace(self, latency=self.latency + 1, staged=True)


def unit_key(op: Operation, operations: tuple[Operation, ...]) -> UnitKey:
    """The kind of unit that an operation of a region needs."""
    widths = tuple(operations[operand].width for operand in op.operands)
    return UnitKey(op.kind, op.width, widths, op.latency, op.staged)


def instance_users(body: tuple[Node, ...]) -> dict[tuple[UnitKey, int], list[Place]]:
    """The operations of each instance, in program order."""
    users: dict[tuple[UnitKey, int], list[Place]] = {}
    for position, region in enumerate(regions(body)):
        for op in region.operations:
            if op.instance is not None:
                key = unit_key(op, region.operations), op.instance
                users.setdefault(key, []).append((position, op.id))
    return users


def divided_together(operations: Sequence[Operation], alone: Callable[[Operation], bool]) -> dict[int, int]:
    """Remainders whose quotient is computed from the same operands in the same cycle, with that quotient's
    id: one divider gives both. `alone` says which operations have a unit for themselves."""
    quotients: dict[tuple[str, tuple[int, ...], int, int], int] = {}
    for op in operations:
        if op.kind in ("udiv", "sdiv") and alone(op):
            quotients[op.kind[0], op.operands, op.start_cycle, op.latency] = op.id
    found: dict[int, int] = {}
    for op in operations:
        key = op.kind[0], op.operands, op.start_cycle, op.latency
        if op.kind in ("urem", "srem") and key in quotients and alone(op):
            found[op.id] = quotients[key]
    return found


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
            case Parallel():
                return replace(inner, branches=tuple(block(branch) for branch in inner.branches))

    return block(body)


def region_intervals(nodes: tuple[Node, ...]) -> list[tuple[Region, int]]:
    """All regions in the order of `regions`, each with its initiation interval (0: straight code)."""
    found: list[tuple[Region, int]] = []
    for node in nodes:
        match node:
            case Region():
                found.append((node, 0))
            case PipelinedLoop():
                found.append((node.region, node.initiation_interval))
            case SequentialLoop():
                found += region_intervals(node.body)
            case Branch():
                found.append((node.condition, 0))
                found += region_intervals((*node.then, *node.otherwise))
            case WhileLoop():
                found.append((node.condition, 0))
                found += region_intervals(node.body)
                if node.tail is not None:
                    found.append((node.tail, 0))
            case PipelinedWhile():
                found += [(node.condition, 0), (node.body, node.initiation_interval)]
            case Parallel():
                found += region_intervals(node.nodes)
    return found


def unit_of(op: Operation, operations: tuple[Operation, ...], target: Target) -> Unit:
    """The target's unit for an operation that needs one."""
    width = operations[op.operands[-1]].width
    unit = target.unit(op.kind, width, _factor_width(op, operations), op.width)
    return unit.staged() if op.staged else unit


def _factor_width(op: Operation, operations: tuple[Operation, ...]) -> int | None:
    """Bits of a multiplication's operands that are not merely an extension."""
    if op.kind != "mul":
        return None
    widths: list[int] = []
    for operand in op.operands:
        factor = operations[operand]
        if factor.kind in ("zext", "sext"):
            factor = operations[factor.operands[0]]
        if factor.kind == "const" and factor.value is not None:
            inverse = factor.value ^ ((1 << factor.width) - 1)
            widths.append(min(factor.value.bit_length(), inverse.bit_length() + 1))
        else:
            widths.append(factor.width)
    return max(widths)
