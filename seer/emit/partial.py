"""Shifts and divisions: plain C where ranges prove them defined, else through helpers that are total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seer.emit.c_types import native
from seer.emit.helpers import helper
from seer.emit.values import MULTIPLICATIVE, POSTFIX, SHIFT, Value, balanced, cast, infix, literal
from seer.lang.operators import mask
from seer.lang.terms import Const, Op

if TYPE_CHECKING:
    from seer.emit.expressions import Expressions

__all__ = ["Partial"]

_FAR = 128
"""No shift of a number of 64 bits or fewer differs from one by this amount."""


class Partial:
    """Emits shifts and divisions of at most 64 bits for `Expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def shift_left(self, node: Op, k: int) -> Value:
        """The shift modulo 2^k."""
        amount = self._amount(node)
        if amount.lo >= k:
            return literal(0)
        value = self._expressions.modular(node.operands[0], k - amount.lo)
        lo, hi = value.lo << amount.lo, value.hi << min(amount.hi, _FAR)
        if not (value.lo >= 0 and amount.hi < value.bits and value.type.holds(lo, hi)):
            # C++ shifts negative numbers and into the sign bit only when they are unsigned.
            bits = 64 if k > 32 or value.bits == 64 else 32
            if (value.bits, value.signed) != (bits, False):
                value = cast(value, bits, False)
            lo, hi = 0, mask(bits)
        return self._shifted("<<", "shl", value, amount, lo, hi)

    def shift_right(self, node: Op) -> Value:
        """The shifted reading: unsigned for lshr, signed for ashr."""
        amount = self._amount(node)
        if node.name == "lshr":
            value = self._expressions.unsigned(node.operands[0])
            if amount.lo >= node.bits:
                return literal(0)
        else:
            value = _signed(self._expressions.signed(node.operands[0]))
            if amount.lo >= node.bits:
                amount = literal(node.bits - 1)
        shifts = [min(amount.lo, _FAR), min(amount.hi, _FAR)]
        corners = [bound >> by for bound in (value.lo, value.hi) for by in shifts]
        return self._shifted(">>", node.name, value, amount, min(corners), max(corners))

    def _amount(self, node: Op) -> Value:
        amount = node.operands[1]
        if isinstance(amount, Const):
            return literal(min(amount.value, mask(31)))
        return self._expressions.unsigned(amount)

    def _shifted(self, symbol: str, name: str, value: Value, amount: Value, lo: int, hi: int) -> Value:
        if amount.hi < value.bits:
            return Value(infix(symbol, value, amount, SHIFT), SHIFT, value.bits, value.signed, lo, hi)
        if amount.bits > value.bits:
            # The amount would lose its high word on the way into a 32-bit parameter.
            value = cast(value, 64, value.signed)
            hi = mask(64) if name == "shl" else hi
        return self._call(name, value.bits, name == "ashr", value, amount, lo, hi)

    def division(self, node: Op) -> Value:
        """A quotient or remainder of the readings that the operator asks for."""
        signed = node.name[0] == "s"
        reading = self._expressions.signed if signed else self._expressions.unsigned
        a, b = (reading(operand) for operand in node.operands)
        if signed:
            a, b = _signed(a), _signed(b)
        bits = max(a.bits, b.bits)
        overflow = signed and a.lo == native(bits, True).lowest and b.lo <= -1 <= b.hi
        if b.lo <= 0 <= b.hi or overflow:
            # All ones is −1 modulo any power of two up to the helper's own width.
            bits = 64 if node.bits > 32 else bits
            return self._call(node.name, bits, signed, a, b, *_range(node.name, bits, a, b))
        _, _, common, _ = balanced(a, b, 0)
        text = infix("/" if node.name.endswith("div") else "%", a, b, MULTIPLICATIVE)
        return Value(text, MULTIPLICATIVE, common.bits, common.signed, *_range(node.name, bits, a, b))

    def _call(self, name: str, bits: int, signed: bool, a: Value, b: Value, lo: int, hi: int) -> Value:
        function = helper(name, bits)
        self._expressions.use_helper(function)
        return Value(f"{function}({a.text}, {b.text})", POSTFIX, bits, signed, lo, hi)


def _signed(value: Value) -> Value:
    """With a signed C type that holds the value."""
    if value.signed:
        return value
    return cast(value, value.bits if native(value.bits, True).holds(value.lo, value.hi) else 64, True)


def _range(name: str, bits: int, a: Value, b: Value) -> tuple[int, int]:
    """Bounds of a quotient or remainder, also by zero; generous on purpose."""
    match name:
        case "udiv":
            return (0, mask(bits)) if b.lo == 0 else (a.lo // b.hi, a.hi // b.lo)
        case "urem":
            return 0, a.hi
        case "sdiv":
            size, type = max(abs(a.lo), abs(a.hi)), native(bits, True)
            return max(-size - 1, type.lowest), min(size, type.highest)
        case _:
            return min(a.lo, 0), max(a.hi, 0)
