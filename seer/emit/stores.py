"""Assignments: what is written, and `a += b` where that is what the store says."""

from __future__ import annotations

from seer.emit.expressions import Expressions
from seer.emit.floats import ARITHMETIC
from seer.emit.values import Value, arithmetic, bitwise, literal
from seer.lang.operators import OPERATORS, to_signed
from seer.lang.terms import Const, Expr, Load, Op, Store

__all__ = ["assignment", "stored_value"]

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^"}


def assignment(store: Store, expressions: Expressions) -> str:
    """The C++ statement of an unconditional store."""
    target = expressions.accesses.place(store.array, store.indices)
    return _compound(store, target, expressions) or f"{target} = {stored_value(store, expressions)};"


def stored_value(store: Store, expressions: Expressions) -> str:
    """The value in a form whose conversion to the element's type is exact."""
    type = expressions.variables.type_of(store.array)
    value = store.value
    if type.floating:
        return expressions.floating(value).text
    if type.bits > 64:
        return expressions.wide(value).text
    if type.bits == 1 and isinstance(value, Const):
        return "true" if value.value else "false"
    if type.bits == 1:
        return expressions.condition(value).text
    if isinstance(value, Const):
        return literal(to_signed(value.value, type.bits) if type.signed else value.value).text
    return expressions.modular(value, type.bits).text


def _compound(store: Store, target: str, expressions: Expressions) -> str | None:
    """`target op= operand`, if the value is an operation on the element itself."""
    type, node = expressions.variables.type_of(store.array), store.value
    symbols = ARITHMETIC if type.floating else _SYMBOLS
    if type.arbitrary or type.bits == 1 or not isinstance(node, Op) or node.name not in symbols:
        return None
    if node in expressions.named:
        return None
    left, right = node.operands
    if not _is_element(left, store) and OPERATORS[node.name].commutative:
        left, right = right, left
    if not _is_element(left, store):
        return None
    if type.floating:
        element, operand = expressions.floating(left), expressions.floating(right)
        return f"{target} {symbols[node.name]}= {operand.text};" if element.text == target else None
    element, operand = expressions.modular(left, type.bits), expressions.modular(right, type.bits)
    if element.text != target:
        return None
    value = _combined(_SYMBOLS[node.name], element, operand, type.bits)
    prefix, symbol = target + " ", value.text[len(target) + 1 : len(target) + 2]
    if not value.text.startswith(prefix) or value.text[len(prefix) + 1] != " ":
        # The element itself had to be converted.
        return None
    return f"{target} {symbol}= {_bare(value.text[len(prefix) + 2 :], operand)};"


def _is_element(node: Expr, store: Store) -> bool:
    return isinstance(node, Load) and node.array is store.array and node.indices == store.indices


def _combined(symbol: str, element: Value, operand: Value, bits: int) -> Value:
    if symbol in "+-*":
        return arithmetic(symbol, element, operand, bits, cast_second=True)
    return bitwise(symbol, element, operand, bits)


def _bare(text: str, operand: Value) -> str:
    """Without the parentheses that the operand needed next to another operator."""
    return operand.text if text == f"({operand.text})" else text
