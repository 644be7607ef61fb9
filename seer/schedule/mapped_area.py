"""Look-up tables and registers of one region, with what mapping to look-up tables simplifies.

Unit areas of a target are those of a unit alone. In a design constants disappear, and bit-wise operators in a
row share look-up tables as far as these have inputs; DSP blocks and shift registers hold registers.
"""

from __future__ import annotations

from functools import lru_cache

from seer.lang.operators import OPERATORS
from seer.schedule.area import Area
from seer.schedule.model import Operation, Region
from seer.schedule.sources import is_wiring
from seer.schedule.target import Target
from seer.schedule.units import unit_of

__all__ = ["region_area"]

_BITWISE = frozenset({"and", "or", "xor", "select"})
_SUMS = frozenset({"add", "sub"})
_SHIFTS = frozenset({"shl", "lshr", "ashr"})
_EQUALITIES = frozenset({"eq", "ne"})
_ORDERS = frozenset({"ult", "ule", "slt", "sle"})
_LEAST_SHIFT_REGISTER = 3
"""Registers in a row from which on Yosys makes a shift register of them."""


@lru_cache(maxsize=1 << 12)
def region_area(region: Region, interval: int, levels: frozenset[int], target: Target) -> Area:
    """Operators without an instance, registers between cycles, valid bits and a little control;
    `levels` are those of the counters that step with the region."""
    mapped = _Mapped(region, interval, levels, target)
    return Area(ff=region.length, lut=1) + mapped.logic() + mapped.registers()


