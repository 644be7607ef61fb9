"""From the values of a region to the operations that are built, each no wider than its users need.

Only the low bits of an address matter, and of a sum only those that someone reads; so widths are found
backwards from the effects. Multiplications by constants become shifts and additions, divisions by powers
of two shifts and masks. Shifts by constants, extensions and truncations are wiring.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from seer.errors import InputError
from seer.lang.operators import OPERATORS, mask, to_signed
from seer.lang.terms import Array, Statement
from seer.schedule.banked import BankedGraph
from seer.schedule.memories import kind_of, read_latency
from seer.schedule.supported import NoUnitError
from seer.schedule.target import Target, Unit
from seer.schedule.value_table import Value
from seer.schedule.values import ValueGraph

__all__ = ["EFFECTS", "Draft", "draft_operations"]

EFFECTS = frozenset({"store", "write", "decide"})
"""Kinds of operations that a region is there for."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation without its time; operands and fields as in `Operation`, memories by array.

    `unit` is None for wiring, constants and accesses. `source` is the position of the load or store in
    the value graph, `statement` what the operation was first made for; `read_latency` are the cycles that
    a load takes. `unit` is `staged` where it stands behind registers of the operands. A read is `forwarded`
    where what the previous iteration loads may come to it directly (`forwarded.py`).
    """

    kind: str
    width: int
    operands: tuple[int, ...] = ()
    predicate: int | None = None
    array: Array | None = None
    value: int | None = None
    symbol: str | None = None
    level: int | None = None
    unit: Unit | None = None
    source: int | None = None
    statement: Statement | None = field(default=None, compare=False)
    read_latency: int = 0
    staged: bool = False
    forwarded: bool = False

    @property
    def inputs(self) -> tuple[int, ...]:
        """Operands and predicate."""
        return self.operands if self.predicate is None else (*self.operands, self.predicate)

    @property
    def latency(self) -> int:
        """Cycles until the result may be used."""
        if self.kind == "load":
            return self.read_latency
        return 0 if self.unit is None else self.unit.latency

    @property
    def is_wiring(self) -> bool:
        """Whether the result is the first operand, rearranged, in the same moment."""
        return self.unit is None and self.kind in _WIRING

    @property
    def is_timeless(self) -> bool:
        """Whether the value is there from cycle 0 on."""
        return self.kind in ("const", "param", "iv")


_WIRING = frozenset({"zext", "sext", "trunc", "shl", "lshr", "ashr"})
_LOW_BITS = frozenset({"add", "sub", "mul", "and", "or", "xor"})
"""Operators whose low result bits depend on the low operand bits only."""


def draft_operations(graph: ValueGraph | BankedGraph, target: Target) -> list[Draft]:
    """The operations of a region: operands before users, accesses to one memory in program order."""
    return _Drafting(graph, target).run()


class _Drafting:
    def __init__(self, graph: ValueGraph | BankedGraph, target: Target) -> None:
        self._values = graph.values
        self._statements = graph.statements
        self._statement: Statement | None = None
        self._target = target
        self._drafts: list[Draft] = []
        self._index: dict[Draft, int] = {}
        self._built: list[int] = []

    def run(self) -> list[Draft]:
        demand = self._demand()
        for position, value in enumerate(self._values):
            self._statement = self._statements.get(position)
            try:
                built = self._build(position, value, demand[position]) if demand[position] else -1
            except InputError as error:
                raise NoUnitError(error, self._statement) from None
            self._built.append(built)
        return _without_unused(self._drafts)

    # -- how many low bits of each value are needed ---------------------------------------------------

    def _demand(self) -> list[int]:
        demand = [0] * len(self._values)
        for position in range(len(self._values) - 1, -1, -1):
            value = self._values[position]
            if value.kind in EFFECTS:
                demand[position] = value.width
            if demand[position] == 0:
                continue
            wanted = self._operand_demand(value, demand[position])
            for operand, bits in zip(value.operands, wanted, strict=True):
                demand[operand] = max(demand[operand], bits)
        return demand

    def _operand_demand(self, value: Value, bits: int) -> list[int]:
        widths = [self._values[operand].width for operand in value.operands]
        kind = value.kind
        if kind in _LOW_BITS:
            return [bits, bits]
        if kind == "select":
            return [1, bits, bits]
        if kind in ("zext", "sext", "trunc"):
            return [min(bits, widths[0])]
        if kind in ("shl", "lshr", "ashr"):
            amount = self._constant(value.operands[1])
            if amount is not None and amount < value.width:
                if kind == "shl":
                    return [max(bits - amount, 0), 1]
                if kind == "lshr" or bits + amount <= value.width:
                    return [min(bits + amount, value.width), 1]
        return widths

    def _constant(self, position: int) -> int | None:
        value = self._values[position]
        return value.value if value.kind == "const" else None

    # -- building ---------------------------------------------------------------------------------

    def _build(self, position: int, value: Value, bits: int) -> int:
        match value.kind:
            case "const":
                return self._const(bits, value.value & mask(bits))
            case "param":
                return self._cut(self._intern(Draft("param", value.width, symbol=value.symbol)), bits)
            case "iv":
                return self._intern(Draft("iv", bits, level=value.level))
            case "read":
                read = self._intern(Draft("read", value.width, array=value.array))
                return self._held(read, value.array, bits)
            case "decide":
                return self._intern(Draft("decide", 1, (self._built[value.operands[0]],)))
            case "load" | "store" | "write":
                *data, predicate = value.operands if value.predicated else (*value.operands, None)
                operands = tuple(self._built[operand] for operand in data if operand is not None)
                enable = None if predicate is None else self._built[predicate]
                access = Draft(value.kind, value.width, operands, enable, value.array, source=position)
                if value.kind == "load" and value.array is not None:
                    cycles = read_latency(kind_of(value.array, self._target), self._target)
                    access = replace(access, read_latency=cycles)
                access = replace(access, statement=self._statement)
                self._drafts.append(access)
                return self._held(len(self._drafts) - 1, value.array, bits)
            case "shl" | "lshr" | "ashr":
                return self._shift(value, bits)
            case "mul":
                return self._product(value, bits)
            case "udiv" | "urem" | "sdiv" | "srem":
                return self._cut(self._quotient(value), bits)
            case "zext" | "sext":
                return self._extend(value.kind, self._built[value.operands[0]], bits)
            case "trunc":
                return self._cut(self._built[value.operands[0]], bits)
            case _ if value.kind in _LOW_BITS:
                return self._op(value.kind, bits, *(self._operand(o, bits) for o in value.operands))
            case "select":
                condition, *arms = value.operands
                return self._op(
                    "select", bits, self._operand(condition, 1), *(self._operand(o, bits) for o in arms)
                )
            case _:
                operands = [self._operand(o, self._values[o].width) for o in value.operands]
                return self._op(value.kind, value.width, *operands)

    def _operand(self, position: int, bits: int) -> int:
        """The low `bits` of a value that has at least as many."""
        return self._cut(self._built[position], bits)

    def _held(self, draft: int, array: Array | None, bits: int) -> int:
        """What was read from an array: the bits that its declared content needs, and extensions of them."""
        content = None if array is None else array.type.content
        if content is None:
            return self._cut(draft, bits)
        signed = content.lower < 0
        needed = max(1, (~content.lower).bit_length() if signed else 0, content.upper.bit_length()) + signed
        if needed >= bits:
            return self._cut(draft, bits)
        return self._extend("sext" if signed else "zext", self._cut(draft, needed), bits)

    def _const(self, width: int, value: int) -> int:
        return self._intern(Draft("const", width, value=value))

    def _cut(self, draft: int, bits: int) -> int:
        have = self._drafts[draft]
        if have.width == bits:
            return draft
        if have.kind == "const" and have.value is not None:
            return self._const(bits, have.value & mask(bits))
        if have.kind in ("zext", "sext", "trunc"):
            inner = have.operands[0]
            if self._drafts[inner].width >= bits:
                return self._cut(inner, bits)
            return self._extend(have.kind, inner, bits)
        return self._intern(Draft("trunc", bits, (draft,)))

    def _extend(self, kind: str, draft: int, bits: int) -> int:
        have = self._drafts[draft]
        if have.width >= bits:
            return self._cut(draft, bits)
        if have.kind == "const" and have.value is not None:
            value = have.value if kind == "zext" else to_signed(have.value, have.width) & mask(bits)
            return self._const(bits, value)
        return self._intern(Draft(kind, bits, (draft,)))

    def _op(self, kind: str, width: int, *operands: int, factors: int | None = None) -> int:
        """An operation with a unit; folded if narrowing has made its operands constant."""
        constants = [self._drafts[operand].value for operand in operands]
        known = [constant for constant in constants if constant is not None]
        inner = self._drafts[operands[-1]].width
        if len(known) == len(operands):
            return self._const(width, OPERATORS[kind].evaluate(inner, width, *known))
        if kind in ("add", "sub", "or", "xor") and constants[-1] == 0:
            return operands[0]
        if kind == "and" and constants[-1] == 0:
            return operands[-1]
        if kind == "and" and constants[-1] == mask(width):
            return operands[0]
        if kind == "add" and constants[0] == 0:
            return operands[1]
        unit = self._target.unit(kind, inner, factors, width)
        return self._intern(Draft(kind, width, operands, unit=unit))

    def _shift(self, value: Value, bits: int) -> int:
        amount = self._constant(value.operands[1])
        width = value.width
        if amount is None:
            whole = [self._operand(operand, width) for operand in value.operands]
            amount = self._drafts[whole[1]].value
            if amount is None:
                return self._cut(self._op(value.kind, width, *whole), bits)
        if amount >= width:
            if value.kind != "ashr":
                return self._const(bits, 0)
            amount = width - 1
        if value.kind == "shl":
            if amount >= bits:
                return self._const(bits, 0)
            return self._shift_left(self._operand(value.operands[0], bits - amount), amount, bits)
        source = min(bits + amount, width)
        kind = "lshr" if source < width else value.kind
        return self._cut(self._wire(kind, self._operand(value.operands[0], source), amount), bits)

    def _shift_left(self, draft: int, amount: int, bits: int) -> int:
        return self._wire("shl", self._extend("zext", draft, bits), amount)

    def _wire(self, kind: str, draft: int, amount: int) -> int:
        """A shift by a constant less than the width."""
        have = self._drafts[draft]
        if amount == 0:
            return draft
        if have.value is not None:
            return self._const(
                have.width, OPERATORS[kind].evaluate(have.width, have.width, have.value, amount)
            )
        return self._intern(Draft(kind, have.width, (draft, self._const(have.width, amount))))

    def _product(self, value: Value, bits: int) -> int:
        a, b = (self._operand(operand, bits) for operand in value.operands)
        if self._drafts[a].value is not None:
            a, b = b, a
        constant = self._drafts[b].value
        factors = max(self._significant(a), self._significant(b))
        if constant is None:
            return self._op("mul", bits, a, b, factors=factors)
        digits = _digits(constant, bits)
        adder = self._target.unit("add", bits).area.weighted(self._target)
        unit = self._target.unit("mul", bits, factors)
        if (len(digits) - 1) * adder > unit.area.weighted(self._target):
            return self._op("mul", bits, a, b, factors=factors)
        return self._sum_of_shifts(a, digits, bits)

    def _significant(self, draft: int) -> int:
        """Bits of a multiplication's operand that are not merely an extension."""
        have = self._drafts[draft]
        if have.kind == "zext":
            return self._drafts[have.operands[0]].width
        if have.kind == "sext":
            return self._drafts[have.operands[0]].width
        if have.value is not None:
            return min(have.value.bit_length(), (have.value ^ mask(have.width)).bit_length() + 1)
        return have.width

    def _sum_of_shifts(self, draft: int, digits: list[tuple[int, int]], bits: int) -> int:
        """Σ sign · (draft << shift) as a balanced tree; digits are (shift, sign), low to high."""
        terms = [(draft, shift, sign) for shift, sign in digits]
        if not terms:
            return self._const(bits, 0)
        while len(terms) > 1:
            merged: list[tuple[int, int, int]] = []
            for k in range(0, len(terms) - 1, 2):
                (low, shift, sign), (high, high_shift, high_sign) = terms[k], terms[k + 1]
                room = bits - shift
                low = self._cut(low, room)
                apart = high_shift - shift
                scaled = self._shift_left(self._cut(high, room - apart), apart, room)
                if sign == high_sign:
                    merged.append((self._op("add", room, low, scaled), shift, sign))
                elif sign > 0:
                    merged.append((self._op("sub", room, low, scaled), shift, 1))
                else:
                    merged.append((self._op("sub", room, scaled, low), shift, 1))
            if len(terms) % 2:
                merged.append(terms[-1])
            terms = merged
        total, shift, sign = terms[0]
        total = self._cut(total, bits - shift)
        if sign < 0:
            total = self._op("sub", bits - shift, self._const(bits - shift, 0), total)
        return self._shift_left(total, shift, bits)

    def _quotient(self, value: Value) -> int:
        """Division or remainder: by a power of two shifts and masks, else a divider."""
        width = value.width
        a, b = (self._operand(operand, width) for operand in value.operands)
        divisor = self._drafts[b].value
        if divisor is None or divisor.bit_count() != 1 or (divisor >> (width - 1) and value.kind[0] == "s"):
            return self._op(value.kind, width, a, b)
        k = divisor.bit_length() - 1
        if value.kind == "udiv":
            return self._wire("lshr", a, k)
        if value.kind == "urem":
            return self._extend("zext", self._cut(a, k), width) if k else self._const(width, 0)
        if k == 0:
            return a if value.kind == "sdiv" else self._const(width, 0)
        # Towards zero: add 2^k − 1 to a negative dividend before the shift.
        sign = self._wire("ashr", a, width - 1)
        biased = self._op("add", width, a, self._wire("lshr", sign, width - k))
        quotient = self._wire("ashr", biased, k)
        if value.kind == "sdiv":
            return quotient
        return self._op("sub", width, a, self._wire("shl", quotient, k))

    def _intern(self, draft: Draft) -> int:
        position = self._index.get(draft)
        if position is None:
            self._drafts.append(replace(draft, statement=self._statement))
            position = self._index[draft] = len(self._drafts) - 1
        return position


