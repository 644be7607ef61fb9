"""Floating-point expressions: float and double variables, arithmetic, math.h, conversions.

A term holds a float as its bit pattern; C++ holds it as a number. An expression is asked for as a float
by its users that read it as one, and as an integer by the others; a pattern is copied between the two
only where a value is used both ways. NaNs compare equal, whatever their sign and payload, so operations
may return the processor's own NaN; where its pattern is read as an integer, it is made the canonical one.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import numpy as np

from seer.emit.float_helpers import from_bits_helper, pattern_helper, to_integer_helper
from seer.emit.values import (
    ADDITIVE,
    EQUALITY,
    MULTIPLICATIVE,
    POSTFIX,
    RELATIONAL,
    TERNARY,
    UNARY,
    Value,
    infix,
    literal,
    parenthesised,
)
from seer.emit.wide_float_helpers import from_wide_helper, to_wide_helper
from seer.lang.floats import MATH_FUNCTIONS
from seer.lang.operators import FLOAT_WIDTHS, OPERATORS, mask
from seer.lang.terms import Const, Expr, Load, Op, Param

if TYPE_CHECKING:
    from seer.emit.expressions import Expressions

__all__ = ["ARITHMETIC", "COMPARISONS", "Floats", "float_literal"]

ARITHMETIC = {"fadd": "+", "fsub": "-", "fmul": "*", "fdiv": "/"}
COMPARISONS = {"feq": "==", "fne": "!=", "flt": "<", "fle": "<="}
_LEVELS = {"+": ADDITIVE, "-": ADDITIVE, "*": MULTIPLICATIVE, "/": MULTIPLICATIVE}
_MATH_HEADER = "math.h"


def _float(text: str, level: int, width: int) -> Value:
    return Value(text, level, width, True, 0, 0, floating=True)


def float_literal(pattern: int, width: int) -> Value | None:
    """The number with this bit pattern as the shortest literal that gives it; None for a NaN that is not
    the canonical one."""
    code, integer = ("<f", "<I") if width == 32 else ("<d", "<Q")
    (number,) = struct.unpack(code, struct.pack(integer, pattern))
    cast = "" if width == 32 else "(double)"
    if math.isnan(number):
        canonical = pattern == (0x7FC00000 if width == 32 else 0x7FF8000000000000)
        return _float(f"{cast}NAN", UNARY if cast else POSTFIX, width) if canonical else None
    if math.isinf(number):
        sign = "-" if number < 0 else ""
        return _float(f"{cast}{sign}INFINITY", UNARY if cast or sign else POSTFIX, width)
    text = f"{np.float32(number)!s}f" if width == 32 else repr(number)
    return _float(text, UNARY if text[0] == "-" else POSTFIX, width)


class Floats:
    """Emits floating-point nodes for `Expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def natural(self, node: Expr) -> bool:
        """Whether C++ holds the value of `node` as a float or double before anybody asks for it."""
        if node.width not in FLOAT_WIDTHS:
            return False
        named = self._expressions.named.get(node)
        if named is not None:
            return named.floating
        match node:
            case Load():
                return self._expressions.variables.type_of(node.array).floating
            case Param():
                return self._expressions.variables.type_of_param(node).floating
            case Op("select"):
                return any(self.natural(arm) for arm in node.operands[1:])
            case Op():
                return OPERATORS[node.name].float_result
            case _:
                return False

    def value(self, node: Expr) -> Value:
        """`node`, of 32 or 64 bits, as a float or double."""
        named = self._expressions.named.get(node)
        if named is not None and named.floating:
            return named
        if isinstance(node, Const):
            return self.constant(node.value, node.bits)
        if isinstance(node, Op) and node.name == "select" and named is None:
            condition, *arms = node.operands
            values = [self._expressions.condition(condition), *(self._expressions.floating(a) for a in arms)]
            texts = [parenthesised(value, TERNARY + 1) for value in values]
            return _float(f"{texts[0]} ? {texts[1]} : {texts[2]}", TERNARY, node.width)
        if self.natural(node):
            return self._natural(node)
        return self._from_bits(self._expressions.unsigned(node), node.width)

    def constant(self, pattern: int, width: int) -> Value:
        """The number with this bit pattern."""
        found = float_literal(pattern, width)
        if found is None:
            return self._from_bits(literal(pattern, signed=False, hexadecimal=True), width)
        if found.text.endswith(("NAN", "INFINITY")):
            self._expressions.use_header(_MATH_HEADER)
        return found

    def _from_bits(self, pattern: Value, width: int) -> Value:
        name = from_bits_helper(width)
        self._expressions.use_helper(name)
        return _float(f"{name}({pattern.text})", POSTFIX, width)

    def _natural(self, node: Expr) -> Value:
        match node:
            case Load():
                return _float(self._expressions.accesses.element(node), POSTFIX, node.width)
            case Param():
                return _float(self._expressions.variables.param(node), POSTFIX, node.width)
            case Op():
                return self._operation(node)
            case _:
                raise TypeError(type(node).__name__)

    def _operation(self, node: Op) -> Value:
        width, name = node.bits, node.name
        if name in ("sitofp", "uitofp"):
            return self._from_integer(node)
        operands = [self._expressions.floating(operand) for operand in node.operands]
        if name in ARITHMETIC:
            symbol = ARITHMETIC[name]
            level = _LEVELS[symbol]
            return _float(infix(symbol, operands[0], operands[1], level), level, width)
        if name == "fneg":
            return _float(f"-{parenthesised(operands[0], POSTFIX)}", UNARY, width)
        if name in ("fpext", "fptrunc"):
            type = "double" if name == "fpext" else "float"
            return _float(f"({type}){parenthesised(operands[0], UNARY)}", UNARY, width)
        self._expressions.use_header(_MATH_HEADER)
        function = "fabs" if name == "fabs" else MATH_FUNCTIONS[name][1]
        return _float(_called(function + ("f" if width == 32 else ""), operands), POSTFIX, width)

    def _from_integer(self, node: Op) -> Value:
        (operand,) = node.operands
        signed = node.name == "sitofp"
        if operand.width > 64:
            name = from_wide_helper(node.bits, signed)
            self._expressions.use_helper(name)
            self._expressions.use_header(_MATH_HEADER)
            text = f"{name}<{operand.width}>({self._expressions.wide(operand).text})"
            return _float(text, POSTFIX, node.bits)
        value = self._expressions.signed(operand) if signed else self._expressions.unsigned(operand)
        type = "float" if node.bits == 32 else "double"
        return _float(f"({type}){parenthesised(value, UNARY)}", UNARY, node.bits)

    def to_integer(self, node: Op) -> Value:
        """fptosi or fptoui: the reading that the operator gives, of at most 64 bits."""
        (operand,) = node.operands
        signed = node.name == "fptosi"
        name = to_integer_helper(operand.width, node.bits, signed)
        self._expressions.use_helper(name)
        lo, hi = (-(1 << (node.bits - 1)), mask(node.bits - 1)) if signed else (0, mask(node.bits))
        text = _called(name, [self._expressions.floating(operand)])
        return Value(text, POSTFIX, 32 if node.bits <= 32 else 64, signed or node.bits < 32, lo, hi)

    def to_wide(self, node: Op) -> str:
        """fptosi or fptoui to more than 64 bits."""
        name = to_wide_helper(node.name == "fptosi")
        self._expressions.use_helper(name)
        self._expressions.use_header(_MATH_HEADER)
        return f"{name}<{node.bits}>({self._expressions.floating(node.operands[0]).text})"

    def pattern(self, node: Expr) -> Value:
        """The bit pattern of a node that C++ holds as a float."""
        canonical = isinstance(node, Op)
        text = self._expressions.floating(node).text
        name = pattern_helper(node.width, canonical)
        self._expressions.use_helper(name)
        return Value(f"{name}({text})", POSTFIX, node.width, False, 0, mask(node.width))

    def comparison(self, node: Op) -> tuple[str, int]:
        """The text and precedence of a comparison of floats; all but `!=` are false for NaN."""
        symbol = COMPARISONS[node.name]
        level = EQUALITY if symbol in ("==", "!=") else RELATIONAL
        a, b = (self._expressions.floating(operand) for operand in node.operands)
        if isinstance(node.operands[0], Const):
            a, b, symbol = b, a, symbol.replace("<", ">")
        return infix(symbol, a, b, level), level


def _called(function: str, operands: list[Value]) -> str:
    return f"{function}({', '.join(operand.text for operand in operands)})"
