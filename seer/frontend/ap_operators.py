"""Arithmetic, comparisons and shifts of ap_int on bit vectors."""

from __future__ import annotations

import contextlib
from typing import NoReturn

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import refuse, strip
from seer.frontend.ap_calls import CONVERSION, ap_call, is_ap_call, result_type
from seer.frontend.bit_selections import BitSelections
from seer.frontend.bounds import Bounds
from seer.frontend.scope import Scope
from seer.frontend.types import INT, arbitrary_type, scalar_type
from seer.frontend.values import Emitter, Value, constant

__all__ = ["ApOperators", "refuse_cut"]

_MODULAR = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor"}
_DIVISIONS = {"/": ("sdiv", "udiv"), "%": ("srem", "urem")}
_EQUALITIES = {"==": "eq", "!=": "ne"}
_ORDERS = {"<": ("lt", False), ">": ("lt", True), "<=": ("le", False), ">=": ("le", True)}
_UNSIGNED_32 = arbitrary_type(32, False)


def refuse_cut(cursor: Cursor) -> NoReturn:
    """Refuse an operation that needs more than the low 128 bits of an intermediate result."""
    found = "an intermediate result of more than 128 bits that more than its low bits are needed of"
    refuse(cursor, f"{found} is not supported", "convert the operands to narrower types first")


class ApOperators:
    """Writes operators at the emitter's insertion point."""

    def __init__(self, scope: Scope, emitter: Emitter, bounds: Bounds, selections: BitSelections) -> None:
        self._scope = scope
        self._emitter = emitter
        self._bounds = bounds
        self._selections = selections

    def modified(
        self, cursor: Cursor, operator: str, before: Value, right: Value, amount: Cursor | None = None
    ) -> Value:
        """`before operator right` as a compound assignment keeps it."""
        if operator in _MODULAR:
            right = self._emitter.convert(right, before.type)
            return self._emitter.operate(_MODULAR[operator], before.type, before, right)
        return self.binary(cursor, operator, before, right, amount)

    def complement(self, value: Value) -> Value:
        """All bits negated."""
        return self._emitter.operate("xor", value.type, value, constant(-1, value.type))

    def binary(
        self, cursor: Cursor, operator: str, left: Value, right: Value, amount: Cursor | None = None
    ) -> Value:
        """`left operator right`; `amount` is the right operand's expression."""
        if operator in ("<<", ">>"):
            return self._shifted(cursor, operator, left, right, amount)
        if operator in _EQUALITIES or operator in _ORDERS:
            return self._compared(cursor, operator, left, right)
        convert, operate = self._emitter.convert, self._emitter.operate
        type = result_type(operator, left.type, right.type)
        if operator in _MODULAR:
            return operate(_MODULAR[operator], type, convert(left, type), convert(right, type))
        common = result_type("&", left.type, right.type)
        wide = arbitrary_type(max(common.exact, type.exact), common.signed)
        if wide.cut or left.type.cut or right.type.cut:
            refuse_cut(cursor)
        name = _DIVISIONS[operator][0 if wide.signed else 1]
        return convert(operate(name, wide, convert(left, wide), convert(right, wide)), type)

    def _compared(self, cursor: Cursor, operator: str, left: Value, right: Value) -> Value:
        if left.type.cut or right.type.cut:
            refuse_cut(cursor)
        type = scalar_type(cursor.type, cursor)
        convert, operate = self._emitter.convert, self._emitter.operate
        swap = operator in _ORDERS and _ORDERS[operator][1]
        one, other = (right, left) if swap else (left, right)
        common = result_type("&", left.type, right.type)
        name = _EQUALITIES.get(operator) or ("s" if common.signed else "u") + _ORDERS[operator][0]
        if not common.cut:
            return operate(name, type, convert(one, common), convert(other, common))
        # 128 bits without a sign against a signed number: the latter's sign decides, or both are positive.
        unsigned = arbitrary_type(common.width, False)
        name = _EQUALITIES.get(operator) or "u" + _ORDERS[operator][0]
        plain = operate(name, type, convert(one, unsigned), convert(other, unsigned))
        signed = one if one.type.signed else other
        negative = self._selections.bit(signed, constant(signed.type.width - 1, INT))
        below = operator == "!=" or (operator in _ORDERS and signed is one)
        return self._emitter.select(negative, constant(int(below), type), plain)

    def _shifted(
        self, cursor: Cursor, operator: str, left: Value, right: Value, amount: Cursor | None
    ) -> Value:
        """A shift keeps the type of its left side; by a negative amount it goes the other way."""
        number = right.number
        if number is not None:
            to_left = (operator == "<<") == (number >= 0)
            return self._shift(cursor, to_left, left, constant(min(abs(number), 128), _UNSIGNED_32))
        convert = self._emitter.convert
        if not right.type.signed or (amount is not None and self._positive(amount)):
            return self._shift(cursor, operator == "<<", left, convert(right, _UNSIGNED_32))
        zero = constant(0, right.type)
        wide = arbitrary_type(max(32, right.type.width), True)
        turned = self._emitter.operate("sub", wide, constant(0, wide), convert(right, wide))
        directions = [
            self._shift(cursor, to_left, left, convert(by, _UNSIGNED_32))
            for to_left, by in ((operator == "<<", right), (operator != "<<", turned))
        ]
        negative = self._emitter.operate("slt", INT, right, zero)
        return self._emitter.select(negative, directions[1], directions[0])

    def _shift(self, cursor: Cursor, to_left: bool, left: Value, amount: Value) -> Value:
        """A shift by an amount of 32 bits without a sign."""
        type = left.type
        if not to_left and type.cut:
            refuse_cut(cursor)
        name = "shl" if to_left else "ashr" if type.signed else "lshr"
        number, width = amount.number, type.width
        if number is not None and number < width:
            return self._emitter.operate(name, type, left, constant(number, type))
        if number is not None and name != "ashr":
            return constant(0, type)
        wide = arbitrary_type(max(width, 32), type.signed)
        convert = self._emitter.convert
        shifted = self._emitter.operate(name, wide, convert(left, wide), convert(amount, wide))
        return convert(shifted, type)

    def _positive(self, amount: Cursor) -> bool:
        """Whether an amount of signed type cannot be negative: it was unsigned, or counts upwards."""
        inner = strip(amount)
        if is_ap_call(inner) and ap_call(inner).name is CONVERSION:
            inner = ap_call(inner).operands[0]
        type = scalar_type(inner.type, inner)
        if not type.signed and type.width < 32:
            return True
        with contextlib.suppress(InputError):
            form = self._bounds.form(amount)
            return self._scope.span(form).low >= 0
        return False
