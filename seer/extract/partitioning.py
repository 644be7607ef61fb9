"""Which arrays stand in several banks: partitions that let a design's accesses run at once.

Partitions are a directive, not a rewrite. Candidates come from the subscripts: accesses that differ by
constants are in different banks of a cyclic partition whose factor tells these constants apart, of a block
partition where they lie far apart, of a complete one where they are constants of a short dimension. An array
is cut only where the ports of its memory would bound a region otherwise, and only as far as that bound falls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import prod

from seer.lang.affine import Affine, AffineForms, Symbol
from seer.lang.terms import Array, Expr, Iv, Load, LocalArray, Store, TopArray
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.cycles import TYPICAL_ITERATIONS
from seer.schedule.lower import BranchNode, LoopNode, LoweredNode, PipelineNode, StraightNode
from seer.schedule.memories import memory_of
from seer.schedule.model import SPLIT_PORTS
from seer.schedule.partition import Cut, Layout, Partition, bank_of, layout_of, problem_of
from seer.schedule.sites import RegionItem
from seer.schedule.target import Target

__all__ = [
    "PARTITIONS",
    "Accesses",
    "accesses_of",
    "in_registers",
    "may_be_cut",
    "partitions_for",
    "port_bound",
]

PARTITIONS = ("none", "locals", "all")
"""What may be cut: nothing, arrays inside of the design, or arguments, too, whose banks are ports."""

_MOST_BANKS = 16
"""Banks of an array; what more would take in multiplexers is more than it saves."""
_MOST_CUTS = 64
"""Combinations of cuts of an array's dimensions that are compared."""
_SHORT = 16
"""Elements of a dimension that is cut completely."""
_FEW = 8
"""Elements of an array that may stand in registers whatever its ports."""


@dataclass(frozen=True)
class Accesses:
    """The different subscripts with which a region loads and stores elements of one array."""

    loads: tuple[tuple[Expr, ...], ...] = ()
    stores: tuple[tuple[Expr, ...], ...] = ()


_Parts = tuple[tuple[tuple[Symbol, int], ...] | Expr, ...]
"""What a subscript is beside its constant, by dimension; all of it where it is not affine."""


def accesses_of(items: Iterable[RegionItem]) -> dict[Array, Accesses]:
    """The accesses of a region to arrays. Every different load counts once, every store."""
    loads: dict[Array, dict[tuple[Expr, ...], None]] = {}
    stores: dict[Array, list[tuple[Expr, ...]]] = {}
    roots: list[Expr] = []
    for statement in statements(tuple(item for item in items if not isinstance(item, LocalArray))):
        roots += expressions(statement)
        if isinstance(statement, Store) and statement.array.type.shape:
            stores.setdefault(statement.array, []).append(statement.indices)
    for node in subexpressions(*roots):
        if isinstance(node, Load) and node.array.type.shape:
            loads.setdefault(node.array, {})[node.indices] = None
    arrays = dict.fromkeys((*loads, *stores))
    return {array: Accesses(tuple(loads.get(array, ())), tuple(stores.get(array, ()))) for array in arrays}


def port_bound(array: Array, accesses: Accesses, target: Target, free: bool = False) -> int:
    """Cycles in which the ports of an array's memory make all accesses of a region; if the array is `free` to
    be cut, those of the best choice of banks."""
    whole = _cycles(array, accesses, None, target)
    if not free or whole <= 1:
        return whole
    return min([whole, *(_cycles(array, accesses, cut, target) for cut in _cuts(array, accesses))])


def partitions_for(
    lowered: Sequence[LoweredNode], target: Target, kind: str, fixed: Iterable[Partition] = ()
) -> tuple[Partition, ...]:
    """The partitions that a lowered program, or part of one, gains from, by its port bounds alone: of those
    arrays that `kind` (one of PARTITIONS) allows and that no partition in `fixed` cuts already."""
    if kind == "none":
        return ()
    taken = {array for partition in fixed for array in partition.arrays}
    regions: dict[Array, list[tuple[int, Accesses]]] = {}
    for items, weight in _regions(lowered, 1):
        for array, accesses in accesses_of(items).items():
            if may_be_cut(array, kind) and array not in taken:
                regions.setdefault(array, []).append((weight, accesses))
    found: list[Partition] = []
    for array, uses in regions.items():
        found += _partitions(array, _best(array, uses, target))
    return tuple(found)


