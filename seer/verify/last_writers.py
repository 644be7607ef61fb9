"""Who wrote last what a store reads: array data-flow of one block as isl relations.

After P. Feautrier, Dataflow analysis of array and scalar references, 1991; computed by isl. A store whose
predicate is not affine counts as always writing, either the new value or what was there before; a store
out of bounds does not happen. An array with subscripts that are not affine counts as one value that each
store to it replaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import islpy as isl

from seer.lang.affine import AffineForms
from seer.lang.terms import TRUE, Array, Block, Expr, Load, Op, Table
from seer.lang.traverse import subexpressions
from seer.verify.affine_conditions import AffineConditions
from seer.verify.instances import Path, Shape, Site
from seer.verify.presburger import Names, Space, relation_of

__all__ = [
    "Contents",
    "Element",
    "LastWriters",
    "Readable",
    "Source",
    "Updated",
    "described",
    "last_writers",
    "whole_arrays",
]


@dataclass(frozen=True)
class Contents:
    """All elements of an array just before a store, as one value."""

    array: Array


@dataclass(frozen=True)
class Updated:
    """All elements of its array just after the store of a site, as one value."""

    site: int


@dataclass(frozen=True)
class Element:
    """An element of an array behind the block; all of them as one value where the array is kept whole."""

    array: Array


Readable = Load | Contents | Element
Source = tuple[int, isl.Map]
"""A store's number, and which of its instances wrote last what an instance reads."""


def whole_arrays(shapes: Sequence[Shape], forms: AffineForms) -> frozenset[Array]:
    """The arrays that one of the blocks writes and that a subscript which is not affine selects from."""
    written = {site.store.array for shape in shapes for site in shape.sites}
    whole: set[Array] = set()
    for shape in shapes:
        for site in shape.sites:
            accesses = [(site.store.array, site.store.indices)]
            loads = (n for n in subexpressions(*site.expressions()) if isinstance(n, Load))
            accesses += [(node.array, node.indices) for node in loads]
            for array, indices in accesses:
                if array in written and not all(
                    _selects(index, extent, forms)
                    for index, extent in zip(indices, array.type.shape, strict=True)
                ):
                    whole.add(array)
    return frozenset(whole)


def _selects(index: Expr, extent: int, forms: AffineForms) -> bool:
    """Whether an affine form tells the element that a subscript selects, or that there is none."""
    if forms.of(index) is None:
        return False
    return forms.intervals.of(index).slo >= 0 or 1 << (index.width - 1) >= extent


