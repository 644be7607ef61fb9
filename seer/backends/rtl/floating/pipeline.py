"""Registers in a netlist: for a latency, the cycle of each node, and the Verilog of the whole.

The least period at which as-soon-as-possible placement needs no more registers than asked for is found by
bisection; then nodes move to later cycles where that saves register bits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from seer.backends.rtl.floating.netlist import Bits, Netlist, Piece

__all__ = ["Pipeline", "pipeline", "pruned", "render"]

_CLOCK_TO_OUT_NS = 0.303
_SHIFTED_OUT_NS = 1.472
_SHIFT_REGISTERS = 3
"""So many registers in a row become a look-up table, which gives its bit later."""
_STEPS = 24
"""Of the bisection: more than enough for steps of a thousandth of a nanosecond."""


@dataclass(frozen=True)
class Pipeline:
    """The cycle of each node, and the longest path between registers, estimated, in ns."""

    stages: tuple[int, ...]
    period_ns: float


def pruned(netlist: Netlist, result: Bits) -> tuple[Netlist, Bits]:
    """The inputs and the nodes that the result needs, and the result there."""
    needed = [not node.operands for node in netlist.nodes]
    for piece in result.pieces:
        if piece.node is not None:
            needed[piece.node] = True
    for position in range(len(needed) - 1, -1, -1):
        if needed[position]:
            for source in _sources(netlist, position):
                needed[source] = True
    kept = [position for position, is_needed in enumerate(needed) if is_needed]
    place = {position: k for k, position in enumerate(kept)}

    def renumbered(bits: Bits) -> Bits:
        return Bits(tuple(p if p.node is None else replace(p, node=place[p.node]) for p in bits.pieces))

    nodes = [netlist.nodes[position] for position in kept]
    moved = [replace(node, operands=tuple(renumbered(o) for o in node.operands)) for node in nodes]
    return Netlist(moved, late_shifts=netlist.late_shifts), renumbered(result)


def _sources(netlist: Netlist, position: int) -> list[int]:
    """The nodes that a node reads."""
    operands = netlist.nodes[position].operands
    return [piece.node for operand in operands for piece in operand.pieces if piece.node is not None]


def pipeline(netlist: Netlist, result: Bits, latency: int) -> Pipeline:
    """Spread a netlist over latency + 1 cycles, with registers between."""
    low, high = 0.0, sum(node.ns + node.late_ns for node in netlist.nodes) + 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        stages = _soonest(netlist, middle)
        if stages is None or max(stages) > latency:
            low = middle
        else:
            high = middle
    stages = _soonest(netlist, high)
    assert stages is not None
    return Pipeline(tuple(_later(netlist, result, stages, high, latency)), high)


def _arrival(netlist: Netlist, position: int, stages: list[int], ready: list[float], stage: int) -> float:
    """When the operands of a node have arrived in a cycle, or infinity if one of them is made later."""
    latest = _CLOCK_TO_OUT_NS
    for source in _sources(netlist, position):
        if stages[source] > stage:
            return float("inf")
        if stages[source] == stage:
            latest = max(latest, ready[source])
        elif stages[source] == stage - 1:
            latest = max(latest, _CLOCK_TO_OUT_NS + netlist.nodes[source].late_ns)
        elif netlist.late_shifts and stages[source] <= stage - _SHIFT_REGISTERS:
            latest = max(latest, _SHIFTED_OUT_NS)
    return latest


def _soonest(netlist: Netlist, period: float) -> list[int] | None:
    """Each node in the first cycle in which it fits; None if one does not fit a cycle of its own."""
    stages: list[int] = []
    ready: list[float] = []
    for position, node in enumerate(netlist.nodes):
        stage = max((stages[source] for source in _sources(netlist, position)), default=0)
        for chosen in (stage, stage + 1, stage + 2):
            arrival = _arrival(netlist, position, stages, ready, chosen)
            if arrival + node.setup_ns <= period:
                break
        else:
            return None
        stages.append(chosen)
        # What is chained behind it in the same cycle waits for the whole of it.
        ready.append(arrival + node.ns)
    return stages


def _later(netlist: Netlist, result: Bits, stages: list[int], period: float, latency: int) -> list[int]:
    """Nodes moved to later cycles as long as that saves register bits and the period holds."""
    users: list[list[int]] = [[] for _ in netlist.nodes]
    sources: list[list[int]] = []
    for position in range(len(netlist.nodes)):
        sources.append(sorted(set(_sources(netlist, position))))
        for source in sources[-1]:
            users[source].append(position)
    outputs = {piece.node for piece in result.pieces}
    moved = list(stages)

    def last_use(position: int) -> int:
        last = max((moved[user] for user in users[position]), default=moved[position])
        return max(last, latency) if position in outputs else last

    for _ in range(3):
        changed = False
        for position in reversed(range(len(moved))):
            node = netlist.nodes[position]
            if not node.operands:
                continue
            until = min((moved[user] for user in users[position]), default=latency)
            while moved[position] < until:
                grown = sum(
                    netlist.nodes[source].width
                    for source in sources[position]
                    if last_use(source) == moved[position]
                )
                if grown >= node.width:
                    break
                moved[position] += 1
                if not _holds(netlist, moved, period):
                    moved[position] -= 1
                    break
                changed = True
        if not changed:
            break
    return moved


def _holds(netlist: Netlist, stages: list[int], period: float) -> bool:
    ready: list[float] = []
    for position, node in enumerate(netlist.nodes):
        arrival = _arrival(netlist, position, stages, ready, stages[position])
        if arrival + node.setup_ns > period + 1e-9:
            return False
        ready.append(arrival + node.ns)
    return True


def render(netlist: Netlist, result: Bits, placed: Pipeline, latency: int, name: str, about: str) -> str:
    """The Verilog module: inputs as in the netlist, clk, and y, `latency` cycles later.

    Its attributes keep tools from working on every instance anew.
    """
    last = list(placed.stages)
    for position, stage in enumerate(placed.stages):
        for source in _sources(netlist, position):
            last[source] = max(last[source], stage)
    for piece in result.pieces:
        if piece.node is not None:
            last[piece.node] = latency

    def text(bits: Bits, stage: int) -> str:
        parts: list[str] = []
        for piece, equal in groupby(bits.pieces):
            part, count = _piece(netlist, piece, placed.stages, stage), len(list(equal))
            parts.append(part if count == 1 else f"{{{count}{{{part}}}}}")
        return parts[0] if len(parts) == 1 else f"{{{', '.join(parts)}}}"

    ports = [
        f"    input  wire {_range(node.width)}{node.name}," for node in netlist.nodes if not node.operands
    ]
    lines = [f"// {about}", "(* keep_hierarchy *)", f"module {name} (", "    input  wire clk,", *ports]
    lines += [f"    output wire {_range(result.width)}y", "); /*verilator no_inline_module*/"]
    clocked: list[str] = []
    for position, node in enumerate(netlist.nodes):
        if node.operands:
            source = node.template.format(
                *(text(operand, placed.stages[position]) for operand in node.operands)
            )
            lines.append(f"    wire {_range(node.width)}{node.name} = {source};")
        previous = node.name
        for stage in range(placed.stages[position] + 1, last[position] + 1):
            current = f"{node.name}_s{stage}"
            lines.append(f"    reg {_range(node.width)}{current};")
            clocked.append(f"        {current} <= {previous};")
            previous = current
    if clocked:
        lines += ["    always @(posedge clk) begin", *clocked, "    end"]
    return "\n".join([*lines, f"    assign y = {text(result, latency)};", "endmodule", ""])


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""


def _piece(netlist: Netlist, piece: Piece, stages: tuple[int, ...], stage: int) -> str:
    if piece.node is None:
        return f"{piece.width}'h{piece.value:x}"
    node = netlist.nodes[piece.node]
    name = node.name if stages[piece.node] == stage else f"{node.name}_s{stage}"
    if piece.width == node.width:
        return name
    high = piece.low + piece.width - 1
    return f"{name}[{piece.low}]" if piece.width == 1 else f"{name}[{high}:{piece.low}]"
