"""Unrolling of one loop, by a factor or in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.errors import InputError
from seer.lang.terms import Block, For
from seer.lang.traverse import statements
from seer.rewrites.control._exchange import Exchange, apply_transform
from seer.rewrites.control._guards import trips
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Unroll"]


@dataclass(frozen=True)
class Unroll(ControlRule):
    """for i in [l, u): B(i)  -->  for i in [l, u) step f: B(i); B(i+1); …; B(i+f-1)   (f = `factor`)
    for i in [l, u): B(i)  -->  B(l); B(l+1); …; B(u-1)                            (`factor` None)

    Conditions: the trip count is constant and at least `factor`, and the result has no more than
    `max_statements` statements. A remainder that the factor leaves becomes a second loop. Loops inside
    the body are copied as they are.
    """

    name: ClassVar[str] = "unroll"
    summary: ClassVar[str] = "for i: B(i) --> for i step f: B(i); …; B(i+f-1)"
    conditions: ClassVar[str] = "constant trip count of at least the factor; bounded size of the result"
    takes: ClassVar[FragmentKind] = "loop"
    checked_by: ClassVar[ProofKind] = "instances"
    copies: ClassVar[bool] = True

    factor: int | None = None
    max_statements: int = 512

    def __post_init__(self) -> None:
        if self.factor is not None and self.factor < 2:
            raise InputError(f"a loop cannot be unrolled by {self.factor}", hint="use a factor of at least 2")

    @property
    def leaves_loops(self) -> bool:
        return self.factor is not None

    @property
    def description(self) -> str:
        return "unroll in full" if self.factor is None else f"unroll by {self.factor}"

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For):
            raise Refused("unroll takes a loop")
        count = trips(loop)
        factor = count if self.factor is None else self.factor
        if factor > count:
            raise Refused(f"the loop has {count} iterations, fewer than the factor {factor}")
        if self.factor == count:
            raise Refused(f"a factor of {count} is unrolling in full")
        size = sum(1 for _ in statements(loop.body)) * (factor + count % factor)
        if size > self.max_statements:
            raise Refused(f"the result would have {size} statements; {self.max_statements} are the most")
        exchange = Exchange(fragment, "affine")
        apply_transform(
            exchange.module,
            f"transform.loop.unroll {{0}} {{{{ factor = {factor} }}}} : !transform.any_op",
            exchange.loops,
        )
        return Attempt(
            (exchange.offer(self.name, self.description, f"transform.loop.unroll factor={factor}"),)
        )
