"""The arrays of a schedule that stand in several memories or in a smaller one, for reports."""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.terms import Array
from seer.schedule.model import Memory, Schedule
from seer.schedule.naming import memory_names
from seer.schedule.partition import Bank, Ring, describe

__all__ = ["BankedArray", "RingArray", "banked_arrays", "ring_arrays"]


@dataclass(frozen=True)
class BankedArray:
    """An array in banks: `cut` says how, `words` has the words of each bank, `kind` the kinds of memory that
    they are, `ports` the ports of each."""

    name: str
    cut: str
    words: tuple[int, ...]
    kind: str
    ports: int


def banked_arrays(schedule: Schedule) -> tuple[BankedArray, ...]:
    """The arrays of a schedule in several banks; of locals and tables those banks that it uses."""
    names = memory_names(schedule.program)
    found: dict[Array, list[Memory]] = {}
    for memory in schedule.memories:
        if isinstance(memory.array, Bank):
            found.setdefault(memory.array.whole, []).append(memory)
    return tuple(_described(names[array], memories) for array, memories in found.items())


@dataclass(frozen=True)
class RingArray:
    """An array of so many elements in a memory of fewer words, of a kind."""

    name: str
    elements: int
    words: int
    kind: str


def ring_arrays(schedule: Schedule) -> tuple[RingArray, ...]:
    """The arrays of a schedule that take few words round and round."""
    return tuple(
        RingArray(memory.name, memory.elements_addressed, memory.words, memory.kind)
        for memory in schedule.memories
        if isinstance(memory.array, Ring)
    )


def _described(name: str, memories: list[Memory]) -> BankedArray:
    first = memories[0]
    assert isinstance(first.array, Bank)
    kinds = ", ".join(dict.fromkeys(memory.kind for memory in memories))
    words = tuple(memory.words for memory in memories)
    return BankedArray(name, describe(first.array.layout), words, kinds, first.ports)
