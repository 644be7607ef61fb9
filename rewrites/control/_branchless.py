"""Ifs in nests, as predicates and choices of the stores in them."""

from __future__ import annotations

from seer.lang.conditions import both
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    If,
    Load,
    Local,
    Op,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import bodies, loop_free, with_bodies
from seer.lang.uses import read_by, written_by
from seer.rewrites.control._own import copied, fresh_array, is_unit, store_of, with_store

__all__ = ["branchless"]

_HELD = 1 << 12
"""Registers that hold conditions are numbered from here on."""


def branchless(block: Block) -> Block:
    """`block`, of units, in which predicates stand for Ifs; a register takes a choice instead.

    An If around a loop stays. Where a branch writes what its condition reads, a register holds that.
    """
    return _Branchless().block(block, TRUE, frozenset())


class _Branchless:
    def __init__(self) -> None:
        self._held = 0

    def block(self, block: Block, condition: Expr, own: frozenset[Array]) -> Block:
        """`block` where `condition` holds; what Locals `own` to the branch hold elsewhere, nothing sees."""
        result: list[Statement] = []
        for statement in block:
            match statement:
                case If() if _converts(statement):
                    result += self._branches(statement, condition)
                case Local(array, body):
                    inside = own | {array} if condition is not TRUE else own
                    result.append(Local(array, self.block(body, condition, inside)))
                case For() | While() | If():
                    inner = [self.block(body, TRUE, frozenset()) for body in bodies(statement)]
                    result.append(with_bodies(statement, inner))
                case _ if is_unit(statement) and condition is not TRUE:
                    store = store_of(statement)
                    seen = store.array not in own
                    result.append(with_store(statement, _under(store, condition)) if seen else statement)
                case _:
                    result.append(statement)
        return tuple(result)

    def _branches(self, statement: If, condition: Expr) -> Block:
        holds = statement.condition
        register = None
        if read_by(holds) & written_by((statement,)):
            register = fresh_array(ArrayType(1, ()), _HELD + self._held)
            self._held += 1
            holds = Load(register, ())
        sides = (
            *self.block(statement.then, both(condition, holds), frozenset()),
            *self.block(statement.otherwise, both(condition, Op("xor", 1, (holds, TRUE))), frozenset()),
        )
        if register is None:
            return sides
        return (Local(register, (copied(Store(register, (), statement.condition)), *sides)),)


def _converts(statement: If) -> bool:
    """Whether predicates may stand for an If, and for all that are in it."""
    return loop_free((statement,)) and all(_convertible(s) for body in bodies(statement) for s in body)


def _convertible(statement: Statement) -> bool:
    if isinstance(statement, If):
        return _converts(statement)
    if isinstance(statement, Local):
        return all(_convertible(s) for s in statement.body)
    return is_unit(statement)


def _under(store: Store, condition: Expr) -> Store:
    """A store where a condition holds."""
    when = both(condition, store.when)
    if store.array.type.shape:
        return Store(store.array, store.indices, store.value, when)
    return Store(store.array, (), Op("select", store.value.width, (when, store.value, Load(store.array, ()))))
