"""`Memory`: what holds an array in a schedule, and through which ports it is accessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from seer.lang.terms import Array, Table, TopArray
from seer.schedule.partition import Bank, Ring, whole_of

__all__ = ["ROMS", "SPLIT_PORTS", "Memory"]


@dataclass(frozen=True)
class Memory:
    """What holds an array. `kind` is

    - `external`: a memory behind the top's ports;
    - `register`: of a zero-dimensional array (`external` = False for Locals);
    - `block`, `distributed`, `registers`: inside the design, in block RAM, LUT RAM or flip-flops;
    - `block_rom`, `lut_rom`: a constant table inside the design.

    `read_latency` is the number of cycles from an address to its data. `ports` are numbered from 0. Each
    port of `external` and `block` reads or writes, those of tables read; of the `ports` of `distributed` and
    `registers` the first half reads and the second half writes. Elements of several dimensions are
    addressed row-major; `words` is their number. Lanes of `lane_bits` bits of a word can be written alone, if
    that is not 0. Of an array that is partitioned each bank is a memory, and
    `array` a `Bank`, which says what elements it holds. If `array` is a `Ring`, addresses count the whole
    array's elements, and of an address only the low bits that number the words reach the memory.
    """

    name: str
    array: Array
    kind: str
    width: int
    words: int
    ports: int
    external: bool
    read_latency: int = 1
    lane_bits: int = 0

    @property
    def lanes(self) -> int:
        """Lanes of a word with write enables of their own; the last may be narrower."""
        return -(-self.width // self.lane_bits) if self.lane_bits else 1

    @property
    def values(self) -> tuple[int, ...] | None:
        """The contents of a table, or of a bank of one."""
        return self.array.values if isinstance(self.array, (Table, Bank)) else None

    @property
    def whole(self) -> str:
        """The name by which calls know what it holds: that of the argument, of which it may be a bank."""
        whole = whole_of(self.array)
        return whole.name if isinstance(whole, TopArray) else self.name

    @property
    def elements(self) -> Sequence[int]:
        """The row-major positions in the whole array of what the words hold."""
        return self.array.elements if isinstance(self.array, Bank) else range(self.words)

    @property
    def elements_addressed(self) -> int:
        """How many elements addresses tell apart: the words, or in a ring those of the whole array."""
        return prod(self.array.whole.type.shape) if isinstance(self.array, Ring) else self.words

    @property
    def read_ports(self) -> range:
        """The ports through which it can be read."""
        return range(self.ports // 2 if self.kind in SPLIT_PORTS else self.ports)

    @property
    def write_ports(self) -> range:
        """The ports through which it can be written."""
        if self.kind in ROMS:
            return range(0)
        return range(self.ports // 2 if self.kind in SPLIT_PORTS else 0, self.ports)


SPLIT_PORTS = frozenset({"distributed", "registers"})
"""Kinds of memories whose ports either read or write."""

ROMS = frozenset({"block_rom", "lut_rom"})
"""Kinds of memories that hold tables."""
