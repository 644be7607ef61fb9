"""Local arrays of which few words are needed at a time: memories of so many words, taken round and round.

Where a consumer follows a producer closely, an element is dead soon after it was written. Element x of the
array may then stand in word x modulo W of a memory of W words, if no two elements that share a word are ever
alive at once. For accesses at known times that is decided exactly (modular mapping of intermediate arrays: De
Greef, Catthoor and De Man 1997; Lefebvre and Feautrier 1998). With both sides in one order it is a FIFO whose
pointers are the loops' counters, and which needs no handshake.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seer.lang.terms import Array, LocalArray
from seer.schedule.model import Memory, Node, Parallel, SequentialLoop, regions
from seer.schedule.partition import Ring
from seer.schedule.timeline import NEVER, timeline

__all__ = ["rings_fit", "rings_of"]


def rings_of(body: Sequence[Node], memories: Sequence[Memory]) -> tuple[tuple[Array, int], ...]:
    """The local arrays that fit into a smaller memory, with the fewest words, a power of two, that do."""
    found: list[tuple[Array, int]] = []
    for memory in memories:
        node = _only_user(body, memory)
        if node is None or not isinstance(memory.array, LocalArray):
            continue
        words = _least_words(node, memory, memories)
        if words is not None and words < memory.words:
            found.append((memory.array, words))
    return tuple(found)


def rings_fit(body: Sequence[Node], memories: Sequence[Memory]) -> bool:
    """Whether each array that stands in fewer words than it has elements has enough of them."""
    for memory in memories:
        if isinstance(memory.array, Ring):
            node = _only_user(body, memory)
            words = None if node is None else _least_words(node, memory, memories)
            if words is None or words > memory.words:
                return False
    return True


def _only_user(body: Sequence[Node], memory: Memory) -> Parallel | None:
    """The node that is the only one to access a memory, in whatever loop, if its branches begin at known
    times."""
    users = [
        node
        for node in body
        if any(
            op.memory == memory.name and op.kind in ("load", "store")
            for region in regions((node,))
            for op in region.operations
        )
    ]
    only = users[0] if len(users) == 1 else None
    if isinstance(only, SequentialLoop):
        return _only_user(only.body, memory)
    return only if isinstance(only, Parallel) and only.starts else None


def _least_words(node: Parallel, memory: Memory, memories: Sequence[Memory]) -> int | None:
    """The fewest words, a power of two and at least 2, that keep apart what is alive at once; None where it
    is not known which elements are accessed, or one is read before it is written."""
    born = np.full(memory.elements_addressed, NEVER, np.int64)
    read, dead = born.copy(), -born
    for start, branch in zip(node.starts, node.branches, strict=True):
        (inner,) = branch
        line = timeline(inner, _accessed(inner, memories))
        if line is None:
            return None
        touched = line.touched.get(memory.name)
        if touched is None:
            continue
        if not touched.exact:
            return None
        np.minimum(born, touched.first_write + start, out=born)
        np.minimum(read, touched.first_read + start, out=read)
        np.maximum(dead, np.maximum(touched.last_write, touched.last_read) + start, out=dead)
    used = np.flatnonzero(dead > -NEVER // 2)
    if np.any(born[used] >= read[used]):
        return None
    words = 2
    while words < len(born):
        order = used[np.lexsort((born[used], used % words))]
        shared = order[1:] % words == order[:-1] % words
        if not np.any(shared & (born[order[1:]] <= dead[order[:-1]])):
            return words
        words *= 2
    return words


def _accessed(node: Node, memories: Sequence[Memory]) -> tuple[Memory, ...]:
    names = {
        op.memory for region in regions((node,)) for op in region.operations if op.kind in ("load", "store")
    }
    return tuple(memory for memory in memories if memory.name in names)
