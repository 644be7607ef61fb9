"""Straight-line code: stores under the scopes of local arrays, all of them opened around the whole."""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.terms import Array, Block, Group, Local, LocalArray, Statement, Store
from seer.lang.traverse import expressions
from seer.lang.uses import read_by
from seer.rewrites.control._locals import bound_around, named, numbered
from seer.rewrites.control._rule import Refused

__all__ = ["Straight", "straight"]


@dataclass(frozen=True)
class Straight:
    """Stores in order, in the scopes of `scopes`, whose contents nobody sees behind them. Levels of the
    scopes are names; `base` is that of the outermost once they are levels again."""

    scopes: tuple[LocalArray, ...]
    stores: tuple[Store, ...]
    base: int

    def block(self) -> Block:
        """The code as terms, without scopes that nothing uses."""
        used: set[Array] = {store.array for store in self.stores}
        for store in self.stores:
            used |= read_by(*expressions(store))
        block: Block = self.stores
        for array in reversed(self.scopes):
            if array in used:
                block = (Local(array, block),)
        return numbered(block, self.base)


def straight(block: Block, base: int | None = None) -> Straight:
    """A block of stores and of scopes of such blocks; raises Refused where it holds anything else.

    `base` is the level of the outermost scope where the levels that the block uses do not tell it.
    """
    if base is None:
        base = bound_around(block, 0)
    scopes: list[LocalArray] = []
    stores: list[Store] = []
    waiting: list[Statement] = list(reversed(named(block)))
    while waiting:
        statement = waiting.pop()
        match statement:
            case Store():
                stores.append(statement)
            case Local():
                scopes.append(statement.array)
                waiting += reversed(statement.body)
            case Group():
                waiting += reversed(statement.body)
            case _:
                raise Refused("the block holds more than stores")
    return Straight(tuple(scopes), tuple(stores), base)
