"""Loads whose data the next iteration takes from the memory's output, past the register that they go to.

A register costs an iteration at least a cycle: what one writes at the end of a cycle, the next reads in the
following one. Where the data of a load go to a register, they are there early in that cycle already, so a
multiplexer in front of the reader gains the cycle (operand forwarding, as in processors). It makes the read
late, so it is for loops whose interval falls by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seer.lang.terms import Array
from seer.schedule.operations import Draft

__all__ = ["forwarded"]


def forwarded(drafts: Sequence[Draft]) -> list[Draft] | None:
    """The operations with all reads forwarded that may be; None if there are none."""
    loaded: dict[Array, int] = {}
    for draft in drafts:
        if draft.kind == "write" and draft.array is not None:
            data = drafts[draft.operands[0]]
            while data.is_wiring:
                data = drafts[data.operands[0]]
            loaded[draft.array] = data.kind == "load" and data.latency > 0
    found = [
        replace(draft, forwarded=True)
        if draft.kind == "read" and draft.array is not None and loaded.get(draft.array)
        else draft
        for draft in drafts
    ]
    return found if found != list(drafts) else None
