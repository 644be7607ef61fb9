"""Forwarding of registers through straight-line code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, cast

from seer.lang.terms import TRUE, Array, Block, Expr, Load, Op, Statement, Store
from seer.lang.traverse import Rewriter
from seer.lang.uses import read_by
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused

__all__ = ["Forwarding", "Substitution", "forwarded"]


@dataclass(frozen=True)
class Forwarding(ControlRule):
    """t = u; A[i] = f(t); t = g(t)  -->  A[i] = f(u); t = g(u)

    Conditions: a block of stores that writes some register (a zero-dimensional array) more than once or
    reads it after writing it, and in which no array is written that a forwarded value reads. Each register
    is then stored once, at the end, and what comes between sees its value directly: the datapath rules
    reach across statements. A store under a predicate gives a choice between the new value and the one
    before. A register's last value stays stored, since it may be live after the block.
    """

    name: ClassVar[str] = "forwarding"
    summary: ClassVar[str] = "t = u; A[i] = f(t) --> A[i] = f(u); t = u"
    conditions: ClassVar[str] = "straight-line code; nothing that a forwarded value reads is written between"
    takes: ClassVar[FragmentKind] = "straight"
    checked_by: ClassVar[ProofKind] = "symbolic"

    def _attempt(self, fragment: Block) -> Attempt:
        route = "substitution"
        return Attempt((Offer(self.name, self.description, route, fragment, _forward(fragment), None, {}),))


def _forward(block: Block) -> Block:
    """The block with registers forwarded; raises Refused."""
    if not all(isinstance(statement, Store) for statement in block):
        raise Refused("the block holds more than stores")
    result = forwarded(block, lambda s: cast(Store, s), lambda _, store: store)
    if result == block:
        raise Refused("there is nothing to forward")
    return result


def forwarded(
    block: Block, store_of: Callable[[Statement], Store], with_store: Callable[[Statement, Store], Statement]
) -> Block:
    """Stores, or what `store_of` finds one in, with registers forwarded; raises Refused."""
    values: dict[Array, Expr] = {}
    last: dict[Array, Statement] = {}
    kept: list[Statement] = []
    for statement in block:
        seen = Substitution(values).statement(store_of(statement))
        assert isinstance(seen, Store)
        array = seen.array
        if array.type.shape:
            if any(array in read_by(value) for value in values.values()):
                raise Refused("an array is written that a forwarded value reads")
            kept.append(with_store(statement, seen))
            continue
        value = seen.value
        if seen.when is not TRUE:
            value = Op("select", value.width, (seen.when, value, values.get(array, Load(array, ()))))
        values[array], last[array] = value, statement
    ends = [with_store(last[store.array], store) for store in _ordered(values)]
    return (*kept, *ends)


class Substitution(Rewriter):
    """Replaces loads of registers by their values."""

    def __init__(self, values: dict[Array, Expr]) -> None:
        super().__init__()
        self._values = values

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and not node.array.type.shape and node.array in self._values:
            return self._values[node.array]
        return super()._rebuild(node)


def _ordered(values: dict[Array, Expr]) -> list[Store]:
    """The final stores, each before those that write a register it still reads."""
    waiting = {array: value for array, value in values.items() if value is not Load(array, ())}
    result: list[Store] = []
    while waiting:
        ready = [
            array
            for array in waiting
            if not any(array in read_by(other) for name, other in waiting.items() if name is not array)
        ]
        if not ready:
            raise Refused("registers exchange their values")
        result.append(Store(ready[0], (), waiting.pop(ready[0])))
    return result
