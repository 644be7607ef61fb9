"""What all iterations of a loop do alike stands in front of it, and what they only hand on, around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.terms import Array, Block, Expr, For, Iv, Local, LocalArray, Statement, Store
from seer.lang.traverse import (
    Rewriter,
    bodies,
    expressions,
    loop_free,
    statements,
    subexpressions,
    with_bodies,
)
from seer.lang.uses import read_by
from seer.rewrites.control._locals import opened
from seer.rewrites.control._own import is_unit, offer_of, store_of, without_claim
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.promotion import narrow
from seer.verify.instances import NotProved

__all__ = ["Hoisting"]


@dataclass(frozen=True)
class Hoisting(ControlRule):
    """for j { t = e; M(t) }  -->  t = e; for j M(t)
    for j { for p T[p] = A[p]; M(T); for p A[p] = T[p] }  -->  for p T[p] = A[p]; for j M; for p A[p] = T[p]

    The one drops what is computed or loaded again, the other keeps a part of an array at hand all along the
    loop. What is moved writes local arrays of the body only, and is done also where the loop never runs; what
    is written back then is what was there.

    Conditions: what is moved does not depend on the counter; nothing that stays in the loop writes what it
    reads; an array that is written back is not used in between.
    """

    name: ClassVar[str] = "hoisting"
    summary: ClassVar[str] = "for j { t = e; M(t) } --> t = e; for j M(t), and parts of arrays likewise"
    conditions: ClassVar[str] = "a loop around a loop; the moved code is the same in all iterations"
    takes: ClassVar[FragmentKind] = "nest"

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or loop_free(loop.body):
            raise Refused("hoisting takes a loop around a loop")
        try:
            offer = offer_of(self, fragment, _registers_first)
        except (Refused, NotProved):
            # What else is alike may depend on registers: what guards it is known only where they are free.
            offer = offer_of(self, fragment, _all_first)
        return Attempt((replace(offer, supersedes=True),))


def _registers_first(block: Block) -> Block:
    return _hoisted(block, registers_only=True)


def _all_first(block: Block) -> Block:
    return _hoisted(block, registers_only=False)


def _hoisted(block: Block, registers_only: bool) -> Block:
    (loop,) = block
    assert isinstance(loop, For)
    scopes: list[LocalArray] = []
    body = opened(loop.body, scopes)
    parts = _Parts(loop.iv, body, frozenset(scopes), registers_only)
    if not parts.front:
        raise Refused("nothing in the loop is the same in all its iterations")
    if not any(array.type.shape for k in parts.front for array in _read(body[k])):
        raise Refused("what is the same in all iterations is cheap to compute again")
    rest = tuple(s for k, s in enumerate(body) if k not in parts.front and k not in parts.back)
    if not rest:
        raise Refused("nothing would be left in the loop")
    moved, returned = (_moved(body, sorted(places), loop.iv.level) for places in (parts.front, parts.back))
    outside = {array for k in parts.front for array in _written(body[k])}
    inner: Block = rest
    for array in reversed(scopes):
        if array not in outside:
            inner = (Local(array, inner),)
    result: Block = (*moved, with_bodies(loop, [inner]), *returned)
    for array in reversed(scopes):
        if array in outside:
            result = (Local(array, result),)
    return narrow(result)


def _moved(body: Block, places: list[int], level: int) -> Block:
    """Statements of a body outside of its loop, whose counter has this level."""

    def outside(node: Expr) -> Expr:
        return replace(node, level=node.level - 1) if isinstance(node, Iv) and node.level > level else node

    return Rewriter(outside).block(tuple(_unclaimed(body[k]) for k in places))


class _Parts:
    """Which statements of a body go to the front of its loop, and which behind it."""

    def __init__(self, iv: Iv, body: Block, own: frozenset[LocalArray], registers_only: bool) -> None:
        self._body = body
        self._own = own
        alike = [k for k, statement in enumerate(body) if not _depends(statement, iv)]
        self.front = [k for k in alike if _written(body[k]) <= own]
        if registers_only:
            self.front = [k for k in self.front if _is_register(body[k])]
        self.back: list[int] = []
        if not registers_only:
            self.back = [k for k in alike if not _written(body[k]) & own]
        self._settle()

    def _settle(self) -> None:
        """Take out what cannot move, until all that is left can."""
        while True:
            staying = [k for k in range(len(self._body)) if k not in self.front and k not in self.back]
            written = _all_written(self._body, staying)
            touched = written | _all_read(self._body, staying)
            returned = _all_written(self._body, self.back)
            fetched = _all_read(self._body, self.front)
            front = [
                k
                for k in self.front
                if not _read(self._body[k]) & written
                # What the loop goes on to change is to be written back, and the other way round.
                and (not _written(self._body[k]) & written or _read(self._body[k]) & returned)
            ]
            back = [
                k
                for k in self.back
                if _written(self._body[k]) <= fetched
                and not _written(self._body[k]) & touched
                and all(k > other for other in (*front, *staying))
            ]
            if (front, back) == (self.front, self.back):
                return
            self.front, self.back = front, back


def _is_register(statement: Statement) -> bool:
    return is_unit(statement) and not store_of(statement).array.type.shape


def _depends(statement: Statement, iv: Iv) -> bool:
    return any(iv in subexpressions(*_code(part)) for part in statements((statement,)))


def _code(statement: Statement) -> tuple[Expr, ...]:
    """The expressions of a statement, companions apart."""
    return expressions(statement) if not _is_companion(statement) else ()


def _is_companion(statement: Statement) -> bool:
    return isinstance(statement, Store) and getattr(statement.array, "name", "").startswith("seer.")


def _written(statement: Statement) -> frozenset[Array]:
    """The arrays that a statement writes, companions and its own scopes apart."""
    parts = list(statements((statement,)))
    own = {part.array for part in parts if isinstance(part, Local)}
    stores = (part for part in parts if isinstance(part, Store) and not _is_companion(part))
    return frozenset(store.array for store in stores if store.array not in own)


def _read(statement: Statement) -> frozenset[Array]:
    parts = statements((statement,))
    return frozenset(array for part in parts for array in read_by(*_code(part)))


def _all_written(body: Block, places: list[int]) -> frozenset[Array]:
    return frozenset(array for k in places for array in _written(body[k]))


def _all_read(body: Block, places: list[int]) -> frozenset[Array]:
    return frozenset(array for k in places for array in _read(body[k]))


def _unclaimed(statement: Statement) -> Statement:
    if is_unit(statement):
        return without_claim(statement)
    return with_bodies(statement, [tuple(map(_unclaimed, body)) for body in bodies(statement)])
