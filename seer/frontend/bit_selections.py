"""Bits of ap_int: single ones, ranges, concatenations, and what counts or combines all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import refuse, strip
from seer.frontend.ap_calls import CONCATENATIONS, RANGES, ap_call, is_ap_call
from seer.frontend.bounds import Bounds
from seer.frontend.types import INT, CType, arbitrary_type, scalar_type
from seer.frontend.values import Emitter, Value, constant

__all__ = ["BitSelections"]

_BIT = arbitrary_type(1, False)
_BOOL = CType("_Bool", 1, False, 0)


class BitSelections:
    """Writes selections at the insertion point. Positions outside an object are the user's error."""

    def __init__(self, emitter: Emitter, bounds: Bounds) -> None:
        self._emitter = emitter
        self._bounds = bounds

    # Single bits

    def bit(self, value: Value, position: Value) -> Value:
        """One bit as a truth value."""
        plain = self._plain(value)
        moved = self._emitter.operate("lshr", plain.type, plain, self._position(position, plain.type))
        bit = self._emitter.convert(moved, _BIT)
        return Value(_BOOL, bit.const, bit.ssa)

    def with_bit(self, value: Value, position: Value, to: Value) -> Value:
        """The number with one bit replaced by `to`, a truth value."""
        plain = self._plain(value)
        type = plain.type
        at = self._position(position, type)
        one = self._emitter.operate("shl", type, constant(1, type), at)
        rest = self._emitter.operate("and", type, plain, self._complement(one))
        bit = self._emitter.operate("shl", type, self._emitter.convert(to, type), at)
        return self._emitter.convert(self._emitter.operate("or", type, rest, bit), value.type)

    # Ranges

    def length(self, operand: Cursor) -> int:
        """How many bits an operand of a concatenation, or the object of a method, has."""
        operand = strip(operand)
        if is_ap_call(operand):
            call = ap_call(operand)
            if call.name in RANGES and len(call.operands) == 3:
                high, low = call.operands[1:]
                found = self._distance(high, low)
                if found is None:
                    hint = "convert the range to a type of its own first, such as `ap_uint<8>(x(7, 0))`"
                    refuse(operand, "a range whose length varies is not supported here", hint)
                return abs(found) + 1
            if call.name in CONCATENATIONS:
                return sum(self.length(part) for part in call.operands)
        type = scalar_type(operand.type, operand)
        return type.exact or type.width

    def range(
        self, cursor: Cursor, positions: Sequence[Cursor], value: Value, given: Sequence[Value]
    ) -> Value:
        """The bits from `given[1]` to `given[0]`, without a sign and in the width of the whole."""
        plain = self._plain(value)
        if not given:
            return plain
        high, low = given
        length = self._length(cursor, positions, plain.type, high, low)
        start = high if length is not None and length < 0 else low
        moved = self._emitter.operate("lshr", plain.type, plain, self._position(start, plain.type))
        if length is None:
            return self._emitter.operate("and", plain.type, moved, self._mask(plain.type, high, low))
        bits = self._emitter.convert(moved, arbitrary_type(abs(length), False))
        if length < 0:
            bits = self.reversed(bits, -length)
        return self._emitter.convert(bits, plain.type)

    def with_range(
        self,
        cursor: Cursor,
        positions: Sequence[Cursor],
        value: Value,
        given: Sequence[Value],
        to: Value,
    ) -> Value:
        """The number with the bits from `given[1]` to `given[0]` replaced by the low bits of `to`."""
        plain = self._plain(value)
        type = plain.type
        if not given:
            return self._emitter.convert(self._emitter.convert(to, type), value.type)
        high, low = given
        length = self._length(cursor, positions, type, high, low)
        operate, convert = self._emitter.operate, self._emitter.convert
        if length is None:
            mask, start = self._mask(type, high, low), self._position(low, type)
            bits = operate("and", type, convert(to, type), mask)
        else:
            narrow = convert(to, arbitrary_type(abs(length), False))
            if length < 0:
                narrow = self.reversed(narrow, -length)
            bits, mask = convert(narrow, type), constant((1 << abs(length)) - 1, type)
            start = self._position(high if length < 0 else low, type)
        rest = operate("and", type, plain, self._complement(operate("shl", type, mask, start)))
        return convert(operate("or", type, rest, operate("shl", type, bits, start)), value.type)

    def _length(
        self, cursor: Cursor, positions: Sequence[Cursor], type: CType, high: Value, low: Value
    ) -> int | None:
        """How many bits a range has, negative where it counts down; None where it varies and counts up."""
        distance = self._distance(*positions)
        if distance is None and high.number is not None and low.number is not None:
            distance = high.number - low.number
        if distance is not None:
            if abs(distance) >= type.width:
                refuse(cursor, f"this range does not lie in the {type.width} bits of its object", "check it")
            return distance + 1 if distance >= 0 else distance - 1
        if low.number == 0 or high.number == type.width - 1:
            return None
        found = "a range of bits of which it is not known how many there are is not supported"
        refuse(cursor, found, "use bounds with a constant distance, `x(n, 0)`, or shifts and masks")

    def _distance(self, high: Cursor, low: Cursor) -> int | None:
        with contextlib.suppress(InputError):
            difference = self._bounds.form(high) + self._bounds.form(low).scaled(-1)
            if not difference.terms:
                return difference.constant
        return None

    def _mask(self, type: CType, high: Value, low: Value) -> Value:
        """As many ones as there are bits from `low` to `high`."""
        wide = arbitrary_type(max(type.width, 32), False)
        convert, operate = self._emitter.convert, self._emitter.operate
        distance = operate("sub", INT, convert(high, INT), convert(low, INT))
        unused = operate("sub", INT, constant(type.width - 1, INT), distance)
        ones = constant((1 << type.width) - 1, wide)
        return convert(operate("lshr", wide, ones, convert(unused, wide)), type)

    # Several objects

    def joined(self, cursor: Cursor, parts: Sequence[tuple[Cursor, Value]]) -> Value:
        """A concatenation; its first part has the highest bits."""
        type = scalar_type(cursor.type, cursor)
        convert, operate = self._emitter.convert, self._emitter.operate
        result = constant(0, type)
        for part, value in parts:
            length = self.length(part)
            bits = convert(convert(value, arbitrary_type(length, False)), type)
            if length < type.width:
                moved = operate("shl", type, result, constant(length, type))
                bits = operate("or", type, moved, bits)
            result = bits
        return result

    def split(self, cursor: Cursor, parts: Sequence[Cursor], value: Value) -> list[tuple[Cursor, Value]]:
        """What each part of a concatenation is assigned."""
        type = scalar_type(cursor.type, cursor)
        if type.cut or sum(self.length(part) for part in parts) > type.width:
            refuse(
                cursor, "an assignment to more than 128 bits is not supported", "assign to fewer variables"
            )
        rest, found = self._emitter.convert(value, type), []
        for part in reversed(parts):
            length = self.length(part)
            found.append((part, self._emitter.convert(rest, arbitrary_type(length, False))))
            if length < type.width:
                rest = self._emitter.operate("lshr", type, rest, constant(length, type))
        return found[::-1]

    # All bits of one object

    def reversed(self, value: Value, width: int) -> Value:
        """The low `width` bits in reverse order."""
        plain = self._plain(value)
        type, result = plain.type, constant(0, plain.type)
        for position in range(width):
            bit = self._emitter.convert(self.bit(plain, constant(position, INT)), type)
            moved = self._emitter.operate("shl", type, bit, constant(width - 1 - position, type))
            result = moved if position == 0 else self._emitter.operate("or", type, result, moved)
        return self._emitter.convert(result, value.type)

    def rotated(self, value: Value, amount: Value, to_left: bool) -> Value:
        """All bits moved by an amount below the width; those that leave come in at the other end."""
        plain = self._plain(value)
        wide = arbitrary_type(max(plain.type.width, 32), False)
        convert, operate = self._emitter.convert, self._emitter.operate
        bits, by = convert(plain, wide), convert(amount, wide)
        back = operate("sub", wide, constant(plain.type.width, wide), by)
        left = operate("shl", wide, bits, by if to_left else back)
        right = operate("lshr", wide, bits, back if to_left else by)
        return convert(operate("or", wide, left, right), value.type)

    def reduced(self, name: str, value: Value, width: int) -> Value:
        """All of the low `width` bits combined by and, or, or exclusive or, negated for `nand_reduce` etc."""
        bits = self._emitter.convert(value, arbitrary_type(width, False))
        function = name.removesuffix("_reduce")
        negated = function in ("nand", "nor", "xnor")
        if function in ("and", "nand"):
            holds = self._emitter.operate("eq", _BOOL, bits, constant(-1, bits.type))
        elif function in ("or", "nor"):
            holds = self._emitter.truth_value(bits, _BOOL)
        else:
            step = 1
            while step < width:
                step *= 2
            while step > 1:
                step //= 2
                moved = self._emitter.operate("lshr", bits.type, bits, constant(step, bits.type))
                bits = self._emitter.operate("xor", bits.type, bits, moved) if step < width else bits
            holds = self.bit(bits, constant(0, INT))
        return self._emitter.negation(holds, _BOOL) if negated else holds

    def leading_zeros(self, value: Value) -> Value:
        """How many zeros stand before the highest bit that is set."""
        width = value.type.width
        result = constant(width, INT)
        for position in range(width):
            bit = self.bit(value, constant(position, INT))
            result = self._emitter.select(bit, constant(width - 1 - position, INT), result)
        return result

    def _plain(self, value: Value) -> Value:
        """The bits without a sign."""
        return self._emitter.convert(value, arbitrary_type(value.type.exact or value.type.width, False))

    def _position(self, position: Value, type: CType) -> Value:
        # Positions inside the object fit as many bits as it has.
        return self._emitter.convert(position, arbitrary_type(type.width, False))

    def _complement(self, value: Value) -> Value:
        return self._emitter.operate("xor", value.type, value, constant(-1, value.type))
