"""Proof that two blocks leave the same values, whatever stores and storage they take to get there.

Where `instance_proof` wants the same stores in a legal order, this one follows values: to their last writer,
through copies, registers turned into arrays, stores that are dropped or repeated, and conditions on
counters. A claim "this new store leaves what that one left, at those instances" is an induction hypothesis,
and so is every pair of expressions met on the way: each is reduced to pairs that are smaller, or that were
computed earlier in at least one of the blocks and not later in the other, so that a pair may be reduced to
itself. (Bisimulation over array data-flow; compare S. Verdoolaege, G. Janssens and M. Bruynooghe, Equivalence
checking of static affine programs using widening to handle recurrences, 2012.)
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

import islpy as isl

from seer.lang.affine import AffineForms
from seer.lang.terms import TRUE, Block, Const, Expr, Load, Op, Param, Table
from seer.verify.blocks import agree_outside, keeps_hull, scalars, shapes_of
from seer.verify.bound_copies import with_bounds_of_origin
from seer.verify.closed_forms import closed
from seer.verify.correspondence import Correspondence
from seer.verify.definedness import defined_instances
from seer.verify.held_conditions import with_held_conditions
from seer.verify.hulls import over_hulls
from seer.verify.instances import NotProved, Shape
from seer.verify.last_writers import (
    Contents,
    Element,
    LastWriters,
    Readable,
    Updated,
    described,
    last_writers,
    whole_arrays,
)
from seer.verify.presburger import Space, limited, relation_of

__all__ = ["prove_values"]

_MAX_PAIRS, _FEW_PAIRS = 6_000, 160
"""Pairs of expressions that are looked at, and where data decide where values go: unfolding a recurrence that
no claim closes never ends."""
_MAX_OPERATIONS = 60_000_000
"""isl's own count of steps for one proof, some ten seconds."""

_WIDENED = 6
"""How often a pair is met at more instances before all on their lines are asked for."""
_MAX_VISITS = 60
"""The same for giving up, where it still is."""

_Value = Expr | Contents | Element | Updated


@dataclass(frozen=True)
class _Pair:
    """`new`, seen by store `new_site` of the new block, and `old`, seen by `old_site` of the original."""

    new_site: int
    new: _Value
    old_site: int
    old: _Value


def prove_values(before: Block, after: Block, correspondence: Correspondence) -> None:
    """Raises NotProved unless `after` leaves what `before` leaves in every array from outside.

    `correspondence` need not name all stores of the new block: those that it leaves out are looked through.
    """
    blocks = closed(before), closed(after)
    before, after, correspondence = with_held_conditions(*blocks, correspondence)
    data_decide = (before, after) != blocks
    most = _FEW_PAIRS if data_decide else _MAX_PAIRS
    before, after, held = over_hulls(with_bounds_of_origin(before), with_bounds_of_origin(after))
    shapes = shapes_of(before, after)
    agree_outside(*shapes)
    forms = AffineForms(registers=held)
    space = Space([*shapes[0].free_ivs, *scalars(before, after), *(Load(r, ()) for r in held)], forms)
    for loop in shapes[1].loops:
        keeps_hull(space, loop)
    guesses, defined_only = True, False
    while True:
        # isl also gives up where data-flow is beyond it, so that it must not be asked outside of a limit.
        proof = limited(
            functools.partial(
                _Proof, (before, after), shapes, correspondence, space, forms, guesses, defined_only, most
            ),
            _MAX_OPERATIONS,
        )
        try:
            return limited(proof.run, _MAX_OPERATIONS)
        except _ReadsUnwritten:
            if not defined_only:
                defined_only = True
            elif proof.guessed:
                guesses = False
            else:
                raise
        except NotProved:
            # Where data decide where values go, following them without a guess hardly ever ends.
            if not proof.guessed or data_decide:
                raise
            guesses = False


class _ReadsUnwritten(NotProved):
    """A value depends on what a local array holds at first."""

    def __init__(self) -> None:
        super().__init__("a local array is read before it is written", undecided=True)


