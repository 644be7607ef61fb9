"""Equality of straight-line blocks by symbolic execution.

Both blocks are executed on a symbolic state; they are equal when every array ends with the same symbolic
contents. A zero-dimensional array's contents are one expression over the initial state; any other array's
are the list of stores made to it, and a load from it is a term over that list. Two equal lists give equal
contents, so the comparison is sound; it proves nothing where it fails.
"""

from __future__ import annotations

from seer.lang.terms import TRUE, Array, Block, Expr, If, Load, Op, Store
from seer.lang.traverse import subexpressions

__all__ = ["equal_straight_line"]

_Value = int
"""A hash-consed symbolic value."""


def equal_straight_line(before: Block, after: Block) -> bool:
    """Whether two blocks of stores, also under Ifs, are proved equal as functions of the state.

    Blocks that hold anything else are not proved equal.
    """
    table: dict[tuple, _Value] = {}
    states = [_execute(block, table) for block in (before, after)]
    return None not in states and states[0] == states[1]


class _Unfollowed(Exception):
    """A statement that is not executed symbolically."""


def _execute(block: Block, table: dict[tuple, _Value]) -> dict[Array, _Value] | None:
    """The final contents of the arrays that were stored to; None where the block is not straight-line."""
    state = _State(table)
    try:
        state.block(block, ())
    except _Unfollowed:
        return None
    # A register that ends as it began counts as untouched.
    initial = {array: state.make("initial", array) for array in state.contents}
    return {array: value for array, value in state.contents.items() if value != initial[array]}


class _State:
    """A symbolic state: what is known of each array's contents."""

    def __init__(self, table: dict[tuple, _Value]) -> None:
        self._table = table
        self.contents: dict[Array, _Value] = {}

    def make(self, *key: object) -> _Value:
        return self._table.setdefault(key, len(self._table))

    def block(self, block: Block, conditions: tuple[_Value, ...]) -> None:
        """Executes a block where all of `conditions` hold."""
        for statement in block:
            match statement:
                case Store():
                    self._store(statement, conditions)
                case If():
                    (condition,) = self._values(statement.condition)
                    self.block(statement.then, (*conditions, condition))
                    negated = self.make("xor", 1, condition, self.make("leaf", TRUE))
                    self.block(statement.otherwise, (*conditions, negated))
                case _:
                    raise _Unfollowed

    def _values(self, *roots: Expr) -> list[_Value]:
        """What expressions are in the present state."""
        memo: dict[Expr, _Value] = {}
        for node in subexpressions(*roots):
            match node:
                case Load(array=array, indices=indices):
                    contents = self._contents(array)
                    inside = [memo[i] for i in indices]
                    memo[node] = self.make("load", contents, *inside) if array.type.shape else contents
                case Op(name=name, bits=bits, operands=operands):
                    memo[node] = self.make(name, bits, *(memo[o] for o in operands))
                case _:
                    memo[node] = self.make("leaf", node)
        return [memo[root] for root in roots]

    def _contents(self, array: Array) -> _Value:
        return self.contents.get(array, self.make("initial", array))

    def _store(self, store: Store, conditions: tuple[_Value, ...]) -> None:
        *indices, value, when = self._values(*store.indices, store.value, store.when)
        always = self.make("leaf", TRUE)
        parts = [part for part in (*conditions, when) if part != always]
        holds = parts[0] if parts else always
        for part in parts[1:]:
            holds = self.make("and", 1, holds, part)
        array = store.array
        if array.type.shape:
            self.contents[array] = self.make("store", self._contents(array), value, holds, *indices)
        elif not parts:
            self.contents[array] = value
        else:
            self.contents[array] = self.make("select", array.type.width, holds, value, self._contents(array))
