"""The independent check of banks: what each memory holds is what the partitions say, element by element.

Shares nothing with `seer.schedule.partition` but the partitions as they were asked for.
"""

from __future__ import annotations

from itertools import product
from math import prod

from seer.lang.terms import Array, Table, TopArray
from seer.schedule.model import Memory, Schedule
from seer.schedule.naming import arrays_called
from seer.schedule.partition import Bank, Partition

__all__ = ["bank_faults"]


def bank_faults(schedule: Schedule) -> list[str]:
    """What is wrong with the memories of partitioned arrays."""
    asked: dict[Array, list[Partition]] = {}
    for partition in schedule.partitions:
        for array in partition.arrays or arrays_called(schedule.program, partition.variable):
            asked.setdefault(array, []).append(partition)
    standing: dict[Array, list[Memory]] = {}
    for memory in schedule.memories:
        whole = memory.array.whole if isinstance(memory.array, Bank) else memory.array
        standing.setdefault(whole, []).append(memory)
    faults: list[str] = []
    for array, memories in standing.items():
        wanted = _wanted(array, asked.get(array, []))
        for memory in memories:
            held = tuple(memory.elements)
            if held not in wanted or memory.words != len(held) or memory.width != array.type.width:
                faults.append(f"memory {memory.name} does not hold a bank of its array")
            elif isinstance(array, Table) and memory.values != tuple(array.values[k] for k in held):
                faults.append(f"memory {memory.name} does not hold the values of its table")
        if len({tuple(memory.elements) for memory in memories}) < len(memories):
            faults.append(f"a bank of {memories[0].name} stands twice")
        if isinstance(array, TopArray) and len(memories) < len(wanted):
            faults.append(f"a bank of {array.name} is missing")
    return faults


def _wanted(array: Array, partitions: list[Partition]) -> set[tuple[int, ...]]:
    """The elements of each bank, row-major; the last partition of a dimension counts."""
    shape = array.type.shape
    if shape == ():
        return {(0,)}
    banks: dict[tuple[int, ...], list[int]] = {}
    for place in product(*(range(extent) for extent in shape)):
        bank = [0] * len(shape)
        for partition in partitions:
            for k, (x, extent) in enumerate(zip(place, shape, strict=True)):
                if partition.dim in (0, k + 1):
                    size = -(-extent // max(1, partition.factor))
                    of = {"cyclic": x % max(1, partition.factor), "block": x // size, "complete": x}
                    bank[k] = of[partition.kind]
        position = sum(x * prod(shape[k + 1 :]) for k, x in enumerate(place))
        banks.setdefault(tuple(bank), []).append(position)
    return {tuple(found) for found in banks.values()}
