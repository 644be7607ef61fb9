"""Operators and methods of ap_int and ap_uint on bit vectors.

Widths and signs of results are those of the vendor's manual (UG1399, "C++ Arbitrary Precision Integer
Types"). Intermediate results may have more than 128 bits: their low 128 are kept, which is all that sums,
products, bitwise operators, left shifts and narrower types need; whatever needs more is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from clang.cindex import Cursor

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
)
from seer.frontend.ap_operators import ApOperators, refuse_cut
from seer.frontend.bit_selections import BitSelections
from seer.frontend.bounds import Bounds
from seer.frontend.elements import Elements
from seer.frontend.lvalues import Lvalues, is_aggregate
from seer.frontend.scope import Scope
from seer.frontend.storage import Place
from seer.frontend.types import INT, arbitrary_type, scalar_type
from seer.frontend.values import Emitter, Value, constant

__all__ = ["Arbitrary"]

_TO_C = ("to_char", "to_schar", "to_uchar", "to_short", "to_ushort", "to_int", "to_uint", "to_long",
         "to_ulong", "to_int64", "to_uint64")  # fmt: skip
_REDUCTIONS = ("and_reduce", "nand_reduce", "or_reduce", "nor_reduce", "xor_reduce", "xnor_reduce")


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
        self._emitter = emitter
        self._elements = elements
        self._lvalues = lvalues
        self._value = value
        bounds = Bounds(scope)
        self._selections = BitSelections(emitter, bounds)
        self._operators = ApOperators(scope, emitter, bounds, self._selections)

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
                refuse_cut(cursor)
            after = self._selections.with_bit(before, positions[0], self._emitter.truth_value(value, INT))
        self._elements.store(place, after, cursor)
        return value

    def _stepped(self, cursor: Cursor, call: ApCall) -> Value:
        """`++x` and `x--` and the like; the second operand tells those behind the object."""
        place = self._place(call.operands[0])
        before = self._elements.load(place)
        after = self._operators.modified(cursor, STEPS[call.name], before, constant(1, before.type))
        stored = self._elements.store(place, after, cursor)
        return before if len(call.operands) == 2 else stored

    def _compound(self, cursor: Cursor, call: ApCall, values: list[Value]) -> Value:
        place = self._place(call.operands[0])
        before = self._elements.load(place)
        select, one = self._selections, constant(1, INT)
        match call.name:
            case name if name in COMPOUND:
                amount = call.operands[1]
                after = self._operators.modified(cursor, COMPOUND[name], before, values[0], amount)
            case "set" | "set_bit":
                bit = self._emitter.truth_value(values[1], INT) if len(values) > 1 else one
                after = select.with_bit(before, values[0], bit)
            case "clear":
                after = select.with_bit(before, values[0], constant(0, INT))
            case "invert":
                bit = self._emitter.negation(select.bit(before, values[0]), INT)
                after = select.with_bit(before, values[0], bit)
            case "b_not":
                after = self._operators.complement(before)
            case "reverse":
                after = select.reversed(before, before.type.width)
            case _:
                after = select.rotated(before, values[0], call.name == "lrotate")
        return self._elements.store(place, after, cursor)

    # Values

    def _pure(self, cursor: Cursor, call: ApCall, given: list[Value]) -> Value:
        name, value = call.name, given[0]
        symbol = name.removeprefix("operator")
        if symbol != name and len(given) == 2 and name not in SINGLE_BITS:
            return self._operators.binary(cursor, symbol, given[0], given[1], call.operands[1])
        match name:
            case "operator+":
                return value
            case "operator-":
                zero = constant(0, arbitrary_type(1, False))
                return self._operators.binary(cursor, "-", zero, value)
            case "operator~":
                if value.type.is_bool:
                    return self._emitter.negation(value, value.type)
                return self._operators.complement(value)
            case "length":
                return constant(self._selections.length(call.operands[0]), INT)
        type = scalar_type(cursor.type, cursor)
        if name in _TO_C:
            return self._emitter.convert(value, type)
        if value.type.cut:
            refuse_cut(cursor)
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
