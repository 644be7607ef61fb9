"""C's operators on values whose conversions are settled."""

from __future__ import annotations

from clang.cindex import Cursor

from seer.frontend._libclang import binary_operator, refuse
from seer.frontend.floating import FLOAT_ARITHMETIC, FLOAT_COMPARISONS
from seer.frontend.types import CType, common_type, promoted
from seer.frontend.values import Emitter, Value, constant

__all__ = ["LOGICAL", "Arithmetic"]

_SIGNLESS = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl"}
_BY_SIGN = {"/": ("sdiv", "udiv"), "%": ("srem", "urem"), ">>": ("ashr", "lshr")}
_EQUALITIES = {"==": "eq", "!=": "ne"}
_ORDERS = {"<": ("lt", False), ">": ("lt", True), "<=": ("le", False), ">=": ("le", True)}
LOGICAL = {"&&": "and", "||": "or"}


class Arithmetic:
    """Writes operators at the emitter's insertion point."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter

    def arithmetic(self, operator: str, type: CType, left: Value, right: Value) -> Value:
        """An arithmetic, bitwise or shift operator of C on operands converted to `type`."""
        if type.floating:
            return self._emitter.apply(FLOAT_ARITHMETIC[operator], type, left, right)
        name = _SIGNLESS.get(operator) or _BY_SIGN[operator][0 if type.signed else 1]
        return self._emitter.operate(name, type, left, right)

    def compound(self, operator: str, left: Value, left_type: CType, right: Value) -> Value:
        """`left operator right` as a compound assignment computes it; `right` has its promoted type."""
        shift = operator in ("<<", ">>")
        type = promoted(left_type) if shift else common_type(left_type, right.type)
        convert = self._emitter.convert
        return self.arithmetic(operator, type, convert(left, type), convert(right, type))

    def binary(self, cursor: Cursor, type: CType, left: Value, right: Value) -> Value:
        """A binary operator of result type `type`, with both operands evaluated."""
        operator = binary_operator(cursor)
        if operator in LOGICAL:
            return self._emitter.logical(LOGICAL[operator], type, left, right)
        if operator in _EQUALITIES:
            name = _EQUALITIES[operator]
            name = FLOAT_COMPARISONS[name] if left.type.floating else name
            return self._emitter.operate(name, type, left, right)
        if operator in _ORDERS:
            order, swapped = _ORDERS[operator]
            if swapped:
                left, right = right, left
            if left.type.floating:
                return self._emitter.operate(FLOAT_COMPARISONS[order], type, left, right)
            sign = "s" if left.type.signed else "u"
            return self._emitter.operate(sign + order, type, left, right)
        if operator in _SIGNLESS or operator in _BY_SIGN:
            convert = self._emitter.convert
            return self.arithmetic(operator, type, convert(left, type), convert(right, type))
        refuse(cursor, f"operator `{operator}` is not supported")

    def unary(self, operator: str, type: CType, operand: Value) -> Value:
        """A unary operator that writes nothing."""
        if operator == "!":
            return self._emitter.negation(operand, type)
        operand = self._emitter.convert(operand, type)
        if operator == "-" and type.floating:
            return self._emitter.apply("fneg", type, operand)
        if operator == "-":
            return self._emitter.operate("sub", type, constant(0, type), operand)
        if operator == "~":
            return self._emitter.operate("xor", type, operand, constant(-1, type))
        return operand
