"""What holds an array: which kind of memory, its ports and its delays."""

from __future__ import annotations

from math import prod

from seer.lang.terms import Array, LocalArray, Table
from seer.schedule.area import Area
from seer.schedule.model import Memory
from seer.schedule.partition import Bank, whole_of
from seer.schedule.target import Target

__all__ = [
    "is_register",
    "kind_of",
    "lane_bits",
    "memory_area",
    "memory_of",
    "read_latency",
    "read_ns",
    "setup_ns",
]

_PORTS_APART = 1.25
"""How much more area LUT RAM may take: it reads and writes in one cycle also where arrays have one port."""


def is_register(array: Array) -> bool:
    """Whether it is a bank of one element of a local array: a register, like a scalar variable."""
    if not isinstance(array, Bank) or prod(array.type.shape) > 1:
        return False
    return isinstance(array.whole, LocalArray)


def kind_of(array: Array, target: Target) -> str:
    """The kind of memory, as `Memory.kind` has it, by the thresholds of the target."""
    if array.type.shape == () or is_register(array):
        return "register"
    words, data = prod(array.type.shape), target.file.memory
    bits = array.type.width * words
    small = bits <= data.distributed_bits
    array = whole_of(array)
    if isinstance(array, Table):
        return "lut_rom" if small else "block_rom"
    if not isinstance(array, LocalArray):
        return "external"
    if bits <= data.register_bits or words <= data.register_words:
        return "registers"
    return "distributed" if small or _cheap_in_luts(array.type.width, words, target) else "block"


def _cheap_in_luts(width: int, words: int, target: Target) -> bool:
    """Whether LUT RAM takes hardly more area than block RAM for an array that is not too deep for it."""
    if words > target.file.memory.distributed_words:
        return False
    lut_ram, block_ram = _lut_ram_area(width, words, target), _block_ram_area(width, words, target)
    return lut_ram.weighted(target) <= _PORTS_APART * block_ram.weighted(target)


def memory_of(array: Array, name: str, target: Target) -> Memory:
    """The memory of an array."""
    kind = kind_of(array, target)
    ports = {"register": 1, "distributed": 2, "registers": 4}.get(kind, target.memory_ports)
    external = not isinstance(whole_of(array), (LocalArray, Table))
    words, latency = prod(array.type.shape), read_latency(kind, target)
    lanes = lane_bits(kind, target)
    return Memory(name, array, kind, array.type.width, words, ports, external, latency, lanes)


def lane_bits(kind: str, target: Target) -> int:
    """Bits of the lanes of a word that this kind of memory can write alone, 0 where it writes whole words.

    Where memories have ports that only read, a word is read for nothing.
    """
    return target.file.memory.lane_bits if kind in ("external", "block") else 0


def read_latency(kind: str, target: Target) -> int:
    """Cycles from the address to the data of this kind of memory."""
    return target.file.memory.read_latency if _in_blocks(kind) else 1


def setup_ns(kind: str, target: Target) -> float:
    """From the arrival of address and data at a port of this kind of memory to the clock edge."""
    data = target.file.memory
    return data.setup_ns if _in_blocks(kind) else data.lut_setup_ns


def read_ns(kind: str, target: Target) -> float:
    """From the clock edge to the data read from this kind of memory."""
    data = target.file.memory
    return data.read_ns if _in_blocks(kind) else data.lut_read_ns


def _in_blocks(kind: str) -> bool:
    return kind in ("external", "block", "block_rom")


def memory_area(memory: Memory, target: Target, reads: int, writes: int) -> Area:
    """What a memory inside the design takes, its ports' multiplexers and output registers included; `reads`
    and `writes` are how many ports read and write it."""
    width, words = memory.width, memory.words
    data = target.file.memory
    match memory.kind:
        case "register":
            return Area(ff=width)
        case "block" | "block_rom":
            return _block_ram_area(width, words, target, reads > 1 or writes > 1)
        case "distributed":
            return _lut_ram_area(width, words, target)
        case "registers":
            return Area(lut=reads * width * -(-words // 4) + words * width, ff=(words + reads) * width)
        case "lut_rom":
            bits = _distinct_bits(memory)
            return Area(lut=reads * bits * -(-words // data.lut_words), ff=reads * bits)
        case _:
            return Area()


def _lut_ram_area(width: int, words: int, target: Target) -> Area:
    # Four look-up tables hold 6 bits of half as many words or 3 of all, and have two ports.
    lut_words = target.file.memory.lut_words
    bits = 6 if 2 * words <= lut_words else 3
    columns = -(-words // lut_words)
    # A look-up table more for each bit that is read chooses between up to four columns.
    return Area(lut=4 * -(-width // bits) * columns + width * -(-(columns - 1) // 3), ff=width)


def _block_ram_area(width: int, words: int, target: Target, twice: bool = False) -> Area:
    """Block RAM has two ports of half its widest word, or one to read and one to write the whole; `twice`:
    both ports do the same or either does both."""
    data = target.file.memory
    widest = data.block_width // 2 if twice else data.block_width
    return Area(bram=max(-(-width // widest), -(-width * words // data.block_bits)))


def _distinct_bits(memory: Memory) -> int:
    """Bits of a table's words that are neither constant nor equal to another."""
    if memory.values is None:
        return memory.width
    columns = {tuple(value >> bit & 1 for value in memory.values) for bit in range(memory.width)}
    return sum(1 for column in columns if len(set(column)) > 1)
