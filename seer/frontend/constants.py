"""The values of constant integer expressions, of any width.

libclang evaluates an expression but gives at most 64 bits of the result, whatever its type: of one that is
wider the value is computed here, from that of its operands.
"""

from __future__ import annotations

from collections.abc import Callable

from clang.cindex import Cursor, Type

from seer.frontend._libclang import (
    CursorKind,
    TypeKind,
    binary_operator,
    evaluated_integer,
    expression_children,
    type_kind,
    unary_operator,
)
from seer.lang.operators import to_signed, to_unsigned

__all__ = ["integer_value"]

_CASTS = (
    CursorKind.UNEXPOSED_EXPR,
    CursorKind.PAREN_EXPR,
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.CXX_FUNCTIONAL_CAST_EXPR,
)
_UNARY: dict[str, Callable[[int], int]] = {"-": lambda a: -a, "~": lambda a: ~a, "+": lambda a: a}
_BINARY: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
}


def integer_value(cursor: Cursor) -> int | None:
    """The value of a constant integer expression, or None; exact also inside macro expansions.

    Of an expression of more than 64 bits that is no sum, product, shift or cast of constants: None.
    """
    type = cursor.type.get_canonical()
    wide = _wide(type)
    if wide is None:
        return evaluated_integer(cursor)
    value = _computed(cursor)
    if value is None:
        return None
    bits, signed = wide
    return to_signed(value, bits) if signed else to_unsigned(value, bits)


def _wide(type: Type) -> tuple[int, bool] | None:
    """Width and signedness of an integer type of more than 64 bits."""
    match type_kind(type):
        case TypeKind.INT128:
            return 128, True
        case TypeKind.UINT128:
            return 128, False
    words = type.spelling.removeprefix("const ").replace("(", " ").replace(")", " ").split()
    if "_BitInt" in words and int(words[-1]) > 64:
        return int(words[-1]), "unsigned" not in words
    return None


def _computed(cursor: Cursor) -> int | None:
    """The value before it is reduced to the type."""
    operands = expression_children(cursor)
    if cursor.kind is CursorKind.DECL_REF_EXPR and cursor.type.is_const_qualified():
        # A constant variable has the value that it starts with.
        operands = expression_children(cursor.referenced) if cursor.referenced is not None else []
        return integer_value(operands[-1]) if operands else None
    if cursor.kind in _CASTS and len(operands) == 1:
        return integer_value(operands[0])
    values = [integer_value(operand) for operand in operands]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    if cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) in _UNARY:
        return _UNARY[unary_operator(cursor)](known[0])
    if cursor.kind is CursorKind.BINARY_OPERATOR:
        operator = binary_operator(cursor)
        if operator in _BINARY:
            return _BINARY[operator](*known)
        if operator in ("<<", ">>") and 0 <= known[1] < 128:
            return known[0] << known[1] if operator == "<<" else known[0] >> known[1]
    return None
