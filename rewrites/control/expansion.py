"""Storage that each iteration of a loop has for itself becomes an array outside of the loop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, loop_free
from seer.rewrites.control._own import offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused

__all__ = ["Expansion"]


@dataclass(frozen=True)
class Expansion(ControlRule):
    """for i { t; B(t) }  -->  { T[n]; for i B(T[i]) }

    By itself this costs memory; it frees the iterations of i from each other, so that the loop may be
    interchanged with one inside it or be split, and a recurrence on t leaves the innermost loop without any
    operation being reassociated.

    Conditions: the loop holds a loop; the array has at most `max_bits` bits.
    """

    name: ClassVar[str] = "expansion"
    summary: ClassVar[str] = "for i { t; B(t) } --> { T[n]; for i B(T[i]) }"
    conditions: ClassVar[str] = "a loop around a loop; a bounded array"
    takes: ClassVar[FragmentKind] = "nest"
    needless_after: ClassVar[tuple[str, ...]] = ("turning", "interleaving")

    max_bits: int = 1 << 15

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or not any(isinstance(s, Local) for s in loop.body):
            raise Refused("expansion takes a loop around the scope of a local array")
        if loop_free(loop.body):
            raise Refused("there is no loop inside to change places with")
        return Attempt((offer_of(self, fragment, self._expanded),))

    def _expanded(self, block: Block) -> Block:
        (loop,) = block
        assert isinstance(loop, For)
        scopes, body = self.opened(loop)
        result: Block = (For(loop.iv, loop.lower, loop.upper, body),)
        for array in reversed(scopes):
            result = (Local(array, result),)
        return result

    def opened(self, loop: For) -> tuple[list[LocalArray], Block]:
        """The arrays with a row for each iteration, and the body of a loop on them; raises Refused."""
        scopes: list[LocalArray] = []
        body = self._opened(loop.body, loop.iv, scopes)
        return scopes, body

    def _opened(self, block: Block, iv: Iv, scopes: list[LocalArray]) -> Block:
        """`block` without the scopes in it, those inside of loops apart; their arrays have a row for each
        iteration and go to `scopes`."""
        body: list[Statement] = []
        extent = iv.upper - iv.lower
        for statement in block:
            if not isinstance(statement, Local):
                body.append(statement)
                continue
            old = statement.array
            bits = extent * math.prod(old.type.shape) * old.type.width
            if bits > self.max_bits:
                raise Refused(f"an array of {bits:,} bits would be needed; {self.max_bits:,} are the most")
            new = LocalArray(
                ArrayType(old.type.width, (extent, *old.type.shape), old.type.content), old.level
            )
            scopes.append(new)
            opened = self._opened(statement.body, iv, scopes)
            body += _Expanding(old, new, _offset(iv)).block(opened)
        return tuple(body)


def _offset(iv: Iv) -> Expr:
    """The distance of a counter from the start of its hull."""
    if iv.lower == 0:
        return iv
    return Op("sub", iv.bits, (iv, Const(iv.bits, to_unsigned(iv.lower, iv.bits))))


class _Expanding(Rewriter):
    """Puts one more subscript in front of those of one array."""

    def __init__(self, old: LocalArray, new: LocalArray, index: Expr) -> None:
        super().__init__()
        self._old, self._new, self._index = old, new, index

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array is self._old:
            return Load(self._new, (self._index, *(self._memo[i] for i in node.indices)))
        return super()._rebuild(node)

    def statement(self, s: Statement) -> Statement:
        if isinstance(s, Store) and s.array is self._old:
            indices = (self._index, *(self.expression(i) for i in s.indices))
            return Store(self._new, indices, self.expression(s.value), self.expression(s.when))
        return super().statement(s)
