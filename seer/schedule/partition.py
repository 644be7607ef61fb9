"""Array partitions: a directive beside the program that has an array stand in several memories (banks).

A partition cuts one dimension. Of D elements along it, `cyclic` by N puts element x into bank x mod N, at
x div N, `block` by N into bank x div ⌈D/N⌉, at x mod ⌈D/N⌉, `complete` each into a bank of its own. The
meaning of the program does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import prod

from seer.errors import InputError
from seer.lang.terms import Array, ArrayType, Expr, Load, LocalArray, Statement, Store, Table
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = [
    "KINDS",
    "NO_BANKS",
    "Bank",
    "Banks",
    "Cut",
    "Layout",
    "Partition",
    "Ring",
    "all_banks",
    "bank_of",
    "describe",
    "layout_of",
    "problem_of",
    "touched",
    "whole_of",
]

KINDS = ("cyclic", "block", "complete")
_MOST_BANKS = 1024
"""Banks of one array; with more, an access whose bank is not known would be a design of its own."""


@dataclass(frozen=True)
class Partition:
    """`dim` counts from 1, 0 means all dimensions; `factor` is the number of banks; `complete` ignores it.

    `variable` is the name of an argument, or that of a local array or table in the source. `arrays`, where
    given, are the arrays that are meant, so that they are the same whatever becomes of the program.
    """

    variable: str
    kind: str
    factor: int = 0
    dim: int = 1
    arrays: tuple[Array, ...] = field(default=(), repr=False)

    @property
    def options(self) -> str:
        """The options of Vitis' pragma ARRAY_PARTITION behind the variable."""
        factor = "" if self.kind == "complete" else f" factor={self.factor}"
        return f"{self.kind}{factor} dim={self.dim}"

    def __str__(self) -> str:
        return f"variable={self.variable} {self.options}"


@dataclass(frozen=True)
class Cut:
    """How one dimension of `extent` elements is cut: cyclically, or into blocks of `size`."""

    extent: int
    banks: int
    size: int
    cyclic: bool

    def bank(self, x: int) -> int:
        """The bank of element x."""
        return x % self.banks if self.cyclic else x // self.size

    def elements(self, bank: int) -> range:
        """The elements in a bank, by their place in it."""
        if self.cyclic:
            return range(bank, self.extent, self.banks)
        return range(bank * self.size, min(self.extent, (bank + 1) * self.size))


Layout = tuple[Cut | None, ...]
"""For each dimension how it is cut, if it is."""


@dataclass(frozen=True, eq=False, repr=False)
class Bank(Array):
    """One bank of the array `whole`; `number` has the bank in each dimension, 0 in those that are not cut."""

    whole: Array
    layout: Layout
    number: tuple[int, ...]

    @property
    def elements(self) -> tuple[int, ...]:
        """The row-major positions in the whole array of the bank's words, in their order."""
        return _elements(self)

    @property
    def values(self) -> tuple[int, ...] | None:
        """The contents of a bank of a table."""
        if not isinstance(self.whole, Table):
            return None
        return tuple(self.whole.values[position] for position in self.elements)

    @property
    def suffix(self) -> str:
        """What follows the array's name in the bank's: a number for each dimension that is cut."""
        return "".join(f"_{n}" for n, cut in zip(self.number, self.layout, strict=True) if cut is not None)


@dataclass(frozen=True, eq=False, repr=False)
class Ring(Array):
    """The local array `whole` in fewer words, a power of two: element x stands in word x modulo their number.

    An address still counts elements (row-major): which of them it means, the memory does not see.
    """

    whole: Array

    @staticmethod
    def of(whole: Array, words: int) -> Ring:
        return Ring(ArrayType(whole.type.width, (words,), whole.type.content), whole)


@lru_cache(maxsize=1 << 12)
def _elements(bank: Bank) -> tuple[int, ...]:
    ranges = [
        range(extent) if cut is None else cut.elements(number)
        for extent, cut, number in zip(bank.whole.type.shape, bank.layout, bank.number, strict=True)
    ]
    strides = [prod(bank.whole.type.shape[k + 1 :]) for k in range(len(ranges))]
    return tuple(sum(x * s for x, s in zip(place, strides, strict=True)) for place in product(*ranges))


def whole_of(array: Array) -> Array:
    """The array that a bank is part of, or that stands in a ring; any other array itself."""
    return array.whole if isinstance(array, (Bank, Ring)) else array