def in_registers(
    lowered: Sequence[LoweredNode], kind: str, fixed: Iterable[Partition] = ()
) -> tuple[Partition, ...]:
    """Complete partitions of the small arrays that may be cut: each element is a register, whose value is
    there in the cycle that asks for it, where a memory answers in the next. Recurrences gain from that."""
    taken = {array for partition in fixed for array in partition.arrays}
    found: dict[Array, None] = {}
    for items, _ in _regions(lowered, 1):
        for array in accesses_of(items):
            words = prod(array.type.shape)
            if isinstance(array, LocalArray) and may_be_cut(array, kind) and 1 < words <= _FEW:
                found[array] = None
    return tuple(
        Partition(f"local{array.level}", "complete", 0, 0, (array,))
        for array in found
        if isinstance(array, LocalArray) and array not in taken
    )


def may_be_cut(array: Array, kind: str) -> bool:
    """Whether an array may be partitioned where `kind` (one of PARTITIONS) is."""
    if kind == "none":
        return False
    # A struct is cut as a whole, and its members are accessed differently.
    plain = isinstance(array, TopArray) and "." not in array.name
    return isinstance(array, LocalArray) or (kind == "all" and plain)


def _regions(nodes: Sequence[LoweredNode], weight: int) -> Iterator[tuple[tuple[RegionItem, ...], int]]:
    """The regions of lowered nodes, and how often they run, about."""
    for node in nodes:
        match node:
            case StraightNode():
                yield node.items, weight
            case PipelineNode():
                yield node.items, weight * prod(_trips(counter.iv) for counter in node.counters)
            case LoopNode():
                yield from _regions(node.body, weight * _trips(node.loop.iv))
            case BranchNode():
                yield from _regions((node.before, *node.then, *node.otherwise), weight)
            case _:
                yield from _regions(node.body, weight * TYPICAL_ITERATIONS)


