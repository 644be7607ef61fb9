"""Registers between the cycles of a region, and what it brings to ports of memories and to registers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from seer.schedule.area import Area
from seer.schedule.model import Region
from seer.schedule.region_facts import OWN, RegionFacts

__all__ = ["Access", "accesses", "reads", "registers", "written_bits"]

_LEAST_SHIFT_REGISTER = 3
"""Registers in a row from which on Yosys makes a shift register of them."""

_BITWISE = frozenset({"and", "or", "xor", "select"})
_PARTS = {"load": ("address",), "store": ("address", "data"), "write": ("register",)}


@dataclass(frozen=True)
class Access:
    """What an operation brings to a port of a memory (`part` is `address` or `data`) or to a `register`.

    `bits` may vary; `signal` is equal for equal signals: of the region where it starts with `value`,
    of its scope with `counter`.
    `spare`: a bit-wise operator drives it, whose look-up table the multiplexer takes; `guarded`: it has a
    predicate.
    """

    part: str
    memory: str
    port: int | None
    bits: int
    signal: tuple[Hashable, ...]
    spare: bool
    guarded: bool


def registers(facts: RegionFacts) -> tuple[Area, tuple[tuple[Hashable, int], ...]]:
    """What holds values between cycles; those that other regions may have, too, as `RegionArea` says."""
    lut = ff = 0
    copies: dict[Hashable, int] = {}
    written: dict[str | None, int] = {}
    for op in facts.ops:
        if op.kind == "write":
            written[op.memory] = min(written.get(op.memory, op.start_cycle), op.start_cycle)
    uses: list[set[int]] = [set() for _ in facts.ops]
    for op in reversed(facts.ops):
        if facts.wiring[op.id]:
            # Wiring hands on what it is connected to: the register stands before it.
            uses[op.operands[0]] |= uses[op.id]
            continue
        for operand in op.operands if op.predicate is None else (*op.operands, op.predicate):
            uses[operand].add(op.start_cycle)
    interval = facts.interval
    for op in facts.ops:
        if op.kind in ("const", "param") or facts.wiring[op.id] or not uses[op.id]:
            continue
        if op.kind == "iv" and op.level not in facts.levels:
            continue
        moves = op.kind != "read" or op.memory in facts.levels
        first = 0 if moves else written.get(op.memory, -1)
        if first < 0:
            continue
        born = -1 if op.kind == "iv" else op.result_cycle
        if op.kind == "read" and not interval:
            positions = {1 for use in uses[op.id] if use > max(born, first)}
        elif interval:
            positions = {-(-(use - born) // interval) for use in uses[op.id] if use > born}
        else:
            positions = {1 for use in uses[op.id] if use > born}
        if op.kind == "iv":
            positions = {position - 1 for position in positions if position > 1}
        if not positions:
            continue
        width = facts.own(op.id).bit_count()
        last = max(positions)
        if interval == 1:
            tables, registers = _pipeline(sorted(positions))
        else:
            tables, registers = 0, last
        held = interval == 1 or uses[op.id] <= {born, born + 1}
        # A DSP block has registers at its inputs and behind its product.
        dsp = facts.is_dsp(op)
        if registers and (dsp or facts.feeds_dsp(op.id)):
            registers -= 1
        elif held and registers:
            signal = facts.signal(op.id, op.result_cycle)[0]
            if signal[0] not in OWN:
                copies[signal] = max(copies.get(signal, 0), width)
                registers -= 1
        lut += tables * width
        ff += registers * width
    return Area(lut=lut, ff=ff), tuple(copies.items())


def _pipeline(positions: list[int]) -> tuple[int, int]:
    """Look-up tables and registers, each for a bit, of a row of registers that is read at these positions."""
    tables = registers = start = 0
    for position in positions:
        length = position - start
        start = position
        if length < _LEAST_SHIFT_REGISTER:
            registers += length
        else:
            tables += -(-length // 32)
    return tables, registers


def reads(facts: RegionFacts) -> tuple[tuple[str, int], ...]:
    """The bits that are read of registers."""
    return tuple((op.memory or "", facts.wanted[op.id]) for op in facts.ops if op.kind == "read")


def accesses(facts: RegionFacts) -> tuple[Access, ...]:
    """What comes to the ports of memories and to registers."""
    found: list[Access] = []
    for op in facts.ops:
        if op.kind not in _PARTS or op.memory is None:
            continue
        for part, operand in zip(_PARTS[op.kind], op.operands, strict=False):
            signal, producer = facts.signal(operand, op.start_cycle)
            spare = producer is not None and producer.kind in _BITWISE and facts.users[producer.id] == [op]
            bits = facts.own(operand).bit_count()
            found.append(Access(part, op.memory, op.port, bits, signal, spare, op.predicate is not None))
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def written_bits(region: Region) -> tuple[tuple[str, int], ...]:
    """The bits that a region may set in registers that it writes, as masks: all of what is no constant."""
    ops = region.operations

    def bits(id_: int) -> int:
        op = ops[id_]
        match op.kind:
            case "const":
                return op.value or 0
            case "select":
                return bits(op.operands[1]) | bits(op.operands[2])
            case "zext":
                return bits(op.operands[0])
            case _:
                return (1 << op.width) - 1

    return tuple((op.memory or "", bits(op.operands[0])) for op in ops if op.kind == "write")
