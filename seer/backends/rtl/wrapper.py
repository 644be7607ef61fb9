"""What a design is placed in: its arrays' memories in block RAM, and its scalars as free pins.

Placed without its memories a design would show none of the paths that lead through them, and its ports
would need more pins than packages have. So each array gets a real block memory here, of at most so many
words that one block holds; the address bits above are registered, so that the logic which computes them
stays and is timed. All else is a port of the wrapper, which is placed out of context: no pins are needed, and
paths from and to these ports are not timed.
"""

from __future__ import annotations

from seer.backends.rtl.interface import HANDSHAKE, Interface, MemoryPort
from seer.backends.rtl.names import Names
from seer.backends.rtl.operators import vector

__all__ = ["WRAPPER", "wrapper"]

WRAPPER = "seer_placed"
"""The name of the wrapper's module."""

_ADDRESS_BITS = 10


def wrapper(interface: Interface) -> str:
    """Verilog of the module WRAPPER, which instantiates the design and the memories of its arrays."""
    return _Wrapper(interface).text()


class _Wrapper:
    def __init__(self, interface: Interface) -> None:
        self._interface = interface
        self._names = Names()
        self._ports: list[str] = []
        self._lines: list[str] = []
        self._pins: list[tuple[str, str]] = []

    def text(self) -> str:
        interface = self._interface
        for name in HANDSHAKE:
            self._port("input" if name in ("ap_clk", "ap_rst", "ap_start") else "output", 1, name, name)
        for param in interface.params:
            self._port("input", param.param.bits, param.name, param.name)
        for scalar in interface.scalars:
            self._port("output", scalar.memory.width, scalar.output, scalar.output)
            if scalar.initial is not None:
                self._port("input", scalar.memory.width, scalar.initial, scalar.initial)
        for number, memory in enumerate(dict.fromkeys(port.memory for port in interface.memories)):
            own = [port for port in interface.memories if port.memory is memory]
            self._memory(f"m{number}", own)
        pins = ",\n        ".join(f".{pin}({net})" for pin, net in self._pins)
        head = [f"module {WRAPPER} (", ",\n".join(f"    {port}" for port in self._ports), ");"]
        body = [f"    {line}" for line in self._lines]
        return "\n".join(
            [*head, *body, f"    {interface.module} design_ (\n        {pins});", "endmodule", ""]
        )

    def _port(self, direction: str, width: int, name: str, pin: str | None = None) -> str:
        fresh = self._names.fresh(name)
        self._ports.append(f"{direction} wire {vector(width)}{fresh}")
        if pin is not None:
            self._pins.append((pin, fresh))
        return fresh

    def _memory(self, name: str, ports: list[MemoryPort]) -> None:
        """A block memory behind these ports; what the design leaves out comes from and goes to free pins."""
        width, address_width = ports[0].memory.width, ports[0].address_width
        bits = min(_ADDRESS_BITS, address_width)
        memory = self._names.fresh(f"{name}_mem")
        self._lines.append(
            f'(* no_rw_check, ram_style = "block" *) reg {vector(width)}{memory} [0:{(1 << bits) - 1}];'
        )
        # What nothing outside sees would not stay: what is read of a memory that the design writes is shown;
        # one that it only writes is read by a port from outside, one that it only reads is written.
        reads = any(port.output for port in ports)
        writes = any(port.write for port in ports)
        for number, port in enumerate(ports):
            read = self._design_port(f"{name}_{number}", memory, port, bits)
            if read and writes:
                self._lines.append(f"assign {self._port('output', width, f'{read}_shown')} = {read};")
        if not (reads and writes):
            free = f"{name}_free"
            address = self._port("input", bits, f"{free}_a")
            if not writes:
                data, enable = self._port("input", width, f"{free}_d"), self._port("input", 1, f"{free}_we")
                self._lines.append(f"always @(posedge ap_clk) if ({enable}) {memory}[{address}] <= {data};")
            else:
                shown = self._port("output", width, f"{free}_q")
                register = self._names.fresh(f"{free}_r")
                self._lines.append(f"reg {vector(width)}{register};")
                self._lines.append(f"always @(posedge ap_clk) {register} <= {memory}[{address}];")
                self._lines.append(f"assign {shown} = {register};")

    def _design_port(self, name: str, memory: str, port: MemoryPort, bits: int) -> str:
        """One port of the memory; returns the register with the word read, if the design reads it."""
        address = self._net(f"{name}_a", port.address_width, port.address)
        enable = self._net(f"{name}_ce", 1, port.enable)
        word = f"{memory}[{address}[{bits - 1}:0]]" if port.address_width > bits else f"{memory}[{address}]"
        if port.address_width > bits:
            above = port.address_width - bits
            shown = self._port("output", above, f"{name}_above")
            held = self._names.fresh(f"{name}_above_r")
            self._lines.append(f"reg {vector(above)}{held};")
            top = f"{address}[{port.address_width - 1}:{bits}]"
            self._lines.append(f"always @(posedge ap_clk) {held} <= {top};")
            self._lines.append(f"assign {shown} = {held};")
        write = data = read = register = ""
        if port.write is not None and port.data is not None:
            write = self._net(f"{name}_we", 1, port.write)
            data = f"{word} <= {self._net(f'{name}_d', port.memory.width, port.data)};"
        if port.output is not None:
            register = self._names.fresh(f"{name}_q")
            self._lines.append(f"reg {vector(port.memory.width)}{register};")
            self._pins.append((port.output, register))
            read = f"{register} <= {word};"
        if write and read:
            body = f"if ({enable}) begin if ({write}) {data} else {read} end"
        elif write:
            body = f"if ({enable} & {write}) {data}"
        else:
            body = f"if ({enable}) {read}"
        self._lines.append(f"always @(posedge ap_clk) {body}")
        return register

    def _net(self, name: str, width: int, pin: str) -> str:
        fresh = self._names.fresh(name)
        self._lines.append(f"wire {vector(width)}{fresh};")
        self._pins.append((pin, fresh))
        return fresh
