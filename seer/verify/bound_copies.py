"""Loop bounds that read the registers of which others are copies: `t = n; for i < t` as `t = n; for i < n`.

What a bound reads, it reads when the loop begins. A register is a copy of another from the store that makes
it one until either is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Expr,
    For,
    Group,
    Load,
    Local,
    LocalArray,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import Rewriter, bodies, with_bodies
from seer.lang.uses import written_by

__all__ = ["with_bounds_of_origin"]

_Copies = dict[Array, Load]


def with_bounds_of_origin(block: Block) -> Block:
    """The block with the bounds of its For loops read from where their registers have them."""
    return _block(block, {})


def _block(block: Block, copies: _Copies) -> Block:
    """The same; `copies` becomes what is known behind the block."""
    return tuple(_statement(statement, copies) for statement in block)


def _statement(statement: Statement, copies: _Copies) -> Statement:
    match statement:
        case Store(array, indices, value, when):
            origin = _read(value, copies)
            _forget(copies, {array})
            known = isinstance(array, LocalArray) and not indices and when is TRUE
            if known and isinstance(origin, Load) and origin.array is not array:
                copies[array] = origin
            return statement
        case Group(body):
            return Group(_block(body, copies))
        case Local(array, body):
            # What the register holds at first is nobody's copy, and it ends with its scope.
            _forget(copies, {array})
            inner = Local(array, _block(body, copies))
            _forget(copies, {array})
            return inner
    written = written_by((statement,))
    loops = isinstance(statement, (For, While))
    inside = {r: o for r, o in copies.items() if not loops or not {r, o.array} & written}
    if isinstance(statement, For):
        lower, upper = (_Replaced(inside).expression(bound) for bound in (statement.lower, statement.upper))
        statement = For(statement.iv, lower, upper, statement.body)
    made = with_bodies(statement, [_block(body, dict(inside)) for body in bodies(statement)])
    _forget(copies, written)
    return made


def _read(value: Expr, copies: Mapping[Array, Load]) -> Load | None:
    """The register whose contents a value is, if it is one's."""
    if not isinstance(value, Load) or value.indices or not isinstance(value.array, LocalArray):
        return None
    return copies.get(value.array, value)


def _forget(copies: _Copies, written: AbstractSet[Array]) -> None:
    for register in [r for r, origin in copies.items() if r in written or origin.array in written]:
        del copies[register]


class _Replaced(Rewriter):
    """Reads registers from where they have their contents."""

    def __init__(self, copies: Mapping[Array, Load]) -> None:
        super().__init__(leaf=lambda e: e)
        self._copies = copies

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array in self._copies:
            return self._copies[node.array]
        return super()._rebuild(node)
