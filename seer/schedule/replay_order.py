"""What is out of order among the accesses that a replay has watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from seer.schedule.check_rings import ring_faults
from seer.schedule.model import Memory

__all__ = ["Access", "Touched", "order_faults"]

Touched = tuple[str, int]
"""A memory and the element of it that is accessed."""

Access = tuple[tuple[int, int], int, bool]
"""Program order (iteration, operation), cycle, and whether it writes."""


def order_faults(
    accesses: Mapping[Touched, Sequence[Access]],
    registers: AbstractSet[str | None],
    forwarded: AbstractSet[str | None],
    memories: Mapping[str, Memory],
) -> list[str]:
    """Accesses to one element take place in program order, with a cycle between a write and any other; a
    register may be read in the very cycle in which it is written, and what is written be read in that cycle
    where it is `forwarded`. What is read of a memory with fewer words than elements is what was written there
    for it."""
    faults: list[str] = []
    rings: dict[str, list[tuple[int, bool, int]]] = {}
    for (name, element), found in accesses.items():
        after_read = 0 if name in registers else 1
        last_write = last_read = -2
        for order, cycle, is_write in sorted(found):
            seen = cycle + (name in forwarded and not is_write)
            if seen <= last_write or (is_write and cycle < last_read + after_read):
                faults.append(
                    f"{name}[{element}]: the access of iteration {order[0]}, operation {order[1]} in "
                    f"cycle {cycle} is out of order"
                )
            if is_write:
                last_write = max(last_write, cycle)
            else:
                last_read = max(last_read, cycle)
        if memories[name].words < memories[name].elements_addressed:
            rings.setdefault(name, []).extend((cycle, write, element) for _, cycle, write in found)
    for name, events in rings.items():
        faults += ring_faults(name, memories[name].words, events)
    return faults
