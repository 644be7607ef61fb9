"""How often loops run that rules make of others, for the estimates of parts: whole designs are counted."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from seer.extract.features import iterations
from seer.lang.terms import Block, For, Statement, While
from seer.lang.traverse import statements
from seer.schedule.cycles import TYPICAL_ITERATIONS

__all__ = ["typical_iterations"]


def typical_iterations(before: Block, is_same: bool, known: Callable[[Statement], int | None]) -> int:
    """The iterations of the loop that is made of a block: those of the loop that `is_same`, or those of all
    loops that it was merged from, with one of each outer iteration for what stands around the inner one."""
    loops = [s for s in statements(before) if isinstance(s, (For, While))]
    counts = [known(loop) or iterations(loop) for loop in loops[: 1 if is_same else 2]]
    if not counts:
        return TYPICAL_ITERATIONS
    return counts[0] if len(counts) == 1 else prod(counts) + counts[0]
