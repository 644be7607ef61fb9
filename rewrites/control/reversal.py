"""A loop counts the other way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.affine import AffineForms
from seer.lang.operators import to_unsigned
from seer.lang.terms import Block, Const, For, Load, Op
from seer.lang.traverse import Rewriter, expressions, statements, subexpressions
from seer.rewrites.control._bounds import constant_bounds
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Reversal"]


@dataclass(frozen=True)
class Reversal(ControlRule):
    """for i in [l, u): B(i)  -->  for i in [l, u): B(l + u - 1 - i)

    It pays where the loop reads an array from its end, which a neighbour writes from its beginning: reversed,
    the two may fuse. So it is tried on loops that read some array downwards only.

    Conditions: constant bounds; no iteration depends on another one.
    """

    name: ClassVar[str] = "reversal"
    summary: ClassVar[str] = "for i in [l, u): B(i) --> for i in [l, u): B(l + u - 1 - i)"
    conditions: ClassVar[str] = "constant bounds; a load that goes down; no iteration depends on another one"
    takes: ClassVar[FragmentKind] = "loop"
    checked_by: ClassVar[ProofKind] = "instances"

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        assert isinstance(loop, For)
        if not _reads_downwards(loop):
            raise Refused("nothing is read downwards in it")
        return Attempt((offer_of(self, fragment, _reversed, values=False),))


def _reads_downwards(loop: For) -> bool:
    forms, level = AffineForms(), loop.iv.level
    for statement in statements(loop.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                found = [forms.of(index) for index in node.indices]
                if any(form is not None and form.coefficients.get(level, 0) < 0 for form in found):
                    return True
    return False


def _reversed(block: Block) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    iv = loop.iv
    values = constant_bounds(loop)
    ends = Const(iv.bits, to_unsigned(values[0] + values[-1], iv.bits))
    mirrored = Op("sub", iv.bits, (ends, iv))
    # The binder itself stays: only its uses in the body count from the end.
    body = Rewriter(lambda e: mirrored if e is iv else e).block(loop.body)
    return (For(iv, loop.lower, loop.upper, body),)
