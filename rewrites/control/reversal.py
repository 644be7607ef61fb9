"""A loop counts the other way, and so may join the one in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.affine import AffineForms
from seer.lang.operators import to_unsigned
from seer.lang.terms import Array, Block, Const, For, Load, Op
from seer.lang.traverse import Rewriter, expressions, loop_free, statements, subexpressions
from seer.lang.uses import written_by
from seer.rewrites.control._bounds import constant_bounds
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Reversal"]


@dataclass(frozen=True)
class Reversal(ControlRule):
    """for i in [l, u): A(i)   for j in [l, u): B(j)  -->  for i in [l, u) { A(i); B(l + u - 1 - i) }

    By itself a reversal changes nothing that a schedule could gain from. It pays where the second loop reads
    from its end what the first one writes from its beginning: reversed, the two are one loop. So it is
    tried on such pairs only.

    Conditions: equal constant bounds, no loops inside; no iteration of the second loop depends on another
    one, and none of either on a later one of the other.
    """

    name: ClassVar[str] = "reversal"
    summary: ClassVar[str] = "for i: A(i)  for j: B(j) --> for i in [l, u) { A(i); B(l + u - 1 - i) }"
    conditions: ClassVar[str] = "equal constant bounds; B reads downwards what A writes; dependences allow it"
    takes: ClassVar[FragmentKind] = "pair"
    checked_by: ClassVar[ProofKind] = "instances"

    def _attempt(self, fragment: Block) -> Attempt:
        first, second = fragment
        assert isinstance(first, For) and isinstance(second, For)
        if not (loop_free(first.body) and loop_free(second.body)):
            raise Refused("there are loops in them")
        if constant_bounds(first) != constant_bounds(second) or first.iv is not second.iv:
            raise Refused("they do not run over the same values")
        if not _reads_downwards(second) & written_by((first,)):
            raise Refused("the second loop reads nothing downwards that the first one writes")
        return Attempt((offer_of(self, fragment, _joined, values=False),))


def _reads_downwards(loop: For) -> frozenset[Array]:
    """The arrays with a subscript that falls as the counter rises."""
    forms, level = AffineForms(), loop.iv.level
    found: set[Array] = set()
    for statement in statements(loop.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                indices = [forms.of(index) for index in node.indices]
                if any(form is not None and form.coefficients.get(level, 0) < 0 for form in indices):
                    found.add(node.array)
    return frozenset(found)


def _joined(block: Block) -> Block:
    first, second = block
    assert isinstance(first, For) and isinstance(second, For)
    iv = first.iv
    values = constant_bounds(second)
    ends = Const(iv.bits, to_unsigned(values[0] + values[-1], iv.bits))
    mirrored = Op("sub", iv.bits, (ends, iv))
    body = Rewriter(lambda e: mirrored if e is iv else e).block(second.body)
    return (For(iv, first.lower, first.upper, first.body + body),)
