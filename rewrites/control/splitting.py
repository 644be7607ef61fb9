"""The index set of a loop is split where a condition in it changes."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.operators import to_signed
from seer.lang.terms import Block, Const, For, Iv, Op
from seer.lang.traverse import expressions, statements, subexpressions
from seer.rewrites.control._bounds import constant_bounds, over
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["Splitting"]

_MAX_PLACES = 2
"""Places at which a loop is offered to be split."""


@dataclass(frozen=True)
class Splitting(ControlRule):
    """for i in [l, u): B(i)  -->  for i in [l, c): B(i)   for i in [c, u): B(i)

    It pays where the body asks how i compares with a constant: each part knows the answer by the range of its
    counter, and the datapath rules remove the test. At `i == l` that is the peeling of the first iteration.

    Conditions: constant bounds, and a condition that changes between two iterations, at most once.
    """

    name: ClassVar[str] = "splitting"
    summary: ClassVar[str] = "for i in [l, u): B --> for i in [l, c): B   for i in [c, u): B"
    conditions: ClassVar[str] = "constant bounds; a condition on the counter that changes at c"
    takes: ClassVar[FragmentKind] = "loop"
    checked_by: ClassVar[ProofKind] = "instances"
    copies: ClassVar[bool] = True

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        assert isinstance(loop, For)
        values = constant_bounds(loop)
        places = list(dict.fromkeys(_changes(loop, values)))[:_MAX_PLACES]
        if not places:
            raise Refused("no condition in it changes once with the counter")
        return Attempt(
            tuple(
                offer_of(self, fragment, functools.partial(_split, place), values=False) for place in places
            )
        )


def _changes(loop: For, values: range) -> Iterator[int]:
    """The values at which a condition has another truth than before, if that happens once."""
    for statement in statements(loop.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Op) and node.name in _TRUTH:
                constant = _compared(node, loop.iv)
                if constant is None:
                    continue
                truths = [_TRUTH[node.name](value, constant) for value in values]
                found = [v for v, a, b in zip(values[1:], truths, truths[1:], strict=False) if a != b]
                if len(found) == 1:
                    yield found[0]


_TRUTH = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "slt": lambda a, b: a < b,
    "sle": lambda a, b: a <= b,
    "ult": lambda a, b: a < b,
    "ule": lambda a, b: a <= b,
}
"""Where the counter is not negative, and so on the constant's side of zero, both readings agree; a place that
is found wrongly costs an offer and nothing else."""


def _compared(node: Op, iv: Iv) -> int | None:
    """The constant that a counter is compared with on its right."""
    left, right = node.operands
    if left is iv and isinstance(right, Const):
        return to_signed(right.value, right.bits)
    if node.name in ("eq", "ne") and right is iv and isinstance(left, Const):
        return to_signed(left.value, left.bits)
    return None


def _split(place: int, block: Block) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    values = constant_bounds(loop)
    return over(loop, values.start, place, loop.body), over(loop, place, values.stop, loop.body)
