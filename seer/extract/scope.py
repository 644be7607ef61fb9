"""Whether a loop that was taken out of the e-graph by itself can be part of a program."""

from __future__ import annotations

from functools import lru_cache

from seer.egraph.scoping import ill_formed
from seer.lang.terms import For, Iv, Load, Local, LocalArray, Loop, Store
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = ["names_within"]


@lru_cache(maxsize=1 << 13)
def names_within(loop: Loop) -> bool:
    """Whether some surroundings bind what a loop does not bind itself: induction variables of loops further
    out, one of each level, and Locals."""
    inside = list(statements((loop,)))
    bound = [statement.iv.level for statement in inside if isinstance(statement, For)]
    outermost = loop.iv.level if isinstance(loop, For) else min(bound, default=1 << 30)
    nodes = subexpressions(*(root for statement in inside for root in expressions(statement)))
    outer = {node for node in nodes if isinstance(node, Iv) and node.level < outermost}
    if len({iv.level for iv in outer}) < len(outer):
        return False
    own = {s.array for s in inside if isinstance(s, Local)}
    used = [node.array for node in nodes if isinstance(node, Load)]
    used += [statement.array for statement in inside if isinstance(statement, Store)]
    arrays = {array for array in used if isinstance(array, LocalArray) and array not in own}
    return ill_formed((loop,), frozenset(outer), frozenset(arrays)) is None
