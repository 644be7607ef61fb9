"""What a generated function may name, and what of it one full expression touches.

C does not order the operands of most operators, so an expression must not write what another operand
reads or writes. `Touched` keeps the book; an object counts as a whole, whichever part is touched.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from seer.fuzz.c_types import Type

__all__ = ["Counter", "Function", "Object", "Parameter", "Scope", "Touched"]


@dataclass(frozen=True)
class Object:
    """Something with a name. `base` is the object that a pointer points into, else itself; a pointer has
    the type of what may be reached from where it points. `arrow`: a struct named through a pointer."""

    name: str
    type: Type
    base: str
    constant: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Counter:
    """A loop counter that the body does not write: its values lie in lower..upper."""

    name: str
    lower: int
    upper: int


@dataclass(frozen=True)
class Parameter:
    """`passing` is `value`, `array` or `pointer` (to one struct or scalar)."""

    name: str
    type: Type
    passing: str
    constant: bool = False


@dataclass(frozen=True)
class Function:
    """A function that later ones may call; `cost` is a bound on the statements of one call."""

    name: str
    result: Type | None
    parameters: tuple[Parameter, ...]
    reads: frozenset[str]
    writes: frozenset[str]
    cost: int


@dataclass
class Touched:
    """What the evaluated and the unordered operands of a full expression read and write."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    # What may be read, but not written: the target of the assignment around.
    kept: set[str] = field(default_factory=set)

    def may_read(self, base: str) -> bool:
        return base not in self.writes

    def may_write(self, base: str) -> bool:
        return base not in self.writes and base not in self.reads and base not in self.kept

    def copy(self) -> Touched:
        return Touched(set(self.reads), set(self.writes), set(self.kept))

    def add(self, other: Touched) -> None:
        self.reads |= other.reads
        self.writes |= other.writes
        self.kept |= other.kept


@dataclass
class Scope:
    """State of the generator inside one function."""

    draw: random.Random
    objects: list[Object] = field(default_factory=list)
    counters: list[Counter] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)
    # Everything that the function has read and written so far, for its callers.
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    # How often the present statement runs at most, and what all of them cost so far.
    weight: int = 1
    cost: int = 0

    def read(self, base: str) -> None:
        self.touched.reads.add(base)
        self.reads.add(base)

    def write(self, base: str) -> None:
        self.touched.writes.add(base)
        self.writes.add(base)

    def start(self) -> None:
        """A new full expression."""
        self.touched = Touched()
