"""Equality of straight-line blocks by symbolic execution.

Both blocks are executed on a symbolic state; they are equal when every array ends with the same symbolic
contents. A zero-dimensional array's contents are one expression over the initial state; any other array's
are the list of stores made to it, and a load from it is a term over that list. Two equal lists give equal
contents, so the comparison is sound; it proves nothing where it fails.
"""

from __future__ import annotations

from seer.lang.terms import TRUE, Array, Block, Expr, Load, Op, Store
from seer.lang.traverse import subexpressions

__all__ = ["equal_straight_line"]

_Value = int
"""A hash-consed symbolic value."""


def equal_straight_line(before: Block, after: Block) -> bool:
    """Whether two blocks of stores are proved equal as functions of the state.

    Blocks that hold anything but stores are not proved equal.
    """
    table: dict[tuple, _Value] = {}
    states = [_execute(block, table) for block in (before, after)]
    return None not in states and states[0] == states[1]


def _execute(block: Block, table: dict[tuple, _Value]) -> dict[Array, _Value] | None:
    """The final contents of the arrays that were stored to."""

    def make(*key: object) -> _Value:
        return table.setdefault(key, len(table))

    contents: dict[Array, _Value] = {}

    def initial(array: Array) -> _Value:
        return contents.get(array, make("initial", array))

    for statement in block:
        if not isinstance(statement, Store):
            return None
        # Values are those before the statement, so the memo lives no longer than it.
        memo: dict[Expr, _Value] = {}
        parts = (*statement.indices, statement.value, statement.when)
        for node in subexpressions(*parts):
            match node:
                case Load(array=array, indices=indices):
                    if array.type.shape:
                        memo[node] = make("load", initial(array), *(memo[i] for i in indices))
                    else:
                        memo[node] = initial(array)
                case Op(name=name, bits=bits, operands=operands):
                    memo[node] = make(name, bits, *(memo[o] for o in operands))
                case _:
                    memo[node] = make("leaf", node)
        array = statement.array
        value, when = memo[statement.value], memo[statement.when]
        if array.type.shape:
            indices = tuple(memo[i] for i in statement.indices)
            contents[array] = make("store", initial(array), value, when, *indices)
        elif statement.when is TRUE:
            contents[array] = value
        else:
            contents[array] = make("select", array.type.width, when, value, initial(array))
    # A register that ends as it began counts as untouched.
    return {array: value for array, value in contents.items() if value != make("initial", array)}
