"""The independent check of shared operators: which instance computes what, and when.

Shares no code with the scheduler.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field

from seer.schedule.model import Operation, Region
from seer.schedule.target import Target

__all__ = ["InstanceCheck"]

_TOLERANCE_NS = 0.002


@dataclass
class _Instance:
    """The regions that use it, for each operand the signals that it takes, and whether one of them runs
    beside a loop."""

    regions: set[int] = field(default_factory=set)
    users: list[Operation] = field(default_factory=list)
    signals: list[set[Hashable]] = field(default_factory=list)
    settles: list[float] = field(default_factory=list)
    claims: list[tuple[Operation, float]] = field(default_factory=list)
    beside: bool = False


class InstanceCheck:
    """Checks the instances of all regions, given with their intervals; `concurrent` are pairs of their
    positions, in order, that may run at the same time."""

    def __init__(
        self,
        found: Sequence[tuple[Region, int]],
        share: str,
        target: Target,
        concurrent: Collection[tuple[int, int]] = (),
    ) -> None:
        self._share = share
        self._concurrent = concurrent
        self._target = target
        self._instances: dict[Hashable, _Instance] = {}
        self.faults: list[str] = []
        """Instances that are missing, booked twice in a cycle, or shared beyond what `share` allows."""
        for number, (region, interval) in enumerate(found):
            booked: dict[tuple[Hashable, int], int] = {}
            for op in region.operations:
                if op.instance is None:
                    if op.unit is not None and op.latency:
                        self._fault(op, "has no instance of its unit")
                    continue
                if op.unit is None:
                    self._fault(op, "has an instance of no unit")
                self._book(op, number, region, interval, booked)

    def _book(
        self,
        op: Operation,
        number: int,
        region: Region,
        interval: int,
        booked: dict[tuple[Hashable, int], int],
    ) -> None:
        name = _name(op, region)
        instance = self._instances.setdefault(name, _Instance())
        if instance.users and self._share == "none":
            self._fault(op, "shares an instance, although none may be shared")
        if any((other, number) in self._concurrent for other in instance.regions):
            self._fault(op, "shares an instance with a region that runs at the same time")
        if instance.regions - {number} and self._share == "loop":
            self._fault(op, "shares an instance with another region")
        if instance.users and (region.beside or instance.beside):
            self._fault(op, "shares an instance with what runs at the same time")
        instance.beside |= region.beside
        cycle = op.start_cycle % interval if interval else op.start_cycle
        other = booked.setdefault((name, cycle), op.id)
        if other != op.id:
            self._fault(op, f"is issued to one instance in one cycle with operation {other}")
        instance.regions.add(number)
        instance.users.append(op)
        for k, operand in enumerate(op.operands):
            if k == len(instance.signals):
                instance.signals.append(set())
            instance.signals[k].add(_signal(number, region, interval, operand, op.start_cycle))

    def delay_ns(self, op: Operation, region: Region) -> float:
        """What stands between the operands of an operation and its unit, wiring included."""
        instance = self._instances.get(_name(op, region))
        inputs = 1 if instance is None else max((len(known) for known in instance.signals), default=1)
        if inputs < 2:
            return 0.0
        table = self._target.file.multiplexers
        if table is None:
            self._fault(op, "shares an instance, but the target has no multiplexers")
            return 0.0
        return self._target.routing_ns + table.delay_ns(inputs)

    def arrival_ns(self, op: Operation, arrived: float, region: Region) -> float:
        """When the operands have arrived at the unit, given when at its multiplexers, wiring behind them
        apart: its selects come from registers through a look-up table."""
        delay = self.delay_ns(op, region)
        if not delay:
            return arrived
        target = self._target
        return max(arrived, target.register_ns + target.routing_ns + target.unit("or", 1).input_ns) + delay

    def settled_ns(self, op: Operation, done: float, region: Region) -> float:
        """When the result of a combinational operation has settled, given when its own operands allow: with a
        shared unit, what the schedule claims, which `finish` checks against all of its users."""
        instance = self._instances.get(_name(op, region)) if op.instance is not None else None
        if instance is None:
            return done
        instance.settles.append(done)
        instance.claims.append((op, op.ready_ns))
        if op.ready_ns > self._target.budget_ns + _TOLERANCE_NS:
            self._fault(op, "its shared unit settles too late")
        return op.ready_ns

    def finish(self) -> None:
        """Call this when all operations have been timed."""
        for instance in self._instances.values():
            for op, claim in instance.claims:
                if abs(claim - max(instance.settles)) > _TOLERANCE_NS:
                    self._fault(op, "ready_ns is not when its shared unit settles")

    def _fault(self, op: Operation, text: str) -> None:
        self.faults.append(f"operation {op.id} ({op.kind}): {text}")


def _name(op: Operation, region: Region) -> Hashable:
    widths = tuple(region.operations[operand].width for operand in op.operands)
    return op.kind, op.width, widths, op.latency, op.staged, op.instance


def _signal(number: int, region: Region, interval: int, id_: int, cycle: int) -> Hashable:
    """The signal that shows a value in a cycle; constants, parameters, the outputs of memories and registers
    that the region does not write are the same in every region."""
    op = region.operations[id_]
    if op.kind in ("const", "param"):
        return op.kind, op.width, op.value, op.symbol
    fresh = cycle == op.start_cycle + op.latency
    if op.kind == "load" and fresh:
        return op.kind, op.memory, op.port
    if op.kind == "read":
        writes = any(other.kind == "write" and other.memory == op.memory for other in region.operations)
        if fresh or not writes:
            return op.kind, op.memory, op.forwarded
    source = op
    while source.kind in ("zext", "sext", "trunc") or (
        source.kind in ("shl", "lshr", "ashr") and region.operations[source.operands[1]].kind == "const"
    ):
        source = region.operations[source.operands[0]]
    age = max(0, cycle - source.start_cycle - source.latency)
    register = -(-age // interval) if interval else min(age, 1)
    return number, id_, register
