"""Ifs in nests, as predicates and choices of the stores in them."""

from __future__ import annotations

from seer.lang.conditions import both
from seer.lang.terms import TRUE, Array, Block, Expr, For, If, Load, Local, Op, Statement, Store, While
from seer.lang.traverse import bodies, loop_free, with_bodies
from seer.lang.uses import read_by, written_by
from seer.rewrites.control._own import is_unit, store_of, with_store

__all__ = ["branchless"]


def branchless(block: Block) -> Block:
    """`block`, of units, in which predicates stand for Ifs; a register takes a choice instead.

    An If around a loop stays, and one of which a branch writes what its condition reads.
    """
    return _converted(block, TRUE, frozenset())


def _converted(block: Block, condition: Expr, own: frozenset[Array]) -> Block:
    """`block` where `condition` holds. What the Locals `own` to the branch hold elsewhere, nothing sees."""
    result: list[Statement] = []
    for statement in block:
        match statement:
            case If() if _converts(statement):
                negated = Op("xor", 1, (statement.condition, TRUE))
                for holds, body in ((statement.condition, statement.then), (negated, statement.otherwise)):
                    result += _converted(body, both(condition, holds), frozenset())
            case Local(array, body):
                inside = own | {array} if condition is not TRUE else own
                result.append(Local(array, _converted(body, condition, inside)))
            case For() | While() | If():
                result.append(with_bodies(statement, [branchless(body) for body in bodies(statement)]))
            case _ if is_unit(statement) and condition is not TRUE:
                store = store_of(statement)
                result.append(
                    statement if store.array in own else with_store(statement, _under(store, condition))
                )
            case _:
                result.append(statement)
    return tuple(result)


def _converts(statement: If) -> bool:
    """Whether predicates may stand for an If, and for all that are in it."""
    inner = [s for body in bodies(statement) for s in body]
    if not loop_free((statement,)) or read_by(statement.condition) & written_by((statement,)):
        return False
    return all(_convertible(s) for s in inner)


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
