"""Look-up tables and registers of one region, with what synthesis simplifies in it.

Unit areas of a target are those of a unit alone. In a design constant and unread bits disappear, bit-wise
operators in a row share look-up tables as far as these have inputs, carry chains need none where one side is
constant, DSP blocks and shift registers hold registers, and registers that take the same become one.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from seer.lang.operators import OPERATORS, to_signed
from seer.schedule.area import Area
from seer.schedule.bits import Counters
from seer.schedule.model import Operation, Region
from seer.schedule.region_facts import SHIFTS, Masks, RegionFacts
from seer.schedule.region_registers import Access, accesses, reads, registers
from seer.schedule.target import Target
from seer.schedule.units import divided_together, unit_of

__all__ = ["RegionArea", "region_area", "remainder_area"]

_BITWISE = frozenset({"and", "or", "xor", "select"})
_SUMS = frozenset({"add", "sub"})
_EQUALITIES = frozenset({"eq", "ne"})
_ORDERS = frozenset({"ult", "ule", "slt", "sle"})
_FACTOR = 17
"""Bits of a factor that a DSP block takes without its sign, as `backends.rtl.library` cuts them."""
_DIVISIONS = frozenset({"udiv", "urem", "sdiv", "srem"})
_SIGNED_DIVISIONS = frozenset({"sdiv", "srem"})


@dataclass(frozen=True)
class RegionArea:
    """Area of a region alone; `copies` are registers that hold what another region may compute, too, by what
    they hold, with their bits; `reads` are the bits that are read of registers, as masks;
    `units` the areas of the instances' units, by operation."""

    area: Area
    copies: tuple[tuple[Hashable, int], ...]
    reads: tuple[tuple[str, int], ...]
    units: tuple[tuple[int, Area], ...]
    accesses: tuple[Access, ...]


@lru_cache(maxsize=1 << 12)
def region_area(
    region: Region,
    interval: int,
    levels: frozenset[int | str],
    counters: Counters,
    address_bits: Masks,
    register_bits: Masks,
    target: Target,
) -> RegionArea:
    """Operators without an instance, registers between cycles and valid bits; `levels` are those of the
    counters that step with the region, `counters` all in scope; `address_bits` are bits by memory,
    `register_bits` masks of those that may be set, by register, where not all may."""
    facts = RegionFacts(region, interval, levels, counters, address_bits, register_bits, target)
    logic = _Logic(facts)
    held, copies = registers(facts)
    area = Area(ff=max(region.length, interval)) + logic.logic() + held
    return RegionArea(area, copies, reads(facts), logic.units(), accesses(facts))


