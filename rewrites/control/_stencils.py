"""Which loads of a nest read one array at constant distances from each other."""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.affine import Affine, AffineForms
from seer.lang.terms import Array, Iv, Load, Table
from seer.lang.traverse import subexpressions
from seer.rewrites.control._nests import Nest, stores

__all__ = ["Stencil", "stencils"]

_MOST_ROWS = 16
_MOST_COLUMNS = 16


@dataclass(frozen=True)
class Stencil:
    """Loads of one array, each with its place in a window: rows and columns after the first.

    In a nest of two loops a row further is an iteration of the outer loop, a column one of the inner loop.
    """

    places: tuple[tuple[Load, int, int], ...]

    @property
    def rows(self) -> int:
        return 1 + max(row for _, row, _ in self.places)

    @property
    def columns(self) -> int:
        return 1 + max(column for _, _, column in self.places)

    @property
    def size(self) -> int:
        """How many different places there are; loads may spell one in several ways."""
        return len({place[1:] for place in self.places})

    def first_column(self, row: int) -> int | None:
        """The first column that is read of a row; None if none is."""
        return min((column for _, r, column in self.places if r == row), default=None)


def stencils(nest: Nest) -> list[Stencil]:
    """The windows over arrays that a nest of one or two loops does not write, of at least two places each."""
    written = {store.array for store in stores(nest.units)}
    roots = (e for s in stores(nest.units) for e in (*s.indices, s.value, s.when))
    forms = AffineForms()
    groups: dict[tuple[Array, tuple[Affine, ...]], list[tuple[Load, tuple[int, ...]]]] = {}
    for node in subexpressions(*roots):
        if not isinstance(node, Load) or isinstance(node.array, Table) or node.array in written:
            continue
        found = [forms.of(index) for index in node.indices]
        known = [form for form in found if form is not None]
        if not found or len(known) < len(found):
            continue
        key = node.array, tuple(Affine(0, form.terms) for form in known)
        groups.setdefault(key, []).append((node, tuple(form.constant for form in known)))
    made = (_stencil(nest.ivs, shape, loads) for (_, shape), loads in groups.items() if len(loads) > 1)
    return [stencil for stencil in made if stencil is not None]


def _stencil(
    ivs: tuple[Iv, ...], shape: tuple[Affine, ...], loads: list[tuple[Load, tuple[int, ...]]]
) -> Stencil | None:
    """The window that loads of one shape make up, if their distances are iterations of the loops."""
    inner = [form.coefficients.get(ivs[-1].level, 0) for form in shape]
    outer = [form.coefficients.get(ivs[0].level, 0) if len(ivs) > 1 else 0 for form in shape]
    start = loads[0][1]
    places: list[tuple[Load, int, int]] = []
    for load, constants in loads:
        gaps = [a - b for a, b in zip(constants, start, strict=True)]
        found = _solved(gaps, outer, inner)
        if found is None:
            return None
        places.append((load, *found))
    top, left = min(row for _, row, _ in places), min(column for _, _, column in places)
    stencil = Stencil(tuple((load, row - top, column - left) for load, row, column in places))
    if stencil.rows > _MOST_ROWS or stencil.columns > _MOST_COLUMNS:
        return None
    return stencil if stencil.size > 1 else None


def _solved(gaps: list[int], outer: list[int], inner: list[int]) -> tuple[int, int] | None:
    """How many iterations of the two loops lie between two subscripts, with few of the inner one."""
    for column in sorted(range(-_MOST_COLUMNS, _MOST_COLUMNS + 1), key=abs):
        rest = [gap - c * column for gap, c in zip(gaps, inner, strict=True)]
        rows = {r // c for r, c in zip(rest, outer, strict=True) if c}
        row = min(rows, default=0)
        if all(r == c * row for r, c in zip(rest, outer, strict=True)):
            return row, column
    return None
