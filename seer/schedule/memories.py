"""What holds an array: which kind of memory, its ports and its delays."""

from __future__ import annotations

from math import prod

from seer.lang.terms import Array, LocalArray, Table
from seer.schedule.area import Area
from seer.schedule.model import Memory
from seer.schedule.target import Target

__all__ = ["kind_of", "memory_area", "memory_of", "read_ns", "setup_ns"]

_LUT_WORDS = 64
"""Words of one bit that one look-up table of a table, or two of a LUT RAM, hold."""
_BLOCK_BITS = 18 * 1024
_BLOCK_WIDTH = 36


def kind_of(array: Array, target: Target) -> str:
    """The kind of memory, as `Memory.kind` has it, by the thresholds of the target."""
    if array.type.shape == ():
        return "register"
    bits = array.type.width * prod(array.type.shape)
    small = bits <= target.file.distributed_bits
    if isinstance(array, Table):
        return "lut_rom" if small else "block_rom"
    if not isinstance(array, LocalArray):
        return "external"
    if bits <= target.file.register_bits:
        return "registers"
    return "distributed" if small else "block"


def memory_of(array: Array, name: str, target: Target) -> Memory:
    """The memory of an array."""
    kind = kind_of(array, target)
    ports = {"register": 1, "distributed": 2, "registers": 4}.get(kind, target.memory_ports)
    external = not isinstance(array, (LocalArray, Table))
    return Memory(name, array, kind, array.type.width, prod(array.type.shape), ports, external)


def setup_ns(kind: str, target: Target) -> float:
    """From the arrival of address and data at a port of this kind of memory to the clock edge."""
    return target.memory_setup_ns if _in_blocks(kind) else target.file.lut_memory_setup_ns


def read_ns(kind: str, target: Target) -> float:
    """From the clock edge to the data read from this kind of memory."""
    return target.memory_read_ns if _in_blocks(kind) else target.register_ns


def _in_blocks(kind: str) -> bool:
    return kind in ("external", "block", "block_rom")


def memory_area(memory: Memory) -> Area:
    """What a memory inside the design takes, its ports' multiplexers and output registers included."""
    width, words = memory.width, memory.words
    columns = -(-words // _LUT_WORDS)
    match memory.kind:
        case "register":
            return Area(ff=width)
        case "block" | "block_rom":
            return Area(bram=max(-(-width // _BLOCK_WIDTH), -(-width * words // _BLOCK_BITS)))
        case "distributed":
            return Area(lut=2 * width * columns, ff=width)
        case "registers":
            reads = len(memory.read_ports)
            return Area(lut=reads * width * -(-words // 4) + words * width, ff=(words + reads) * width)
        case "lut_rom":
            return Area(lut=len(memory.read_ports) * width * columns, ff=len(memory.read_ports) * width)
        case _:
            return Area()
