"""Memories inside the design: block RAM, LUT RAM, registers and tables, each a module of its own."""

from __future__ import annotations

from seer.backends.rtl.interface import MemoryPort, lanes_of
from seer.backends.rtl.module import ModuleBuilder
from seer.backends.rtl.names import identifier
from seer.backends.rtl.operators import literal, vector
from seer.errors import BackendError
from seer.schedule.model import Memory

__all__ = ["memory_instance"]

_STYLES = {
    "block": '(* no_rw_check, ram_style = "block" *) ',
    "distributed": '(* no_rw_check, ram_style = "distributed" *) ',
    "registers": '(* ram_style = "registers" *) ',
    "block_rom": '(* rom_style = "block" *) ',
    "lut_rom": '(* rom_style = "logic" *) ',
}


def memory_instance(module: ModuleBuilder, ports: list[MemoryPort]) -> None:
    """Declare the wires of one memory's ports, instantiate it, and add its module to the units.

    Memories of one shape share a module; each table has its own, which holds its contents.
    """
    memory = ports[0].memory
    pins = [".clk(ap_clk)"]
    module.line(f"\n// {memory.name}: {memory.words} x {memory.width} bits, {memory.kind}")
    for port in ports:
        for role, width, wire in _signals(port):
            module.declarations.append(f"wire {vector(width)}{wire};")
            pins.append(f".{role}({wire})")
    shape = "_".join(f"{_access(port)}{number}" for number, port in enumerate(ports))
    lanes = f"_l{memory.lane_bits}" if ports[0].enables > 1 else ""
    name = f"seer_{memory.kind}_w{memory.width}_d{memory.words}_{shape}{lanes}"
    if memory.values is not None:
        name = f"{name}_{identifier(module.schedule.program.name)}_{identifier(memory.name)}"
    module.units[name] = _text(name, memory, ports)
    instance = module.names.fresh(f"{memory.name}_memory")
    module.line(f"{name} {instance} ({', '.join(pins)});")


def _access(port: MemoryPort) -> str:
    return ("r" if port.output else "") + ("w" if port.write else "")


def _signals(port: MemoryPort) -> list[tuple[str, int, str]]:
    """Role, width and wire of each signal that is used."""
    k, width = port.index, port.memory.width
    signals = [
        (f"a{k}", port.address_width, port.address),
        (f"ce{k}", 1, port.enable),
        (f"we{k}", port.enables, port.write),
        (f"d{k}", width, port.data),
        (f"q{k}", width, port.output),
    ]
    return [(role, bits, wire) for role, bits, wire in signals if wire is not None]


def _text(name: str, memory: Memory, ports: list[MemoryPort]) -> str:
    pins = ["    input wire clk"]
    for port in ports:
        for role, width, _ in _signals(port):
            kind = "output reg " if role.startswith("q") else "input wire "
            pins.append(f"    {kind}{vector(width)}{role}")
    declared = f"{_STYLES[memory.kind]}reg {vector(memory.width)}mem [0:{memory.words - 1}];"
    lines = [f"module {name} (", ",\n".join(pins), ");", f"    {declared}"]
    if memory.values is not None:
        lines.append("    initial begin")
        for position, value in enumerate(memory.values):
            lines.append(f"        mem[{position}] = {literal(memory.width, value).text};")
        lines.append("    end")
    for port in ports:
        lines += [f"    {line}" for text in _port_text(memory, port) for line in text.split("\n")]
    return "\n".join([*lines, "endmodule", ""])


def _port_text(memory: Memory, port: MemoryPort) -> list[str]:
    """What a port does on each edge; a write and a read of one port share its address."""
    k = port.index
    # A single word needs no address, whatever stands there.
    word = f"mem[a{k}]" if memory.words > 1 else "mem[0]"
    write, read = f"{word} <= d{k};", f"q{k} <= {word};"
    if port.enables > 1:
        return [f"always @(posedge clk) {_lanes_text(port, word, read)}"]
    match _access(port):
        case "rw":
            body = f"if (ce{k}) begin if (we{k}) {write} else {read} end"
        case "w":
            body = f"if (ce{k} & we{k}) {write}"
        case "r":
            body = f"if (ce{k}) {read}"
        case _:
            raise BackendError(f"internal: port {k} of {memory.name} is not used")
    return [f"always @(posedge clk) {body}"]


def _lanes_text(port: MemoryPort, word: str, read: str) -> str:
    """A port that writes the lanes of a word whose enables are high, and reads where none is."""
    k, lines = port.index, [f"if (ce{port.index}) begin"]
    if port.write is not None:
        for number, (high, low) in enumerate(lanes_of(port.memory)):
            lines.append(f"    if (we{k}[{number}]) {word}[{high}:{low}] <= d{k}[{high}:{low}];")
    if port.output is not None:
        lines.append(f"    if (~|we{k}) {read}" if port.write is not None else f"    {read}")
    return "\n".join([*lines, "end"])
