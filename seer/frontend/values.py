"""Values while a function is lowered, and the operations on them in the exchange form.

A constant stays a number until an operation needs it, so whole constant subexpressions cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seer.frontend.floating import FLOAT_COMPARISONS, conversion, convert_number, float_bits, operation
from seer.frontend.types import INT, CType
from seer.lang.mlir_bindings import arith, ir
from seer.lang.operators import OPERATORS, mask, to_signed

__all__ = ["Emitter", "Value", "constant"]

_ARITHMETIC = {
    "add": "AddIOp",
    "sub": "SubIOp",
    "mul": "MulIOp",
    "udiv": "DivUIOp",
    "sdiv": "DivSIOp",
    "urem": "RemUIOp",
    "srem": "RemSIOp",
    "and": "AndIOp",
    "or": "OrIOp",
    "xor": "XOrIOp",
    "shl": "ShLIOp",
    "lshr": "ShRUIOp",
    "ashr": "ShRSIOp",
}
_COMPARISONS = ("eq", "ne", "ult", "ule", "slt", "sle")


@dataclass(frozen=True)
class Value:
    """A value of a C type: a constant in [0, 2^width), or an MLIR value.

    `bit` is set instead of `ssa` where the value is a truth value, 0 or 1, extended from one bit:
    conditions use the bit itself.
    """

    type: CType
    const: int | None = None
    ssa: Any = None
    bit: Any = None

    @property
    def number(self) -> int | None:
        """The constant as a C integer, or None (also for floats)."""
        return None if self.const is None or self.type.floating else self.type.number(self.const)


def constant(number: int | float, type: CType) -> Value:
    """`number` converted to `type`; a float that is no constant of `type` may not be given."""
    if type.floating:
        if isinstance(number, float):
            return Value(type, float_bits(number, type.width))
        operand = max(64, number.bit_length() + 1)
        evaluate = OPERATORS["sitofp"].evaluate
        return Value(type, evaluate(operand, type.width, number & mask(operand)))
    if type.is_bool:
        return Value(type, int(number != 0))
    return Value(type, int(number) & mask(type.width))


class Emitter:
    """Writes arithmetic at the current insertion point and location; folds constants."""

    def integer(self, width: int) -> ir.Type:
        return ir.IntegerType.get_signless(width)

    def ssa(self, value: Value) -> ir.Value:
        """The MLIR value, of `value.type.width` bits."""
        if value.const is not None:
            return self._constant(value.const, value.type.width)
        if value.ssa is not None:
            return value.ssa
        return arith.ExtUIOp(self.integer(value.type.width), value.bit).result

    def truth(self, value: Value) -> ir.Value:
        """The one-bit MLIR value of `value != 0`; not for constants."""
        if value.bit is not None:
            return value.bit
        if value.type.width == 1:
            return value.ssa
        if value.type.floating:
            zero = self._constant(0, value.type.width)
            return operation("fne", value.type.width, [value.ssa, zero])
        zero = self._constant(0, value.type.width)
        return arith.CmpIOp(arith.CmpIPredicate.ne, value.ssa, zero).result

    def from_bit(self, bit: ir.Value, type: CType) -> Value:
        return Value(type, ssa=bit) if type.width == 1 else Value(type, bit=bit)

    def convert(self, value: Value, type: CType) -> Value:
        """C's conversion of a number to `type`."""
        if value.type == type:
            return value
        if value.number is not None:
            return constant(value.number, type)
        if type.is_bool:
            return self.truth_value(value, type)
        if value.type.floating and not type.floating and type.width < INT.width:
            # Compilers convert to int first, which decides what comes of numbers that do not fit.
            return self.convert(self._convert_float(value, INT), type)
        if value.type.floating or type.floating:
            return self._convert_float(value, type)
        if value.bit is not None:
            return self.from_bit(value.bit, type)
        have, want = value.type.width, type.width
        if have == want:
            return Value(type, ssa=value.ssa)
        if have > want:
            return Value(type, ssa=arith.TruncIOp(self.integer(want), value.ssa).result)
        if value.type.is_bool:
            return Value(type, bit=value.ssa)
        widen = arith.ExtSIOp if value.type.signed else arith.ExtUIOp
        return Value(type, ssa=widen(self.integer(want), value.ssa).result)

    def _convert_float(self, value: Value, type: CType) -> Value:
        name = conversion(value.type, type)
        if name is None:
            return Value(type, value.const, value.ssa)
        if value.const is not None:
            width = value.type.width
            return Value(type, OPERATORS[name].evaluate(width, type.width, value.const))
        return Value(type, ssa=convert_number(name, type.width, self.ssa(value)))

    def apply(self, operator: str, type: CType, *operands: Value) -> Value:
        """An operator of SeerLang on floats of one width, with a float of `type` as result."""
        width = type.width
        constants = [operand.const for operand in operands if operand.const is not None]
        if len(constants) == len(operands):
            return Value(type, OPERATORS[operator].evaluate(width, width, *constants))
        return Value(type, ssa=operation(operator, width, [self.ssa(operand) for operand in operands]))

    def operate(self, operator: str, type: CType, left: Value, right: Value) -> Value:
        """An operator of SeerLang on two values of one width; comparisons give 0 or 1 of `type`."""
        width = left.type.width
        if left.const is not None and right.const is not None:
            return Value(type, OPERATORS[operator].evaluate(width, type.width, left.const, right.const))
        a, b = self.ssa(left), self.ssa(right)
        if operator in FLOAT_COMPARISONS.values():
            return self.from_bit(operation(operator, width, [a, b]), type)
        if operator in _COMPARISONS:
            return self.from_bit(arith.CmpIOp(getattr(arith.CmpIPredicate, operator), a, b).result, type)
        return Value(type, ssa=getattr(arith, _ARITHMETIC[operator])(a, b).result)

    def logical(self, operator: str, type: CType, left: Value, right: Value) -> Value:
        """`and` or `or` of two truth values, both evaluated."""
        for one, other in ((left, right), (right, left)):
            known = self.known_truth(one)
            if known is not None:
                if known == (operator == "or"):
                    return constant(int(operator == "or"), type)
                return self.truth_value(other, type)
        operation = getattr(arith, _ARITHMETIC[operator])
        return self.from_bit(operation(self.truth(left), self.truth(right)).result, type)

    def known_truth(self, value: Value) -> bool | None:
        """`value != 0` where it is constant."""
        if value.const is None:
            return None
        # Either zero of a floating type is false.
        return bool(value.const & mask(value.type.width - 1 if value.type.floating else value.type.width))

    def truth_value(self, value: Value, type: CType) -> Value:
        """`value != 0` as 0 or 1 of `type`."""
        known = self.known_truth(value)
        if known is not None:
            return constant(int(known), type)
        return self.from_bit(self.truth(value), type)

    def negation(self, value: Value, type: CType) -> Value:
        """`!value`."""
        known = self.known_truth(value)
        if known is not None:
            return constant(int(not known), type)
        if value.bit is not None or value.type.width == 1 or value.type.floating:
            return self.from_bit(arith.XOrIOp(self.truth(value), self._constant(1, 1)).result, type)
        zero = self._constant(0, value.type.width)
        return self.from_bit(arith.CmpIOp(arith.CmpIPredicate.eq, value.ssa, zero).result, type)

    def select(self, condition: Value, left: Value, right: Value) -> Value:
        """`condition ? left : right` with both sides evaluated; both have the result's type."""
        known = self.known_truth(condition)
        if known is not None:
            return left if known else right
        bit = self.truth(condition)
        return Value(left.type, ssa=arith.SelectOp(bit, self.ssa(left), self.ssa(right)).result)

    def _constant(self, bits: int, width: int) -> ir.Value:
        type = self.integer(width)
        # Signed, because an attribute takes the number as signed where it has more than one bit.
        number = to_signed(bits, width) if width > 1 else bits
        return arith.ConstantOp(type, ir.IntegerAttr.get(type, number)).result
