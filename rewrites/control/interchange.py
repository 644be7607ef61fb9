"""Two loops of a perfect nest change places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import Block, Expr, For, Iv
from seer.lang.traverse import Rewriter, subexpressions
from seer.rewrites.control._carried import far_apart
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Interchange"]


@dataclass(frozen=True)
class Interchange(ControlRule):
    """for i for j B(i, j)  -->  for j for i B(i, j)

    Conditions: the bounds of the inner loop do not depend on the outer one, and every dependence keeps its
    order. A nest whose recurrences lie many iterations apart is left as it is.
    """

    name: ClassVar[str] = "interchange"
    summary: ClassVar[str] = "for i for j B --> for j for i B"
    conditions: ClassVar[str] = "a perfect pair with bounds of its own each; dependences keep their order"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "instances"

    def _attempt(self, fragment: Block) -> Attempt:
        (outer,) = fragment
        if not isinstance(outer, For) or len(outer.body) != 1 or not isinstance(outer.body[0], For):
            raise Refused("interchange takes two loops, one in the other and nothing else in it")
        inner = outer.body[0]
        if any(outer.iv in subexpressions(bound) for bound in (inner.lower, inner.upper)):
            raise Refused("the bounds of the inner loop depend on the outer one")
        if far_apart(fragment):
            raise Refused("iterations that depend on each other lie far apart")
        offer = offer_of(self, fragment, _interchanged, values=False)
        return Attempt((offer,))


def _interchanged(block: Block) -> Block:
    (outer,) = block
    assert isinstance(outer, For)
    (inner,) = outer.body
    assert isinstance(inner, For)
    first, second = _moved(inner.iv, outer.iv.level), _moved(outer.iv, inner.iv.level)
    swapped: dict[Expr, Iv] = {inner.iv: first, outer.iv: second}
    body = Rewriter(lambda e: swapped.get(e, e)).block(inner.body)
    return (For(first, inner.lower, inner.upper, (For(second, outer.lower, outer.upper, body),)),)


def _moved(iv: Iv, level: int) -> Iv:
    return Iv(iv.bits, level, iv.lower, iv.upper, iv.step)
