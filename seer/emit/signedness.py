"""How a C programmer would read a signless term: as signed, as unsigned, or either."""

from __future__ import annotations

from seer.emit.variables import Variables
from seer.lang.terms import Array, Block, Const, Expr, Iv, Load, Op, Param, Store
from seer.lang.traverse import children, expressions, statements, subexpressions

__all__ = ["is_signed", "naturally_signed"]

_SIGNED = ("sdiv", "srem", "ashr", "sext", "slt", "sle", "sitofp")
_UNSIGNED = ("udiv", "urem", "lshr", "zext", "ult", "ule", "uitofp")
"""Operators that tell how their operand is read."""


def naturally_signed(root: Expr, variables: Variables) -> bool:
    """The signedness that `root` would have in C, by the conversions of C and the types of its variables."""
    memo: dict[Expr, bool | None] = {}
    for node in subexpressions(root):
        memo[node] = _natural(node, memo, variables)
    return memo[root] is not False


def _natural(node: Expr, memo: dict[Expr, bool | None], variables: Variables) -> bool | None:
    match node:
        case Const():
            return None
        case Iv():
            return True
        case Param():
            return variables.type_of_param(node).signed
        case Load():
            return variables.type_of(node.array).signed if variables.knows(node.array) else None
        case Op():
            if node.name in ("sdiv", "srem", "ashr", "sext", "zext", "fptosi"):
                # An extended value fits the signed type, and C's promotions give that.
                return True
            if node.name in ("udiv", "urem", "lshr", "fptoui") or node.bits == 1:
                return False
            operands = node.operands[1:] if node.name == "select" else node.operands
            if node.name == "shl":
                operands = operands[:1]
            votes = [memo[operand] for operand in operands]
            return False if False in votes else True if True in votes else None
        case _:
            raise TypeError(type(node).__name__)


def is_signed(array: Array, block: Block, variables: Variables) -> bool:
    """By what `block` does with the elements and what it stores into them; a draw makes it signed."""
    votes = 0
    for statement in statements(block):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Op) and any(_reads(child, array) for child in children(node)):
                votes += (node.name in _SIGNED) - (node.name in _UNSIGNED)
        if isinstance(statement, Store) and statement.array is array:
            votes += 0 if naturally_signed(statement.value, variables) else -1
    return votes >= 0


def _reads(node: Expr, array: Array) -> bool:
    return isinstance(node, Load) and node.array is array
