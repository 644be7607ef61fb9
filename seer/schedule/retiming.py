"""When values arrive where combinational units are shared.

The result of such a unit settles when the latest of its operands has come through the multiplexers, whichever
operation it computes: that is what timing analysis sees. So arrival times depend on one another across
regions; they are a fixpoint, and there is none where shared units feed each other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seer.schedule.memories import setup_ns
from seer.schedule.model import Memory, Node, Operation, Region
from seer.schedule.multiplexer import before_unit_ns, select_arrival_ns
from seer.schedule.sources import instance_sources
from seer.schedule.target import Target
from seer.schedule.units import Place, UnitKey, instance_users, map_regions, region_intervals, unit_of

__all__ = ["retimed"]

_Instance = tuple[UnitKey, int]


def retimed(
    body: tuple[Node, ...], memories: Mapping[str, Memory], target: Target
) -> tuple[Node, ...] | None:
    """The body with arrival times behind shared combinational units, None if some path becomes too long."""
    users = instance_users(body)
    shared = [instance for instance, places in users.items() if len(places) > 1]
    if not any(not key.latency for key, _ in shared):
        return body
    return _Retiming(body, memories, target, {instance: users[instance] for instance in shared}).run()


class _Retiming:
    def __init__(
        self,
        body: tuple[Node, ...],
        memories: Mapping[str, Memory],
        target: Target,
        shared: Mapping[_Instance, list[Place]],
    ) -> None:
        self._body = body
        self._memories = memories
        self._target = target
        found = region_intervals(body)
        self._regions = [region for region, _ in found]
        self._instance = {place: instance for instance, places in shared.items() for place in places}
        self._multiplexer: dict[_Instance, float] = {}
        for instance, places in shared.items():
            inputs = max(len(known) for known in instance_sources(found, places))
            self._multiplexer[instance] = before_unit_ns(inputs, target)
        self._settled: dict[_Instance, float] = {}

    def run(self) -> tuple[Node, ...] | None:
        for _ in range(len(self._multiplexer) + 2):
            settled: dict[_Instance, float] = {}
            times = [self._region(k, region, settled) for k, region in enumerate(self._regions)]
            if any(found is None for found in times):
                return None
            if settled == self._settled:
                return self._with_times(times)
            self._settled = settled
        return None

    def _with_times(self, times: Sequence[list[tuple[float, float]] | None]) -> tuple[Node, ...]:
        rows = iter(times)
        return map_regions(self._body, lambda region: _with_times(region, next(rows) or []))

    def _region(
        self, position: int, region: Region, settled: dict[_Instance, float]
    ) -> list[tuple[float, float]] | None:
        """Arrival of operands and of the result for each operation; None if a path is too long. `settled`
        gets the results of shared units, as far as the operations of this region decide."""
        target = self._target
        times: list[tuple[float, float]] = []
        for op in region.operations:
            inputs = op.operands if op.predicate is None else (*op.operands, op.predicate)
            if not inputs:
                times.append((op.start_ns, op.ready_ns))
                continue
            arrived = target.register_ns
            for operand in inputs:
                source = region.operations[operand]
                if source.result_cycle == op.start_cycle and source.kind != "const":
                    arrived = max(arrived, times[operand][1])
            instance = self._instance.get((position, op.id))
            delay = 0.0 if instance is None else self._multiplexer[instance]
            inside = max(arrived, select_arrival_ns(target)) + delay if delay else arrived
            end = inside + self._to_register(op, region)
            ready = op.ready_ns if op.latency else end
            if instance is not None and not op.latency:
                settled[instance] = max(settled.get(instance, 0.0), end)
                ready = end = max(end, self._settled.get(instance, 0.0))
            if end > target.budget_ns:
                return None
            times.append((arrived, ready))
        return times

    def _to_register(self, op: Operation, region: Region) -> float:
        """From the operands, behind any multiplexer, to the result or to the register in front of it."""
        if not op.latency:
            return op.ready_ns - op.start_ns
        if op.kind == "load":
            return self._target.routing_ns + setup_ns(self._memories[op.memory or ""].kind, self._target)
        inside = unit_of(op, region.operations, self._target).input_ns
        return inside if op.staged else self._target.routing_ns + inside


def _with_times(region: Region, times: list[tuple[float, float]]) -> Region:
    operations = tuple(
        replace(op, start_ns=round(start, 3), ready_ns=round(ready, 3))
        for op, (start, ready) in zip(region.operations, times, strict=True)
    )
    return replace(region, operations=operations)
