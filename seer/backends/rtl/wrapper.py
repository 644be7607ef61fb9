"""What a design is placed in: its arrays' memories in block RAM, and its scalars as free pins.

Placed without its memories a design would show none of the paths that lead through them, and its ports
would need more pins than packages have. So each array gets a real block memory here, of at most so many
words that one block holds; the address bits above are registered, so that the logic which computes them
stays and is timed. All else is a port of the wrapper, which is placed out of context: no pins are needed, and
paths from and to these ports are not timed.
"""

from __future__ import annotations

from seer.backends.rtl.interface import HANDSHAKE, Interface, MemoryPort, lanes_of
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
        # What nothing outside sees would not stay: words read of a memory that the design writes are shown,
        # and a memory that it only reads is written with data from outside, through its first port.
        writes = any(port.write for port in ports)
        for number, port in enumerate(ports):
            self._design_port(f"{name}_{number}", memory, port, bits, number == 0 and not writes, writes)

    def _design_port(
        self, name: str, memory: str, port: MemoryPort, bits: int, written: bool, shown: bool
    ) -> None:
        """One port of the memory; `written` also from outside, what it reads `shown` outside."""
        width, above = port.memory.width, port.address_width - bits
        address = self._net(f"{name}_a", port.address_width, port.address)
        enable = self._net(f"{name}_ce", 1, port.enable)
        word = f"{memory}[{address}]"
        if above > 0:
            word = f"{memory}[{address}[{bits - 1}:0]]"
            held = self._register(f"{name}_above", above, shown=True)
            top = f"{address}[{port.address_width - 1}:{bits}]"
            self._lines.append(f"always @(posedge ap_clk) {held} <= {top};")
        output = self._register(f"{name}_q", width, shown)
        if port.output is not None:
            self._pins.append((port.output, output))
        write, data = "", ""
        if port.write is not None and port.data is not None:
            write = self._net(f"{name}_we", port.enables, port.write)
            data = self._net(f"{name}_d", width, port.data)
        elif written:
            write, data = self._port("input", 1, f"{name}_we"), self._port("input", width, f"{name}_d")
        read = f"{output} <= {word};"
        store = f"{word} <= {data};"
        if port.enables > 1 and port.write is not None:
            lanes = enumerate(lanes_of(port.memory))
            parts = [f"if ({write}[{k}]) {word}[{h}:{low}] <= {data}[{h}:{low}];" for k, (h, low) in lanes]
            write, store = f"(|{write})", f"begin {' '.join(parts)} end"
        if port.output is None:
            # Where it is never read while it is enabled, the word shown is read in every cycle.
            body = f"begin if ({enable} & {write}) {store} {read} end"
        elif write:
            body = f"if ({enable}) begin if ({write}) {store} else {read} end"
        else:
            body = f"if ({enable}) {read}"
        self._lines.append(f"always @(posedge ap_clk) {body}")

    def _register(self, name: str, width: int, shown: bool) -> str:
        """A register, shown at a port of its own or not."""
        register = self._names.fresh(name)
        self._lines.append(f"reg {vector(width)}{register};")
        if shown:
            self._lines.append(f"assign {self._port('output', width, f'{register}_shown')} = {register};")
        return register

    def _net(self, name: str, width: int, pin: str) -> str:
        fresh = self._names.fresh(name)
        self._lines.append(f"wire {vector(width)}{fresh};")
        self._pins.append((pin, fresh))
        return fresh
