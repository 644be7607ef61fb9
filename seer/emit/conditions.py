"""1-bit expressions as C conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seer.emit.floats import COMPARISONS
from seer.emit.values import (
    EQUALITY,
    LOGICAL_AND,
    LOGICAL_OR,
    RELATIONAL,
    UNARY,
    Value,
    choice,
    compatible,
    infix,
    literal,
    parenthesised,
    wrapped,
)
from seer.lang.terms import Const, Expr, Op

if TYPE_CHECKING:
    from seer.emit.expressions import Expressions

__all__ = ["Conditions", "negated"]

_COMPARISONS = {"eq": "==", "ne": "!=", "ult": "<", "slt": "<", "ule": "<=", "sle": "<="}


class Conditions:
    """Emits operations with a 1-bit result for `Expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def operation(self, node: Op) -> Value:
        """`node`, of 1 bit, as a C value that is 0 or 1."""
        if node.name in _COMPARISONS:
            return self._comparison(node)
        if node.name in COMPARISONS:
            return _truth(*self._expressions.floats.comparison(node))
        of = self._expressions.condition
        if node.name == "trunc":
            return wrapped(self._expressions.modular(node.operands[0], 1), 1, False)
        if node.name == "select":
            return self._select(*node.operands)
        a, b = node.operands
        match node.name:
            case "xor" | "add" | "sub":
                if isinstance(a, Const):
                    a, b = b, a
                if isinstance(b, Const):
                    return negated(of(a)) if b.value else of(a)
                return _truth(infix("!=", of(a), of(b), EQUALITY), EQUALITY)
            case "and" | "mul":
                return _both(of(a), of(b), True)
            case "or":
                return _both(of(a), of(b), False)
            case "shl" | "lshr" | "urem" | "srem":
                # Shifting by 1 and the remainder by 1 leave 0; by 0, both leave the operand.
                return _both(of(a), negated(of(b)), True)
            case "udiv" | "sdiv":
                # x/1 is x, x/0 is all ones.
                return _both(of(a), negated(of(b)), False)
            case "ashr":
                return of(a)
            case _:
                raise TypeError(node.name)

    def _select(self, c: Expr, a: Expr, b: Expr) -> Value:
        of = self._expressions.condition
        if isinstance(b, Const) and not b.value:
            return _both(of(c), of(a), True)
        if isinstance(a, Const) and a.value:
            return _both(of(c), of(b), False)
        chosen = choice(of(c), of(a), of(b))
        return _truth(chosen.text, chosen.level)

    def _comparison(self, node: Op) -> Value:
        a, b = node.operands
        equality = node.name in ("eq", "ne")
        if equality and isinstance(b, Const) and b.value == 0:
            # How C frontends spell truth values: (int)(x < y) != 0.
            while isinstance(a, Op) and a.name == "zext":
                a = a.operands[0]
            if a.width == 1:
                value = self._expressions.condition(a)
                return value if node.name == "ne" else negated(value)
            a = node.operands[0]
        symbol, level = _COMPARISONS[node.name], EQUALITY if equality else RELATIONAL
        signed = node.name[0] == "s"
        if a.width > 64:
            return _truth(self._expressions.compare_wide(symbol, a, b, signed), level)
        readings = {False: self._expressions.unsigned, True: self._expressions.signed}
        if equality:
            pairs = [(readings[s](a), readings[s](b)) for s in (True, False)]
            x, y = min(pairs, key=lambda pair: len(pair[0].text) + len(pair[1].text))
        else:
            x, y = readings[signed](a), readings[signed](b)
        x, y = compatible(x, y)
        if x.atom and not y.atom and not equality:
            x, y, symbol = y, x, symbol.replace("<", ">")
        return _truth(infix(symbol, x, y, level), level)


def _truth(text: str, level: int) -> Value:
    return Value(text, level, 32, True, 0, 1, boolean=True)


def negated(value: Value) -> Value:
    """The opposite of a condition."""
    if value.atom:
        return literal(1 - value.lo)
    return _truth(f"!{parenthesised(value, UNARY)}", UNARY)


def _both(a: Value, b: Value, conjunction: bool) -> Value:
    symbol, level = ("&&", LOGICAL_AND) if conjunction else ("||", LOGICAL_OR)
    left, right = (v.text if v.level == level or v.level >= EQUALITY else f"({v.text})" for v in (a, b))
    return _truth(f"{left} {symbol} {right}", level)
