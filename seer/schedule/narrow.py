"""Stores of a word of which only some lanes change, as stores of those lanes.

    A[i] = (A[i] & ~mask) | (value & mask)   -->   the lanes of `mask` in A[i] = value

where block memories have an enable for each lane (a byte) of a word: the word need not be read first, so the
read takes no port, and nothing waits for it. Which bits of what is stored are those of the old word, in their
places, is followed bit by bit through masks, shifts, extensions and selects. The lanes may also be chosen at
run time, by a mask that is shifted by whole lanes.
"""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.operators import mask
from seer.schedule.value_table import ValueTable

__all__ = ["Lanes", "lanes_of_store"]

_ZERO, _ONE, _OTHER, _MIXED = -1, -2, -3, -4
"""What a bit is known to be, beside the number of a bit of the old word (from 0): constant, anything that has
nothing to do with the old word, or anything at all."""

_Bits = tuple[int, ...]
"""Of each bit, low to high, what is known."""

_FOLLOWED = frozenset({"and", "or", "xor", "select", "zext", "sext", "trunc", "shl", "lshr", "mul"})


@dataclass(frozen=True)
class Lanes:
    """Positions of what is stored and of the enables, one bit a lane, lowest first."""

    data: int
    enables: int


def lanes_of_store(table: ValueTable, word: int, data: int, lane: int) -> Lanes | None:
    """`data` in the place of `word`, the load of the element that it is stored to, with lanes of `lane` bits.

    None where the other lanes are not those of `word`, or all lanes change.
    """
    width = table.values[data].width
    count = -(-width // lane)
    if count < 2 or not _reaches(table, data, word):
        return None
    facts = _Facts(table, word)
    bits = facts.of(data)
    enables = 0
    for number in range(count):
        span = range(number * lane, min(width, (number + 1) * lane))
        if all(bits[place] == place for place in span):
            continue
        if any(bits[place] >= 0 or bits[place] == _MIXED for place in span):
            return _chosen_at_run_time(table, facts, word, data, lane)
        enables |= 1 << number
    if enables == mask(count):
        return None
    zero = table.constant(width, 0)
    return Lanes(_without(table, data, word, zero), table.constant(count, enables))


def _reaches(table: ValueTable, data: int, word: int) -> bool:
    """Whether bits of `word` may come to `data` by what is followed."""
    stack, seen = [data], set[int]()
    while stack:
        position = stack.pop()
        if position == word:
            return True
        value = table.values[position]
        # Operands stand in front of their users.
        if position in seen or position < word or value.kind not in _FOLLOWED:
            continue
        seen.add(position)
        stack += value.operands
    return False


class _Facts:
    """What is known of the bits of values; `word` is the load whose bits are told apart."""

    def __init__(self, table: ValueTable, word: int) -> None:
        self._table = table
        self._word = word
        self._known: dict[int, _Bits] = {}

    def of(self, root: int) -> _Bits:
        """The bits of a value, operands before users."""
        stack = [root]
        while stack:
            position = stack[-1]
            value = self._table.values[position]
            inner = value.operands if position > self._word else ()
            missing = [operand for operand in inner if operand not in self._known]
            if position in self._known or not missing:
                self._known.setdefault(position, self._bits(position))
                stack.pop()
            else:
                stack += missing
        return self._known[root]

    def _bits(self, position: int) -> _Bits:
        value = self._table.values[position]
        width = value.width
        if position == self._word:
            return tuple(range(width))
        if value.kind == "const":
            return tuple(_ONE if value.value >> place & 1 else _ZERO for place in range(width))
        if position < self._word:
            return self._earlier(position)
        operands = [self._known[operand] for operand in value.operands]
        match value.kind:
            case "and" | "or" | "xor":
                rule = {"and": _and, "or": _or, "xor": _xor}[value.kind]
                return tuple(rule(a, b) for a, b in zip(*operands, strict=True))
            case "select":
                chosen = _either if operands[0][0] in (_ZERO, _ONE, _OTHER) else _mixed
                return tuple(chosen(a, b) for a, b in zip(*operands[1:], strict=True))
            case "zext" | "trunc":
                return (*operands[0], *[_ZERO] * width)[:width]
            case "sext":
                return (*operands[0], *[operands[0][-1]] * (width - len(operands[0])))
            case "shl" | "lshr" | "mul":
                amount = self._amount(value.kind, value.operands[1])
                if amount is not None:
                    return _shifted(operands[0], amount if value.kind != "lshr" else -amount)
        clean = all(bit < 0 and bit != _MIXED for bits in operands for bit in bits)
        return (_OTHER if clean else _MIXED,) * width

    def _earlier(self, position: int) -> _Bits:
        """A value computed without the old word: which bits are zero is worth knowing."""
        value = self._table.values[position]
        if value.kind in ("zext", "trunc"):
            inner = self._table.values[value.operands[0]]
            known = min(inner.width, value.width)
            return (_OTHER,) * known + (_ZERO,) * (value.width - known)
        ones = self._table.known(value.operands[1]) if value.kind in ("and", "urem") else None
        if ones is not None and value.kind == "urem":
            ones = ones - 1 if ones.bit_count() == 1 else mask(value.width)
        if ones is not None:
            return tuple(_OTHER if ones >> place & 1 else _ZERO for place in range(value.width))
        if value.kind in ("shl", "lshr", "mul"):
            amount = self._amount(value.kind, value.operands[1])
            if amount is not None:
                inner = self._earlier(value.operands[0])
                return _shifted(inner, amount if value.kind != "lshr" else -amount)
        return (_OTHER,) * value.width

    def _amount(self, kind: str, position: int) -> int | None:
        """By how many places a shift, or a product with a power of two, moves its operand."""
        value = self._table.known(position)
        if value is None or kind != "mul":
            return value
        return value.bit_length() - 1 if value.bit_count() == 1 else None


def _and(a: int, b: int) -> int:
    if _ZERO in (a, b):
        return _ZERO
    if a == _ONE or a == b >= 0:
        return b
    return a if b == _ONE else _join(a, b)


def _or(a: int, b: int) -> int:
    if _ONE in (a, b):
        return _ONE
    if a == _ZERO or a == b >= 0:
        return b
    return a if b == _ZERO else _join(a, b)


def _xor(a: int, b: int) -> int:
    if _ZERO in (a, b):
        return b if a == _ZERO else a
    return _ZERO if a == b and (a == _ONE or a >= 0) else _join(a, b)


def _join(a: int, b: int) -> int:
    """A bit computed of two."""
    clean = all(bit < 0 and bit != _MIXED for bit in (a, b))
    return _OTHER if clean else _MIXED


def _either(a: int, b: int) -> int:
    """One of two bits, chosen without the old word."""
    return a if a == b else _join(a, b)


def _mixed(a: int, b: int) -> int:
    """One of two bits, chosen by the old word."""
    return a if a == b != _OTHER else _MIXED


def _shifted(bits: _Bits, amount: int) -> _Bits:
    """Moved up by `amount` places, or down where it is negative, with zeros behind."""
    width = len(bits)
    if amount >= 0:
        return ((_ZERO,) * min(amount, width) + bits)[:width]
    return (bits[-amount:] + (_ZERO,) * width)[:width]


def _without(table: ValueTable, data: int, word: int, zero: int) -> int:
    """`data` with zeros for the old word, as a value of its own."""
    built = {word: zero}
    stack = [data]
    while stack:
        position = stack[-1]
        value = table.values[position]
        if position in built or position < word or not value.operands or value.kind not in _FOLLOWED:
            built.setdefault(position, position)
            stack.pop()
            continue
        missing = [operand for operand in value.operands if operand not in built]
        if missing:
            stack += missing
            continue
        operands = tuple(built[operand] for operand in value.operands)
        same = operands == value.operands
        built[position] = position if same else table.operation(value.kind, value.width, operands)
        stack.pop()
    return built[data]


# -- lanes that a shift chooses ---------------------------------------------------------------------------


def _chosen_at_run_time(table: ValueTable, facts: _Facts, word: int, data: int, lane: int) -> Lanes | None:
    """`(word & ~(lanes << s)) | value` with s a multiple of the lane and value 0 outside of these lanes."""
    value = table.values[data]
    if value.kind != "or" or value.width % lane:
        return None
    for kept, new in (value.operands, value.operands[::-1]):
        shift = _shift_of_mask(table, word, kept)
        if shift is None:
            continue
        lanes, amount, shifted = shift
        ones = table.known(lanes) or 0
        whole = mask(lane)
        each = [ones >> place & whole for place in range(0, value.width, lane)]
        if any(part not in (0, whole) for part in each):
            continue
        places = facts.of(amount)
        if any(bit != _ZERO for bit in places[: lane.bit_length() - 1]) or lane & (lane - 1):
            continue
        if _MIXED in facts.of(new) or any(bit >= 0 for bit in facts.of(new)):
            continue
        if not _inside(table, facts, new, shifted, amount, ones):
            continue
        enables = sum(1 << number for number, part in enumerate(each) if part)
        return Lanes(new, _shifted_lanes(table, places, enables, len(each), amount, lane))
    return None


def _shift_of_mask(table: ValueTable, word: int, kept: int) -> tuple[int, int, int] | None:
    """Of `word & ~(lanes << amount)`: the constant, the amount and the shift."""
    value = table.values[kept]
    if value.kind != "and" or word not in value.operands:
        return None
    other = value.operands[1] if value.operands[0] == word else value.operands[0]
    inverted = table.values[other]
    if inverted.kind != "xor" or table.known(inverted.operands[1]) != mask(inverted.width):
        return None
    shift = table.values[inverted.operands[0]]
    if shift.kind != "shl" or table.known(shift.operands[0]) is None:
        return None
    return shift.operands[0], shift.operands[1], inverted.operands[0]


def _inside(table: ValueTable, facts: _Facts, new: int, shifted: int, amount: int, ones: int) -> bool:
    """Whether a value is 0 outside of the shifted mask."""
    value = table.values[new]
    if value.kind == "and" and shifted in value.operands:
        return True
    if value.kind != "shl" or value.operands[1] != amount:
        return False
    bits = facts.of(value.operands[0])
    return all(bit == _ZERO or ones >> place & 1 for place, bit in enumerate(bits))


def _shifted_lanes(table: ValueTable, places: _Bits, enables: int, count: int, amount: int, lane: int) -> int:
    """The enables shifted by the lanes that `amount` means, 0 where that is beyond the word."""
    low, width = lane.bit_length() - 1, len(places)
    lanes = table.operation("lshr", width, (amount, table.constant(width, low)))
    # As few bits as hold every amount that may occur.
    most = max((place - low + 1 for place, bit in enumerate(places) if bit != _ZERO), default=0)
    bits = min(width, max(count, most))
    chosen = table.operation("shl", bits, (table.constant(bits, enables), table.resize(lanes, bits)))
    return table.resize(chosen, count)