def _without_unused(drafts: list[Draft]) -> list[Draft]:
    """What effects need, renumbered."""
    needed = [draft.kind in EFFECTS for draft in drafts]
    for position in range(len(drafts) - 1, -1, -1):
        if needed[position]:
            for operand in drafts[position].inputs:
                needed[operand] = True
    place: dict[int, int] = {}
    kept: list[Draft] = []
    for position, draft in enumerate(drafts):
        if needed[position]:
            place[position] = len(kept)
            operands = tuple(place[operand] for operand in draft.operands)
            predicate = None if draft.predicate is None else place[draft.predicate]
            same = operands == draft.operands and predicate == draft.predicate
            kept.append(draft if same else replace(draft, operands=operands, predicate=predicate))
    return kept


def _digits(constant: int, bits: int) -> list[tuple[int, int]]:
    """A constant modulo 2^bits as few signed powers of two: (exponent, ±1), low to high.

    The canonical signed digits, or the binary ones where these are no more.
    """
    binary = [(position, 1) for position in range(bits) if constant >> position & 1]
    digits: list[tuple[int, int]] = []
    position = 0
    while constant and position < bits:
        if constant & 1:
            digit = 2 - (constant & 3)
            digits.append((position, digit))
            constant -= digit
        constant >>= 1
        position += 1
    return digits if len(digits) < len(binary) else binary
