"""Static timing analysis: the longest path of a mapped netlist, wires included.

A netlist is what Yosys writes as JSON after mapping; modules that were kept are dissolved here. Every cell
output has an arrival time: its clock's, or the latest of its inputs' with the arc between. Each wire costs
what the model (`delays.py`) says of its driver, its sink and its fan-out. The path that is latest at a
register or a memory, set-up included, is the least clock period. This is block-based analysis, one pass in
topological order; a loop of cells without a clock is cut where the pass would close it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seer.backends.rtl.delays import CellDelays, DelayModel, Pin

__all__ = ["Path", "Step", "UnitPaths", "longest_path", "unit_paths"]


@dataclass(frozen=True)
class Step:
    """One cell on a path: the time at its output (the last: at its input, set-up included), the wire that
    leads to it, both in ns, and what its output is called in the Verilog."""

    at_ns: float
    wire_ns: float
    cell: str
    signal: str


@dataclass(frozen=True)
class Path:
    """A path from a clock to a clock: the period it needs, and what of that are cells."""

    period_ns: float
    cells_ns: float
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        lines = [
            f"{s.at_ns:8.3f}  wire {s.wire_ns:5.3f}  {s.cell:24} {s.signal}".rstrip() for s in self.steps
        ]
        return "\n".join([f"longest path: {self.period_ns:.3f} ns, {self.cells_ns:.3f} in cells", *lines, ""])


@dataclass(frozen=True)
class UnitPaths:
    """The longest paths of a unit in ns, 0 where there is none: from its operands to a register, set-up
    included but not the wires to its ports; between registers; from a register to its result; from operands
    to result."""

    input_ns: float
    stage_ns: float
    output_ns: float
    through_ns: float


@dataclass
class _Net:
    driver: Pin | None = None
    sinks: list[Pin] = field(default_factory=list)
    from_memory: bool = False
    to_memory: bool = False
    from_port: bool = False
    to_port: bool = False
    name: str = ""
    arrival: float | None = None
    # The net before this one on its longest path, and the wire between.
    before: int | None = None
    wire: float = 0.0

    @property
    def fanout(self) -> int:
        return len(self.sinks) + self.to_memory


def longest_path(netlist: Mapping[str, Any], top: str, model: DelayModel) -> Path | None:
    """The longest path of module `top` in Yosys' JSON, None where nothing is timed.

    Cells of types that the model does not know are left out, with the paths through them.
    """
    design = _Netlist(netlist["modules"], model)
    design.add(netlist["modules"][top], {}, "")
    return _Analysis(design, model).run()


def unit_paths(netlist: Mapping[str, Any], top: str, model: DelayModel) -> UnitPaths:
    """The longest paths of module `top` that begin or end at its ports, and between its registers."""
    analyses: list[_Analysis] = []
    for from_ports in (True, False):
        design = _Netlist(netlist["modules"], model)
        design.add(netlist["modules"][top], {}, "")
        analyses.append(_Analysis(design, model, from_ports))
        analyses[-1].run()
    (first, through), (stage, last) = (analysis.ends() for analysis in analyses)
    return UnitPaths(first, stage, last, through)


class _Netlist:
    """Cells and nets by number, without modules."""

    def __init__(self, modules: Mapping[str, Any], model: DelayModel) -> None:
        self._modules = modules
        self._model = model
        self.nets: list[_Net] = []
        self.cells: list[CellDelays] = []
        self.types: list[str] = []
        self.inputs: list[list[tuple[Pin, int]]] = []
        self.outputs: list[list[tuple[Pin, int]]] = []
        self._names: dict[tuple[str, int], tuple[str, ...]] = {}

    def add(self, module: Mapping[str, Any], inside: dict[Any, int], path: str) -> None:
        """Add a module's cells; `inside` has the nets behind its bits, at first those of its ports."""
        if not path:
            for name, port in module["ports"].items():
                attributes = module["netnames"].get(name, {}).get("attributes", {})
                for bit in port["bits"]:
                    number = self._net(bit, inside)
                    if number is not None:
                        self.nets[number].from_memory |= "seer_memory_output" in attributes
                        self.nets[number].to_memory |= "seer_memory_input" in attributes
                        self.nets[number].from_port |= port["direction"] == "input"
                        self.nets[number].to_port |= port["direction"] == "output"
        for name, net in module["netnames"].items():
            for position, bit in enumerate(net["bits"]):
                number = self._net(bit, inside)
                if number is not None and not net.get("hide_name") and not self.nets[number].name:
                    self.nets[number].name = f"{path}{name}" + (
                        f"[{position}]" if len(net["bits"]) > 1 else ""
                    )
        for name, cell in module["cells"].items():
            connected = {
                port: [self._net(bit, inside) for bit in bits] for port, bits in cell["connections"].items()
            }
            if self._model.knows(cell["type"]):
                self._cell(cell, connected)
            elif cell["type"] in self._modules:
                inner = self._modules[cell["type"]]
                bound: dict[Any, int] = {}
                for port, declared in inner["ports"].items():
                    for bit, net in zip(declared["bits"], connected.get(port, []), strict=False):
                        if net is not None and not isinstance(bit, str):
                            bound[bit] = net
                self.add(inner, bound, f"{path}{name}.")

    def _net(self, bit: Any, inside: dict[Any, int]) -> int | None:
        """The number of a net; None for constants."""
        if isinstance(bit, str):
            return None
        if bit not in inside:
            inside[bit] = len(self.nets)
            self.nets.append(_Net())
        return inside[bit]

    def _cell(self, cell: Mapping[str, Any], connected: Mapping[str, list[int | None]]) -> None:
        number, type_ = len(self.cells), cell["type"]
        self.cells.append(self._model.cell(type_, cell.get("parameters", {})))
        self.types.append(type_)
        inputs: list[tuple[Pin, int]] = []
        outputs: list[tuple[Pin, int]] = []
        for port, bits in connected.items():
            outward = cell["port_directions"][port] == "output"
            for position, net in enumerate(bits):
                if net is None:
                    continue
                if (port, position) not in self._names:
                    self._names[port, position] = (f"{port}[{position}]", port, port.rstrip("0123456789"))
                pin = Pin(number, type_, self._names[port, position])
                if outward:
                    self.nets[net].driver = pin
                else:
                    self.nets[net].sinks.append(pin)
                (outputs if outward else inputs).append((pin, net))
        self.inputs.append(inputs)
        self.outputs.append(outputs)


