"""Nests in a normal form: loops directly in each other, and stores in the innermost body alone.

Memory rules look at what an iteration reads, writes and carries to later ones. They take a nest as it stands
and put it into this form first: registers that only carry a value give way to it, also in loops inside, where
the value reads nothing that the fragment writes; Ifs become predicates and choices; what stands beside an
inner loop moves into it under a condition; a value that an iteration stores and loads again is forwarded;
registers that are loaded from an element first and stored there last give way to it. All of this is part of
the one claim that is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from seer.lang.affine import AffineForms
from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    Array,
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
from seer.lang.traverse import Rewriter, bodies, loop_free, statements, subexpressions, with_bodies
from seer.lang.uses import read_by, touched, written_by
from seer.rewrites.control._branchless import branchless
from seer.rewrites.control._guards import ends, trips, under
from seer.rewrites.control._own import is_unit, offer_of, store_of, with_store
from seer.rewrites.control._rule import ControlRule, Offer, Refused
from seer.rewrites.control._sinking import sunk
from seer.rewrites.control.forwarding import forwarded
from seer.rewrites.control.promotion import carried, narrow
from seer.verify.closed_forms import closed

__all__ = [
    "Nest",
    "Scope",
    "constant",
    "counters",
    "first_value",
    "nest_of",
    "nest_offer",
    "opened",
    "stores",
]


_FEW = 9
"""The most iterations of a loop over a window."""
_MOST_STORES = 64


@dataclass(frozen=True)
class Scope:
    """A local array whose scope begins inside of the outermost `depth` loops of its nest."""

    array: LocalArray
    depth: int


@dataclass(frozen=True)
class Nest:
    """Loops, outermost first, of which each holds only the next, and the units of the innermost body.

    The bodies of `loops` are not theirs any more: `rebuilt` puts a nest together.
    """

    loops: tuple[For, ...]
    scopes: tuple[Scope, ...]
    units: Block

    @property
    def ivs(self) -> tuple[Iv, ...]:
        return tuple(loop.iv for loop in self.loops)

    def rebuilt(self) -> Block:
        """The nest as a block."""
        block = self.units
        for depth in range(len(self.loops), -1, -1):
            for scope in reversed(self.scopes):
                if scope.depth == depth:
                    block = (Local(scope.array, block),)
            if depth:
                block = (with_bodies(self.loops[depth - 1], [block]),)
        return block


def nest_offer(
    rule: ControlRule, fragment: Block, transformation: Callable[[Block], Block], inside: bool = False
) -> Offer:
    """The offer that a transformation of a nest makes, each Local around what needs it; raises Refused.

    A scope around a nest is left to what serves scopes: each of several would be a nest of its own. So is,
    unless it may be `inside`, a single loop that stands in another one: the nest of both is what counts.
    """
    (loop,) = fragment
    if not isinstance(loop, For) or (loop.iv.level and loop_free(loop.body) and not inside):
        raise Refused(f"{rule.name} takes a nest of loops, or a loop that stands alone")
    return offer_of(rule, fragment, lambda block: narrow(transformation(block)))


def nest_of(block: Block) -> Nest:
    """The nest that the one statement of a block of units is, in normal form; raises Refused."""
    written = written_by(_stores_only(block))

    def carries(value: Expr) -> bool:
        # Registers have not changed either where a value is carried to.
        return not any(array.type.shape and array in written for array in read_by(value))

    block = _perfected(carried(branchless(_rebased(closed(block))), carries))
    loops: list[For] = []
    scopes: list[Scope] = []
    while len(block) == 1 and not is_unit(block[0]):
        (statement,) = block
        if isinstance(statement, Local):
            scopes.append(Scope(statement.array, len(loops)))
        elif isinstance(statement, For):
            loops.append(statement)
        else:
            break
        (block,) = bodies(statement)
    block = _without_scopes(block, scopes, len(loops))
    if not loops or not all(is_unit(s) for s in block):
        raise Refused("the nest cannot be made perfect")
    nest = _through_memory(Nest(tuple(loops), tuple(scopes), block))
    return replace(nest, units=_tidied(nest.units))


def _without_scopes(block: Block, scopes: list[Scope], depth: int) -> Block:
    """`block`, the innermost, with the scopes of its parts among `scopes`, so that they are its own."""
    result: Block = ()
    for statement in block:
        if isinstance(statement, Local):
            # Of a scope that was unrolled, each iteration has one.
            if all(scope.array is not statement.array for scope in scopes):
                scopes.append(Scope(statement.array, depth))
            result += _without_scopes(statement.body, scopes, depth)
        else:
            result += (statement,)
    return result


def _rebased(block: Block) -> Block:
    """`block` with loops that start at other counters, and run a constant number of times, counted from 0."""
    forms = AffineForms()
    result: list[Statement] = []
    for statement in block:
        if isinstance(statement, For) and (form := forms.of(statement.lower)) is not None and form.terms:
            iv, span = statement.iv, trips(statement) * statement.iv.step
            new = Iv(iv.bits, iv.level, 0, span - iv.step + 1, iv.step)
            value = Op("add", iv.bits, (statement.lower, new))
            body = Rewriter(lambda e, iv=iv, value=value: value if e is iv else e).block(statement.body)
            statement = For(new, constant(iv.bits, 0), constant(iv.bits, new.upper), body)
        result.append(
            statement
            if is_unit(statement)
            else with_bodies(statement, [_rebased(body) for body in bodies(statement)])
        )
    return tuple(result)


def _through_memory(nest: Nest) -> Nest:
    """The nest with elements in place of registers that are loaded from them first and stored there last."""
    for scope in nest.scopes:
        register = scope.array
        written = stores(nest.units)
        found = [s for s in written if s.value is Load(register, ()) and s.array.type.shape]
        if register.type.shape or len(found) != 1:
            continue
        element = Load(found[0].array, found[0].indices)
        starts = [s for s in written if s.array is register and s.value is element]
        uses = [s for s in written if element.array in touched(s)]
        if len(starts) != 1 or len(uses) != 2:
            continue
        kept = tuple(u for u in nest.units if store_of(u) not in (found[0], starts[0]))
        units = _Replaced(register, element).block(kept)
        nest = Nest(nest.loops, tuple(s for s in nest.scopes if s is not scope), units)
    return nest


class _Replaced(Rewriter):
    """Puts an element of an array in the place of a register."""

    def __init__(self, register: Array, element: Load) -> None:
        super().__init__()
        self._register, self._element = register, element

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array is self._register:
            return self._element
        return super()._rebuild(node)

    def statement(self, s: Statement) -> Statement:
        if isinstance(s, Store) and s.array is self._register:
            element = self._element
            return Store(element.array, element.indices, self.expression(s.value), self.expression(s.when))
        return super().statement(s)


def _tidied(units: Block) -> Block:
    """`units` with registers and elements of arrays forwarded, where that is possible."""
    with suppress(Refused):
        units = forwarded(units, store_of, with_store)
    return sunk(units)


def stores(units: Block) -> tuple[Store, ...]:
    """The stores of units."""
    return tuple(store_of(unit) for unit in units)


def first_value(loop: For) -> int:
    """The number that a loop counts from; raises Refused where that is no constant."""
    form = AffineForms().of(loop.lower)
    if form is None or form.terms:
        raise Refused("a loop does not start at a constant")
    return form.constant


def opened(block: Block) -> Block:
    """`block`, of units, with inner loops of few iterations unrolled as far as others remain around them."""
    cleaned = carried(closed(block), lambda value: False)
    return tuple(
        s if is_unit(s) else with_bodies(s, [_opened(b, isinstance(s, For)) for b in bodies(s)])
        for s in cleaned
    )


def _opened(block: Block, within: bool) -> Block:
    """`block` with loops unrolled; `within` says whether a loop stands around."""
    result: list[Statement] = []
    for statement in block:
        if is_unit(statement):
            result.append(statement)
            continue
        inner = [_opened(body, within or isinstance(statement, For)) for body in bodies(statement)]
        statement = with_bodies(statement, inner)
        if within and isinstance(statement, For) and loop_free(statement.body):
            result += _unrolled(statement)
        else:
            result.append(statement)
    return tuple(result)


def _unrolled(loop: For) -> Block:
    """The iterations of a loop, if they are few and small; else the loop."""
    try:
        count, start = trips(loop), first_value(loop)
    except Refused:
        return (loop,)
    if count > _FEW or count * sum(is_unit(s) for s in _parts(loop.body)) > _MOST_STORES:
        return (loop,)
    result: Block = ()
    for number in range(count):
        value = constant(loop.iv.bits, start + number * loop.iv.step)
        result += Rewriter(lambda e, value=value: value if e is loop.iv else e).block(loop.body)
    return result


def _parts(block: Block) -> Iterator[Statement]:
    """The statements of a block, and of those in it; units are not opened."""
    for statement in block:
        yield statement
        if not is_unit(statement):
            for body in bodies(statement):
                yield from _parts(body)


def counters(exprs: tuple[Expr, ...], ivs: tuple[Iv, ...]) -> tuple[int, ...]:
    """The positions of the counters that expressions depend on."""
    used = set(subexpressions(*exprs))
    return tuple(position for position, iv in enumerate(ivs) if iv in used)


def constant(bits: int, value: int) -> Const:
    """A number, signed or not, as a constant."""
    return Const(bits, to_unsigned(value, bits))


def _stores_only(block: Block) -> Block:
    """The stores of units, without their companions."""
    return tuple(store_of(s) for s in statements(block) if is_unit(s))


def _perfected(block: Block) -> Block:
    """`block`, of which one statement loops, with the others moved into the loop, and so on inside of it."""
    looping = [position for position, s in enumerate(block) if not is_unit(s) and not loop_free((s,))]
    if not looping:
        return block
    if len(looping) > 1:
        raise Refused("there are several loops beside each other")
    (position,) = looping
    middle, before, after = block[position], block[:position], block[position + 1 :]
    if isinstance(middle, Local):
        # Nothing beside a Local can use its array.
        return (Local(middle.array, _perfected((*before, *middle.body, *after))),)
    if not isinstance(middle, For):
        raise Refused("the loop in it does not count")
    if len(block) == 1:
        return (with_bodies(middle, [_perfected(middle.body)]),)
    first, last = ends(middle)
    body = (*under(before, first), *middle.body, *under(after, last))
    return (with_bodies(middle, [_perfected(body)]),)