def _trips(iv: Iv) -> int:
    return min(max(1, -(-(iv.upper - iv.lower) // iv.step)), 1 << 16)


def _best(array: Array, uses: Sequence[tuple[int, Accesses]], target: Target) -> Layout | None:
    """The layout with which all regions take the fewest cycles for their accesses, then the simplest."""

    def total(layout: Layout | None) -> int:
        return sum(weight * _cycles(array, accesses, layout, target) for weight, accesses in uses)

    whole = total(None)
    if whole <= sum(weight for weight, _ in uses):
        return None
    cuts = dict.fromkeys(cut for _, accesses in uses for cut in _cuts(array, accesses))
    keys = [(total(cut), *_effort(cut, uses), number) for number, cut in enumerate(cuts)]
    least = min(keys, default=None)
    return None if least is None or least[0] >= whole else list(cuts)[least[-1]]


def _effort(layout: Layout, uses: Sequence[tuple[int, Accesses]]) -> tuple[int, int, int]:
    """What it takes to find the bank of an element: accesses that divide, accesses whose bank is not known
    before, and banks."""
    divided = dynamic = 0
    for _, accesses in uses:
        for indices in (*accesses.loads, *accesses.stores):
            for index, cut in zip(indices, layout, strict=True):
                if cut is not None and _known_bank(index, cut) is None:
                    dynamic += 1
                    divided += (cut.banks if cut.cyclic else cut.size).bit_count() != 1
    return divided, dynamic, prod(cut.banks for cut in layout if cut is not None)


@lru_cache(maxsize=1 << 16)
def _known_bank(index: Expr, cut: Cut) -> int | None:
    """The bank of a subscript that means one only: to its constant multiples of the factor are added."""
    form = _form(index)
    if form is None:
        return None
    if not cut.cyclic:
        return None if form.terms else cut.bank(form.constant)
    counters = {node.level: node for node in subexpressions(index) if isinstance(node, Iv)}
    first = form.constant
    for symbol, factor in form.terms:
        counter = counters.get(symbol) if isinstance(symbol, int) else None
        if counter is None or factor * counter.step % cut.banks:
            return None
        first += factor * counter.lower
    return cut.bank(first)


def _cuts(array: Array, accesses: Accesses) -> Iterator[Layout]:
    """The layouts that tell some accesses of a region apart."""
    subscripts = dict.fromkeys((*accesses.loads, *accesses.stores))
    if len(subscripts) < 2:
        return
    choices: list[list[Cut | None]] = []
    for dim, extent in enumerate(array.type.shape):
        offsets: dict[_Parts, set[int]] = {}
        for indices in subscripts:
            parts, constants = _split(indices)
            offsets.setdefault(parts, set()).add(constants[dim])
        strides = {stride for indices in subscripts for stride in _strides(indices[dim])}
        choices.append([None, *_of_dimension(extent, offsets, strides)])
    count = 0
    for layout in product(*choices):
        if 1 < prod(cut.banks for cut in layout if cut is not None) <= _MOST_BANKS and count < _MOST_CUTS:
            count += 1
            yield layout


def _strides(index: Expr) -> set[int]:
    """By how much counters move a subscript."""
    form = _form(index)
    steps = {node.level: node.step for node in subexpressions(index) if isinstance(node, Iv)}
    terms = () if form is None else form.terms
    return {abs(factor * steps[s]) for s, factor in terms if isinstance(s, int) and s in steps}


def _of_dimension(extent: int, offsets: Mapping[_Parts, set[int]], strides: set[int]) -> Iterator[Cut]:
    """Cuts of one dimension: cyclic by the strides, and by the least factors that tell offsets apart, in
    blocks where they lie half the dimension apart, complete where it is short."""
    found: dict[tuple[int, bool], None] = {}
    if len(offsets) > 1:
        # What moves in different directions may be in banks of its own all the same.
        found.update(((s, True), None) for s in sorted(strides) if 1 < s <= min(_MOST_BANKS, extent))
    for constants in offsets.values():
        if len(constants) < 2:
            continue
        last = min(_MOST_BANKS, extent)
        apart = [f for f in range(2, last + 1) if len({c % f for c in constants}) == len(constants)]
        powers = [f for f in apart if f.bit_count() == 1]
        for factor in (*apart[:1], *powers[:1], 2):
            if factor <= extent:
                found[factor, True] = None
        if 2 * (max(constants) - min(constants)) >= extent:
            for count in (f for f in range(2, last + 1) if f.bit_count() == 1):
                size = -(-extent // count)
                places = sorted(constants)
                if all(b - a >= size for a, b in pairwise(places)):
                    found[count, False] = None
                    break
    for factor, cyclic in found:
        size = 1 if cyclic else -(-extent // factor)
        yield Cut(extent, factor if cyclic else -(-extent // size), size, cyclic)
    if found and extent <= _SHORT:
        yield Cut(extent, extent, 1, False)


@lru_cache(maxsize=1 << 14)
def _cycles(array: Array, accesses: Accesses, layout: Layout | None, target: Target) -> int:
    """Cycles in which all accesses are made through the ports of the array's memory, or of its banks."""
    memory = memory_of(array if layout is None else bank_of(array, layout, (0,) * len(layout)), "", target)
    if memory.kind == "register":
        return 1
    if memory.kind in SPLIT_PORTS:
        loads, stores = _at_once(accesses.loads, layout), _at_once(accesses.stores, layout)
        return max(1, -(-loads // len(memory.read_ports)), -(-stores // len(memory.write_ports)))
    return max(1, -(-_at_once((*accesses.loads, *accesses.stores), layout) // memory.ports))


def _at_once(subscripts: Sequence[tuple[Expr, ...]], layout: Layout | None) -> int:
    """How many of these accesses one bank may have to serve: those of which it is known, and of others those
    that differ by constants which no cut tells apart, or differ otherwise."""
    if layout is None or not subscripts:
        return len(subscripts)
    known: dict[tuple[int, ...], int] = {}
    groups: dict[_Parts, dict[tuple[int, ...], int]] = {}
    for indices in subscripts:
        banks = [0 if c is None else _known_bank(i, c) for i, c in zip(indices, layout, strict=True)]
        place = tuple(bank for bank in banks if bank is not None)
        if len(place) == len(banks):
            known[place] = known.get(place, 0) + 1
            continue
        parts, constants = _split(indices)
        place = tuple(
            0 if cut is None else cut.bank(constant) for constant, cut in zip(constants, layout, strict=True)
        )
        group = groups.setdefault(parts, {})
        group[place] = group.get(place, 0) + 1
    return max(known.values(), default=0) + sum(max(group.values()) for group in groups.values())


@lru_cache(maxsize=1 << 14)
def _split(indices: tuple[Expr, ...]) -> tuple[_Parts, tuple[int, ...]]:
    forms = [_form(index) for index in indices]
    parts = tuple(index if form is None else form.terms for index, form in zip(indices, forms, strict=True))
    return parts, tuple(0 if form is None else form.constant for form in forms)


@lru_cache(maxsize=1 << 14)
def _form(index: Expr) -> Affine | None:
    return AffineForms().of(index)


def _partitions(array: Array, layout: Layout | None) -> Iterator[Partition]:
    """A layout as directives, in the order of its dimensions."""
    name = array.name if isinstance(array, TopArray) else f"local{getattr(array, 'level', 0)}"
    for dim, cut in enumerate(layout or (), 1):
        if cut is not None:
            complete = not cut.cyclic and cut.size == 1
            kind = "complete" if complete else "cyclic" if cut.cyclic else "block"
            partition = Partition(name, kind, 0 if complete else cut.banks, dim, (array,))
            if problem_of(partition, array) is None and layout_of(array, (partition,)) is not None:
                yield partition
