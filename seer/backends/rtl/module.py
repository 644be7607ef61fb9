"""The Verilog module under construction, and what the parts of the generator share."""

from __future__ import annotations

from dataclasses import dataclass, field

from seer.backends.rtl.interface import Interface, MemoryPort, ScalarPort, memory_ports
from seer.backends.rtl.names import Names
from seer.backends.rtl.operators import Signal, extend, vector
from seer.backends.rtl.places import line_tag, source_attribute
from seer.backends.rtl.shared import SharedUnit
from seer.lang.terms import Array, Statement
from seer.schedule.control import LONGEST_SHIFT
from seer.schedule.model import Memory, Schedule, regions
from seer.schedule.units import UnitKey, instance_users

__all__ = ["Access", "CounterSignal", "ModuleBuilder"]


@dataclass(frozen=True)
class CounterSignal:
    """A loop counter's register; `signed` says how it extends to wider values."""

    signal: Signal
    signed: bool

    def at(self, width: int) -> str:
        """Its value at `width` bits."""
        return extend(self.signal, width, self.signed)


@dataclass(frozen=True)
class Access:
    """One use of a memory port: `valid` (1 bit) says in which cycle address and data stand there, and the
    `enables` of the lanes that a store changes; None: all."""

    valid: str
    address: Signal
    data: Signal | None = None
    enables: Signal | None = None


@dataclass(frozen=True)
class _Write:
    enable: str
    data: str


@dataclass
class ModuleBuilder:
    """Collects declarations and sections of the top module; memory and register accesses by name."""

    schedule: Schedule
    names: Names = field(default_factory=Names)
    declarations: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    accesses: dict[tuple[str, int], list[Access]] = field(default_factory=dict)
    writes: dict[str, list[_Write]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.interface = Interface.of(self.schedule, self.names)
        self.params = {port.param.name: Signal(port.name, port.param.bits) for port in self.interface.params}
        operations = [op for region in regions(self.schedule.body) for op in region.operations]
        self.internal: list[MemoryPort] = []
        for memory in self.schedule.memories:
            if memory.kind not in ("external", "register"):
                self.internal += memory_ports(memory, operations, self.names)
        every = (*self.interface.memories, *self.internal)
        self.ports = {(port.memory.name, port.index): port for port in every}
        self.scalars: dict[str, ScalarPort] = {port.memory.name: port for port in self.interface.scalars}
        self.registers: dict[str, Signal] = {}
        for memory in self.schedule.memories:
            if memory.kind == "register":
                self.registers[memory.name] = self._register(memory)
        self.shared = {
            instance: self._shared(*instance, len(users))
            for instance, users in instance_users(self.schedule.body).items()
            if len(users) > 1
        }

    def _shared(self, key: UnitKey, number: int, operations: int) -> SharedUnit:
        name = self.names.fresh(f"shared_{key.kind}{key.operand_widths[0]}_{number}")
        wires = [self.wire(f"{name}_{'abc'[k]}", width) for k, width in enumerate(key.operand_widths)]
        return SharedUnit(key, name, operations, self.wire(f"{name}_y", key.width), tuple(wires))

    def _register(self, memory: Memory) -> Signal:
        scalar = self.scalars.get(memory.name)
        name = scalar.output if scalar else self.names.fresh(memory.name)
        if not scalar:
            self.declarations.append(f"reg {vector(memory.width)}{name};")
        return Signal(name, memory.width)

    def register_of(self, array: Array) -> Signal:
        """The register that holds a zero-dimensional array."""
        return self.registers[next(m.name for m in self.schedule.memories if m.array is array)]

    def port(self, memory: str, index: int) -> MemoryPort:
        return self.ports[memory, index]

    def source(self, *statements: Statement | None) -> str:
        """The attribute for what is made for these statements."""
        return source_attribute(self.schedule.program.origins, statements)

    def tag(self, statement: Statement | None) -> str:
        """What the name of a signal that is made for a statement says of its line."""
        return line_tag(self.schedule.program.origins, statement)

    def reg(self, name: str, width: int, source: str = "") -> Signal:
        """Declare a register; `source` is an attribute."""
        fresh = self.names.fresh(name)
        self.declarations.append(f"{source}reg {vector(width)}{fresh};")
        return Signal(fresh, width)

    def later(self, name: str, signal: str, cycles: int) -> str:
        """A one-bit signal so many cycles later, at least one; low at reset."""
        waiting = self.reg(name, cycles).text
        shifted = f"{{{waiting}[{cycles - 2}:0], {signal}}}" if cycles > 1 else signal
        self.line(f"always @(posedge ap_clk) {waiting} <= ap_rst ? {cycles}'d0 : {shifted};")
        return f"{waiting}[{cycles - 1}]" if cycles > 1 else waiting

    def long_after(self, name: str, signal: str, cycles: int) -> str:
        """The same for a signal that is not high again before then, by a counter if it is long."""
        if cycles <= LONGEST_SHIFT:
            return self.later(name, signal, cycles)
        width = cycles.bit_length()
        waiting = self.reg(name, width).text
        zero = f"{width}'d0"
        left = f"{waiting} == {zero} ? {zero} : {waiting} - {width}'d1"
        self.line("always @(posedge ap_clk)")
        self.line(f"    {waiting} <= ap_rst ? {zero} : {signal} ? {width}'d{cycles} : {left};")
        return f"({waiting} == {width}'d1)"

    def wire(self, name: str, width: int = 1) -> Signal:
        """Declare a wire that is assigned in a section."""
        fresh = self.names.fresh(name)
        self.declarations.append(f"wire {vector(width)}{fresh};")
        return Signal(fresh, width)

    def line(self, text: str = "") -> None:
        self.sections.append(text)

    def clocked(self, statements: list[str]) -> None:
        """An always block of the given statements, without reset."""
        if statements:
            self.sections += ["always @(posedge ap_clk) begin", *(f"    {s}" for s in statements), "end"]

    def write(self, register: str, enable: str, data: str) -> None:
        """Note that `register` takes `data` at the end of the cycles in which `enable` holds."""
        self.writes.setdefault(register, []).append(_Write(enable, data))

    def access(self, memory: str, index: int, access: Access) -> None:
        """Note a use of a memory port."""
        self.accesses.setdefault((memory, index), []).append(access)
