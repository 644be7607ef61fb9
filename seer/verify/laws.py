"""The structural laws of statements, checked on their own: nothing here reads seer/egraph/laws.egg."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seer.lang.operators import to_signed
from seer.lang.terms import Const, For, Group, If, Local, Op, Store, While

__all__ = ["LAWS"]


def _group_nil(left: Any, right: Any) -> bool:
    return isinstance(left, tuple) and left[:1] == (Group(()),) and right == left[1:]


def _group_cons(left: Any, right: Any) -> bool:
    if not isinstance(left, tuple) or not left or not isinstance(left[0], Group) or not left[0].body:
        return False
    body = left[0].body
    return right == (body[0], Group(body[1:]), *left[1:])


def _for_never(left: Any, right: Any) -> bool:
    if not isinstance(left, For) or right is not Group(()):
        return False
    lower, upper = left.lower, left.upper
    if not isinstance(lower, Const) or not isinstance(upper, Const):
        return False
    return to_signed(lower.value, lower.bits) >= to_signed(upper.value, upper.bits)


def _for_empty_hull(left: Any, right: Any) -> bool:
    return isinstance(left, For) and left.iv.lower >= left.iv.upper and right is Group(())


def _for_nothing(left: Any, right: Any) -> bool:
    return isinstance(left, For) and left.body == () and right is Group(())


def _while_never(left: Any, right: Any) -> bool:
    return isinstance(left, While) and left.condition is Const(1, 0) and right is Group(())


def _if_true(left: Any, right: Any) -> bool:
    return isinstance(left, If) and left.condition is Const(1, 1) and right is Group(left.then)


def _if_false(left: Any, right: Any) -> bool:
    return isinstance(left, If) and left.condition is Const(1, 0) and right is Group(left.otherwise)


def _if_same(left: Any, right: Any) -> bool:
    return isinstance(left, If) and left.then == left.otherwise and right is Group(left.then)


def _if_not(left: Any, right: Any) -> bool:
    if not isinstance(left, If) or not isinstance(right, If):
        return False
    negated = Op("xor", 1, (right.condition, Const(1, 1)))
    return left.condition is negated and left.then == right.otherwise and left.otherwise == right.then


def _if_store(left: Any, right: Any) -> bool:
    store = _only_store(left)
    if store is None or store.when is not Const(1, 1):
        return False
    return right is Store(store.array, store.indices, store.value, left.condition)


def _if_predicated_store(left: Any, right: Any) -> bool:
    store = _only_store(left)
    if store is None:
        return False
    both = Op("and", 1, (left.condition, store.when))
    return right is Store(store.array, store.indices, store.value, both)


def _only_store(statement: Any) -> Store | None:
    """The store that is all that an If does."""
    if not isinstance(statement, If) or len(statement.then) != 1 or statement.otherwise:
        return None
    (store,) = statement.then
    return store if isinstance(store, Store) else None


def _store_never(left: Any, right: Any) -> bool:
    return isinstance(left, Store) and left.when is Const(1, 0) and right is Group(())


def _local_nothing(left: Any, right: Any) -> bool:
    return isinstance(left, Local) and left.body == () and right is Group(())


LAWS: dict[str, Callable[[Any, Any], bool]] = {
    "group-nil": _group_nil,
    "group-cons": _group_cons,
    "for-never": _for_never,
    "for-empty-hull": _for_empty_hull,
    "for-nothing": _for_nothing,
    "while-never": _while_never,
    "if-true": _if_true,
    "if-false": _if_false,
    "if-same": _if_same,
    "if-not": _if_not,
    "if-store": _if_store,
    "if-predicated-store": _if_predicated_store,
    "store-never": _store_never,
    "local-nothing": _local_nothing,
}
"""By name: whether a law leads from one term to another."""
