"""Units that store what later ones load: each store moves down to the last access to its element."""

from __future__ import annotations

from typing import cast

from seer.lang.terms import TRUE, Block, Expr, Load, Op, Statement, Store
from seer.lang.traverse import Rewriter, expressions, subexpressions
from seer.lang.uses import read_by
from seer.rewrites.control._own import store_of, with_store
from seer.rewrites.control._subscripts import relation

__all__ = ["sunk"]


def sunk(units: Block) -> Block:
    """Units, each moved down to the last access to its element: loads see the value, two stores become one.

    What stands between writes nothing that the value reads, and touches the array at elements that are surely
    the same or surely others; else a unit stays where it is.
    """
    found = list(units)
    for position in reversed(range(len(found))):
        found = _moved(found, position)
    return tuple(found)


def _moved(units: list[Statement], position: int) -> list[Statement]:
    """`units` with the one at `position` moved to where its element is needed last, if it can be."""
    moving = store_of(units[position])
    key = Load(moving.array, moving.indices)
    rest = [store_of(s) for s in units[position + 1 :]]
    wanted = [n for n, s in enumerate(rest) if _uses(s, key)]
    if not wanted:
        return units
    read = read_by(*expressions(moving))
    value = moving.value
    if moving.when is not TRUE:
        value = Op("select", value.width, (moving.when, value, key))
    seen = _Seen(key, value)
    last = wanted[-1]
    result = units[:position]
    for number, (store, unit) in enumerate(zip(rest, units[position + 1 :], strict=True)):
        if number > last:
            result.append(unit)
            continue
        loads = [n for n in subexpressions(*expressions(store)) if isinstance(n, Load)]
        others = [n for n in loads if n.array is key.array and n is not key]
        if not all(relation(n.indices, key.indices) == "apart" for n in others):
            return units
        new = cast(Store, seen.statement(store))
        if store.array is key.array and store.indices == key.indices:
            if number < last:
                return units
            result.append(with_store(unit, _joined(moving, new)))
            continue
        if store.array is key.array and relation(store.indices, key.indices) != "apart":
            return units
        if store.array in read and (store.array is not key.array or _reads_more(moving, key)):
            return units
        result.append(with_store(unit, new))
        if number == last:
            result.append(units[position])
    return result


def _uses(store: Store, key: Load) -> bool:
    """Whether a store loads or writes the element `key`."""
    if store.array is key.array and store.indices == key.indices:
        return True
    return key in subexpressions(*expressions(store))


def _reads_more(store: Store, key: Load) -> bool:
    """Whether a store reads other elements of its array than the one that it writes."""
    loads = (n for n in subexpressions(*expressions(store)) if isinstance(n, Load))
    return any(n.array is key.array and n is not key for n in loads)


def _joined(first: Store, second: Store) -> Store:
    """One store for two to the same element, of which the second is in terms of what the first leaves."""
    if second.when is TRUE:
        return second
    chosen = Op("select", second.value.width, (second.when, second.value, first.value))
    when = TRUE if first.when is TRUE else Op("or", 1, (first.when, second.when))
    return Store(second.array, second.indices, chosen, when)


class _Seen(Rewriter):
    """Replaces loads of one element by its value."""

    def __init__(self, key: Load, value: Expr) -> None:
        super().__init__()
        self._key, self._value = key, value

    def _rebuild(self, node: Expr) -> Expr:
        return self._value if node is self._key else super()._rebuild(node)
