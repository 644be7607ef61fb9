"""The independent check of shared operators: who computes on which instance, and when.

Shares no code with the scheduler.
"""

from __future__ import annotations

from collections.abc import Sequence

from seer.schedule.model import Operation, Region

__all__ = ["instance_faults"]


def instance_faults(found: Sequence[tuple[Region, int]], share: str) -> list[str]:
    """What is wrong with the instances of regions, given with their intervals: missing, booked twice in one
    cycle, or shared beyond what `share` allows."""
    faults: list[str] = []
    owner: dict[object, int] = {}
    for number, (region, interval) in enumerate(found):
        mine: dict[object, Operation] = {}
        for op in region.operations:
            name = f"operation {op.id} ({op.kind})"
            if op.instance is None:
                if op.unit is not None and op.latency:
                    faults.append(f"{name}: has no instance of its unit")
                continue
            if op.unit is None:
                faults.append(f"{name}: has an instance of no unit")
            widths = [region.operations[operand].width for operand in op.operands]
            instance = (op.kind, op.width, tuple(widths), op.latency, op.instance)
            if share == "none" and instance in owner:
                faults.append(f"{name}: shares an instance, although none may be shared")
            if share == "loop" and owner.get(instance, number) != number:
                faults.append(f"{name}: shares an instance with another region")
            owner.setdefault(instance, number)
            cycle = op.start_cycle % interval if interval else op.start_cycle
            other = mine.setdefault((instance, cycle), op)
            if other is not op:
                faults.append(f"{name}: is issued to one instance in one cycle with operation {other.id}")
    return faults