class _Proof:
    def __init__(
        self,
        blocks: tuple[Block, Block],
        shapes: tuple[Shape, Shape],
        correspondence: Correspondence,
        space: Space,
        forms: AffineForms,
        guesses: bool,
        defined_only: bool,
        most_pairs: int,
    ) -> None:
        self._guesses, self.guessed = guesses, False
        self._most_pairs = most_pairs
        self._space, self._forms = space, forms
        free = list(dict.fromkeys((*shapes[0].free_arrays, *shapes[1].free_arrays)))
        names = {array: f"M{number}" for number, array in enumerate(free)}
        written = {site.store.array for shape in shapes for site in shape.sites}
        self._finals = [array for array in free if array in written]
        whole = whole_arrays(shapes, forms)
        self._old = last_writers("b", blocks[0], shapes[0], self._finals, names, space, forms, whole)
        self._new = last_writers("a", blocks[1], shapes[1], self._finals, names, space, forms, whole)
        self._correspondence = correspondence
        self._defined_only = defined_only
        self._known: dict[_Pair, isl.Map] = {}
        self._visits: dict[_Pair, int] = {}
        self._last: dict[_Pair, isl.Map] = {}
        self._open: deque[tuple[_Pair, isl.Map]] = deque()

    def run(self) -> None:
        self._claims()
        for new, old, array in zip(self._new.readers, self._old.readers, self._finals, strict=True):
            reader = self._new.access(new, Element(array))
            same = reader.apply_range(self._old.access(old, Element(array)).reverse())
            self._demand(_Pair(new, Element(array), old, Element(array)), same)
        looked_at = 0
        while self._open:
            looked_at += 1
            if looked_at > self._most_pairs:
                raise NotProved("following the values does not end", undecided=True)
            self._reduce(*self._open.popleft())

    def _claims(self) -> None:
        sources = {site.path: number for number, site in enumerate(self._old.sites)}
        targets = {site.path: number for number, site in enumerate(self._new.sites)}
        defined = [defined_instances(b) for b in (self._new, self._old)] if self._defined_only else None
        for image in self._correspondence.images:
            new, old = targets.get(image.path), sources.get(image.source)
            if new is None or old is None or len(image.instance) != len(self._old.sites[old].loops):
                raise NotProved("the correspondence names stores that are not there")
            names = self._new.bind(new, "x")
            if any(symbol not in names for form in image.instance for symbol in form.coefficients):
                raise NotProved("the correspondence depends on an unknown symbol")
            where = [
                f"{y} = {self._space.text(form, names)}"
                for y, form in zip(self._old.dimensions(old, "y"), image.instance, strict=True)
            ]
            where += [self._new.domain(new, "x"), self._old.domain(old, "y")]
            relation = self._relation(new, old, " and ".join(where))
            if defined is not None:
                # Nothing may be claimed of values that nobody may use.
                relation = relation.intersect_domain(defined[0][new]).intersect_range(defined[1][old])
            self._demand(_Pair(new, self._left(self._new, new), old, self._left(self._old, old)), relation)

    def _relation(self, new: int, old: int, constraints: str) -> isl.Map:
        text = self._space.relation(self._new.tuple(new, "x"), self._old.tuple(old, "y"), constraints)
        return relation_of(text)

    def _left(self, block: LastWriters, number: int) -> _Value:
        """What a store leaves in its element: the new value, or under a predicate perhaps the one before."""
        store, rest = block.sites[number].store, block.rests[number]
        if block.is_whole(store.array):
            return Updated(number)
        if rest is TRUE:
            return store.value
        return Op("select", store.value.width, (rest, store.value, Load(store.array, store.indices)))

    def _demand(self, pair: _Pair, where: isl.Map) -> None:
        """Note that the two sides of `pair` are to be equal at the instances that `where` relates."""
        known = self._known.get(pair)
        if known is not None:
            where = where.subtract(known)
        if where.is_empty():
            return
        where = where.coalesce()
        visits = self._visits.get(pair, 0) + 1
        self._visits[pair] = visits
        if known is not None and self._guesses and not visits % _WIDENED:
            if visits > _MAX_VISITS:
                raise NotProved("following the values does not end", undecided=True)
            self.guessed = True
            where = self._widened(pair, where).subtract(known).coalesce()
        self._last[pair] = where
        self._known[pair] = where if known is None else known.union(where).coalesce()
        self._open.append((pair, where))

    def _widened(self, pair: _Pair, where: isl.Map) -> isl.Map:
        """A guess what else will be asked of a pair that is met again and again: all instances on the lines
        through the last two. What is guessed is proved like anything else."""
        last = self._last[pair].union(where).affine_hull().to_map()
        instances = isl.Map.from_domain_and_range(
            self._new.instances(pair.new_site), self._old.instances(pair.old_site)
        )
        return instances.intersect(last).intersect_params(where.params()).union(where)

    def _reduce(self, pair: _Pair, where: isl.Map) -> None:
        new, old = pair.new, pair.old
        if isinstance(new, Expr) and isinstance(old, Expr):
            if isinstance(new, (Const, Param)) and new is old:
                return
            if self._affine(pair, new, old, where) or self._split(pair, where):
                return
        left, right = self._readable(pair.new_site, new), self._readable(pair.old_site, old)
        if left is not None and right is not None:
            self._both_read(pair, left, right, where)
        elif self._parts(pair, where):
            return
        elif left is not None:
            self._unfold_new(pair, left, where)
        elif right is not None:
            self._unfold_old(pair, right, where)
        else:
            raise NotProved(self._differ(pair))

    def _differ(self, pair: _Pair) -> str:
        return f"{described(pair.new)} in the new block is not {described(pair.old)} of the original"

    def _affine(self, pair: _Pair, new: Expr, old: Expr, where: isl.Map) -> bool:
        """Compare two affine forms, or two conditions on them; False where they are not."""
        names = self._new.bind(pair.new_site, "x"), self._old.bind(pair.old_site, "y")
        forms = self._forms.of(new), self._forms.of(old)
        if forms[0] is not None and forms[1] is not None and new.width == old.width:
            left, right = (self._space.text(f, n) for f, n in zip(forms, names, strict=True) if f is not None)
            wrong = f"{left} != {right}"
        else:
            left, right = self._new.conditions.text(new, names[0]), self._old.conditions.text(old, names[1])
            if new.width != 1 or left is None or right is None:
                return False
            wrong = f"(({left}) and not ({right})) or (({right}) and not ({left}))"
        if not where.intersect(self._relation(pair.new_site, pair.old_site, wrong)).is_empty():
            raise NotProved(self._differ(pair))
        return True

    def _split(self, pair: _Pair, where: isl.Map) -> bool:
        """Take a select apart whose condition is affine; two with only one such are compared as they are."""
        sides = (("x", pair.new), ("y", pair.old))
        selects = [(side, value) for side, value in sides if isinstance(value, Op) and value.name == "select"]
        texts = [self._condition(pair, side, value) for side, value in selects]
        for (side, value), text in zip(selects, texts, strict=True):
            if text is None:
                continue
            _, yes, no = value.operands
            holds = where.intersect(self._relation(pair.new_site, pair.old_site, text))
            rest = where.subtract(holds)
            if None in texts and not holds.is_empty() and not rest.is_empty():
                return False
            for part, chosen in ((holds, yes), (rest, no)):
                new, old = (chosen, pair.old) if side == "x" else (pair.new, chosen)
                self._demand(_Pair(pair.new_site, new, pair.old_site, old), part)
            return True
        return False

    def _condition(self, pair: _Pair, side: str, value: Op) -> str | None:
        """The condition of a select in isl's words, if it is affine."""
        block, number = (self._new, pair.new_site) if side == "x" else (self._old, pair.old_site)
        return block.conditions.text(value.operands[0], block.bind(number, side))

    def _readable(self, number: int, value: _Value) -> Readable | None:
        return value if isinstance(value, (Load, Contents, Element)) else None

    def _both_read(self, pair: _Pair, left: Readable, right: Readable, where: isl.Map) -> None:
        if isinstance(left, Load) and isinstance(right, Load) and self._by_subscripts(pair, left, right):
            array = left.array
            if not isinstance(array, Table) and self._new.is_whole(array):
                self._demand(
                    _Pair(pair.new_site, Contents(array), pair.old_site, Contents(right.array)), where
                )
            for i, j in zip(left.indices, right.indices, strict=True):
                self._demand(_Pair(pair.new_site, i, pair.old_site, j), where)
            return
        if not self._can_follow(right):
            self._unfold_new(pair, left, where)
            return
        if not self._can_follow(left):
            self._unfold_old(pair, right, where)
            return
        new_sources, new_none = self._new.sources(pair.new_site, left)
        old_sources, old_none = self._old.sources(pair.old_site, right)
        for w, m in new_sources:
            from_new = m.reverse().apply_range(where)
            value = self._left(self._new, w)
            for v, n in old_sources:
                self._demand(_Pair(w, value, v, self._left(self._old, v)), from_new.apply_range(n))
            self._demand(_Pair(w, value, pair.old_site, right), from_new.intersect_range(old_none))
        untouched = where.intersect_domain(new_none)
        for v, n in old_sources:
            other = _Pair(pair.new_site, left, v, self._left(self._old, v))
            self._demand(other, untouched.apply_range(n))
        self._same_at_entry(pair, left, right, untouched.intersect_range(old_none))

    def _by_subscripts(self, pair: _Pair, left: Load, right: Load) -> bool:
        """Whether two loads are to be compared by their subscripts: what they select from is one value, or
        never written."""
        if left.array.type is not right.array.type:
            return False
        if isinstance(left.array, Table) or isinstance(right.array, Table):
            return left.array is right.array
        new, old = self._new.is_whole(left.array), self._old.is_whole(right.array)
        if new or old:
            return new and old
        names = (
            self._new.array_name(pair.new_site, left.array),
            self._old.array_name(pair.old_site, right.array),
        )
        written = (
            self._new.is_written(pair.new_site, left.array),
            self._old.is_written(pair.old_site, right.array),
        )
        bound = self._new.is_bound(pair.new_site, left.array)
        return names[0] == names[1] and not any(written) and not bound

    def _can_follow(self, read: Readable) -> bool:
        """Whether isl knows which element is read, so that its last writer can be asked for."""
        if not isinstance(read, Load):
            return True
        affine = all(self._forms.of(index) is not None for index in read.indices)
        return affine and not isinstance(read.array, Table) and not self._new.is_whole(read.array)

    def _same_at_entry(self, pair: _Pair, left: Readable, right: Readable, where: isl.Map) -> None:
        """What neither block has written is one element from outside."""
        if where.is_empty():
            return
        bound = self._new.is_bound(pair.new_site, left.array) or self._old.is_bound(
            pair.old_site, right.array
        )
        if bound:
            raise _ReadsUnwritten
        new, old = self._new.access(pair.new_site, left), self._old.access(pair.old_site, right)
        names = [access.get_tuple_name(isl.dim_type.out) for access in (new, old)]
        if names[0] != names[1]:
            raise NotProved(self._differ(pair))
        elements = new.reverse().apply_range(where).apply_range(old)
        if not elements.is_subset(isl.Map.identity(elements.get_space())):
            raise NotProved(self._differ(pair))

    def _parts(self, pair: _Pair, where: isl.Map) -> bool:
        """Reduce operators to their operands."""
        new, old = self._operands(self._new, pair.new), self._operands(self._old, pair.old)
        if new is None or old is None or new[0] != old[0]:
            return False
        for left, right in zip(new[1], old[1], strict=True):
            self._demand(_Pair(pair.new_site, left, pair.old_site, right), where)
        return True

    def _operands(self, block: LastWriters, value: _Value) -> tuple[Hashable, list[_Value]] | None:
        if isinstance(value, Op):
            return (value.name, value.bits, tuple(o.width for o in value.operands)), list(value.operands)
        if isinstance(value, Updated):
            store, rest = block.sites[value.site].store, block.rests[value.site]
            parts: list[_Value] = [*store.indices, store.value, rest, Contents(store.array)]
            return ("store", store.array.type, len(parts)), parts
        return None

    def _unfold_new(self, pair: _Pair, read: Readable, where: isl.Map) -> None:
        if not self._can_follow(read):
            raise NotProved("a subscript that is not affine", undecided=True)
        sources, none = self._new.sources(pair.new_site, read)
        if not where.intersect_domain(none).is_empty():
            raise NotProved(self._differ(pair))
        for w, m in sources:
            self._demand(
                _Pair(w, self._left(self._new, w), pair.old_site, pair.old), m.reverse().apply_range(where)
            )

    def _unfold_old(self, pair: _Pair, read: Readable, where: isl.Map) -> None:
        if not self._can_follow(read):
            raise NotProved("a subscript that is not affine", undecided=True)
        sources, none = self._old.sources(pair.old_site, read)
        if not where.intersect_range(none).is_empty():
            raise NotProved(self._differ(pair))
        for w, m in sources:
            self._demand(_Pair(pair.new_site, pair.new, w, self._left(self._old, w)), where.apply_range(m))
