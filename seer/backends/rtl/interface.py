"""The ports of the generated top module: see docs/interface.md."""

from __future__ import annotations

from dataclasses import dataclass

from seer.backends.rtl.names import Names, identifier
from seer.lang.program import RETURN_NAME
from seer.lang.terms import Param
from seer.schedule.model import Memory, Operation, Schedule, regions

__all__ = [
    "HANDSHAKE",
    "Interface",
    "MemoryPort",
    "ParamPort",
    "ScalarPort",
    "address_bits",
    "lanes_of",
    "memory_ports",
]

HANDSHAKE = ("ap_clk", "ap_rst", "ap_start", "ap_done", "ap_idle", "ap_ready")


def address_bits(words: int) -> int:
    """Bits of an address into `words` elements, at least one."""
    return max(1, (words - 1).bit_length())


@dataclass(frozen=True)
class ParamPort:
    """The input port of a scalar parameter."""

    param: Param
    name: str


@dataclass(frozen=True)
class MemoryPort:
    """One port of an array's memory and its signals; a signal that the design never uses is None.

    For a memory inside the design these are wires.
    `index` is the schedule's number for it. The signals of a memory's only port end in 0. `write` has a bit
    for each lane of a word where the design writes some of them alone; `enables` are its bits.
    """

    memory: Memory
    index: int
    address: str
    enable: str
    write: str | None
    data: str | None
    output: str | None
    enables: int = 1

    @property
    def address_width(self) -> int:
        return address_bits(self.memory.words)


@dataclass(frozen=True)
class ScalarPort:
    """An external register: its output port, and the input port that gives its value at the start.

    `initial` is None for the return value, which a program writes before it ends.
    """

    memory: Memory
    output: str
    initial: str | None


@dataclass(frozen=True)
class Interface:
    """The top module's name and ports besides the handshake, in the order of the arguments."""

    module: str
    params: tuple[ParamPort, ...]
    memories: tuple[MemoryPort, ...]
    scalars: tuple[ScalarPort, ...]

    @staticmethod
    def of(schedule: Schedule, names: Names | None = None) -> Interface:
        """The interface of a schedule; the names it takes are taken in `names`."""
        names = names or Names()
        for signal in HANDSHAKE:
            names.fresh(signal)
        params = tuple(ParamPort(p, names.fresh(p.name)) for p in schedule.program.params)
        operations = [o for region in regions(schedule.body) for o in region.operations]
        memories: list[MemoryPort] = []
        scalars: list[ScalarPort] = []
        for memory in schedule.memories:
            if memory.kind == "external":
                memories += memory_ports(memory, operations, names)
            elif memory.external and memory.name == RETURN_NAME:
                scalars.append(ScalarPort(memory, names.fresh(memory.name), None))
            elif memory.external:
                output = names.fresh(f"{memory.name}_o")
                scalars.append(ScalarPort(memory, output, names.fresh(f"{memory.name}_i")))
        return Interface(identifier(schedule.program.name), params, tuple(memories), tuple(scalars))


def lanes_of(memory: Memory) -> list[tuple[int, int]]:
    """The highest and lowest bit of each lane of a word, lowest lane first."""
    lane, width = memory.lane_bits, memory.width
    return [(min(width, low + lane) - 1, low) for low in range(0, width, lane)]


def memory_ports(memory: Memory, operations: list[Operation], names: Names) -> list[MemoryPort]:
    """The ports through which these operations access a memory, and their signals' names."""
    accesses = [o for o in operations if o.kind in ("load", "store") and o.memory == memory.name]
    in_lanes = any(o.kind == "store" and len(o.operands) == 3 for o in accesses)
    enables = memory.lanes if in_lanes else 1
    ports = []
    for number, index in enumerate(sorted({o.port or 0 for o in accesses})):
        kinds = {o.kind for o in accesses if (o.port or 0) == index}
        writes, reads = "store" in kinds, "load" in kinds

        def signal(kind: str, number: int = number) -> str:
            return names.fresh(f"{memory.name}_{kind}{number}")

        address, enable = signal("address"), signal("ce")
        write, data = (signal("we"), signal("d")) if writes else (None, None)
        output = signal("q") if reads else None
        ports.append(MemoryPort(memory, index, address, enable, write, data, output, enables))
    return ports
