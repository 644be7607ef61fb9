"""An independent check of schedules on paper: chains, latencies, ports and lengths of their regions.

Shares no code with the scheduler. Dependences are checked by seer.schedule.replay; what banks hold by
seer.schedule.check_banks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from seer.lang.operators import OPERATORS
from seer.schedule.check_banks import bank_faults
from seer.schedule.check_conditions import Conditions
from seer.schedule.check_parallel import concurrent_regions, parallel_faults
from seer.schedule.check_units import InstanceCheck
from seer.schedule.model import (
    Branch,
    Memory,
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
from seer.schedule.partition import Bank
from seer.schedule.target import Target

__all__ = ["static_faults"]

_TOLERANCE_NS = 0.002


def static_faults(schedule: Schedule, target: Target) -> list[str]:
    """What is wrong with the regions: order, chaining, latencies, ports, operator limits, lengths."""
    faults = bank_faults(schedule) if schedule.partitions else []
    if faults:
        return faults  # without its memories there is no telling what an access does
    memories = {memory.name: memory for memory in schedule.memories}
    limits = {table.name: table.limit for table in target.file.units if table.limit is not None}
    limits.update(schedule.limits)
    instances = InstanceCheck(
        list(_regions(schedule.body)), schedule.share, target, concurrent_regions(schedule)
    )
    faults += parallel_faults(schedule, limits)
    for region, interval in _regions(schedule.body):
        _RegionCheck(region, interval, memories, target, instances, faults).run()
        _check_limits(region, interval, limits, faults)
    instances.finish()
    faults += instances.faults
    for region, cycle in _deciding(schedule.body):
        decisions = [op for op in region.operations if op.kind == "decide"]
        if len(decisions) != 1 or decisions[0].start_cycle != cycle:
            faults.append(f"a condition is not decided once, in cycle {cycle} of its region")
    return faults


def _check_limits(region: Region, interval: int, limits: Mapping[str, int], faults: list[str]) -> None:
    started = Counter(
        (op.unit, op.start_cycle % interval if interval else op.start_cycle)
        for op in region.operations
        if op.unit in limits
    )
    for (unit, cycle), count in started.items():
        if count > limits[unit or ""]:
            faults.append(f"{count} operations of {unit} start in cycle {cycle}, limit {limits[unit or '']}")


def _regions(nodes: Sequence[Node]) -> Iterator[tuple[Region, int]]:
    for node in nodes:
        match node:
            case Region():
                yield node, 0
            case PipelinedLoop():
                yield node.region, node.initiation_interval
            case SequentialLoop():
                yield from _regions(node.body)
            case Branch():
                yield node.condition, 0
                yield from _regions((*node.then, *node.otherwise))
            case WhileLoop():
                yield node.condition, 0
                yield from _regions(node.body)
                if node.tail is not None:
                    yield node.tail, 0
            case PipelinedWhile():
                yield node.condition, 0
                yield node.body, node.initiation_interval
            case Parallel():
                for branch in node.branches:
                    yield from _regions(branch)


def _deciding(nodes: Sequence[Node]) -> Iterator[tuple[Region, int]]:
    """The regions that end with a decision, and the cycle in which it has to stand."""
    for node in nodes:
        match node:
            case Branch():
                yield node.condition, node.condition.length - 1
                yield from _deciding((*node.then, *node.otherwise))
            case WhileLoop() | SequentialLoop():
                if isinstance(node, WhileLoop):
                    yield node.condition, node.condition.length - 1
                    if node.tail is not None:
                        yield node.tail, node.tail.length - 1
                yield from _deciding(node.body)
            case PipelinedWhile():
                yield node.condition, node.condition.length - 1
                yield node.body, node.initiation_interval - 1
            case Parallel():
                for branch in node.branches:
                    yield from _deciding(branch)
            case _:
                continue


class _RegionCheck:
    def __init__(
        self,
        region: Region,
        interval: int,
        memories: Mapping[str, Memory],
        target: Target,
        instances: InstanceCheck,
        faults: list[str],
    ) -> None:
        self._region = region
        self._interval = interval
        self._memories = memories
        self._target = target
        self._instances = instances
        self._faults = faults
        self._ready: list[float] = []
        self._conditions = Conditions(region)

    def run(self) -> None:
        booked: dict[tuple[str | None, int | None, int], list[Operation]] = {}
        end = 0
        for position, op in enumerate(self._region.operations):
            if op.id != position:
                self._fault(op, "its id is not its position")
            self._operands(op)
            self._time(op)
            last = op.start_cycle + max(op.latency, 1)
            end = max(end, last)
            if op.start_cycle < 0 or last > self._region.length + self._region.late:
                self._fault(op, f"does not end within the region's {self._region.length} cycles")
            if op.kind in ("load", "store"):
                if op.port is None or op.memory is None or not self._has_port(op):
                    self._fault(op, "has no port of its memory")
                self._addressed(op)
                self._enabled(op)
                cycle = op.start_cycle % self._interval if self._interval else op.start_cycle
                others = booked.setdefault((op.memory, op.port, cycle), [])
                for other in others:
                    at_once = other.start_cycle == op.start_cycle
                    if not at_once or not self._conditions.exclusive(other, op):
                        self._fault(
                            op, f"shares port {op.port} of {op.memory} in one cycle with operation {other.id}"
                        )
                others.append(op)
            if op.predicate is not None:
                self._predicated(op)
            if op.forwarded:
                self._forwarded(op)
        if end != self._region.length and not self._region.beside:
            self._fault(None, f"length is {self._region.length}, but operations end after {end} cycles")

    def _has_port(self, op: Operation) -> bool:
        memory = self._memories[op.memory or ""]
        ports = range(memory.ports)
        if memory.kind in ("distributed", "registers"):
            half = memory.ports // 2
            ports = range(half) if op.kind == "load" else range(half, memory.ports)
        return op.port in ports and not (memory.kind.endswith("rom") and op.kind == "store")

    def _addressed(self, op: Operation) -> None:
        """A bank of one word is asked for that word, whatever the subscript: the bank says all of it."""
        memory = self._memories.get(op.memory or "")
        if memory is None or memory.words > 1 or not isinstance(memory.array, Bank):
            return
        address = self._region.operations[op.operands[0]]
        if address.kind != "const" or address.value != 0:
            self._fault(op, "asks a bank of one word for another")

    def _enabled(self, op: Operation) -> None:
        """A store of some lanes has an enable for each, and its memory lanes."""
        if op.kind != "store" or len(op.operands) == 2:
            return
        memory = self._memories[op.memory or ""]
        lanes = -(-memory.width // memory.lane_bits) if memory.lane_bits else 1
        if len(op.operands) != 3 or memory.kind not in ("external", "block"):
            self._fault(op, "cannot store to some lanes of a word here")
        elif lanes < 2 or self._region.operations[op.operands[2]].width != lanes:
            self._fault(op, f"does not enable each of {lanes} lanes")

    def _operands(self, op: Operation) -> None:
        inputs = [*op.operands, *([] if op.predicate is None else [op.predicate])]
        for operand in inputs:
            source = self._region.operations[operand]
            if operand >= op.id:
                self._fault(op, f"uses operation {operand}, which does not precede it")
            elif source.start_cycle + source.latency > op.start_cycle:
                self._fault(op, f"uses operation {operand} before its result is there")

    def _predicated(self, op: Operation) -> None:
        if op.kind not in ("load", "store", "write"):
            self._fault(op, "has a predicate")
        elif self._region.operations[op.predicate or 0].width != 1:
            self._fault(op, "has a predicate of more than one bit")
        elif op.kind == "load" and self._conditions.reaches_effects_unperformed(op):
            self._fault(op, "is needed where its predicate does not hold")

    def _forwarded(self, op: Operation) -> None:
        """Only loaded data are forwarded, which come early, and where it is known before whether they do."""
        writes = [o for o in self._region.operations if o.kind == "write" and o.memory == op.memory]
        if op.kind != "read" or not self._interval or len(writes) != 1:
            self._fault(op, "forwards what no later write of a pipelined loop gives")
            return
        (write,) = writes
        data = self._region.operations[write.operands[0]]
        while self._is_wiring(data):
            data = self._region.operations[data.operands[0]]
        if data.kind != "load" or not data.latency:
            self._fault(op, "forwards what is not loaded")
        enable = None if write.predicate is None else self._region.operations[write.predicate]
        if enable is not None and enable.kind != "const" and enable.result_cycle >= write.start_cycle:
            self._fault(op, "forwards before it is known whether to")

    def _forwarded_ns(self, op: Operation) -> float:
        target, memory = self._target, self._target.file.memory
        first = max(target.register_ns, memory.read_ns, memory.lut_read_ns)
        return first + target.routing_ns + target.unit("select", op.width).input_ns

    def _time(self, op: Operation) -> None:
        target = self._target
        inputs = [*op.operands, *([] if op.predicate is None else [op.predicate])]
        arrived = target.register_ns if inputs else 0.0
        for operand in inputs:
            source = self._region.operations[operand]
            at_once = source.start_cycle + source.latency == op.start_cycle
            if operand < op.id and source.kind != "const" and at_once:
                arrived = max(arrived, self._ready[operand])
        latency, ready, unit_name = 0, arrived, None
        if op.kind in ("load", "store"):
            in_blocks = self._memories[op.memory or ""].kind in ("external", "block", "block_rom")
            memory = target.file.memory
            setup = memory.setup_ns if in_blocks else memory.lut_setup_ns
            if arrived + target.routing_ns + setup > target.budget_ns + _TOLERANCE_NS:
                self._fault(op, "address or data reach the port too late")
            if op.kind == "load":
                latency = memory.read_latency if in_blocks else 1
            ready = arrived + target.routing_ns + setup
            if latency:
                ready = memory.read_ns if in_blocks else memory.lut_read_ns
        elif op.kind == "decide":
            ready = arrived + target.routing_ns + target.unit("and", 1).input_ns
            if ready > target.budget_ns + _TOLERANCE_NS:
                self._fault(op, "decides too late")
        elif op.kind == "const":
            ready = 0.0
        elif op.forwarded:
            ready = self._forwarded_ns(op)
        elif not inputs:
            ready = target.register_ns
        elif op.kind in OPERATORS and not self._is_wiring(op):
            width = self._region.operations[op.operands[-1]].width
            unit = target.unit(op.kind, width, self._factors(op), op.width)
            latency, unit_name, inside = unit.latency, unit.name, unit.input_ns
            if op.staged:
                # The operands go to registers, and in the next cycle from these into the unit.
                if target.register_ns + target.routing_ns + inside > target.budget_ns + _TOLERANCE_NS:
                    self._fault(op, "its unit is too slow behind registers")
                latency, inside = latency + 1, -target.routing_ns
            done = self._instances.arrival_ns(op, arrived, self._region) + target.routing_ns + inside
            ready = unit.output_ns if latency else self._instances.settled_ns(op, done, self._region)
            if done > target.budget_ns + _TOLERANCE_NS:
                self._fault(op, f"its chain takes {done:.2f} of {target.budget_ns:.2f} ns")
        if op.staged and (not latency or op.latency < 2):
            self._fault(op, "has registers in front of no pipelined unit")
        if unit_name != op.unit:
            self._fault(op, f"is on unit {op.unit}, not on {unit_name}")
        if latency != op.latency:
            self._fault(op, f"has latency {op.latency}, its unit {latency}")
        if abs(op.start_ns - arrived) > _TOLERANCE_NS or abs(op.ready_ns - ready) > _TOLERANCE_NS:
            self._fault(op, "start_ns or ready_ns is wrong")
        self._ready.append(ready)

    def _is_wiring(self, op: Operation) -> bool:
        if op.kind in ("shl", "lshr", "ashr"):
            return self._region.operations[op.operands[1]].kind == "const"
        return op.kind in ("zext", "sext", "trunc")

    def _factors(self, op: Operation) -> int | None:
        if op.kind != "mul":
            return None
        widths: list[int] = []
        for operand in op.operands:
            factor = self._region.operations[operand]
            if factor.kind in ("zext", "sext"):
                factor = self._region.operations[factor.operands[0]]
            value = factor.value
            if factor.kind == "const" and value is not None:
                inverse = value ^ ((1 << factor.width) - 1)
                widths.append(min(value.bit_length(), inverse.bit_length() + 1))
            else:
                widths.append(factor.width)
        return max(widths)

    def _fault(self, op: Operation | None, text: str) -> None:
        self._faults.append(f"operation {op.id} ({op.kind}): {text}" if op else text)
