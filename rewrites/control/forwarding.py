"""Forwarding of registers through straight-line code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import TRUE, Array, Block, Expr, Load, Store
from seer.lang.traverse import Rewriter, subexpressions
from seer.rewrites.control._rule import Attempt, ControlRule, Offer, Refused

__all__ = ["Forwarding"]


@dataclass(frozen=True)
class Forwarding(ControlRule):
    """t = u; A[i] = f(t); t = g(t)  -->  A[i] = f(u); t = g(u)

    Conditions: a block of unpredicated stores that writes some register (a zero-dimensional Local) more
    than once or reads it after writing it, and in which no array is written that a forwarded value reads.
    Each register is then stored once, at the end, and what comes between sees its value directly: the
    datapath rules reach across statements. A register's last value stays stored, since it may be live
    after the block.
    """

    name: ClassVar[str] = "forwarding"
    summary: ClassVar[str] = "t = u; A[i] = f(t) --> A[i] = f(u); t = u"
    conditions: ClassVar[str] = "straight-line code; nothing that a forwarded value reads is written between"
    span: ClassVar[int | None] = None

    def _attempt(self, fragment: Block) -> Attempt:
        route = "substitution"
        return Attempt((Offer(self.name, self.description, route, fragment, _forward(fragment), None, {}),))


def _forward(block: Block) -> Block:
    """The block with registers forwarded; raises Refused."""
    values: dict[Array, Expr] = {}
    kept: list[Store] = []
    for statement in block:
        if not isinstance(statement, Store) or statement.when is not TRUE:
            raise Refused("the block holds more than unpredicated stores")
        seen = _forwarded(statement, values)
        if statement.array.type.shape:
            for value in values.values():
                if statement.array in _read(value):
                    raise Refused("an array is written that a forwarded value reads")
            kept.append(seen)
        else:
            values[statement.array] = seen.value
    result = (*kept, *_ordered(values))
    if result == block:
        raise Refused("there is nothing to forward")
    return result


class _Substitution(Rewriter):
    """Replaces loads of registers by their values."""

    def __init__(self, values: dict[Array, Expr]) -> None:
        super().__init__()
        self._values = values

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and not node.array.type.shape and node.array in self._values:
            return self._values[node.array]
        return super()._rebuild(node)


def _forwarded(statement: Store, values: dict[Array, Expr]) -> Store:
    result = _Substitution(values).statement(statement)
    assert isinstance(result, Store)
    return result


def _read(*roots: Expr) -> set[Array]:
    return {node.array for node in subexpressions(*roots) if isinstance(node, Load)}


def _ordered(values: dict[Array, Expr]) -> list[Store]:
    """The final stores, each before those that write a register it still reads."""
    waiting = {array: value for array, value in values.items() if value is not Load(array, ())}
    result: list[Store] = []
    while waiting:
        ready = [
            array
            for array in waiting
            if not any(array in _read(other) for name, other in waiting.items() if name is not array)
        ]
        if not ready:
            raise Refused("registers exchange their values")
        result.append(Store(ready[0], (), waiting.pop(ready[0])))
    return result
