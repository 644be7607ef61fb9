"""Statements around an inner loop move into it, so that the nest becomes perfect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import Block, For, Local
from seer.lang.traverse import loop_free, with_bodies
from seer.rewrites.control._guards import ends as _ends
from seer.rewrites.control._guards import under as _under
from seer.rewrites.control._own import is_unit, offer_of, store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.forwarding import forwarded

__all__ = ["Perfection"]


@dataclass(frozen=True)
class Perfection(ControlRule):
    """for i { A; for j in D: B; C }  -->  for i for j in D { if (j = first) A; B; if (j = last) C }

    Conditions: A and C hold no loops, the inner loop always runs, and its bounds depend on nothing that A
    writes.
    """

    name: ClassVar[str] = "perfection"
    summary: ClassVar[str] = "for i { A; for j B; C } --> for i for j { if first A; B; if last C }"
    conditions: ClassVar[str] = "one inner loop, which always runs; nothing else in the outer one loops"
    takes: ClassVar[FragmentKind] = "nest"

    def _attempt(self, fragment: Block) -> Attempt:
        (statement,) = fragment
        if not isinstance(statement, For):
            raise Refused("perfection takes a loop")
        return Attempt((offer_of(self, fragment, _perfect),))


def _perfect(block: Block) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    return (with_bodies(loop, [_inside(loop.body)]),)


def _inside(block: Block) -> Block:
    loops = [position for position, s in enumerate(block) if not is_unit(s) and not loop_free((s,))]
    if len(loops) != 1:
        raise Refused(f"there are {len(loops)} loops in it" if loops else "it holds no loop")
    (position,) = loops
    middle = block[position]
    if isinstance(middle, Local) and len(block) == 1:
        return (Local(middle.array, _inside(middle.body)),)
    if isinstance(middle, Local):
        # The scope of a register takes in what stands beside it: nothing there can use it.
        inner = (*block[:position], *middle.body, *block[position + 1 :])
        return (Local(middle.array, _inside(inner)),)
    if not isinstance(middle, For):
        raise Refused("the loop in it does not count")
    if len(block) == 1:
        raise Refused("the nest is perfect already")
    first, last = _ends(middle)
    body = (
        *_under(block[:position], first),
        *middle.body,
        *_under(block[position + 1 :], last),
    )
    return (with_bodies(middle, [_tidied(body)]),)


def _tidied(body: Block) -> Block:
    """`body` with what is guarded forwarded, so that a register starts by a choice and not by a store."""
    try:
        return forwarded(body, store_of, with_store) if all(map(is_unit, body)) else body
    except Refused:
        return body
