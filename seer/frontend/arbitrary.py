"""Operators and methods of ap_int and ap_uint on bit vectors.

Widths and signs of results are those of the vendor's manual (UG1399, "C++ Arbitrary Precision Integer
Types"). Intermediate results may have more than 128 bits: their low 128 are kept, which is all that sums,
products, bitwise operators, left shifts and narrower types need; whatever needs more is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import NoReturn

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import TypeKind, refuse, strip, type_kind
from seer.frontend.ap_calls import (
    COMPOUND,
    CONCATENATIONS,
    CONVERSION,
    RANGES,
    SETTERS,
    SINGLE_BITS,
    STEPS,
    ApCall,
    ap_call,
    is_address,
    is_ap_call,
    result_type,
)
from seer.frontend.bit_selections import BitSelections
from seer.frontend.bounds import Bounds
from seer.frontend.elements import Elements
from seer.frontend.lvalues import Lvalues, is_aggregate
from seer.frontend.scope import Scope
from seer.frontend.storage import Place
from seer.frontend.types import INT, arbitrary_type, scalar_type
from seer.frontend.values import Emitter, Value, constant

__all__ = ["Arbitrary"]

_MODULAR = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor"}
_DIVISIONS = {"/": ("sdiv", "udiv"), "%": ("srem", "urem")}
_EQUALITIES = {"==": "eq", "!=": "ne"}
_ORDERS = {"<": ("lt", False), ">": ("lt", True), "<=": ("le", False), ">=": ("le", True)}
_TO_C = ("to_char", "to_schar", "to_uchar", "to_short", "to_ushort", "to_int", "to_uint", "to_long",
         "to_ulong", "to_int64", "to_uint64")  # fmt: skip
_REDUCTIONS = ("and_reduce", "nand_reduce", "or_reduce", "nor_reduce", "xor_reduce", "xnor_reduce")
_UNSIGNED_32 = arbitrary_type(32, False)


class Arbitrary:
    """Lowers calls of functions in <ap_int.h> at the emitter's insertion point."""

    def __init__(
        self,
        scope: Scope,
        emitter: Emitter,
        elements: Elements,
        lvalues: Lvalues,
        value: Callable[[Cursor], Value],
    ) -> None:
        self._scope = scope
        self._emitter = emitter
        self._elements = elements
        self._lvalues = lvalues
        self._value = value
        self._bounds = Bounds(scope)
        self._selections = BitSelections(emitter, self._bounds)

    def operands(self, cursor: Cursor) -> list[Cursor]:
        """The expressions whose values `combine` needs, from left to right."""
        call = ap_call(cursor)
        self._check(cursor, call)
        if call.name in CONCATENATIONS:
            return list(call.operands)
        if call.name == "operator=":
            return [call.operands[1]]
        if call.name in STEPS:
            return []
        if self._writes(call) or is_address(call.operands[0] if call.operands else cursor):
            return list(call.operands[1:])
        return list(call.operands)

    def combine(self, cursor: Cursor, given: list[Value]) -> Value:
        """The value of a call, with its operands evaluated; what it writes is written."""
        call = ap_call(cursor)
        name = call.name
        if name == "operator=":
            return self._assign(call.operands[0], self._typed(call.operands[1], given[0]), cursor)
        if name in STEPS:
            return self._stepped(cursor, call)
        if self._writes(call):
            values = [self._typed(c, v) for c, v in zip(call.operands[1:], given, strict=True)]
            return self._compound(cursor, call, values)
        if len(given) < len(call.operands):  # the object is named through a pointer
            place = self._place(call.operands[0])
            given = [self._elements.load(place), *given]
        else:
            given = [self._typed(c, v) for c, v in zip(call.operands, given, strict=True)]
        if name is CONVERSION and not call.operands:
            return constant(0, scalar_type(cursor.type, cursor))
        if name is CONVERSION:
            return self._emitter.convert(given[0], scalar_type(cursor.type, cursor))
        if name in CONCATENATIONS:
            return self._selections.joined(cursor, list(zip(call.operands, given, strict=True)))
        return self._pure(cursor, call, given)

    def _check(self, cursor: Cursor, call: ApCall) -> None:
        for operand in call.operands:
            kind = type_kind(operand.type.get_canonical())
            object = call.name is not CONVERSION and operand == call.operands[0]
            if is_aggregate(operand.type) and not (object and is_address(operand)):
                hint = "give it the value of an integer expression"
                refuse(cursor, f"ap_int from `{operand.type.spelling}` is not supported", hint)
            if kind in (TypeKind.FLOAT, TypeKind.DOUBLE, TypeKind.LONGDOUBLE):
                hint = "convert it to an integer type of C first, such as `(long long)x`"
                refuse(cursor, "ap_int from a floating-point number is not supported", hint)

    def _writes(self, call: ApCall) -> bool:
        return call.name in COMPOUND or call.name in SETTERS

    def _typed(self, cursor: Cursor, value: Value) -> Value:
        """The value in the type that C++ gives the expression (a loop counter may come in a wider one)."""
        return self._emitter.convert(value, scalar_type(cursor.type, cursor))

    def _place(self, cursor: Cursor) -> Place:
        if is_address(cursor):
            return self._lvalues.access.at(self._lvalues.pointer(cursor), cursor)
        return self._elements.of(cursor)

    # Writes

    def _assign(self, target: Cursor, value: Value, cursor: Cursor) -> Value:
        """`target = value`, where the target may be bits of an object, or of several objects."""
        target = strip(target)
        if not is_ap_call(target):
            return self._elements.store(self._place(target), value, cursor)
        call = ap_call(target)
        if call.name in CONCATENATIONS:
            for part, bits in self._selections.split(target, call.operands, value):
                self._assign(part, bits, cursor)
            return value
        if call.name not in RANGES and call.name not in SINGLE_BITS:
            refuse(target, "an assignment to this is not supported", "assign to a variable")
        place = self._place(call.operands[0])
        positions = [self._typed(c, self._value(c)) for c in call.operands[1:]]
        before = self._elements.load(place)
        if call.name in RANGES:
            after = self._selections.with_range(target, call.operands[1:], before, positions, value)
        else:
            if value.type.cut:
                self._refuse_cut(cursor)
            after = self._selections.with_bit(before, positions[0], self._emitter.truth_value(value, INT))
        self._elements.store(place, after, cursor)
        return value

    def _stepped(self, cursor: Cursor, call: ApCall) -> Value:
        """`++x` and `x--` and the like; the second operand tells those behind the object."""
        place = self._place(call.operands[0])
        before = self._elements.load(place)
        after = self._modified(cursor, STEPS[call.name], before, constant(1, before.type))
        stored = self._elements.store(place, after, cursor)
        return before if len(call.operands) == 2 else stored

    def _compound(self, cursor: Cursor, call: ApCall, values: list[Value]) -> Value:
        place = self._place(call.operands[0])
        before = self._elements.load(place)
        select, one = self._selections, constant(1, INT)
        match call.name:
            case name if name in COMPOUND:
                amount = call.operands[1]
                after = self._modified(cursor, COMPOUND[name], before, values[0], amount)
            case "set" | "set_bit":
                bit = self._emitter.truth_value(values[1], INT) if len(values) > 1 else one
                after = select.with_bit(before, values[0], bit)
            case "clear":
                after = select.with_bit(before, values[0], constant(0, INT))
            case "invert":
                bit = self._emitter.negation(select.bit(before, values[0]), INT)
                after = select.with_bit(before, values[0], bit)
            case "b_not":
                after = self._complement(before)
            case "reverse":
                after = select.reversed(before, before.type.width)
            case _:
                after = select.rotated(before, values[0], call.name == "lrotate")
        return self._elements.store(place, after, cursor)

    def _modified(
        self, cursor: Cursor, operator: str, before: Value, right: Value, amount: Cursor | None = None
    ) -> Value:
        """`before operator right` as a compound assignment keeps it."""
        if operator in _MODULAR:
            right = self._emitter.convert(right, before.type)
            return self._emitter.operate(_MODULAR[operator], before.type, before, right)
        return self._binary(cursor, operator, before, right, amount)

    # Values

    def _pure(self, cursor: Cursor, call: ApCall, given: list[Value]) -> Value:
        name, value = call.name, given[0]
        symbol = name.removeprefix("operator")
        if symbol != name and len(given) == 2 and name not in SINGLE_BITS:
            return self._binary(cursor, symbol, given[0], given[1], call.operands[1])
        match name:
            case "operator+":
                return value
            case "operator-":
                zero = constant(0, arbitrary_type(1, False))
                return self._binary(cursor, "-", zero, value)
            case "operator~":
                if value.type.is_bool:
                    return self._emitter.negation(value, value.type)
                return self._complement(value)
            case "length":
                return constant(self._selections.length(call.operands[0]), INT)
        type = scalar_type(cursor.type, cursor)
        if name in _TO_C:
            return self._emitter.convert(value, type)
        if value.type.cut:
            self._refuse_cut(cursor)
        if name in RANGES:
            return self._selections.range(cursor, call.operands[1:], value, given[1:])
        match name:
            case "get_bit" | "test" | "operator[]" | "bit":
                return self._selections.bit(value, given[1])
            case "operator!" | "is_zero" | "iszero" | "nor_reduce":
                return self._emitter.negation(value, type)
            case "to_bool" | "or_reduce":
                return self._emitter.truth_value(value, type)
            case "to_float" | "to_double":
                return self._emitter.convert(value, type)
            case "sign":
                if not value.type.signed:
                    return constant(0, type)
                return self._selections.bit(value, constant(value.type.width - 1, INT))
            case "countLeadingZeros":
                return self._selections.leading_zeros(value)
        if name in _REDUCTIONS:
            width = self._selections.length(call.operands[0])
            return self._selections.reduced(name, value, width)
        refuse(cursor, f"`{name}` of ap_int is not supported", "write it with operators and bit selections")

    def _complement(self, value: Value) -> Value:
        return self._emitter.operate("xor", value.type, value, constant(-1, value.type))

    def _binary(
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
            self._refuse_cut(cursor)
        name = _DIVISIONS[operator][0 if wide.signed else 1]
        return convert(operate(name, wide, convert(left, wide), convert(right, wide)), type)

    def _compared(self, cursor: Cursor, operator: str, left: Value, right: Value) -> Value:
        if left.type.cut or right.type.cut:
            self._refuse_cut(cursor)
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
            self._refuse_cut(cursor)
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

    def _refuse_cut(self, cursor: Cursor) -> NoReturn:
        found = "an intermediate result of more than 128 bits that more than its low bits are needed of"
        refuse(cursor, f"{found} is not supported", "convert the operands to narrower types first")