class _Mapped:
    def __init__(self, region: Region, interval: int, levels: frozenset[int], target: Target) -> None:
        self._ops = region.operations
        self._interval = interval
        self._levels = levels
        self._target = target
        # A look-up table of k inputs holds 2^k words of one bit.
        self._inputs = target.file.memory.lut_words.bit_length() - 1
        self._users: list[list[Operation]] = [[] for _ in self._ops]
        for op in self._ops:
            inputs = op.operands if op.predicate is None else (*op.operands, op.predicate)
            for operand in dict.fromkeys(inputs):
                self._users[operand].append(op)
        self._varying: list[int] = []
        for op in self._ops:
            self._varying.append(self._varying_bits(op))

    # -- logic ----------------------------------------------------------------------------------------

    def logic(self) -> Area:
        """The operators without instances."""
        total = Area()
        absorbed = self._absorbed()
        for op in self._ops:
            if op.unit is None or op.instance is not None or op.kind not in OPERATORS:
                continue
            area = unit_of(op, self._ops, self._target).area
            lut = 0 if op.id in absorbed else self._luts(op, area.lut)
            total += Area(lut, area.ff, area.dsp, area.bram)
        return total

    def _varying_bits(self, op: Operation) -> int:
        """Bits of a value that are not constant."""
        inner = self._varying[op.operands[0]] if op.operands else 0
        match op.kind:
            case "const":
                return 0
            case "zext":
                return inner
            case "trunc":
                return min(op.width, inner)
            case "shl" | "lshr" if is_wiring(op, self._ops):
                amount = self._ops[op.operands[1]].value or 0
                return max(0, min(inner, op.width - amount))
            case "and":
                masks = [self._ops[operand].value for operand in op.operands]
                known = [value.bit_count() for value in masks if value is not None]
                return min([op.width, *known, *(self._varying[o] for o in op.operands if self._varying[o])])
            case _:
                return op.width

    def _luts(self, op: Operation, alone: int) -> int:
        """Look-up tables of an operator, given those of its unit alone."""
        width = self._ops[op.operands[-1]].width
        bits = [self._varying[operand] for operand in op.operands]
        if op.kind in _SUMS or op.kind in ("and", "or", "xor"):
            # Where one side is constant a carry chain is enough, or an inverter that melts into its user.
            return -(-alone * min(bits) // width)
        if op.kind == "select":
            return -(-alone * max(bits[1:]) // width)
        if op.kind in _EQUALITIES or op.kind in _ORDERS:
            return -(-alone * (max(bits) + min(bits)) // (2 * width))
        if op.kind in _SHIFTS:
            # A stage for each bit of the amount, of which only so many make sense.
            stages = max(1, (width - 1).bit_length())
            most = min(self._wanted_bits(op), width if op.kind == "ashr" else bits[0])
            return -(-alone * most * min(bits[1], stages) // (width * stages))
        return alone

    def _wanted_bits(self, op: Operation) -> int:
        """Low bits of a value that anyone reads."""
        users = self._users[op.id]
        return max((user.width if user.kind == "trunc" else op.width for user in users), default=op.width)

    def _absorbed(self) -> set[int]:
        """Bit-wise operators that fit into the look-up tables of the operator that alone uses them."""
        inputs: dict[int, int] = {}
        absorbed: set[int] = set()
        for op in self._ops:
            bitwise = op.kind in _BITWISE
            if op.unit is None or not (bitwise or op.kind in _SUMS):
                continue
            # A sum's first operand is needed beside the look-up table, on the carry chain.
            own = op.operands if bitwise else op.operands[1:]
            parts = {o: 0 if self._varying[o] == 0 else 1 for o in own}
            total = sum(parts.values()) + (0 if bitwise else 1)
            for operand in sorted((o for o in parts if o in inputs), key=lambda o: (inputs[o], o)):
                producer = self._ops[operand]
                alone = self._users[operand] == [op] and producer.start_cycle == op.start_cycle
                same = not bitwise or producer.width == op.width
                if alone and same and total - 1 + inputs[operand] <= self._inputs:
                    total += inputs[operand] - 1
                    absorbed.add(operand)
            if bitwise:
                inputs[op.id] = total
            if op.kind == "select":
                absorbed |= self._merged_sum(op)
        return absorbed

    def _merged_sum(self, op: Operation) -> set[int]:
        """One of two sums between which a select chooses, where one unit can compute either."""
        first, second = (self._ops[operand] for operand in op.operands[1:])
        both = first.kind in _SUMS and second.kind in _SUMS and first.id != second.id
        alone = all(self._users[arm.id] == [op] and arm.instance is None for arm in (first, second))
        if both and alone and not set(first.operands).isdisjoint(second.operands):
            return {second.id}
        return set()

    # -- registers ------------------------------------------------------------------------------------

    def registers(self) -> Area:
        """What holds values between cycles."""
        total = Area()
        written = {op.memory for op in self._ops if op.kind == "write"}
        last_use: dict[int, int] = {}
        for op in reversed(self._ops):
            wiring = is_wiring(op, self._ops)
            inputs = op.operands if op.predicate is None else (*op.operands, op.predicate)
            for operand in inputs[:1] if wiring else inputs:
                # Wiring hands on what it is connected to: the register stands before it.
                use = last_use.get(op.id, -1) if wiring else op.start_cycle
                last_use[operand] = max(last_use.get(operand, -1), use)
        for op in self._ops:
            stable = (
                op.kind in ("const", "param")
                or (op.kind == "iv" and op.level not in self._levels)
                or (op.kind == "read" and op.memory not in written)
                or is_wiring(op, self._ops)
            )
            lifetime = last_use.get(op.id, -1) - op.result_cycle
            if not stable and lifetime > 0:
                total += self._chain(op, lifetime)
        return total

    def _chain(self, op: Operation, lifetime: int) -> Area:
        copies = -(-lifetime // self._interval) if self._interval else 1
        width = self._varying[op.id]
        if self._interval == 1 and copies >= _LEAST_SHIFT_REGISTER and self._only_used_last(op, lifetime):
            return Area(lut=width)
        # A DSP block has registers at its inputs and behind its product.
        if self._feeds_dsp(op.id):
            copies -= 1
        if self._is_dsp(op):
            copies -= 1
        return Area(ff=max(0, copies) * width)

    def _only_used_last(self, op: Operation, lifetime: int) -> bool:
        return all(user.start_cycle == op.result_cycle + lifetime for user in self._real_users(op.id))

    def _real_users(self, id_: int) -> list[Operation]:
        """The operations that use a value, behind any wiring."""
        found: list[Operation] = []
        for user in self._users[id_]:
            found += self._real_users(user.id) if is_wiring(user, self._ops) else [user]
        return found

    def _feeds_dsp(self, id_: int) -> bool:
        users = self._real_users(id_)
        return bool(users) and all(self._is_dsp(user) for user in users)

    def _is_dsp(self, op: Operation) -> bool:
        """Whether a combinational product stands in DSP blocks."""
        if op.kind != "mul" or op.latency:
            return False
        return unit_of(op, self._ops, self._target).area.dsp > 0
