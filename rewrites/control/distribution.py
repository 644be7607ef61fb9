"""A loop becomes several, one after the other."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import Block, For
from seer.lang.traverse import loop_free, with_bodies
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.verify.instances import NotProved

__all__ = ["Distribution"]


@dataclass(frozen=True)
class Distribution(ControlRule):
    """for i { A; for j B; C }  -->  for i A   for i for j B; C      (or: for i { A; for j B }   for i C)

    Conditions: the loop holds a loop, next to which it is split; every dependence keeps its order.
    """

    name: ClassVar[str] = "distribution"
    summary: ClassVar[str] = "for i { A; B } --> for i A   for i B"
    conditions: ClassVar[str] = "a loop that holds a loop; dependences keep their order"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "instances"

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or loop_free(loop.body):
            raise Refused("distribution takes a loop around a loop")
        offers: list[Offer] = []
        refusals: list[str] = []
        for place in _places(loop.body):
            try:
                split = functools.partial(_split, place)
                offers.append(offer_of(self, fragment, split, values=False))
            except (Refused, NotProved) as refusal:
                refusals.append(str(refusal))
        if not offers and not refusals:
            raise Refused("there is nothing beside the loop in it")
        return Attempt(tuple(offers), tuple(refusals))


def _places(body: Block) -> list[int]:
    """The positions in front of and behind the loops of a body, but not its ends."""
    found = dict.fromkeys(place for at, s in enumerate(body) if not loop_free((s,)) for place in (at, at + 1))
    return [place for place in found if 0 < place < len(body)]


def _split(place: int, block: Block) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    return with_bodies(loop, [loop.body[:place]]), with_bodies(loop, [loop.body[place:]])
