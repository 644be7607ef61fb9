"""SeerLang terms: immutable, hash-consed trees of statements and expressions.

Two terms that are structurally equal are one object, so `is`, `==` and `hash` are constant-time and
every traversal can be memoised by the node itself (an expression is a DAG: sixty rounds of
`t = f(t, t)` are sixty nodes). What each term means stands in docs/semantics.md.

Induction variables and local arrays are named by binder depth (level 0 is outermost; the two count
apart), so that α-equal code is the same term. Source names, labels and locations are not in terms:
`Program.origins` keeps them.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import weakref
from dataclasses import dataclass
from typing import Any, ClassVar

from seer.lang.operators import FLOAT_WIDTHS, OPERATORS, mask, to_signed, to_unsigned

__all__ = [
    "TRUE",
    "Array",
    "ArrayType",
    "Block",
    "Const",
    "Expr",
    "For",
    "Group",
    "If",
    "Iv",
    "Load",
    "Local",
    "LocalArray",
    "Loop",
    "Op",
    "Param",
    "Range",
    "Statement",
    "Store",
    "Table",
    "Term",
    "TopArray",
    "While",
    "out_of_bounds_value",
]


_BETWEEN_FLOATS = {"fpext": (32, 64), "fptrunc": (64, 32)}
"""Widths of operand and result of the conversions between floats."""

_REPR_NODES = 200
"""How many nodes `repr` spells out; a DAG written as a tree can be exponentially long."""


class _HashConsed(type):
    """Metaclass that returns the one existing object for equal constructor arguments."""

    _table: ClassVar[weakref.WeakValueDictionary[tuple[Any, ...], Any]] = weakref.WeakValueDictionary()

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            found = _HashConsed._table.get((cls, *args))
            if found is not None:
                return found
        node = super().__call__(*args, **kwargs)
        key = (cls, *(getattr(node, name) for name in _field_names(cls)))
        return _HashConsed._table.setdefault(key, node)


@functools.cache
def _field_names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


@dataclass(frozen=True, eq=False, repr=False)
class Term(metaclass=_HashConsed):
    """Base of everything that is hash-consed; equality is identity."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Rebuilding through the constructor keeps identity across processes.
        return (type(self), tuple(getattr(self, field.name) for field in dataclasses.fields(self)))

    def __repr__(self) -> str:
        return _abridged(self, [_REPR_NODES])


def _abridged(value: Any, budget: list[int]) -> str:
    budget[0] -= 1
    if budget[0] < 0:
        return "…"
    if isinstance(value, tuple):
        return f"[{' '.join(_abridged(item, budget) for item in value)}]"
    if isinstance(value, Term):
        fields = (_abridged(getattr(value, f.name), budget) for f in dataclasses.fields(value))
        return f"({' '.join([type(value).__name__, *fields])})"
    return str(value)


@dataclass(frozen=True)
class Range:
    """Declared content range [lower, upper]; a negative lower bound means the signed reading."""

    lower: int
    upper: int


@dataclass(frozen=True, eq=False, repr=False)
class ArrayType(Term):
    """Element width in bits, shape (() is a scalar register), and declared content range if any."""

    width: int
    shape: tuple[int, ...]
    content: Range | None = None


