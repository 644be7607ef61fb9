"""Which loops a tool pipelines by itself: by trip count, as Vitis HLS does from 2020.2 on.

The loops of a perfect nest count as one whose trip count is the product of theirs. A nest without loops
inside is pipelined, flattened, if its trip count exceeds a threshold or if there is no loop around it;
otherwise it is unrolled in full and the nest around it is considered in its place. So the loops inside of a
pipelined one are all unrolled, and loops around pipelined ones run one iteration after the other. A trip
count that is not constant counts as above the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from seer.errors import InputError
from seer.lang.operators import mask
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, Const, Expr, For, If, Iv, LocalArray, Statement, Term
from seer.lang.traverse import Rewriter, bodies, statements, with_bodies
from seer.schedule.bounds import affine_bound
from seer.schedule.sites import Control, controls, flat_body, has_constant_bounds

__all__ = ["pipelined_by_trip_count", "trip_count", "unrolled"]

_MOST_COPIES = 4096
"""The tool refuses to unroll more iterations than these."""


def pipelined_by_trip_count(program: Program, threshold: int) -> tuple[Program, frozenset[For]]:
    """The program with its small loops unrolled, and the loops to pipeline (and flatten) in it.

    Raises InputError where a loop would have to be unrolled more than 4096 times.
    """
    policy = _Policy(program, threshold)
    body = policy.block(program.body, 1, nested=False)
    return replace(program, body=body, origins=policy.origins), frozenset(policy.pipelined)


def trip_count(loop: For) -> int | None:
    """How often a loop runs, if its bounds are constants."""
    lower, upper = affine_bound(loop.lower), affine_bound(loop.upper)
    if lower is None or upper is None or lower.terms or upper.terms:
        return None
    return max(0, -((lower.constant - upper.constant) // loop.iv.step))


def unrolled(loop: For) -> Block:
    """The iterations of a loop with constant bounds, one after the other, without the loop."""
    lower, trips = affine_bound(loop.lower), trip_count(loop)
    if lower is None or trips is None:
        raise ValueError("only a loop with constant bounds can be unrolled")
    copies = (_iteration(loop, lower.constant + step * loop.iv.step) for step in range(trips))
    return tuple(statement for copy in copies for statement in copy)


def _iteration(loop: For, value: int) -> Block:
    """The body at one value of the induction variable; loops inside stand one level further out."""

    def leaf(node: Expr) -> Expr:
        if not isinstance(node, Iv) or node.level < loop.iv.level:
            return node
        if node.level == loop.iv.level:
            return Const(node.bits, value & mask(node.bits))
        return replace(node, level=node.level - 1)

    return Rewriter(leaf).block(loop.body)


class _Policy:
    def __init__(self, program: Program, threshold: int) -> None:
        self._threshold = threshold
        self.origins: dict[Term, Origin] = dict(program.origins)
        self.pipelined: dict[For, None] = {}

    def block(self, block: Block, above: int, nested: bool) -> Block:
        """A block with its loops decided; `above` is the trip count of the perfect nest that it stands in
        alone, `nested` whether a loop is around that nest."""
        return tuple(made for statement in block for made in self._statement(statement, above, nested))

    def _statement(self, statement: Statement, above: int, nested: bool) -> Block:
        if isinstance(statement, For):
            return self._loop(statement, above, nested)
        if isinstance(statement, If):
            above = 1
        inside = bodies(statement)
        made = with_bodies(statement, [self.block(body, above, nested) for body in inside])
        self._named(statement, made)
        return (made,)

    def _loop(self, loop: For, above: int, nested: bool) -> Block:
        trips = trip_count(loop)
        total = above * (math.inf if trips is None else trips)
        alone = _is_perfect(loop) and trips is not None
        body = self.block(loop.body, int(total), nested) if alone else self.block(loop.body, 1, True)
        made = For(loop.iv, loop.lower, loop.upper, body)
        self._named(loop, made)
        inner = controls(flat_body(body))
        if not inner:
            if total > self._threshold or not nested:
                self.pipelined[made] = None
                return (made,)
            return self._unrolled(made)
        if alone and inner[0].statement in self.pipelined and _is_perfect(made):
            self.pipelined[made] = None
        return (made,)

    def _unrolled(self, loop: For) -> Block:
        trips = trip_count(loop) or 0
        if trips > _MOST_COPIES:
            where = self.origins.get(loop, Origin()).locations
            raise InputError(f"a loop of {trips} iterations cannot be unrolled", where[0] if where else None)
        made = unrolled(loop)
        size = len(loop.body)
        for start in range(0, len(made), max(1, size)):
            self._copied(loop.body, made[start : start + size])
        return made

    def _copied(self, before: Sequence[Statement], after: Sequence[Statement]) -> None:
        for old, new in zip(statements(tuple(before)), statements(tuple(after)), strict=True):
            self._named(old, new)

    def _named(self, old: Statement, new: Statement) -> None:
        origin = self.origins.get(old)
        if origin is not None and new is not old:
            known = self.origins.get(new)
            self.origins[new] = origin if known is None else known.merged(origin)


def _is_perfect(loop: For) -> bool:
    """Whether the body is one loop with constant bounds and nothing else."""
    items = flat_body(loop.body)
    inner = controls(items)
    return (
        len(inner) == 1
        and isinstance(inner[0].statement, For)
        and has_constant_bounds(inner[0].statement)
        and all(isinstance(item, (Control, LocalArray)) for item in items)
    )
