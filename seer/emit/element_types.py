"""The C type of an array that no argument declares: a local or a table, by what the program does with it."""

from __future__ import annotations

from collections.abc import Iterator

from seer.emit.c_types import CType, default_type, floating_type
from seer.emit.signedness import is_signed
from seer.emit.variables import Variables
from seer.lang.operators import FLOAT_WIDTHS, OPERATORS
from seer.lang.terms import Array, Block, Const, Expr, Load, Op, Param, Store
from seer.lang.traverse import children, expressions, statements, subexpressions

__all__ = ["inferred_type"]


def inferred_type(array: Array, block: Block, variables: Variables) -> CType:
    """The type of one element of `array`, which `block` uses."""
    width = array.type.width
    if width in FLOAT_WIDTHS and _float_votes(array, block, variables) > 0:
        return floating_type(width)
    return default_type(width, is_signed(array, block, variables))


def _float_votes(array: Array, block: Block, variables: Variables) -> int:
    """How many more uses as a float than as an integer: operators that read an element, what is stored
    into the array, and where its elements are stored to. Copies through ?: are looked through."""
    votes = 0
    for statement in statements(block):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Op) and node.name != "select":
                vote = 1 if OPERATORS[node.name].float_operands else -1
                votes += vote * any(
                    _is_element(leaf, array) for child in children(node) for leaf in _copied(child)
                )
        if isinstance(statement, Store):
            if statement.array is array:
                votes += sum(_kind(leaf, variables) for leaf in _copied(statement.value))
            elif any(_is_element(leaf, array) for leaf in _copied(statement.value)):
                votes += _known(statement.array, variables)
    return votes


def _copied(node: Expr) -> Iterator[Expr]:
    """The expressions whose value that of `node` is."""
    stack, seen = [node], {node}
    while stack:
        top = stack.pop()
        if isinstance(top, Op) and top.name == "select":
            arms = [arm for arm in top.operands[1:] if arm not in seen]
            stack += arms
            seen.update(arms)
        else:
            yield top


def _is_element(node: Expr, array: Array) -> bool:
    return isinstance(node, Load) and node.array is array


def _kind(node: Expr, variables: Variables) -> int:
    """1 for a float, -1 for an integer, 0 for what may be either."""
    match node:
        case Const():
            return 0
        case Load():
            return _known(node.array, variables)
        case Param():
            return 1 if variables.type_of_param(node).floating else -1
        case Op():
            return 1 if OPERATORS[node.name].float_result else -1
        case _:
            return -1


def _known(array: Array, variables: Variables) -> int:
    if not variables.knows(array):
        return 0
    return 1 if variables.type_of(array).floating else -1