def out_of_bounds_value(type: ArrayType) -> int:
    """What a load outside an array of this type gives: one fixed value inside the content range."""
    pattern = int("a5" * (type.width // 8 + 1), 16)
    if type.content is None:
        return to_unsigned(pattern, type.width)
    span = type.content.upper - type.content.lower + 1
    return to_unsigned(type.content.lower + pattern % span, type.width)


@dataclass(frozen=True, eq=False, repr=False)
class Array(Term):
    """A reference to an array; carries its type so that different types never share a class."""

    type: ArrayType


@dataclass(frozen=True, eq=False, repr=False)
class TopArray(Array):
    """An array argument of the program; top-level arrays are pairwise disjoint."""

    name: str


@dataclass(frozen=True, eq=False, repr=False)
class LocalArray(Array):
    """The array bound by the enclosing `Local` of this level."""

    level: int


@dataclass(frozen=True, eq=False, repr=False)
class Table(Array):
    """A constant array: read-only, its values row-major, as numbers in [0, 2^width)."""

    values: tuple[int, ...]

    def __post_init__(self) -> None:
        width, content = self.type.width, self.type.content
        if len(self.values) != math.prod(self.type.shape):
            raise ValueError(f"a table of shape {self.type.shape} has {len(self.values)} values")
        for value in self.values:
            if not 0 <= value <= mask(width):
                raise ValueError(f"table value {value} does not fit {width} bits")
            if content is not None:
                read = to_signed(value, width) if content.lower < 0 else value
                if not content.lower <= read <= content.upper:
                    raise ValueError(f"table value {read} is outside {content.lower}..{content.upper}")


@dataclass(frozen=True, eq=False, repr=False)
class Expr(Term):
    """A total function of (state just before the statement, enclosing induction values)."""

    @property
    def width(self) -> int:
        """Result width in bits."""
        raise TypeError(type(self).__name__)


@dataclass(frozen=True, eq=False, repr=False)
class Const(Expr):
    """A constant, as a number in [0, 2^bits)."""

    bits: int
    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= mask(self.bits):
            raise ValueError(f"constant {self.value} does not fit {self.bits} bits")

    @property
    def width(self) -> int:
        return self.bits


@dataclass(frozen=True, eq=False, repr=False)
class Param(Expr):
    """A scalar argument, read-only."""

    bits: int
    name: str
    content: Range | None = None

    @property
    def width(self) -> int:
        return self.bits


@dataclass(frozen=True, eq=False, repr=False)
class Iv(Expr):
    """An induction variable; it takes values in the constant hull lower ≤ value < upper.

    `lower` and `upper` are signed numbers; the value is reduced to `bits` bits. With a step, values need
    not be `lower` plus multiples of it: the loop may start elsewhere in the hull.
    """

    bits: int
    level: int
    lower: int
    upper: int
    step: int

    @property
    def width(self) -> int:
        return self.bits


@dataclass(frozen=True, eq=False, repr=False)
class Load(Expr):
    """The element at `indices`, read as unsigned numbers of any width; row-major.

    Out of bounds in any dimension, it is a fixed unknown value inside the content range.
    """

    array: Array
    indices: tuple[Expr, ...]

    @property
    def width(self) -> int:
        return self.array.type.width


@dataclass(frozen=True, eq=False, repr=False)
class Op(Expr):
    """An operator of `seer.lang.operators` applied to operands; `bits` is the result width."""

    name: str
    bits: int
    operands: tuple[Expr, ...]

    def __post_init__(self) -> None:
        operator = OPERATORS[self.name]
        widths = [operand.width for operand in self.operands]
        ok = (
            len(widths) == operator.arity
            and {
                "same": lambda: set(widths) == {self.bits},
                "compare": lambda: len(set(widths)) == 1 and self.bits == 1,
                "select": lambda: widths == [1, self.bits, self.bits],
                "widen": lambda: widths[0] < self.bits,
                "narrow": lambda: widths[0] > self.bits,
                "convert": lambda: _BETWEEN_FLOATS.get(self.name) in (None, (widths[0], self.bits)),
            }[operator.shape]()
            and (not operator.float_operands or widths[-1] in FLOAT_WIDTHS)
            and (not operator.float_result or self.bits in FLOAT_WIDTHS)
        )
        if not ok:
            raise ValueError(f"{self.name} of result width {self.bits} has operand widths {widths}")

    @property
    def width(self) -> int:
        return self.bits


TRUE = Const(1, 1)


@dataclass(frozen=True, eq=False, repr=False)
class Statement(Term):
    """A function from (state, enclosing induction values) to state."""


Block = tuple[Statement, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Store(Statement):
    """If `when` (1 bit), write `value` to the element at `indices`; out of bounds it does nothing."""

    array: Array
    indices: tuple[Expr, ...]
    value: Expr
    when: Expr = TRUE

    def __post_init__(self) -> None:
        if isinstance(self.array, Table):
            raise ValueError("a table is read-only")


@dataclass(frozen=True, eq=False, repr=False)
class For(Statement):
    """For iv = lower, lower+iv.step, … while iv < upper (signed): body.

    `lower` and `upper` have the width of `iv` and are built from constants, parameters and enclosing
    induction variables only, without wrap-around; all values between them that the loop takes lie in the
    constant hull that `iv` states.
    """

    iv: Iv
    lower: Expr
    upper: Expr
    body: Block


@dataclass(frozen=True, eq=False, repr=False)
class While(Statement):
    """While `condition` (1 bit), read in the state before each iteration: body.

    A loop with break or early return is a While whose condition reads a flag.
    """

    condition: Expr
    body: Block


Loop = For | While


@dataclass(frozen=True, eq=False, repr=False)
class If(Statement):
    """If `condition` (1 bit), read in the state before the statement: then, else: otherwise."""

    condition: Expr
    then: Block
    otherwise: Block = ()


@dataclass(frozen=True, eq=False, repr=False)
class Group(Statement):
    """A block as one statement."""

    body: Block


@dataclass(frozen=True, eq=False, repr=False)
class Local(Statement):
    """Binds `array` in `body`; contents at entry are unspecified, and it is dead outside."""

    array: LocalArray
    body: Block
