"""A replay of schedules cycle by cycle, with the timing that seer.schedule.model states.

Shares no code with the scheduler. It watches each access to memories and registers, so it finds every
dependence that a schedule breaks on the given contents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from seer.lang.affine import Held, Symbol
from seer.lang.operators import OPERATORS, to_signed, to_unsigned
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    Operation,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)
from seer.schedule.replay_order import Access, Touched, order_faults

__all__ = ["Replay", "replay"]


@dataclass
class Replay:
    """What a replay gave: contents afterwards, cycles taken, and faults of the schedule."""

    arrays: dict[str, list[int]]
    cycles: int = 0
    faults: list[str] = field(default_factory=list)


def replay(
    schedule: Schedule,
    arrays: Mapping[str, Sequence[int]],
    params: Mapping[str, int],
    registers: int = 0,
) -> Replay:
    """Run one call. Arrays are flat and row-major, numbers in [0, 2^width), parameters likewise;
    `registers` is what registers that no array initialises start with."""
    machine = _Machine(schedule, arrays, params, registers)
    machine.nodes(schedule.body)
    machine.join_banks(arrays)
    machine.result.cycles = max(1, machine.result.cycles)
    return machine.result


class _Machine:
    def __init__(
        self, schedule: Schedule, arrays: Mapping[str, Sequence[int]], params: Mapping[str, int], fill: int
    ) -> None:
        memories = {m.name: m for m in schedule.memories}
        contents: dict[str, list[int]] = {}
        for name, memory in memories.items():
            if memory.values is not None:
                contents[name] = list(memory.values)
            elif memory.whole in arrays:
                contents[name] = [arrays[memory.whole][place] for place in memory.elements]
            else:
                contents[name] = [to_unsigned(fill, memory.width)] * memory.words
        self._memories = memories
        self.result = Replay(contents)
        self._names = {m.array: m.name for m in schedule.memories}
        self._params = dict(params)
        self._decision = 0
        self._unspecified = fill
        self.symbols: dict[Symbol, int] = {
            p.name: to_signed(params[p.name], p.bits) for p in schedule.program.params if p.name in params
        }

    def join_banks(self, arrays: Mapping[str, Sequence[int]]) -> None:
        """Put the arguments together whose elements stand in several memories."""
        for name, memory in self._memories.items():
            if memory.whole != name and memory.whole in arrays:
                whole = self.result.arrays.setdefault(memory.whole, list(arrays[memory.whole]))
                for place, value in zip(memory.elements, self.result.arrays.pop(name), strict=True):
                    whole[place] = value

    def nodes(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            match node:
                case Region():
                    self._run(node, [dict(self.symbols)], node.length)
                case PipelinedLoop():
                    self._pipelined(node)
                case SequentialLoop(drain_free=True):
                    _Together(self).nest(node)
                case SequentialLoop():
                    self.result.cycles += 0 if node.counter.constant else 1
                    for value in self.counted(node.counter):
                        self.symbols[node.counter.iv.level] = value
                        self.nodes(node.body)
                    self.symbols.pop(node.counter.iv.level, None)
                case Branch():
                    self.nodes(node.then if self._decides(node.condition) else node.otherwise)
                case WhileLoop():
                    runs = self._decides(node.condition)
                    while runs:
                        self.nodes(node.body)
                        runs = self._decides(node.tail or node.condition)
                case Parallel():
                    self._side_by_side(node)
                case PipelinedWhile():
                    if self._decides(node.condition):
                        self._run(node.body, [dict(self.symbols)], node.initiation_interval)

    def _side_by_side(self, node: Parallel) -> None:
        """Branches that have nothing in common are replayed one after the other."""
        if node.starts:
            _Together(self).side_by_side(node)
            return
        start, ends = self.result.cycles, list[int]()
        for branch in node.branches:
            self.result.cycles = start
            self.nodes(branch)
            ends.append(self.result.cycles)
        self.result.cycles = max(ends)

    def _decides(self, condition: Region) -> bool:
        """Run the region of a condition; whether it holds."""
        self._run(condition, [dict(self.symbols)], condition.length + 1)
        return self._decision != 0

    def _pipelined(self, node: PipelinedLoop) -> None:
        self.result.cycles += 0 if all(counter.constant for counter in node.counters) else 1
        iterations: list[dict[Symbol, int]] = [dict(self.symbols)]
        for counter in node.counters:
            iterations = [
                {**outer, counter.iv.level: value} for outer in iterations for value in self.counted(counter)
            ]
        if iterations:
            self._run(node.region, iterations, node.initiation_interval)

    def counted(self, counter: Counter) -> range:
        """The values of a counter that begins now."""
        values = dict(self.symbols)
        for array in counter.registers:
            values[Held(array)] = to_signed(self.result.arrays[self._names[array]][0], array.type.width)
        return range(counter.lower.evaluate(values), counter.upper.evaluate(values), counter.iv.step)

    def _run(self, region: Region, iterations: list[dict[Symbol, int]], interval: int) -> None:
        """All iterations of a region, one issued every `interval` cycles; a decision in an iteration's last
        cycle before the next is to be issued adds that one."""
        by_cycle: dict[int, list[Operation]] = {}
        for op in region.operations:
            by_cycle.setdefault(op.start_cycle, []).append(op)
        values: list[dict[int, int]] = [{} for _ in iterations]
        accesses: dict[Touched, list[Access]] = {}
        cycle = 0
        while cycle < interval * (len(iterations) - 1) + region.length:
            self._decision = 0
            pending: list[tuple[str, int, int, int]] = []
            taken: dict[tuple[str, int], Operation] = {}
            first = max(0, -(-(cycle - region.length + 1) // interval))
            for n in range(first, min(len(iterations) - 1, cycle // interval) + 1):
                for op in by_cycle.get(cycle - n * interval, ()):
                    touched = self.execute(op, region, values[n], iterations[n], pending)
                    if touched is not None:
                        is_write = op.kind in ("store", "write")
                        self.take_port(op, cycle, taken)
                        accesses.setdefault(touched, []).append(((n, op.id), cycle, is_write))
            self.put(pending)
            cycle += 1
            if self._decision and cycle == interval * len(iterations):
                iterations.append(dict(iterations[0]))
                values.append({})
        self.result.cycles += cycle
        registers = {op.memory for op in region.operations if op.kind in ("read", "write")}
        self.check_order(accesses, registers, {op.memory for op in region.operations if op.forwarded})

    def put(self, pending: Sequence[tuple[str, int, int, int]]) -> None:
        """Values into memories at the end of a cycle, each with the bits that are written."""
        for memory, address, value, written in pending:
            kept = self.result.arrays[memory][address] & ~written
            self.result.arrays[memory][address] = kept | value & written

    def execute(
        self,
        op: Operation,
        region: Region,
        values: dict[int, int],
        symbols: Mapping[Symbol, int],
        pending: list[tuple[str, int, int, int]],
    ) -> tuple[str, int] | None:
        """Compute one operation; returns the (memory, address) that it touches."""
        if op.predicate is not None and values[op.predicate] == 0:
            # What a load that is not made yields is unspecified; nothing may depend on it.
            values[op.id] = to_unsigned(~self._unspecified, op.width)
            return None
        inputs = [values[operand] for operand in op.operands]
        match op.kind:
            case "const":
                values[op.id] = op.value if op.value is not None else 0
            case "param":
                values[op.id] = self._params[op.symbol or ""]
            case "iv":
                values[op.id] = to_unsigned(symbols[-1 if op.level is None else op.level], op.width)
            case "load" | "store" | "read" | "write":
                memory = op.memory or ""
                contents = self.result.arrays[memory]
                address = inputs[0] if op.kind in ("load", "store") else 0
                inside = address < self._memories[memory].elements_addressed
                word = address % len(contents)
                if op.kind in ("load", "read"):
                    values[op.id] = contents[word] if inside else 0
                    if op.forwarded:
                        # What an earlier iteration writes in this cycle; this one's own write comes later.
                        under_way = [value for name, _, value, _ in pending if name == memory]
                        values[op.id] = under_way[-1] if under_way else values[op.id]
                elif inside:
                    data = inputs[1 if op.kind == "store" else 0]
                    pending.append((memory, word, data, self._written(memory, inputs[2:])))
                return (memory, address) if inside else None
            case "decide":
                self._decision = inputs[0]
            case _:
                width = region.operations[op.operands[-1]].width
                values[op.id] = OPERATORS[op.kind].evaluate(width, op.width, *inputs)
        return None

    def _written(self, memory: str, enables: Sequence[int]) -> int:
        """The bits of a word that a store with these enables, if any, changes."""
        if not enables:
            return -1
        lane = self._memories[memory].lane_bits
        chosen = (number for number in range(self._memories[memory].lanes) if enables[0] >> number & 1)
        return sum(((1 << lane) - 1) << number * lane for number in chosen)

    def take_port(self, op: Operation, cycle: int, taken: dict[tuple[str, int], Operation]) -> None:
        """Each port serves one access a cycle."""
        if op.kind not in ("load", "store"):
            return
        other = taken.setdefault((op.memory or "", op.port or 0), op)
        if other is not op:
            self.result.faults.append(
                f"operations {other.id} and {op.id} both take port {op.port} of {op.memory} in cycle {cycle}"
            )

    def check_order(
        self,
        accesses: Mapping[Touched, Sequence[Access]],
        registers: AbstractSet[str | None],
        forwarded: AbstractSet[str | None] = frozenset(),
    ) -> None:
        """Note what is out of order among all accesses of nodes that run by themselves."""
        self.result.faults += order_faults(accesses, registers, forwarded, self._memories)


@dataclass
class _Iteration:
    """An iteration of the pipelined loop, or one run of a region beside it, begun in a cycle."""

    number: int
    region: Region
    start: int
    symbols: Mapping[Symbol, int]
    values: dict[int, int] = field(default_factory=dict)


class _Together:
    """What is under way at once, cycle by cycle: a drain-free nest, where iterations of its pipelined loop
    are while everything beside it runs, or branches that begin at known times."""

    def __init__(self, machine: _Machine) -> None:
        self._machine = machine
        self._cycle = 0
        self._begun = 0
        self._under_way: list[_Iteration] = []
        self._accesses: dict[Touched, list[Access]] = {}
        self._registers: set[str | None] = set()
        self._forwarded: set[str | None] = set()

    def nest(self, head: SequentialLoop) -> None:
        if self._loop(head):
            self._pass(head.drain)
        self._end()

    def side_by_side(self, node: Parallel) -> None:
        """The branches in their program order, each from its own cycle on."""
        found: list[_Iteration] = []
        ends = [
            self._issue(branch, start, {}, found)
            for start, branch in zip(node.starts, node.branches, strict=True)
        ]
        for one in sorted(found, key=lambda one: one.start):
            self._pass(one.start - self._cycle)
            self._enter(one)
        self._pass(max(ends) - self._cycle)
        self._end()

    def _issue(
        self, nodes: Sequence[Node], start: int, counters: Mapping[Symbol, int], found: list[_Iteration]
    ) -> int:
        """Add the iterations that nodes of known cycles issue; returns when the last has ended."""
        for node in nodes:
            match node:
                case Region():
                    found.append(_Iteration(len(found), node, start, {**self._machine.symbols, **counters}))
                    start += node.length
                case PipelinedLoop():
                    outer: list[dict[Symbol, int]] = [{**counters}]
                    for counter in node.counters:
                        values = self._machine.counted(counter)
                        outer = [{**o, counter.iv.level: value} for o in outer for value in values]
                    for k, own in enumerate(outer):
                        symbols = {**self._machine.symbols, **own}
                        begun = start + k * node.initiation_interval
                        found.append(_Iteration(len(found), node.region, begun, symbols))
                    start += node.initiation_interval * (len(outer) - 1) + node.region.length
                case SequentialLoop():
                    for value in self._machine.counted(node.counter):
                        inner = {**counters, node.counter.iv.level: value}
                        start = self._issue(node.body, start, inner, found)
                case _:
                    raise TypeError(type(node).__name__)
        return start

    def _end(self) -> None:
        if self._under_way:
            self._machine.result.faults.append("something ends before its last iterations have")
        self._machine.result.cycles += self._cycle
        self._machine.check_order(self._accesses, self._registers, self._forwarded)

    def _loop(self, node: SequentialLoop) -> bool:
        """Whether the loop had an iteration."""
        self._pass(0 if node.counter.constant else node.guard)
        values = self._machine.counted(node.counter)
        for value in values:
            self._machine.symbols[node.counter.iv.level] = value
            for inner in node.body:
                match inner:
                    case Region():
                        self._begin(inner)
                        self._pass(inner.length)
                    case SequentialLoop():
                        self._loop(inner)
                    case PipelinedLoop():
                        self._pipelined(inner)
                    case _:
                        raise TypeError(type(inner).__name__)
        self._machine.symbols.pop(node.counter.iv.level, None)
        return bool(values)

    def _pipelined(self, node: PipelinedLoop) -> None:
        self._pass(0 if all(counter.constant for counter in node.counters) else node.guard)
        outer: list[dict[Symbol, int]] = [{}]
        for counter in node.counters:
            outer = [{**o, counter.iv.level: v} for o in outer for v in self._machine.counted(counter)]
        for counters in outer:
            self._begin(node.region, counters)
            self._pass(node.initiation_interval)

    def _begin(self, region: Region, counters: Mapping[Symbol, int] | None = None) -> None:
        symbols = {**self._machine.symbols, **(counters or {})}
        self._enter(_Iteration(self._begun, region, self._cycle, symbols))
        self._begun += 1

    def _enter(self, one: _Iteration) -> None:
        self._under_way.append(one)
        self._registers |= {op.memory for op in one.region.operations if op.kind in ("read", "write")}
        self._forwarded |= {op.memory for op in one.region.operations if op.forwarded}

    def _pass(self, cycles: int) -> None:
        """So many cycles pass."""
        machine = self._machine
        for _ in range(cycles):
            pending: list[tuple[str, int, int, int]] = []
            taken: dict[tuple[str, int], Operation] = {}
            for one in self._under_way:
                for op in one.region.operations:
                    if op.start_cycle != self._cycle - one.start:
                        continue
                    touched = machine.execute(op, one.region, one.values, one.symbols, pending)
                    if touched is not None:
                        machine.take_port(op, self._cycle, taken)
                        is_write = op.kind in ("store", "write")
                        order = (one.number, op.id)
                        self._accesses.setdefault(touched, []).append((order, self._cycle, is_write))
            machine.put(pending)
            self._cycle += 1
            self._under_way = [
                o for o in self._under_way if self._cycle - o.start < o.region.length + o.region.late
            ]