class _Analysis:
    """`from_ports`: paths begin at the ports at 0 and nowhere else, the wires from there for nothing."""

    def __init__(self, design: _Netlist, model: DelayModel, from_ports: bool = False) -> None:
        self._design = design
        self._model = model
        self._from_ports = from_ports

    def ends(self) -> tuple[float, float]:
        """The latest arrivals at registers, set-up included, and at the ports' outputs."""
        register = port = 0.0
        for net in self._design.nets:
            if net.arrival is None:
                continue
            if net.to_port:
                port = max(port, net.arrival)
            for sink in net.sinks:
                set_up = sink.find(self._design.cells[sink.cell].set_up)
                if set_up is not None:
                    register = max(register, net.arrival + self._wire_ns(net, sink) + set_up)
        return round(register, 3), round(port, 3)

    def _wire_ns(self, net: _Net, sink: Pin) -> float:
        if self._from_ports and net.from_port:
            return 0.0
        return self._model.wire_ns(net.driver, sink, net.fanout)

    def run(self) -> Path | None:
        nets, design = self._design.nets, self._design
        waiting = [0] * len(design.cells)
        ready: list[int] = []
        for number, net in enumerate(nets):
            if self._from_ports:
                net.arrival = 0.0 if net.from_port else None
                continue
            if net.driver is None:
                net.arrival = self._model.memory_clock_to_ns if net.from_memory else None
                continue
            net.arrival = net.driver.find(design.cells[net.driver.cell].clock_to)
            if net.arrival is not None:
                ready.append(number)
        for cell, delays in enumerate(design.cells):
            if delays.arcs:
                waiting[cell] = sum(self._combinational(net) for _, net in design.inputs[cell])
        order = self._order(waiting)
        for cell in order:
            self._evaluate(cell)
        return self._latest()

    def _combinational(self, net: int) -> bool:
        """Whether a net comes from a cell that has to be evaluated first."""
        found = self._design.nets[net]
        return (
            found.driver is not None
            and found.arrival is None
            and bool(self._design.cells[found.driver.cell].arcs)
        )

    def _order(self, waiting: list[int]) -> list[int]:
        """Cells with arcs, each behind those that drive it (Kahn 1962); a loop starts at its first cell."""
        design = self._design
        order: list[int] = []
        done = [not delays.arcs for delays in design.cells]
        ready = [cell for cell, count in enumerate(waiting) if count == 0 and not done[cell]]
        first = 0
        while True:
            while ready:
                cell = ready.pop()
                if done[cell]:
                    continue
                done[cell] = True
                order.append(cell)
                for _, net in design.outputs[cell]:
                    if design.nets[net].arrival is None:
                        for sink in design.nets[net].sinks:
                            waiting[sink.cell] -= 1
                            if waiting[sink.cell] == 0 and not done[sink.cell]:
                                ready.append(sink.cell)
            while first < len(done) and done[first]:
                first += 1
            if first == len(done):
                return order
            ready.append(first)

    def _evaluate(self, cell: int) -> None:
        design, nets = self._design, self._design.nets
        delays = design.cells[cell]
        arrivals: list[tuple[float, float, Pin, int]] = []
        for pin, number in design.inputs[cell]:
            net = nets[number]
            if net.arrival is not None:
                wire = self._wire_ns(net, pin)
                arrivals.append((net.arrival + wire, wire, pin, number))
        for output, number in design.outputs[cell]:
            net = nets[number]
            if output.find(delays.clock_to) is not None:
                continue
            for arrived, wire, pin, before in arrivals:
                arc = delays.arc_ns(pin, output)
                if arc is not None and (net.arrival is None or arrived + arc > net.arrival):
                    net.arrival, net.before, net.wire = arrived + arc, before, wire

    def _latest(self) -> Path | None:
        best: tuple[float, float, int, str] | None = None
        for number, net in enumerate(self._design.nets):
            if net.arrival is None:
                continue
            for sink in net.sinks:
                set_up = sink.find(self._design.cells[sink.cell].set_up)
                if set_up is not None:
                    wire = self._model.wire_ns(net.driver, sink, net.fanout)
                    total = net.arrival + wire + set_up
                    if best is None or total > best[0]:
                        best = (total, wire, number, f"{sink.type}.{sink.names[0].removesuffix('[0]')}")
            if net.to_memory:
                wire = self._model.wire_ns(net.driver, None, net.fanout)
                total = net.arrival + wire + self._model.memory_set_up_ns
                if best is None or total > best[0]:
                    best = (total, wire, number, "memory")
        return None if best is None else self._path(*best)

    def _path(self, total: float, wire: float, end: int, last: str) -> Path:
        nets = self._design.nets
        steps = [Step(round(total, 3), round(wire, 3), last, "")]
        wires, number = wire, end
        while True:
            net = nets[number]
            cell = "memory" if net.driver is None else f"{net.driver.type}.{net.driver.names[1]}"
            assert net.arrival is not None
            steps.append(Step(round(net.arrival, 3), round(net.wire, 3), cell, net.name))
            wires += net.wire
            if net.before is None:
                break
            number = net.before
        return Path(round(total, 3), round(total - wires, 3), tuple(reversed(steps)))
