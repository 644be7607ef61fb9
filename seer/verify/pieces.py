"""The pieces of a rewritten block: each new site with the original instances it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from seer.lang.affine import Affine, Symbol
from seer.verify.correspondence import Correspondence
from seer.verify.instances import Loop, NotProved, Shape, Site
from seer.verify.presburger import Space, difference, equal, less

__all__ = ["Image", "Piece", "disjoint", "pieces_of"]


@dataclass(frozen=True)
class Image:
    """A map from the iterations of `loops` to vectors of original induction values."""

    loops: tuple[Loop, ...]
    instance: tuple[Affine, ...]

    def texts(self, space: Space, prefix: str) -> list[str]:
        """The vector in isl's text, over dimensions `prefix0`, `prefix1`, …"""
        names = space.bind(self.loops, prefix)
        return [space.text(form, names) for form in self.instance]

    def dimensions(self, prefix: str) -> list[str]:
        return [f"{prefix}{d}" for d in range(len(self.loops))]

    def over(self, space: Space, target: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """The set of vectors as a part for `Space.covers`, with dimensions named `target`."""
        vector = equal(list(zip(target, self.texts(space, "x"), strict=True)))
        return target, self.dimensions("x"), [*space.domain(self.loops, "x"), *vector]


@dataclass(frozen=True)
class Piece:
    """The new site `site` runs, at each of its iterations, the instance `image` of `source`."""

    site: Site
    source: Site
    image: Image

    @cached_property
    def values(self) -> Mapping[Symbol, Affine]:
        """The original loops' induction variables (by level) over the new ones."""
        ivs = (loop.term.iv.level for loop in self.source.loops)
        return dict(zip(ivs, self.image.instance, strict=True))


def pieces_of(before: Shape, after: Shape, correspondence: Correspondence, space: Space) -> list[Piece]:
    """One piece a new site, in textual order; raises NotProved if the correspondence does not fit."""
    sources = {site.path: site for site in before.sites}
    images = {image.path: image for image in correspondence.images}
    if len(images) != len(correspondence.images) or set(images) != {site.path for site in after.sites}:
        raise NotProved("the correspondence names other stores than the new block has")
    pieces: list[Piece] = []
    for site in after.sites:
        image = images[site.path]
        source = sources.get(image.source)
        if source is None or len(image.instance) != len(source.loops):
            raise NotProved(f"the store at {site.path} stands for no store of the original")
        known = space.bind(site.loops, "x")
        if any(symbol not in known for form in image.instance for symbol in form.coefficients):
            raise NotProved(f"the instances of the store at {site.path} depend on an unknown symbol")
        pieces.append(Piece(site, source, Image(site.loops, image.instance)))
    return pieces


def disjoint(space: Space, images: Sequence[Image]) -> bool:
    """Whether no vector is hit twice, neither by one image nor by two."""
    constants = [image.instance for image in images if not image.loops]
    symbolic = [image for image in images if image.loops]
    if len(set(constants)) < len(constants):
        return False
    # Two images without loops may still meet at some parameter; without symbols the set has told.
    if any(form.terms for instance in constants for form in instance):
        symbolic = list(images)
    return all(
        _injective(space, left) and all(_apart(space, left, right) for right in images if right is not left)
        for left in symbolic
    )


def _apart(space: Space, left: Image, right: Image) -> bool:
    for a, b in zip(left.instance, right.instance, strict=True):
        fixed = not any(loop.term.iv.level in a.coefficients for loop in left.loops)
        if (
            fixed
            and difference(a, b)
            and not any(loop.term.iv.level in b.coefficients for loop in right.loops)
        ):
            return True
    same = equal(list(zip(left.texts(space, "x"), right.texts(space, "y"), strict=True)))
    constraints = [*space.domain(left.loops, "x"), *space.domain(right.loops, "y"), *same]
    return space.empty([*left.dimensions("x"), *right.dimensions("y")], constraints)


def _injective(space: Space, image: Image) -> bool:
    dimensions = [*image.dimensions("x"), *image.dimensions("y")]
    same = equal(list(zip(image.texts(space, "x"), image.texts(space, "y"), strict=True)))
    constraints = [*space.domain(image.loops, "x"), *space.domain(image.loops, "y"), *same]
    pairs = list(zip(image.dimensions("x"), image.dimensions("y"), strict=True))
    return all(space.empty(dimensions, [*constraints, *distinct]) for distinct in less(pairs))
