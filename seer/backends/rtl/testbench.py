"""The simulation's surroundings: a Verilog bench with the memories, and the C++ main that drives it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined

from seer.backends.rtl.interface import Interface, MemoryPort, address_bits, lanes_of
from seer.backends.rtl.operators import vector
from seer.schedule.model import Memory

__all__ = ["BENCH", "Bench", "words64"]

BENCH = "seer_bench"


def words64(width: int) -> int:
    """64-bit words that hold one element in the files that the simulator reads and writes."""
    return -(-width // 64)


@dataclass(frozen=True)
class Bench:
    """The bench of one design.

    A call's record in the input file is the values of `inputs`, in order, then the contents of
    `memories`; in the output file it is the cycle count, `outputs`, then the memories. All are 64-bit
    little-endian words, `words64` of them for each value.
    """

    interface: Interface

    @property
    def memories(self) -> tuple[Memory, ...]:
        """The memories that the design uses at all; the others keep their contents."""
        return tuple(dict.fromkeys(port.memory for port in self.interface.memories))

    @property
    def inputs(self) -> tuple[tuple[str, int], ...]:
        """Names (of parameters and of external registers) and widths of the scalar inputs."""
        params = [(port.param.name, port.param.bits) for port in self.interface.params]
        scalars = [(s.memory.name, s.memory.width) for s in self.interface.scalars if s.initial is not None]
        return (*params, *scalars)

    @property
    def outputs(self) -> tuple[tuple[str, int], ...]:
        """Names and widths of the external registers."""
        return tuple((s.memory.name, s.memory.width) for s in self.interface.scalars)

    def verilog(self) -> str:
        """Module BENCH: the design with a RAM behind each array."""
        interface = self.interface
        pins = [(name, name) for name in ("ap_clk", "ap_rst", "ap_start", "ap_done", "ap_idle", "ap_ready")]
        lines: list[str] = []
        input_pins = [p.name for p in interface.params] + [s.initial for s in interface.scalars if s.initial]
        ports = [f"    input wire {name}" for name in ("ap_clk", "ap_rst", "ap_start")]
        ports += [f"    output wire {name}" for name in ("ap_done", "ap_idle", "ap_ready")]
        for number, (pin, (_, width)) in enumerate(zip(input_pins, self.inputs, strict=True)):
            ports.append(f"    input wire {vector(width)}in{number}")
            pins.append((pin, f"in{number}"))
        for number, scalar in enumerate(interface.scalars):
            ports.append(f"    output wire {vector(scalar.memory.width)}out{number}")
            pins.append((scalar.output, f"out{number}"))
        for number, memory in enumerate(self.memories):
            own = [port for port in interface.memories if port.memory is memory]
            lines += _ram(number, memory, own, pins)
        lines.append(f"{interface.module} design_ (")
        lines.append(",\n        ".join(f"    .{pin}({net})" for pin, net in pins))
        lines.append(");")
        body = [f"    {line}" for line in lines]
        head = ["`default_nettype none", f"module {BENCH} (", ",\n".join(ports), ");"]
        return "\n".join([*head, *body, "endmodule", _RAM, _LANES_RAM])

    def main(self, prefix: str = "Vsim", wave: bool = False) -> str:
        """The C++ main: see `templates/main.cpp.j2`. `prefix` names the class of the simulated model; with
        `wave` it writes one."""
        text = resources.files("seer.backends.rtl").joinpath("templates/main.cpp.j2").read_text()
        environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        template = environment.from_string(text)
        return template.render(
            inputs=[words64(width) for _, width in self.inputs],
            outputs=[words64(width) for _, width in self.outputs],
            memories=[(memory.words, words64(memory.width)) for memory in self.memories],
            bench=BENCH,
            prefix=prefix,
            wave=wave,
        )


def _ram(number: int, memory: Memory, ports: list[MemoryPort], pins: list[tuple[str, str]]) -> list[str]:
    """A RAM and its nets; pins of the design are added to `pins`."""
    lines: list[str] = []
    connections = [".clk(ap_clk)"]
    by_index = {port.index: port for port in ports}
    if not set(by_index) <= {0, 1}:
        raise ValueError(f"{memory.name} has ports {sorted(by_index)}; a memory has two at most")
    bits, width, enables = address_bits(memory.words), memory.width, ports[0].enables
    for index in (0, 1):
        port = by_index.get(index)
        roles = [
            ("a", bits, port.address if port else None, f"{bits}'d0"),
            ("ce", 1, port.enable if port else None, "1'b0"),
            ("we", enables, port.write if port else None, f"{enables}'d0"),
            ("d", width, port.data if port else None, f"{width}'d0"),
        ]
        for role, size, pin, idle in roles:
            if pin is None:
                connections.append(f".{role}{index}({idle})")
                continue
            net = f"m{number}_{role}{index}"
            lines.append(f"wire {vector(size)}{net};")
            connections.append(f".{role}{index}({net})")
            pins.append((pin, net))
        output = port.output if port else None
        net = f"m{number}_q{index}" if output else ""
        connections.append(f".q{index}({net})")
        if output:
            lines.append(f"wire {vector(width)}{net};")
            pins.append((output, net))
    parameters = f".WIDTH({width}), .WORDS({memory.words}), .BITS({bits})"
    module = "seer_bench_ram"
    if enables > 1:
        module, parameters = "seer_bench_lanes_ram", f"{parameters}, .LANES({enables})"
        for index in (0, 1):
            own = by_index.get(index)
            net = f"m{number}_we{index}" if own is not None and own.write is not None else ""
            connections.append(f".mask{index}({_mask(memory, net)})")
    lines.append(f"{module} #({parameters}) m{number} ({', '.join(connections)});  // {memory.name}")
    return lines


def _mask(memory: Memory, enables: str) -> str:
    """The bits of a word that these enables write."""
    if not enables:
        return f"{memory.width}'d0"
    lanes = [f"{{{high - low + 1}{{{enables}[{k}]}}}}" for k, (high, low) in enumerate(lanes_of(memory))]
    return f"{{{', '.join(reversed(lanes))}}}"


# Reading or writing on each port, read latency 1. Behind the words, stores are lost and loads give 0.
# A design may use q only in the cycle after its read, and must not read what the other port writes in
# the same cycle: anything else shows POISON.
_RAM = """
module seer_bench_ram #(parameter WIDTH = 32, parameter WORDS = 1, parameter BITS = 1) (
    input wire clk,
    input wire [BITS-1:0] a0, input wire ce0, input wire we0, input wire [WIDTH-1:0] d0,
    output reg [WIDTH-1:0] q0,
    input wire [BITS-1:0] a1, input wire ce1, input wire we1, input wire [WIDTH-1:0] d1,
    output reg [WIDTH-1:0] q1
);
    localparam [WIDTH-1:0] POISON = {(WIDTH + 31) / 32 {32'hdeadbeef}};
    reg [WIDTH-1:0] mem [0:WORDS-1] /* verilator public_flat_rw */;
    wire in0 = {1'b0, a0} < WORDS[BITS:0];
    wire in1 = {1'b0, a1} < WORDS[BITS:0];
    wire clash = ce0 & ce1 & (a0 == a1);
    always @(posedge clk) begin
        if (ce0 & we0 & in0) mem[a0] <= d0;
        if (ce1 & we1 & in1) mem[a1] <= d1;
        q0 <= ~ce0 | we0 | clash & we1 ? POISON : in0 ? mem[a0] : {WIDTH{1'b0}};
        q1 <= ~ce1 | we1 | clash & we0 ? POISON : in1 ? mem[a1] : {WIDTH{1'b0}};
    end
endmodule
"""

# The same with an enable for each lane of a word; mask has its bits.
_LANES_RAM = """
module seer_bench_lanes_ram #(
    parameter WIDTH = 32, parameter WORDS = 1, parameter BITS = 1, parameter LANES = 1
) (
    input wire clk,
    input wire [BITS-1:0] a0, input wire ce0, input wire [LANES-1:0] we0, input wire [WIDTH-1:0] d0,
    input wire [WIDTH-1:0] mask0, output reg [WIDTH-1:0] q0,
    input wire [BITS-1:0] a1, input wire ce1, input wire [LANES-1:0] we1, input wire [WIDTH-1:0] d1,
    input wire [WIDTH-1:0] mask1, output reg [WIDTH-1:0] q1
);
    localparam [WIDTH-1:0] POISON = {(WIDTH + 31) / 32 {32'hdeadbeef}};
    reg [WIDTH-1:0] mem [0:WORDS-1] /* verilator public_flat_rw */;
    wire in0 = {1'b0, a0} < WORDS[BITS:0];
    wire in1 = {1'b0, a1} < WORDS[BITS:0];
    wire clash = ce0 & ce1 & (a0 == a1);
    always @(posedge clk) begin
        if (ce0 & |we0 & in0) mem[a0] <= mem[a0] & ~mask0 | d0 & mask0;
        if (ce1 & |we1 & in1) mem[a1] <= mem[a1] & ~mask1 | d1 & mask1;
        q0 <= ~ce0 | |we0 | clash & |we1 ? POISON : in0 ? mem[a0] : {WIDTH{1'b0}};
        q1 <= ~ce1 | |we1 | clash & |we0 ? POISON : in1 ? mem[a1] : {WIDTH{1'b0}};
    end
endmodule
"""
