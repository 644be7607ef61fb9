"""The independent check of rings: what is read of a word is the element that was last written to it."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["ring_faults"]


def ring_faults(name: str, words: int, events: Sequence[tuple[int, bool, int]]) -> list[str]:
    """What is wrong with accesses (cycle, whether it writes, element) to a ring of so many words; one fault
    is enough. No word is read in the cycle in which it is written."""
    held: dict[int, int] = {}
    for cycle, is_write, element in sorted(events):  # of one cycle, reads come first
        word = element % words
        if is_write:
            held[word] = element
        elif held.get(word) != element:
            return [f"{name}[{element}] is read in cycle {cycle}, when word {word} does not hold it"]
    written = {(cycle, element % words) for cycle, is_write, element in events if is_write}
    for cycle, is_write, element in events:
        if not is_write and (cycle, element % words) in written:
            return [f"word {element % words} of {name} is read and written in cycle {cycle}"]
    return []
