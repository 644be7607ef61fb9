"""A loop becomes a loop over strips of its iterations: with interchange, tiling."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import Block, Const, For, Iv, Local, Op
from seer.lang.traverse import Rewriter, loop_free, shift_levels
from seer.rewrites.control._bounds import constant_bounds
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused
from seer.rewrites.control.expansion import Expansion

__all__ = ["StripMining"]

_LEAST = 8
"""Iterations that a strip must have: it hides recurrences of about as many cycles."""


@dataclass(frozen=True)
class StripMining(ControlRule):
    """for i in [l, u): B(i)  -->  for k in [l, u) step f: for i in [k, k + f): B(i)

    It pays where every iteration has storage of its own that is too large to be expanded for all of them:
    for one strip it is not, and then the loop over the strip may be interchanged with those inside.

    Conditions: a loop around a loop, whose body is the scope of local arrays; constant bounds; an f that
    divides the trip count and for which the arrays have at most `max_bits` bits.
    """

    name: ClassVar[str] = "strip_mining"
    summary: ClassVar[str] = "for i in [l, u): B --> for k in [l, u) step f: for i in [k, k + f): B"
    conditions: ClassVar[str] = "a loop around a loop, with local storage that is too large to be expanded"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "instances"

    max_bits: int = Expansion.max_bits

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or loop_free(loop.body):
            raise Refused("strip_mining takes a loop around a loop")
        if len(loop.body) != 1 or not isinstance(loop.body[0], Local):
            raise Refused("its body is no scope of a local array")
        trips = len(constant_bounds(loop))
        bits = _bits(loop.body)
        if trips * bits <= self.max_bits:
            raise Refused("what its iterations store may be expanded for all of them")
        factors = [f for f in range(_LEAST, trips // 2 + 1) if trips % f == 0 and f * bits <= self.max_bits]
        if not factors:
            raise Refused("no strip of it is small enough and long enough")
        return Attempt((offer_of(self, fragment, functools.partial(_stripped, factors[-1]), values=False),))


def _bits(body: Block) -> int:
    """Bits of the local arrays whose scopes a body consists of."""
    total = 0
    while len(body) == 1 and isinstance(body[0], Local):
        array = body[0].array
        total += array.type.width * math.prod(array.type.shape)
        body = body[0].body
    return total


def _stripped(factor: int, block: Block) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    old, bits = loop.iv, loop.iv.bits
    outer = Iv(bits, old.level, old.lower, old.upper, old.step * factor)
    inner = Iv(bits, old.level + 1, old.lower, old.upper, old.step)
    # Everything that counts inside moves one level down, the loop's own counter with it.
    (moved,) = shift_levels((loop,), old.level, 1)
    assert isinstance(moved, For)
    body = Rewriter(lambda e: inner if e is moved.iv else e).block(moved.body)
    end = Op("add", bits, (outer, Const(bits, old.step * factor)))
    return (For(outer, loop.lower, loop.upper, (For(inner, outer, end, body),)),)
