"""What stands between two loops moves out of their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import Block, For, Statement
from seer.lang.traverse import loop_free
from seer.lang.uses import touched, written_by
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Motion"]


@dataclass(frozen=True)
class Motion(ControlRule):
    """for i: A(i)  S  for j: B(j)  -->  S  for i: A(i)  for j: B(j)      (or S behind both)

    A statement costs the same wherever it stands. It pays where the loops become neighbours that may fuse,
    so that only loops over equal values are tried.

    Conditions: S holds no loop, and it touches nothing that the loop it moves over writes, nor the other
    way round.
    """

    name: ClassVar[str] = "motion"
    summary: ClassVar[str] = "for i: A  S  for j: B --> S  for i: A  for j: B"
    conditions: ClassVar[str] = "loops over equal values; S does not depend on one of them"
    takes: ClassVar[FragmentKind] = "triple"
    checked_by: ClassVar[ProofKind] = "instances"

    def _attempt(self, fragment: Block) -> Attempt:
        first, between, second = fragment
        if not (isinstance(first, For) and isinstance(second, For)) or not loop_free((between,)):
            raise Refused("motion takes two loops and something between them that does not loop")
        bounds = [(loop.iv, loop.lower, loop.upper) for loop in (first, second)]
        if bounds[0] != bounds[1]:
            raise Refused("the loops do not run over the same values")
        if _independent(between, first):
            return Attempt((offer_of(self, fragment, _in_front, values=False),))
        if _independent(between, second):
            return Attempt((offer_of(self, fragment, _behind, values=False),))
        raise Refused("what stands between the loops depends on both")


def _independent(one: Statement, two: Statement) -> bool:
    """Whether two statements may change places, as far as whole arrays tell."""
    return not (touched(one) & written_by((two,)) or written_by((one,)) & touched(two))


def _in_front(block: Block) -> Block:
    first, *between, second = block  # a Group is several statements here, or none
    return *between, first, second


def _behind(block: Block) -> Block:
    first, *between, second = block
    return first, second, *between
