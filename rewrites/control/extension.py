"""A loop runs over all iterations that can have an effect, those beyond its bounds without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.affine import AffineForms
from seer.lang.conditions import both
from seer.lang.operators import to_signed, to_unsigned
from seer.lang.terms import TRUE, Array, Block, Const, Expr, For, Iv, Local, Op, Statement, Store, While
from seer.lang.traverse import Rewriter, bodies, statements, with_bodies
from seer.rewrites.control._own import is_unit, offer_of, store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused

__all__ = ["Extension"]

_Range = tuple[int, int]
"""Least value, and the one behind the greatest."""


@dataclass(frozen=True)
class Extension(ControlRule):
    """for i in a..b: { t = f(i); A[i] = t }  -->  for i in 0..N: { t = f(i); if (a <= i < b) A[i] = t }

    The bounds a and b may be read or depend on outer loops; N is constant, so that the loop may change places
    with others, and its registers may become rows. Iterations beyond the bounds compute in vain: what they
    load is some value, and nothing of theirs is stored.

    Conditions: steps of one; every store to an array from outside has the counter plus a constant as a
    subscript, which leaves its array outside of 0..N, or the counter's hull is that small; at most
    `max_trips` iterations.
    """

    name: ClassVar[str] = "extension"
    summary: ClassVar[str] = "for i in a..b: A[i] = t --> for i in 0..N: if (a <= i < b) A[i] = t"
    conditions: ClassVar[str] = "bounds that are not constant; subscripts leave the arrays stored to beyond N"
    takes: ClassVar[FragmentKind] = "nest"
    needless_after: ClassVar[tuple[str, ...]] = ("turning",)
    takes_too: ClassVar[tuple[FragmentKind, ...]] = ("loop",)

    max_trips: int = 128

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For):
            raise Refused("extension takes a loop")
        return Attempt((offer_of(self, fragment, self.extended),))

    def extended(self, block: Block) -> Block:
        """A loop, with companions, over all iterations that have an effect; raises Refused."""
        (loop,) = block
        assert isinstance(loop, For)
        if isinstance(loop.lower, Const) and isinstance(loop.upper, Const):
            raise Refused("the bounds are constants already")
        if loop.iv.step != 1:
            raise Refused("the loop goes in steps")
        if any(isinstance(s, While) for s in statements(loop.body)):
            raise Refused("a while loop in it might not end beyond the bounds")
        low, high = _hull(loop)
        if low >= high:
            raise Refused("the loop never runs")
        if high - low > self.max_trips:
            raise Refused(f"{high - low:,} iterations may have an effect; {self.max_trips} are the most")
        iv = Iv(loop.iv.bits, loop.iv.level, low, high, 1)
        inside = _runs(iv, loop)
        body = Rewriter(lambda e: iv if e is loop.iv else e).block(loop.body)
        ends = (Const(iv.bits, to_unsigned(end, iv.bits)) for end in (low, high))
        return (For(iv, *ends, _guarded(body, inside, frozenset())),)


def _runs(iv: Iv, loop: For) -> Expr:
    """Whether an iteration of the longer loop is one of the original."""
    condition: Expr = TRUE
    if not (isinstance(loop.upper, Const) and to_signed(loop.upper.value, iv.bits) == iv.upper):
        condition = Op("slt", 1, (iv, loop.upper))
    if not (isinstance(loop.lower, Const) and to_signed(loop.lower.value, iv.bits) == iv.lower):
        condition = both(Op("sle", 1, (loop.lower, iv)), condition)
    return condition


def _hull(loop: For) -> _Range:
    """The values of the counter at which the body may change something outside of it."""
    iv, forms = loop.iv, AffineForms()
    ranges = [_effective(store, iv, forms) for store in _lasting(loop.body, frozenset())]
    if not ranges:
        raise Refused("nothing in the loop has an effect")
    low = max(iv.lower, min(low for low, _ in ranges))
    return low, min(iv.upper, max(high for _, high in ranges))


def _effective(store: Store, iv: Iv, forms: AffineForms) -> _Range:
    """The values at which a store is inside its array, as far as one subscript tells."""
    low, high = iv.lower, iv.upper
    for index, extent in zip(store.indices, store.array.type.shape, strict=True):
        form = forms.of(index)
        if form is not None and form.terms == ((iv.level, 1),):
            low, high = max(low, -form.constant), min(high, extent - form.constant)
    return low, high


def _lasting(block: Block, inside: frozenset[Array]) -> Iterator[Store]:
    """The stores to arrays that are not bound in the block."""
    for statement in block:
        if is_unit(statement):
            if store_of(statement).array not in inside:
                yield store_of(statement)
        elif isinstance(statement, Local):
            yield from _lasting(statement.body, inside | {statement.array})
        else:
            for body in bodies(statement):
                yield from _lasting(body, inside)


def _guarded(block: Block, condition: Expr, inside: frozenset[Array]) -> Block:
    """`block` whose stores take place only where `condition` holds, but for those to arrays `inside`, which
    lose their contents at its end.

    What a loop leaves in them is guarded, too: then it is what was there before, whatever else is done there.
    """
    made: list[Statement] = []
    for statement in block:
        if is_unit(statement):
            store = store_of(statement)
            if store.array not in inside:
                when = both(condition, store.when)
                store = Store(store.array, store.indices, store.value, when)
            made.append(with_store(statement, store))
        elif isinstance(statement, Local):
            body = _guarded(statement.body, condition, inside | {statement.array})
            made.append(Local(statement.array, body))
        else:
            own = frozenset[Array]() if isinstance(statement, For) else inside
            inner = [_guarded(body, condition, own) for body in bodies(statement)]
            made.append(with_bodies(statement, inner))
    return tuple(made)
