"""A store waits for one iteration, so that the next iteration's load need not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from seer.lang.affine import AffineForms
from seer.lang.conditions import both
from seer.lang.intervals import Intervals
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
from seer.lang.traverse import Rewriter, expressions, subexpressions, without_groups
from seer.lang.uses import touched
from seer.rewrites.control._locals import bound_around, opened
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control.forwarding import forwarded

__all__ = ["Deferral", "NestDeferral"]

_FAR = 4
"""A dependence over more iterations than this bounds nothing."""


@dataclass(frozen=True)
class Deferral(ControlRule):
    """for i { A[e] = f(A[x]) }  -->  w = 0; for i { u = f(w and x == a ? v : A[x]); if w: A[a] = v;
    a = e; v = u; w = 1 }; if w: A[a] = v

    A recurrence through a memory takes a load, the operation and a store in each iteration. Here the value
    goes from one iteration to the next in the register v, and the memory is read before it is written: what
    is read is not used where it is out of date. This is what a histogram or a running sum in memory needs,
    where the subscripts are not known to differ.

    Conditions: a loop, or a perfect nest, around stores; one store to A, which is read before it and not
    after it, and may be read by the iterations that follow.
    """

    name: ClassVar[str] = "deferral"
    summary: ClassVar[str] = (
        "for i { A[e] = f(A[x]) } --> for i { u = f(x == a ? v : A[x]); A[a] = v; a = e; v = u }"
    )
    conditions: ClassVar[str] = "stores alone in the loop; one to A, which what follows it does not read"
    takes: ClassVar[FragmentKind] = "loop"
    checked_by: ClassVar[ProofKind] = "symbolic"

    def _attempt(self, fragment: Block) -> Attempt:
        nest, body = _perfect_nest(without_groups(fragment))
        places = [place for place in range(len(body)) if _recurs(nest[-1].iv, body, place)]
        if not places:
            raise Refused("no array is written that the next iterations may read")
        return Attempt(tuple(self._offer(fragment, nest, body, place) for place in places))

    def _offer(self, fragment: Block, nest: Sequence[For], body: Sequence[Store], place: int) -> Offer:
        pending = _Pending(body[place], bound_around(fragment))
        inner = (
            *(pending.ahead(s) for s in body[:place]),
            *pending.taken(body[place]),
            *body[place + 1 :],
        )
        origins = {}
        for loop in reversed(nest):
            made = For(loop.iv, loop.lower, loop.upper, inner)
            origins[made] = (loop,)
            inner = (made,)
        after = pending.scoped((*pending.none_yet(), *inner, pending.made()))
        return Offer(self.name, self.description, "our own transformation", fragment, after, None, origins)


@dataclass(frozen=True)
class NestDeferral(Deferral):
    """for i { for j { A[e] = f(A[x]) } }  -->  w = 0; for i { for j { … A[a] = v if w; … } }; A[a] = v if w

    As `deferral`, for a perfect nest: the store waits across the ends of inner loops too, so that the nest
    stays perfect and need not drain.

    Conditions: those of `deferral`, in the innermost loop.
    """

    name: ClassVar[str] = "nest-deferral"
    summary: ClassVar[str] = (
        "for i for j { A[e] = f(A[x]) } --> w = 0; for i for j { …; A[a] = v if w; … }; A[a] = v if w"
    )
    takes: ClassVar[FragmentKind] = "nest"


class _Pending:
    """The registers that hold the pending store, and the code that uses them."""

    def __init__(self, store: Store, level: int) -> None:
        self.array = store.array
        places = [min(index.width, max(1, _most(index).bit_length())) for index in store.indices]
        types = [ArrayType(width, ()) for width in (*places, store.value.width, 1)]
        held = [LocalArray(type, level + k) for k, type in enumerate(types)]
        self._next = [LocalArray(type, level + len(types) + k) for k, type in enumerate(types)]
        *self._places, self._value, self._holds = held
        self._held = held
        self._ahead = _Ahead(self)

    def ahead(self, statement: Statement) -> Statement:
        """The statement with loads that see what is pending."""
        return self._ahead.statement(statement)

    def load(self, load: Load) -> Expr:
        """What a load of the array would give if nothing were pending."""
        condition: Expr = Load(self._holds, ())
        for index, place in zip(load.indices, self._places, strict=True):
            condition = Op("and", 1, (condition, _same_number(index, Load(place, ()))))
        return Op("select", load.width, (condition, Load(self._value, ()), load))

    def none_yet(self) -> Block:
        """Before the loop nothing is pending; place and value are set, so that nothing undefined is read."""
        return tuple(Store(register, (), Const(register.type.width, 0)) for register in self._held)

    def made(self) -> Store:
        """The pending store itself."""
        places = tuple(Load(place, ()) for place in self._places)
        return Store(self.array, places, Load(self._value, ()), Load(self._holds, ()))

    def taken(self, store: Store) -> Block:
        """Makes the pending store after all loads of the iteration; `store` is pending then."""
        holds = store.when
        for index, extent in zip(store.indices, self.array.type.shape, strict=True):
            # What is stored outside of the array is never loaded.
            if _most(index) >= extent:
                holds = both(holds, Op("ult", 1, (index, Const(index.width, extent))))
        places = [_narrowed(e, p.type.width) for e, p in zip(store.indices, self._places, strict=True)]
        values = [self._ahead.expression(e) for e in (*places, store.value, holds)]
        aside = [Store(new, (), value) for new, value in zip(self._next, values, strict=True)]
        kept = [Store(old, (), Load(new, ())) for old, new in zip(self._held, self._next, strict=True)]
        return (*aside, self.made(), *kept)

    def scoped(self, block: Block) -> Block:
        """The block in the scopes of the registers."""
        for register in reversed((*self._held, *self._next)):
            block = (Local(register, block),)
        return block


def _most(index: Expr) -> int:
    """The largest number that a subscript may be."""
    return Intervals().of(index).uhi


def _narrowed(expr: Expr, width: int) -> Expr:
    return expr if expr.width == width else Op("trunc", width, (expr,))


def _same_number(index: Expr, place: Expr) -> Expr:
    """Whether a subscript is the number in a register, which has no more bits than it needs."""
    if _most(index) >> place.width == 0 and index.width > place.width:
        index = _narrowed(index, place.width)
    width = max(index.width, place.width)
    wide = [e if e.width == width else Op("zext", width, (e,)) for e in (index, place)]
    return Op("eq", 1, (wide[0], wide[1]))


class _Ahead(Rewriter):
    """Loads of the array as if nothing were pending."""

    def __init__(self, pending: _Pending) -> None:
        super().__init__()
        self._pending = pending

    def _rebuild(self, node: Expr) -> Expr:
        made = super()._rebuild(node)
        return (
            self._pending.load(made) if isinstance(made, Load) and made.array is self._pending.array else made
        )


def _perfect_nest(block: Block) -> tuple[list[For], list[Store]]:
    """Loops that stand in each other, and the stores in the innermost, without registers of one iteration."""
    nest: list[For] = []
    while len(block) == 1 and isinstance(block[0], For):
        nest.append(block[0])
        block = block[0].body
    scopes: list[LocalArray] = []
    block = opened(block, scopes)
    stores = [s for s in block if isinstance(s, Store)]
    if not nest or len(stores) < len(block):
        raise Refused("only stores may stand in the loop, or in the innermost of perfectly nested ones")
    if any(array.type.shape for array in scopes):
        raise Refused("each iteration has a local array for itself")
    if scopes:
        made = forwarded(tuple(stores), lambda s: cast(Store, s), lambda _, store: store)
        stores = [s for s in made if isinstance(s, Store) and s.array not in scopes]
    return nest, stores


def _recurs(counter: Iv, body: Sequence[Store], place: int) -> bool:
    """Whether the next iterations may read what the store at `place` writes, and it may wait."""
    store = body[place]
    array = store.array
    if not array.type.shape or any(s.array is array for k, s in enumerate(body) if k != place):
        return False
    if any(array in touched(s) for s in body[place + 1 :]):
        return False
    loads = dict.fromkeys(
        node
        for s in body[: place + 1]
        for node in subexpressions(*expressions(s))
        if isinstance(node, Load) and node.array is array
    )
    return any(_meets(counter, store.indices, load.indices) for load in loads)


def _meets(counter: Iv, written: Sequence[Expr], read: Sequence[Expr]) -> bool:
    """Whether an element that is written may be read one to a few iterations later."""
    forms = AffineForms()
    distances: set[int] = set()
    for one, other in zip(written, read, strict=True):
        a, b = forms.of(one), forms.of(other)
        if a is None or b is None:
            if one is not other:
                return True
            # Equal in each iteration; of two iterations nothing is known.
            continue
        step = a.coefficients.get(counter.level, 0)
        difference = a + b.scaled(-1)
        if difference.terms:
            return True
        if step == 0:
            if difference.constant:
                return False
            continue
        if difference.constant % (step * counter.step):
            return False
        distances.add(difference.constant // (step * counter.step))
    if not distances:
        return any(forms.of(e) is None for e in written)
    return len(distances) == 1 and 0 < min(distances) <= _FAR