class LastWriters:
    """The stores of one block, numbered in textual order, and behind them one reader for each array of
    `finals`.

    `tag` tells the blocks of a comparison apart; arrays from outside have the same names in all blocks.
    """

    def __init__(
        self,
        tag: str,
        shape: Shape,
        finals: Sequence[Array],
        names: Mapping[Array, str],
        space: Space,
        forms: AffineForms,
        whole: frozenset[Array],
    ) -> None:
        self._tag = tag
        self._finals = finals
        self._names = names
        self._space = space
        self._forms = forms
        self._whole = whole
        self.conditions = AffineConditions(forms)
        self.sites = shape.sites
        self._written = {self.array_name(number, s.store.array) for number, s in enumerate(shape.sites)}
        self._domains: list[str] = []
        self.rests: list[Expr] = []
        """The part of each store's predicate that is not affine."""
        for number in range(len(self.sites)):
            self._add_domain(number)
        self._accesses: dict[tuple[int, Array, tuple[Expr, ...]], isl.Map] = {}
        self._sources = self._flow()
        self._memo: dict[tuple[int, Readable], tuple[list[Source], isl.Set]] = {}

    @property
    def readers(self) -> range:
        """The numbers behind the stores', one for each array of `finals`."""
        return range(len(self.sites), len(self.sites) + len(self._finals))

    def is_whole(self, array: Array) -> bool:
        """Whether the array counts as one value."""
        return array in self._whole

    def dimensions(self, number: int, prefix: str) -> list[str]:
        """isl names of an instance's coordinates."""
        return [f"{prefix}{d}" for d in range(self._rank(number))]

    def bind(self, number: int, prefix: str) -> Names:
        """isl names of the symbols that a store's expressions use."""
        if number in self.readers:
            return self._space.names
        return self._space.bind(self.sites[number].loops, prefix)

    def tuple(self, number: int, prefix: str) -> str:
        """An instance in isl's text."""
        return f"{self._tag}{number}[{', '.join(self.dimensions(number, prefix))}]"

    def domain(self, number: int, prefix: str) -> str:
        """When an instance happens."""
        return self._domains[number].replace("@", prefix)

    def instances_where(self, number: int, condition: Expr) -> isl.Set | None:
        """The instances of a store at which a condition holds; None where it is not affine."""
        text = self.conditions.text(condition, self._space.bind(self.sites[number].loops, "x"))
        if text is None:
            return None
        return self._space.instances(self.tuple(number, "x"), f"({self.domain(number, 'x')}) and ({text})")

    def array_name(self, number: int, array: Array) -> str:
        """isl's name of the memory that a store sees under `array`."""
        binder = None if number >= len(self.sites) else self.sites[number].binder(array)
        return self._names[array] if binder is None else f"{self._tag}L{'_'.join(map(str, binder.path))}"

    def is_bound(self, number: int, array: Array) -> bool:
        """Whether a Local of the block binds `array` at a store."""
        return number < len(self.sites) and self.sites[number].binder(array) is not None

    def is_written(self, number: int, array: Array) -> bool:
        """Whether any store of the block writes what a store sees under `array`."""
        return self.array_name(number, array) in self._written

    def instances(self, number: int) -> isl.Set:
        """The instances of a store or reader."""
        if number in self.readers:
            return self.access(number, Element(self._finals[number - len(self.sites)])).domain()
        return self._space.instances(self.tuple(number, "x"), self.domain(number, "x"))

    def access(self, number: int, read: Readable) -> isl.Map:
        """The elements that an instance of a store reads."""
        if isinstance(read, Load):
            return self._access(number, read.array, read.indices)
        return self._access(number, read.array, ())

    def sources(self, number: int, read: Readable) -> tuple[list[Source], isl.Set]:
        """The last writers of what an instance reads, and the instances for which there is none."""
        known = self._memo.get((number, read))
        if known is not None:
            return known
        access = self.access(number, read)
        here = access.domain()
        names = (access.get_tuple_name(isl.dim_type.in_), access.get_tuple_name(isl.dim_type.out))
        found: list[Source] = []
        reads = access.domain_map().reverse()
        for writer, relation in self._sources.get(names, ()):
            source = reads.apply_range(relation).coalesce()
            if not source.is_empty():
                found.append((writer, source))
                here = here.subtract(source.domain())
        self._memo[number, read] = (found, here.coalesce())
        return self._memo[number, read]

    def _rank(self, number: int) -> int:
        if number < len(self.sites):
            return len(self.sites[number].loops)
        array = self._finals[number - len(self.sites)]
        return 0 if self.is_whole(array) else len(array.type.shape)

    def _add_domain(self, number: int) -> None:
        site = self.sites[number]
        names = self._space.bind(site.loops, "@")
        texts, rest = self.conditions.split(site.store.when, names)
        constraints = [*self._space.domain(site.loops, "@"), *texts]
        if not self.is_whole(site.store.array):
            for index, extent in zip(site.store.indices, site.store.array.type.shape, strict=True):
                constraints.append(f"0 <= {self._subscript(index, names)} < {extent}")
        self._domains.append(" and ".join(f"({c})" for c in constraints) or "0 = 0")
        self.rests.append(rest)

    def _subscript(self, index: Expr, names: Names) -> str:
        form = self._forms.of(index)
        assert form is not None, "arrays without affine subscripts are kept whole"
        return self._space.text(form, names)

    def _access(self, number: int, array: Array, indices: Sequence[Expr]) -> isl.Map:
        key = number, array, tuple(indices)
        if key not in self._accesses:
            self._accesses[key] = self._made_access(number, array, indices)
        return self._accesses[key]

    def _made_access(self, number: int, array: Array, indices: Sequence[Expr]) -> isl.Map:
        name = self.array_name(number, array)
        if number in self.readers:
            elements = self.dimensions(number, "x")
            extents = [] if self.is_whole(array) else array.type.shape
            bounds = [f"0 <= {e} < {n}" for e, n in zip(elements, extents, strict=True)]
            text = self._space.relation(
                self.tuple(number, "x"), f"{name}[{', '.join(elements)}]", " and ".join(bounds) or "0 = 0"
            )
            return relation_of(text)
        site = self.sites[number]
        names = self._space.bind(site.loops, "x")
        binder = site.binder(array)
        scope = [f"x{d}" for d in range(len(binder.loops))] if binder else []
        subscripts = [] if self.is_whole(array) else [self._subscript(index, names) for index in indices]
        return self._map(number, f"{name}[{', '.join([*scope, *subscripts])}]")

    def _map(self, number: int, target: str) -> isl.Map:
        """From the instances that happen; parsing their long descriptions takes longer than intersecting."""
        return self._space.plain(self.tuple(number, "x"), target).intersect_domain(self.instances(number))

    def _flow(self) -> dict[tuple[str, str], list[tuple[int, isl.Map]]]:
        reads = isl.UnionMap("{ }")
        writes = isl.UnionMap("{ }")
        schedule = isl.UnionMap("{ }")
        times = self._times()
        length = max(map(len, times), default=1)
        for number, site in enumerate(self.sites):
            store = site.store
            writes = writes.union(self._access(number, store.array, store.indices).to_union_map())
            for read in self._reads(number, site):
                reads = reads.union(self.access(number, read).to_union_map())
            time = times[number]
            place = ", ".join([*time, *["0"] * (length - len(time))])
            schedule = schedule.union(self._map(number, f"[{place}]").to_union_map())
        for number, array in zip(self.readers, self._finals, strict=True):
            access = self._access(number, array, ())
            reads = reads.union(access.to_union_map())
            place = ", ".join([str(len(self.sites)), *["0"] * (length - 1)])
            after = self._space.plain(self.tuple(number, "x"), f"[{place}]").intersect_domain(access.domain())
            schedule = schedule.union(after.to_union_map())
        flow = (
            isl.UnionAccessInfo.from_sink(reads)
            .set_must_source(writes)
            .set_schedule_map(schedule)
            .compute_flow()
        )
        found: dict[tuple[str, str], list[tuple[int, isl.Map]]] = {}
        for relation in _maps(flow.get_full_must_dependence()):
            sink = relation.range().unwrap()
            key = (sink.get_tuple_name(isl.dim_type.in_), sink.get_tuple_name(isl.dim_type.out))
            writer = int(relation.get_tuple_name(isl.dim_type.in_).removeprefix(self._tag))
            found.setdefault(key, []).append((writer, relation.reverse()))
        for sources in found.values():
            sources.sort(key=lambda source: source[0])
        return found

    def _reads(self, number: int, site: Site) -> list[Readable]:
        """What a store reads of arrays that the block writes."""
        found: dict[Readable, None] = {}
        nodes = (n for n in subexpressions(*site.expressions()) if isinstance(n, Load))
        for node in nodes:
            if not isinstance(node.array, Table) and self.is_written(number, node.array):
                found[Contents(node.array) if self.is_whole(node.array) else node] = None
        if self.is_whole(site.store.array):
            found[Contents(site.store.array)] = None
        elif self.rests[number] is not TRUE:
            found[Load(site.store.array, site.store.indices)] = None
        return list(found)

    def _times(self) -> list[list[str]]:
        """When instances of each store happen, as vectors: the counters of its loops, each behind the first
        of the stores in that loop, and the store itself. Stores are numbered in textual order, so that in
        equal iterations of the loops that two have in common the vectors compare as the text does."""
        first: dict[Path, int] = {}
        times: list[list[str]] = []
        for number, site in enumerate(self.sites):
            time: list[str] = []
            for depth, loop in enumerate(site.loops):
                time += [str(first.setdefault(loop.path, number)), f"x{depth}"]
            times.append([*time, str(number)])
        return times


