"""The proof itself: same instances, same expressions, same storage, dependences in order."""

from __future__ import annotations

from collections.abc import Hashable

from seer.lang.affine import AffineForms
from seer.lang.terms import Array, Block, Load
from seer.lang.traverse import subexpressions
from seer.verify.blocks import agree_outside, keeps_hull, runs, scalars, shapes_of
from seer.verify.canonical import Canonical, Numbering
from seer.verify.correspondence import Correspondence
from seer.verify.dependences import keep_order
from seer.verify.hulls import over_hulls
from seer.verify.instances import Binder, NotProved, Path, Site
from seer.verify.pieces import Image, Piece, disjoint, pieces_of
from seer.verify.presburger import Space

__all__ = ["InstanceProof"]


class InstanceProof:
    """One proof; `run` returns if it succeeds and raises `NotProved` if not."""

    def __init__(self, before: Block, after: Block, correspondence: Correspondence) -> None:
        before, after, held = over_hulls(before, after)
        self._before, self._after = shapes_of(before, after)
        self._forms = AffineForms(registers=held)
        agree_outside(self._before, self._after)
        free = [*self._before.free_ivs, *scalars(before, after), *(Load(r, ()) for r in held)]
        self._space = Space(free, self._forms)
        self._pieces = pieces_of(self._before, self._after, correspondence, self._space)
        self._binders: dict[Path, tuple[Binder, Image]] = {}

    def run(self) -> None:
        for site in (*self._before.sites, *self._after.sites):
            runs(self._space, site)
        for loop in self._after.loops:
            keeps_hull(self._space, loop)
        numbering = Numbering()
        for piece in self._pieces:
            self._same_expressions(piece, numbering)
        in_order = keep_order(self._space, self._forms, self._pieces)
        self._same_instances(distinct=in_order)
        self._same_storage()

    def _same_expressions(self, piece: Piece, numbering: Numbering) -> None:
        """Value, subscripts and predicate at the new site are the original's at the instance it runs."""
        old, new = piece.source, piece.site
        old_locals, new_locals = _bound(old), _bound(new)
        if len(old_locals) != len(new_locals):
            raise NotProved(f"the store at {new.path} uses other Locals than the original")
        for was, now in zip(old_locals, new_locals, strict=True):
            self._pair(now, was, piece)

        def new_name(array: Array) -> Hashable:
            binder = new.binder(array)
            return array if binder is None else ("bound", self._binders[binder.path][0].path)

        def old_name(array: Array) -> Hashable:
            binder = old.binder(array)
            return array if binder is None else ("bound", binder.path)

        left = Canonical(numbering, self._forms, piece.values, old_name)
        right = Canonical(numbering, self._forms, {}, new_name)
        if old_name(old.store.array) != new_name(new.store.array):
            raise NotProved(f"the store at {new.path} writes another array than the original")
        same = (
            [left.index(i) for i in old.store.indices] == [right.index(i) for i in new.store.indices]
            and left.of(old.store.value) == right.of(new.store.value)
            and left.of(old.store.when) == right.of(new.store.when)
        )
        if not same:
            raise NotProved(f"the store at {new.path} does not compute what {old.path} does")

    def _pair(self, now: Binder, was: Binder, piece: Piece) -> None:
        """Note that the new Local `now` stands for `was`, at the instance that `piece` says."""
        if now.term.array.type is not was.term.array.type:
            raise NotProved(f"the Local at {now.path} has another type than the original")
        instance = piece.image.instance[: len(was.loops)]
        known, image = self._binders.setdefault(now.path, (was, Image(now.loops, instance)))
        if known.path != was.path or image.instance != instance:
            raise NotProved(f"the Local at {now.path} stands for more than one of the original")
        outside = {loop.term.iv.level for loop in piece.site.loops[len(now.loops) :]}
        if any(symbol in outside for form in instance for symbol in form.coefficients):
            raise NotProved(f"the Local at {now.path} is shared by several of the original")

    def _same_instances(self, distinct: bool) -> None:
        """The images of the new sites are the original's instances, each hit once (known if `distinct`)."""
        by_source: dict[Path, list[Piece]] = {site.path: [] for site in self._before.sites}
        for piece in self._pieces:
            by_source[piece.source.path].append(piece)
        for site in self._before.sites:
            pieces = by_source[site.path]
            if not distinct and not disjoint(self._space, [p.image for p in pieces]):
                raise NotProved(f"an instance of the store at {site.path} runs more than once")
            dims = [f"b{d}" for d in range(len(site.loops))]
            whole = (dims, self._space.domain(site.loops, "b"))
            if not pieces or not self._space.covers(whole, [p.image.over(self._space, dims) for p in pieces]):
                raise NotProved(f"not exactly the instances of the store at {site.path} run")

    def _same_storage(self) -> None:
        """No storage of the original is split over two of the new block (merging is excluded by `_pair`)."""
        by_source: dict[Path, list[Image]] = {}
        for was, image in self._binders.values():
            by_source.setdefault(was.path, []).append(image)
        for path, images in by_source.items():
            if not disjoint(self._space, images):
                raise NotProved(f"the Local at {path} is split")


def _bound(site: Site) -> list[Binder]:
    """The block's Locals that a site uses, in order of first use: the same order on both sides."""
    reads = [node.array for node in subexpressions(*site.expressions()) if isinstance(node, Load)]
    binders = (site.binder(array) for array in (site.store.array, *reads))
    return list({binder.path: binder for binder in binders if binder is not None}.values())