class _Logic:
    def __init__(self, facts: RegionFacts) -> None:
        self._facts = facts

    # -- logic ----------------------------------------------------------------------------------------

    def logic(self) -> Area:
        """The operators without instances."""
        lut = ff = dsp = bram = 0
        absorbed = self._absorbed()
        together = divided_together(self._facts.ops, lambda op: op.instance is None)
        for op in self._facts.ops:
            if op.forwarded:
                lut += self._facts.own(op.id).bit_count()
            if op.unit is None or op.instance is not None or op.kind not in OPERATORS:
                continue
            if op.latency == 0:
                if op.kind == "mul":
                    product = self.unit(op)
                    lut, dsp = lut + product.lut, dsp + product.dsp
                elif op.id in together:
                    lut += remainder_area(op.kind, op.width).lut
                elif op.id not in absorbed:
                    lut += self._luts(op)
                continue
            area = self.unit(op)
            lut, ff, dsp, bram = lut + area.lut, ff + area.ff, dsp + area.dsp, bram + area.bram
        return Area(lut, ff, dsp, bram)

    def unit(self, op: Operation) -> Area:
        """The area of an operation's unit for the operands at hand."""
        alone = unit_of(op, self._facts.ops, self._facts.target).area
        if op.kind == "mul":
            return self._product(op, alone)
        if op.kind not in _DIVISIONS:
            return alone
        dividend, divisor = (self._facts.known[o] for o in op.operands)
        negative = dividend.signed or (
            op.kind in _SIGNED_DIVISIONS and bool(dividend.varying >> (op.width - 1))
        )
        # Steps before the dividend's first bit have nothing to do, nor those before a constant divisor's own.
        steps = op.width if negative else dividend.top
        if divisor.varying:
            if negative:
                return alone
            return Area(-(-alone.lut * steps // op.width), -(-alone.ff * steps // op.width))
        size = abs(to_signed(divisor.ones, op.width)) if op.kind in _SIGNED_DIVISIONS else divisor.ones
        steps = max(0, steps - size.bit_length() + 1)
        quotient = 2 if op.kind in ("udiv", "sdiv") else 1
        width = max(1, op.width - 3)
        # The absolute value in front and the sign behind have registers, too.
        around = 2 * op.width if negative and op.kind in _SIGNED_DIVISIONS else 0
        return Area(steps * (width + quotient) + around, max(0, steps - 1) * width + around)

    def _product(self, op: Operation, alone: Area) -> Area:
        """Parts of products of which one factor is 0 disappear; a factor of one bit takes no DSP block."""
        factors = [self._facts.known[o] for o in op.operands]
        if not alone.dsp:
            return alone
        if min(factor.own.bit_count() for factor in factors) <= 1:
            return Area(lut=max(factor.own.bit_count() for factor in factors), ff=alone.ff)
        first, second = (-(-factor.top // _FACTOR) for factor in factors)
        parts = -(-op.width // _FACTOR)
        products = sum(1 for i in range(first) for j in range(second) if i + j < parts)
        # What has copies of a sign for a factor is that sign times the other one.
        signs = sum(second * (parts > first) for factor in factors[:1] if factor.signed)
        signs += sum(first * (parts > second) for factor in factors[1:] if factor.signed)
        lut = alone.lut + (signs * _FACTOR if alone.dsp > products else 0)
        return Area(lut, alone.ff, min(alone.dsp, products), alone.bram)

    def _luts(self, op: Operation) -> int:
        """Look-up tables of a combinational operator."""
        kind = op.kind
        own = self._facts.own(op.id)
        if kind in _SUMS:
            if self._facts.in_dsp(op):
                return 0
            a, b = (self._facts.known[o].varying for o in op.operands)
            # Where one side is constant a carry chain is enough, or an inverter that melts into its user.
            return (a & b & ((1 << own.bit_length()) - 1)).bit_count()
        if kind in ("and", "or", "xor"):
            a, b = (self._facts.known[o].varying for o in op.operands)
            return (a & b & own).bit_count()
        if kind == "select":
            a, b = (self._facts.known[o] for o in op.operands[1:])
            return (own & (a.varying | b.varying)).bit_count()
        if kind in _EQUALITIES or kind in _ORDERS:
            return self._comparison(op)
        if kind in SHIFTS:
            return self._shift(op)
        return unit_of(op, self._facts.ops, self._facts.target).area.lut

    def _comparison(self, op: Operation) -> int:
        a, b = (self._facts.known[o] for o in op.operands)
        top = max(a.top, b.top)
        low = (1 << top) - 1
        both = (a.varying & b.varying & low).bit_count()
        one = ((a.varying ^ b.varying) & low).bit_count()
        if both:
            width = self._facts.ops[op.operands[0]].width
            alone = unit_of(op, self._facts.ops, self._facts.target).area.lut
            return -(-alone * (2 * both + one) // (2 * width))
        if op.kind in _ORDERS:
            # Below the lowest bit that is set the constant's bits make no difference.
            ones = a.ones if b.varying else b.ones
            first = ones & -ones
            varying = (a.varying | b.varying) & low
            strict = (op.kind in ("ult", "slt")) == bool(a.varying)
            if not ones and strict:
                return 0 if op.kind.startswith("s") else 1
            one = (varying & -first).bit_count() if strict and first else varying.bit_count()
        return -(-(one - 1) // (self._facts.inputs - 1)) if one > 1 else 0

    def _shift(self, op: Operation) -> int:
        """Two stages, one for each bit of the amount, fit a look-up table. Early stages are as narrow as the
        value if the small ones come first, and late ones as the result if the great ones do."""
        value, amount = (self._facts.known[o] for o in op.operands)
        width = self._facts.ops[op.operands[0]].width
        stages = max(1, (width - 1).bit_length())
        bits = [bit for bit in range(stages) if amount.varying >> bit & 1]
        before, after = value.own.bit_count(), self._facts.own(op.id).bit_count()
        pairs = [sum(1 << bit for bit in bits[k : k + 2]) for k in range(0, len(bits), 2)]
        return min(_stages(order, before, after, op.kind == "shl") for order in (pairs, pairs[::-1]))

    def _absorbed(self) -> set[int]:
        """Bit-wise operators that fit into the look-up tables of the operator that alone uses them."""
        inputs: dict[int, int] = {}
        absorbed: set[int] = set()
        known = self._facts.known
        for op in self._facts.ops:
            bitwise = op.kind in _BITWISE
            if op.unit is None or not (bitwise or op.kind in _SUMS or op.kind in _EQUALITIES):
                continue
            own = op.operands
            constant = any(known[o].own == 0 for o in own)
            if op.kind in _SUMS and not constant:
                # A sum's first operand is needed beside the look-up table, on the carry chain.
                own = own[1:]
            parts = {o: 1 if known[o].own else 0 for o in own}
            total = sum(parts.values()) + (1 if op.kind in _SUMS and not constant else 0)
            if op.kind in _EQUALITIES:
                # Three bits of two values fit one look-up table: room for one more operator with a constant.
                total *= 2
            for operand in sorted((o for o in parts if o in inputs), key=lambda o: (inputs[o], o)):
                producer = self._facts.ops[operand]
                alone = self._facts.users[operand] == [op] and producer.start_cycle == op.start_cycle
                same = not bitwise or producer.width == op.width or op.kind == "select"
                if alone and same and total - 1 + inputs[operand] <= self._facts.inputs:
                    total += inputs[operand] - 1
                    absorbed.add(operand)
            if bitwise:
                inputs[op.id] = total
            if op.kind == "select":
                absorbed |= self._merged_sum(op)
        return absorbed

    def _merged_sum(self, op: Operation) -> set[int]:
        """One of two sums between which a select chooses, where one unit can compute either."""
        first, second = (self._facts.ops[operand] for operand in op.operands[1:])
        both = first.kind in _SUMS and second.kind in _SUMS and first.id != second.id
        alone = all(self._facts.users[arm.id] == [op] and arm.instance is None for arm in (first, second))
        if both and alone and not set(first.operands).isdisjoint(second.operands):
            return {second.id}
        return set()

    def units(self) -> tuple[tuple[int, Area], ...]:
        """The unit that each operation with an instance needs."""
        return tuple((op.id, self.unit(op)) for op in self._facts.ops if op.instance is not None)


def remainder_area(kind: str, width: int) -> Area:
    """What a divider takes besides to give the remainder with the quotient: the last difference or what was
    there before it, and the remainder's sign."""
    return Area(lut=2 * width if kind in _SIGNED_DIVISIONS else width)


def _stages(reaches: list[int], before: int, after: int, left: bool) -> int:
    """Look-up tables of a shifter's stages, which shift by at most so much, from `before` bits to `after`."""
    total = done = 0
    rest = sum(reaches)
    for reach in reaches:
        done, rest = done + reach, rest - reach
        total += min(before + (done if left else 0), after + rest)
    return total
