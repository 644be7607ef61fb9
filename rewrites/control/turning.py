"""A loop around another becomes the inner one, with copies of its registers, in one step."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.terms import Array, Block, Const, Expr, For, Iv, Local, LocalArray, Statement, Store
from seer.lang.traverse import Rewriter, loop_free, statements, subexpressions, with_bodies
from seer.lang.uses import read_by
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.expansion import Expansion
from seer.rewrites.control.extension import Extension
from seer.rewrites.control.promotion import narrow

__all__ = ["Turning"]


@dataclass(frozen=True)
class Turning(ControlRule):
    """for p { t; A(t); for q M(t); C(t) }  -->  { T[n]; for p A(T[p]); for q for p M(T[p]); for p C(T[p]) }

    Extension where the bounds of p are not constant, expansion, distribution and interchange at once. A sum
    over q, which each iteration would wait for, becomes n sums that do not wait for each other.

    Conditions: one inner loop, whose bounds do not depend on p; dependences keep their order; bounded rows.
    """

    name: ClassVar[str] = "turning"
    summary: ClassVar[str] = "for p { t; A; for q M; C } --> T[n]; for p A; for q for p M; for p C"
    conditions: ClassVar[str] = "one loop in another, independent bounds; dependences keep their order"
    takes: ClassVar[FragmentKind] = "nest"
    needless_after: ClassVar[tuple[str, ...]] = ("interleaving",)

    max_bits: int = 1 << 15
    max_trips: int = 128

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or loop_free(loop.body):
            raise Refused("turning takes a loop around a loop")
        offer = offer_of(self, fragment, self._turned)
        # With bounds of its own choice and sums inside, the nest has no better form.
        best = not _is_constant(loop) and _sums(loop.body)
        return Attempt((replace(offer, supersedes=best),))

    def _turned(self, block: Block) -> Block:
        (loop,) = block
        assert isinstance(loop, For)
        if not _is_constant(loop):
            (loop,) = Extension(self.max_trips).extended(block)
            assert isinstance(loop, For)
        scopes, body = Expansion(self.max_bits).opened(loop)
        places = [k for k, s in enumerate(body) if not loop_free((s,))]
        inner = body[places[0]] if len(places) == 1 else None
        if not isinstance(inner, For):
            raise Refused("it does not hold one loop that counts")
        if not scopes and len(body) == 1:
            raise Refused("nothing stands beside the inner loop: interchange is enough")
        if any(loop.iv in subexpressions(bound) for bound in (inner.lower, inner.upper)):
            raise Refused("the bounds of the inner loop depend on the outer one")
        if any(isinstance(s, For) for s in statements(inner.body)):
            raise Refused("there are loops in the inner loop")
        made: list[Statement] = []
        if places[0]:
            made.append(with_bodies(loop, [body[: places[0]]]))
        made.append(_exchanged(loop, inner))
        if places[0] + 1 < len(body):
            made.append(with_bodies(loop, [body[places[0] + 1 :]]))
        return narrow(_around(scopes, tuple(made)))


def _is_constant(loop: For) -> bool:
    return isinstance(loop.lower, Const) and isinstance(loop.upper, Const)


def _sums(body: Block) -> bool:
    """Whether a loop inside goes on with what a register of the body holds."""
    own = {s.array for s in statements(body) if isinstance(s, Local)}
    loops = [s for s in statements(body) if isinstance(s, For)]
    return any(_reads_own(s, own) for loop in loops for s in statements(loop.body))


def _reads_own(statement: Statement, own: AbstractSet[Array]) -> bool:
    return (
        isinstance(statement, Store)
        and statement.array in own
        and statement.array in read_by(statement.value)
    )


def _exchanged(outer: For, inner: For) -> For:
    first = Iv(inner.iv.bits, outer.iv.level, inner.iv.lower, inner.iv.upper, inner.iv.step)
    second = Iv(outer.iv.bits, inner.iv.level, outer.iv.lower, outer.iv.upper, outer.iv.step)
    swapped: dict[Expr, Iv] = {inner.iv: first, outer.iv: second}
    body = Rewriter(lambda e: swapped.get(e, e)).block(inner.body)
    return For(first, inner.lower, inner.upper, (For(second, outer.lower, outer.upper, body),))


def _around(scopes: list[LocalArray], block: Block) -> Block:
    for array in reversed(scopes):
        block = (Local(array, block),)
    return block
