"""Equality of straight-line blocks by symbolic execution.

Both blocks are executed on a symbolic state; they are equal when every array ends with the same symbolic
contents. That is sound, and proves nothing where it fails."""

from __future__ import annotations

from seer.lang.terms import Array, Block
from seer.verify.symbolic import SymbolicState, Unfollowed, Value, Values

__all__ = ["equal_straight_line"]


def equal_straight_line(before: Block, after: Block) -> bool:
    """Whether two blocks of stores, also under Ifs, are proved equal as functions of the state.

    Blocks that hold anything else are not proved equal.
    """
    values = Values()
    states = [_execute(block, values) for block in (before, after)]
    return None not in states and states[0] == states[1]


def _execute(block: Block, values: Values) -> dict[Array, Value] | None:
    """The final contents of the arrays that were stored to; None where the block is not straight-line."""
    state = SymbolicState(values)
    try:
        state.run(block)
    except Unfollowed:
        return None
    # A register that ends as it began counts as untouched.
    return {array: value for array, value in state.contents.items() if value != values.initial(array)}