def bank_of(array: Array, layout: Layout, number: tuple[int, ...]) -> Bank:
    """A bank of an array."""
    shape = tuple(
        extent if cut is None else len(cut.elements(n))
        for extent, cut, n in zip(array.type.shape, layout, number, strict=True)
    )
    return Bank(ArrayType(array.type.width, shape, array.type.content), array, layout, number)


def all_banks(array: Array, layout: Layout) -> Iterator[Bank]:
    """The banks of an array, in order."""
    for number in product(*(range(1 if cut is None else cut.banks) for cut in layout)):
        yield bank_of(array, layout, number)


@dataclass(frozen=True)
class Banks:
    """The arrays of a program that are partitioned, and those that stand in so many words each, in rings.
    `aligned` are counters around a region, by level, with their first value: they take this value plus
    multiples of their step."""

    layouts: tuple[tuple[Array, Layout], ...] = ()
    aligned: tuple[tuple[int, int], ...] = ()
    rings: tuple[tuple[Array, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.layouts or self.rings)

    def only(self, arrays: Iterable[Array], aligned: Mapping[int, int]) -> Banks:
        """What a region that touches these arrays depends on."""
        touched = set(arrays)
        layouts = tuple((array, layout) for array, layout in self.layouts if array in touched)
        rings = tuple((array, words) for array, words in self.rings if array in touched)
        if not layouts:
            return Banks(rings=rings) if rings else NO_BANKS
        return Banks(layouts, tuple(sorted(aligned.items())), rings)


NO_BANKS = Banks()


def problem_of(partition: Partition, array: Array) -> str | None:
    """Why an array cannot be cut that way, or None."""
    shape = array.type.shape
    if shape == ():
        return f"{partition.variable} is no array"
    if partition.kind not in KINDS:
        return f"there is no kind `{partition.kind}` of partitions"
    if not 0 <= partition.dim <= len(shape):
        return f"{partition.variable} has {len(shape)} dimension(s)"
    dimensions = shape if partition.dim == 0 else (shape[partition.dim - 1],)
    if partition.kind != "complete":
        if partition.factor < 1:
            return "its factor has to be 1 or more"
        if partition.factor > min(dimensions):
            return f"its factor is greater than the {min(dimensions)} elements of the dimension"
    if (
        prod(dimensions if partition.kind == "complete" else [partition.factor] * len(dimensions))
        > _MOST_BANKS
    ):
        return f"it asks for more than {_MOST_BANKS} banks"
    return None


def layout_of(array: Array, partitions: Sequence[Partition]) -> Layout | None:
    """How partitions of one array, one after the other, cut it; the last one of a dimension counts. None if
    nothing is cut. Raises InputError where an array cannot be cut that way."""
    cuts: list[Cut | None] = [None] * len(array.type.shape)
    for partition in partitions:
        problem = problem_of(partition, array)
        if problem is not None:
            raise InputError(f"the partition of {partition.variable} is impossible: {problem}")
        for k, extent in enumerate(array.type.shape):
            if partition.dim in (0, k + 1):
                cuts[k] = _cut(partition, extent)
    banks = prod(cut.banks for cut in cuts if cut is not None)
    if banks > _MOST_BANKS:
        raise InputError(f"{partitions[0].variable} would have {banks} banks, more than {_MOST_BANKS}")
    return tuple(cuts) if banks > 1 else None


def _cut(partition: Partition, extent: int) -> Cut | None:
    if partition.kind == "complete":
        return Cut(extent, extent, 1, False) if extent > 1 else None
    if partition.factor == 1:
        return None
    if partition.kind == "cyclic":
        return Cut(extent, partition.factor, 1, True)
    size = -(-extent // partition.factor)
    return Cut(extent, -(-extent // size), size, False)


def touched(items: Iterable[Statement | LocalArray], condition: Expr | None = None) -> Iterator[Array]:
    """The arrays that a region's statements and its condition access."""
    roots = [] if condition is None else [condition]
    for statement in statements(tuple(item for item in items if not isinstance(item, LocalArray))):
        roots += expressions(statement)
        if isinstance(statement, Store):
            yield statement.array
    for node in subexpressions(*roots):
        if isinstance(node, Load):
            yield node.array


def describe(layout: Layout) -> str:
    """A layout in words: `cyclic by 4 in dimension 1`."""
    words: list[str] = []
    for k, cut in enumerate(layout):
        if cut is not None:
            kind = f"cyclic by {cut.banks}" if cut.cyclic else f"blocks of {cut.size}"
            kind = "complete" if not cut.cyclic and cut.size == 1 else kind
            words.append(f"{kind} in dimension {k + 1}" if len(layout) > 1 else kind)
    return ", ".join(words)
