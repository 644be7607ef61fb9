"""Unroll-and-jam: iterations of an outer loop side by side in the inner one."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

from seer.errors import InputError
from seer.lang.terms import Block, Const, Expr, For, Iv, Load, Op
from seer.lang.traverse import Rewriter, expressions, loop_free, statements, subexpressions
from seer.rewrites.control._bounds import constant_bounds
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["UnrollAndJam"]


@dataclass(frozen=True)
class UnrollAndJam(ControlRule):
    """for i for j B(i, j)  -->  for i step f for j { B(i, j); B(i+1, j); …; B(i+f-1, j) }

    It pays where B loads something that does not depend on i: that is then loaded once for f iterations of
    the outer loop, and recurrences along j overlap. So it is tried on such nests only.

    Conditions: a perfect pair; a constant trip count of the outer loop that `factor` divides; bounds of the
    inner loop that do not depend on the outer one; at most `max_statements` statements.
    """

    name: ClassVar[str] = "unroll_and_jam"
    summary: ClassVar[str] = "for i for j B(i) --> for i step f for j { B(i); …; B(i+f-1) }"
    conditions: ClassVar[str] = "a perfect pair; f divides the outer trip count; a load is shared"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "instances"
    copies: ClassVar[bool] = True

    factor: int = 2
    max_statements: int = 64

    def __post_init__(self) -> None:
        if self.factor < 2:
            raise InputError(f"{self.factor} iterations cannot be jammed", hint="use a factor of at least 2")

    @property
    def description(self) -> str:
        return f"unroll and jam by {self.factor}"

    def _attempt(self, fragment: Block) -> Attempt:
        (outer,) = fragment
        if not isinstance(outer, For) or len(outer.body) != 1 or not isinstance(outer.body[0], For):
            raise Refused("it is no perfect pair of loops")
        inner = outer.body[0]
        if not loop_free(inner.body):
            raise Refused("there is a loop in the inner loop")
        if any(outer.iv in subexpressions(bound) for bound in (inner.lower, inner.upper)):
            raise Refused("the bounds of the inner loop depend on the outer one")
        trips = len(constant_bounds(outer))
        if trips % self.factor or trips == self.factor:
            raise Refused(f"{self.factor} does not divide the {trips} iterations into several")
        size = self.factor * sum(1 for _ in statements(inner.body))
        if size > self.max_statements:
            raise Refused(f"the result would have {size} statements; {self.max_statements} are the most")
        if not _shares_a_load(outer, inner):
            raise Refused("no load in it is shared by iterations of the outer loop")
        return Attempt((offer_of(self, fragment, functools.partial(_jammed, self.factor), values=False),))


def _shares_a_load(outer: For, inner: For) -> bool:
    """Whether a load moves with the inner counter and not with the outer one."""
    for statement in statements(inner.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                inside = subexpressions(*node.indices)
                if inner.iv in inside and outer.iv not in inside:
                    return True
    return False


def _jammed(factor: int, block: Block) -> Block:
    (outer,) = block
    assert isinstance(outer, For)
    (inner,) = outer.body
    assert isinstance(inner, For)
    old = outer.iv
    iv = Iv(old.bits, old.level, old.lower, old.upper, old.step * factor)
    body: Block = ()
    for copy in range(factor):
        offset = Const(iv.bits, copy * old.step)
        value: Expr = Op("add", iv.bits, (iv, offset)) if copy else iv
        body += Rewriter(lambda e, value=value: value if e is old else e).block(inner.body)
    return (For(iv, outer.lower, outer.upper, (For(inner.iv, inner.lower, inner.upper, body),)),)
