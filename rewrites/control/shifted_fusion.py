"""Two loops become one in which the second runs some iterations later, or not always."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.affine import Affine, AffineForms
from seer.lang.conditions import both
from seer.lang.operators import to_unsigned
from seer.lang.terms import TRUE, Array, Block, Const, Expr, For, Iv, Load, Op, Store
from seer.lang.traverse import Rewriter, expressions, loop_free, statements, subexpressions
from seer.rewrites.control._bounds import constant_bounds
from seer.rewrites.control._guards import under
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, ProofKind, Refused

__all__ = ["ShiftedFusion"]

_Access = tuple[Array, tuple[Affine | None, ...], bool]


@dataclass(frozen=True)
class ShiftedFusion(ControlRule):
    """for i in D: A(i)   for j in E: B(j)
      -->  for t in D ∪ (E + s) { if (t ∈ D) A(t); if (t ∈ E + s) B(t - s) }

    What the second loop reads is then at hand s iterations after the first one has written it, and the
    second loop's cycles are saved. The shift s is the least that all dependences allow. Where both loops
    run equally long and none is needed, plain fusion does better, and nothing is offered.

    Conditions: constant bounds and steps of one, no loops inside; arrays that both use and one writes have
    subscripts that move alike with both counters. The shift is at most `max_shift`, and the new loop at
    most a quarter longer than the longer of the two.
    """

    name: ClassVar[str] = "shifted_fusion"
    summary: ClassVar[str] = "for i: A(i)  for j: B(j) --> for t { if (t ∈ D) A(t); if (t ∈ E + s) B(t - s) }"
    conditions: ClassVar[str] = "constant bounds; dependences of bounded distance; about equal lengths"
    takes: ClassVar[FragmentKind] = "pair"
    checked_by: ClassVar[ProofKind] = "values"

    max_shift: int = 8

    def _attempt(self, fragment: Block) -> Attempt:
        first, second = fragment
        assert isinstance(first, For) and isinstance(second, For)
        if not (loop_free(first.body) and loop_free(second.body)):
            raise Refused("there are loops in them")
        if first.iv.step != 1 or second.iv.step != 1 or first.iv.bits != second.iv.bits:
            raise Refused("their counters differ in steps or width")
        one, two = constant_bounds(first), constant_bounds(second)
        shift = _shift(first, second)
        if shift > self.max_shift:
            raise Refused(f"the second loop would run {shift} iterations late; {self.max_shift} are the most")
        if shift == 0 and one == two:
            raise Refused("the loops may fuse as they are")
        length = max(one.stop, two.stop + shift) - min(one.start, two.start + shift)
        if 4 * length > 5 * max(len(one), len(two)):
            raise Refused("too much of the new loop would run one of them only")
        return Attempt((offer_of(self, fragment, functools.partial(_fused, shift)),))


def _shift(first: For, second: For) -> int:
    """The least number of iterations by which the second loop has to be late. Raises Refused."""
    forms = AffineForms()
    shift = 0
    for array, indices, writes in _accesses(first, forms):
        for other, places, also_writes in _accesses(second, forms):
            if array is other and (writes or also_writes):
                found = _distance(indices, places, first.iv.level)
                shift = max(shift, found or 0)
    return shift


def _accesses(loop: For, forms: AffineForms) -> list[_Access]:
    found: dict[_Access, None] = {}
    for statement in statements(loop.body):
        if isinstance(statement, Store):
            found[statement.array, tuple(forms.of(i) for i in statement.indices), True] = None
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                found[node.array, tuple(forms.of(i) for i in node.indices), False] = None
    return list(found)


def _distance(one: tuple[Affine | None, ...], two: tuple[Affine | None, ...], level: int) -> int | None:
    """How many iterations later than an iteration of the second loop the first one touches its element; None
    if never."""
    distance: int | None = None
    for a, b in zip(one, two, strict=True):
        if a is None or b is None or a.terms != b.terms:
            raise Refused("subscripts of an array that both use do not move alike")
        moves = a.coefficients.get(level, 0)
        difference = b.constant - a.constant
        if moves == 0:
            if difference:
                return None
            continue
        if difference % moves:
            return None
        if distance is not None and distance != difference // moves:
            return None
        distance = difference // moves
    if distance is None:
        raise Refused("an element is used by all iterations of both")
    return distance


def _fused(shift: int, block: Block) -> Block:
    first, second = block
    assert isinstance(first, For) and isinstance(second, For)
    one, two = constant_bounds(first), constant_bounds(second)
    lower, upper = min(one.start, two.start + shift), max(one.stop, two.stop + shift)
    bits = first.iv.bits
    iv = Iv(bits, first.iv.level, lower, upper, 1)
    late: Expr = iv if not shift else Op("sub", bits, (iv, Const(bits, shift)))
    bodies: Block = ()
    for loop, values, seen, moved in ((first, one, iv, 0), (second, two, late, shift)):
        body = Rewriter(lambda e, old=loop.iv, new=seen: new if e is old else e).block(loop.body)
        bodies += under(body, _within(iv, values.start + moved, values.stop + moved))
    bounds = (Const(bits, to_unsigned(bound, bits)) for bound in (lower, upper))
    return (For(iv, *bounds, bodies),)


def _within(iv: Iv, lower: int, upper: int) -> Expr:
    """The condition that a counter lies in [lower, upper), without what its hull says."""
    condition: Expr = TRUE
    if lower > iv.lower:
        below = Op("slt", 1, (iv, Const(iv.bits, to_unsigned(lower, iv.bits))))
        condition = Op("xor", 1, (below, TRUE))
    if upper < iv.upper:
        condition = both(condition, Op("slt", 1, (iv, Const(iv.bits, to_unsigned(upper, iv.bits)))))
    return condition
