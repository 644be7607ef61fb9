"""Expressions of more than 64 bits, as `ap_uint` of exactly their width.

Every result is converted back to its width at once, so nothing depends on how far ap_int grows results,
and both operands of an operator always have one type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seer.emit.helpers import helper
from seer.emit.values import (
    MULTIPLICATIVE,
    POSTFIX,
    SHIFT,
    TERNARY,
    Value,
    cast,
    infix,
    literal,
    operator_level,
    parenthesised,
)
from seer.lang.operators import mask
from seer.lang.terms import Const, Expr, Load, Op, Param

if TYPE_CHECKING:
    from seer.emit.expressions import Expressions

__all__ = ["Wide", "low_word"]

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^"}


class Wide:
    """Emits wide nodes for `Expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def constant(self, value: int, width: int) -> Value:
        high, low = value >> 64, value & mask(64)
        text = f"ap_uint<{width}>({literal(low, signed=False).text})"
        if high:
            upper = f"(ap_uint<{width}>({literal(high, signed=False).text}) << 64)"
            return _of(width, f"ap_uint<{width}>({upper} | {text})")
        return _of(width, text)

    def node(self, node: Expr) -> Value:
        """`node`, of more than 64 bits."""
        width = node.width
        variables = self._expressions.variables
        match node:
            case Const():
                return self.constant(node.value, width)
            case Param():
                text, declared = variables.param(node), variables.type_of_param(node)
                return _of(width, f"ap_uint<{width}>({text})" if declared.signed else text)
            case Load():
                text, declared = self._expressions.accesses.element(node), variables.type_of(node.array)
                return _of(width, f"ap_uint<{width}>({text})" if declared.signed else text)
            case Op():
                return self._operation(node)
            case _:
                raise TypeError(type(node).__name__)

    def comparison(self, symbol: str, a: Expr, b: Expr, signed: bool) -> str:
        x, y = (self._expressions.wide(operand) for operand in (a, b))
        if signed:
            x, y = (_of(a.width, f"ap_int<{a.width}>({value.text})") for value in (x, y))
        return infix(symbol, x, y, SHIFT)

    def _operation(self, node: Op) -> Value:
        width, operands = node.bits, node.operands
        wide = self._expressions.wide
        match node.name:
            case "add" | "sub" | "mul" | "and" | "or" | "xor":
                symbol = _SYMBOLS[node.name]
                return _result(
                    width, infix(symbol, wide(operands[0]), wide(operands[1]), operator_level(symbol))
                )
            case "select":
                condition = parenthesised(self._expressions.condition(operands[0]), TERNARY + 1)
                a, b = wide(operands[1]), wide(operands[2])
                return Value(f"{condition} ? {a.text} : {b.text}", TERNARY, width, False, 0, mask(width))
            case "zext" | "sext":
                return self._extension(operands[0], width, node.name == "sext")
            case "trunc":
                return _result(width, wide(operands[0]).text)
            case "shl" | "lshr" | "ashr":
                return self._shift(node)
            case "fptosi" | "fptoui":
                return _of(width, self._expressions.floats.to_wide(node))
            case _:
                return self._division(node)

    def _extension(self, inner: Expr, width: int, signed: bool) -> Value:
        if inner.width <= 64:
            value = (self._expressions.signed if signed else self._expressions.unsigned)(inner)
            return _result(width, (cast(value, 32, True) if value.boolean else value).text)
        text = self._expressions.wide(inner).text
        return _result(width, f"ap_int<{inner.width}>({text})" if signed else text)

    def _shift(self, node: Op) -> Value:
        value, amount = node.operands
        width = node.bits
        if not isinstance(amount, Const):
            return self._call(node)
        by = min(amount.value, width)
        operand = self._expressions.wide(value)
        if node.name == "ashr":
            by = min(by, width - 1)
            operand = _of(width, f"ap_int<{width}>({operand.text})")
        elif by == width:
            return self.constant(0, width)
        return _result(width, infix("<<" if node.name == "shl" else ">>", operand, literal(by), SHIFT))

    def _division(self, node: Op) -> Value:
        if node.name in ("udiv", "urem") and self._expressions.intervals.of(node.operands[1]).ulo > 0:
            symbol = "/" if node.name == "udiv" else "%"
            a, b = (self._expressions.wide(operand) for operand in node.operands)
            return _result(node.bits, infix(symbol, a, b, MULTIPLICATIVE))
        return self._call(node)

    def _call(self, node: Op) -> Value:
        name = helper(node.name, node.bits)
        self._expressions.use_helper(name)
        a, b = (self._expressions.wide(operand).text for operand in node.operands)
        return _of(node.bits, f"{name}<{node.bits}>({a}, {b})")


def low_word(value: Value) -> Value:
    """The low 64 bits of an ap_int or ap_uint."""
    return Value(f"{parenthesised(value, POSTFIX)}.to_uint64()", POSTFIX, 64, False, 0, mask(64))


def _of(width: int, text: str) -> Value:
    return Value(text, POSTFIX, width, False, 0, mask(width))


def _result(width: int, text: str) -> Value:
    return _of(width, f"ap_uint<{width}>({text})")
