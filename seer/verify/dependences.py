"""Whether the instances of a rewritten block keep their order wherever two may touch one element."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from seer.lang.affine import Affine, AffineForms
from seer.lang.terms import Array, Expr, Load
from seer.lang.traverse import subexpressions
from seer.verify.correspondence import substitute
from seer.verify.instances import Loop, NotProved, Path, Site
from seer.verify.pieces import Piece
from seer.verify.presburger import Space, difference, equal, less

__all__ = ["keep_order"]

_MAX_PAIRS = 4096
"""Pairs of stores that are looked at one by one; a block that keeps its whole order needs none."""


@dataclass(frozen=True)
class _Access:
    """One read or write of an original site. `subscripts` are unsigned values, None where not affine."""

    array: Hashable
    scope: int
    shape: tuple[int, ...]
    write: bool
    subscripts: tuple[Affine | None, ...]


def keep_order(space: Space, forms: AffineForms, pieces: Sequence[Piece]) -> bool:
    """Raises NotProved unless every dependence keeps its order.

    Returns True if the new block runs all instances in the original order, none of them twice.
    """
    order = _Order(space, forms)
    if order.identical(pieces, 0):
        return True
    if len(pieces) ** 2 > _MAX_PAIRS:
        raise NotProved("too many stores to compare in pairs", undecided=True)
    undecided: str | None = None
    for first, second in product(pieces, repeat=2):
        undecided = order.pair(first, second) or undecided
    if undecided is not None:
        raise NotProved(undecided, undecided=True)
    return False


class _Order:
    def __init__(self, space: Space, forms: AffineForms) -> None:
        self._space = space
        self._forms = forms
        self._accesses: dict[Path, tuple[_Access, ...]] = {}

    def identical(self, pieces: Sequence[Piece], depth: int) -> bool:
        """Whether `pieces`, all inside the same `depth` loops, run in the original order.

        Only neighbours in time are compared, which suffices because no loop is ever empty.
        """
        items: list[list[Piece]] = []
        for piece in pieces:
            if items and _shared(items[-1][0].site, piece.site) > depth:
                items[-1].append(piece)
            else:
                items.append([piece])
        for item in items:
            loops = item[0].site.loops
            if len(loops) > depth and not (
                self._always_runs(loops[depth])
                and self._before(item[-1], item[0], depth, carried=True)
                and self.identical(item, depth + 1)
            ):
                return False
        return all(self._before(a[-1], b[0], depth, carried=False) for a, b in pairwise(items))

    def _always_runs(self, loop: Loop) -> bool:
        lower, upper = self._space.bounds(loop)
        distance = difference(upper, lower)
        if distance is not None:
            return distance > 0
        names = self._space.bind(loop.outer, "x")
        never = f"{self._space.text(lower, names)} >= {self._space.text(upper, names)}"
        dims = [f"x{d}" for d in range(len(loop.outer))]
        return self._space.empty(dims, [*self._space.domain(loop.outer, "x"), never])

    def _before(self, p: Piece, q: Piece, shared: int, carried: bool) -> bool:
        """Whether p's instance precedes q's in the original, always when their `shared` outer loops are
        at one iteration and, if `carried`, the next loop, which they share too, is at an earlier one for p.
        """
        if not carried:
            quickly = _constant_order(p, q, shared)
            if quickly is not None:
                return quickly
        pairs = [(f"x{d}", f"y{d}") for d in range(shared + carried)]
        order = [*equal(pairs[:shared]), *(f"{x} < {y}" for x, y in pairs[shared:])]
        return all(self._never(p, q, [*order, *case]) for case in self._reversed(p, q))

    def pair(self, p: Piece, q: Piece) -> str | None:
        """None if no dependent instances x of p and y of q, x before y, stood the other way round in the
        original; a reason if that is open; raises NotProved if there are some.
        """
        conflicts = [
            c
            for a, b in product(self.accesses(p.source), self.accesses(q.source))
            if (c := self._conflict(p, q, a, b)) is not None
        ]
        if not conflicts:
            return None
        shared = _shared(p.site, q.site)
        pairs = [(f"x{d}", f"y{d}") for d in range(shared)]
        orders = less(pairs) + ([equal(pairs)] if p.site.path < q.site.path else [])
        undecided: str | None = None
        for order, reverse in product(orders, self._reversed(p, q)):
            if self._never(p, q, [*order, *reverse]):
                continue
            for exact, constraints in conflicts:
                if self._never(p, q, [*order, *reverse, *constraints]):
                    continue
                reason = f"{p.site.path} would run before {q.site.path} where the original has them reversed"
                if exact:
                    raise NotProved(f"a dependence is broken: {reason}")
                undecided = f"a dependence may be broken: {reason}, with subscripts that are not affine"
        return undecided

    def _never(self, p: Piece, q: Piece, constraints: Sequence[str]) -> bool:
        dims = [*p.image.dimensions("x"), *q.image.dimensions("y")]
        domains = [*self._space.domain(p.site.loops, "x"), *self._space.domain(q.site.loops, "y")]
        return self._space.empty(dims, [*domains, *constraints])

    def _reversed(self, p: Piece, q: Piece) -> list[list[str]]:
        """Disjuncts of: in the original, q's instance comes before p's or is the same."""
        x, y = p.image.texts(self._space, "x"), q.image.texts(self._space, "y")
        shared = _shared(p.source, q.source)
        pairs = list(zip(y, x, strict=False))[:shared]
        return less(pairs) + ([equal(pairs)] if q.source.path <= p.source.path else [])

    def accesses(self, site: Site) -> tuple[_Access, ...]:
        if site.path not in self._accesses:
            self._accesses[site.path] = tuple(dict.fromkeys(self._access_list(site)))
        return self._accesses[site.path]

    def _access_list(self, site: Site) -> Iterator[_Access]:
        yield self._access(site, site.store.array, site.store.indices, True)
        for node in subexpressions(*site.expressions()):
            if isinstance(node, Load):
                yield self._access(site, node.array, node.indices, False)

    def _access(self, site: Site, array: Array, indices: tuple[Expr, ...], write: bool) -> _Access:
        binder = site.binder(array)
        shape = array.type.shape
        subscripts = tuple(self._subscript(i, n) for i, n in zip(indices, shape, strict=True))
        if binder is None:
            return _Access(array, 0, shape, write, subscripts)
        return _Access(binder.path, len(binder.loops), shape, write, subscripts)

    def _subscript(self, index: Expr, extent: int) -> Affine | None:
        """The affine form of the unsigned value, or of one that is out of bounds whenever that is."""
        form = self._forms.of(index)
        if form is None or (self._forms.intervals.of(index).slo < 0 and 1 << (index.width - 1) < extent):
            return None
        return form

    def _conflict(self, p: Piece, q: Piece, a: _Access, b: _Access) -> tuple[bool, list[str]] | None:
        """Whether the condition is exact, and constraints under which `a` at x and `b` at y touch one
        element; None if they never do."""
        if a.array != b.array or not (a.write or b.write):
            return None
        x, y = p.image.texts(self._space, "x"), q.image.texts(self._space, "y")
        constraints = equal(list(zip(x, y, strict=False))[: a.scope])
        exact = True
        for i, j, extent in zip(a.subscripts, b.subscripts, a.shape, strict=True):
            left, right = self._at(i, p, "x"), self._at(j, q, "y")
            constraints += [f"0 <= {side} < {extent}" for side in (left, right) if side is not None]
            if left is None or right is None:
                exact = False
            else:
                constraints.append(f"{left} = {right}")
        return exact, constraints

    def _at(self, form: Affine | None, piece: Piece, prefix: str) -> str | None:
        if form is None:
            return None
        return self._space.text(substitute(form, piece.values), self._space.bind(piece.site.loops, prefix))


def _shared(p: Site, q: Site) -> int:
    """How many loops around both are the same."""
    return sum(a.path == b.path for a, b in zip(p.loops, q.loops, strict=False))


def _constant_order(p: Piece, q: Piece, shared: int) -> bool | None:
    """Whether p's instance precedes q's in the original when their `shared` outer loops are at one
    iteration, if differences of constants tell; else None."""
    for d in range(_shared(p.source, q.source)):
        left, right = p.image.instance[d], q.image.instance[d]
        inner = {loop.term.iv.level for loop in (*p.site.loops[shared:], *q.site.loops[shared:])}
        if inner & {*left.coefficients, *right.coefficients}:
            return None
        distance = difference(right, left)
        if distance is None:
            return None
        if distance:
            return distance > 0
    return p.source.path < q.source.path