def last_writers(
    tag: str,
    block: Block,
    shape: Shape,
    finals: Sequence[Array],
    names: Mapping[Array, str],
    space: Space,
    forms: AffineForms,
    whole: frozenset[Array],
) -> LastWriters:
    """`LastWriters` of a block of this shape: rules make several offers for one block."""
    key = (tag, block, tuple(finals), tuple(names.items()), space.key, whole, forms.registers)
    found = _known.pop(key, None)
    if found is None:
        found = LastWriters(tag, shape, finals, names, space, forms, whole)
    _known[key] = found  # the last used is the last to go
    if len(_known) > _MOST_KNOWN:
        del _known[next(iter(_known))]
    return found


_MOST_KNOWN = 48
_known: dict[tuple[object, ...], LastWriters] = {}


def _maps(union: Any) -> list[isl.Map]:
    found: list[isl.Map] = []
    union.foreach_map(found.append)
    return found


def described(value: object) -> str:
    """A few words for a message."""
    match value:
        case Op():
            return f"a result of {value.name}"
        case Load(array) | Contents(array) | Element(array):
            return f"an element of {_array(array)}"
        case Updated():
            return "an array with a store"
        case _:
            return "a constant or counter"


def _array(array: Array) -> str:
    return repr(getattr(array, "name", "a local array"))
