"""What each C name stands for while a function is lowered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clang.cindex import Cursor

from seer.frontend.types import CType
from seer.frontend.values import Value
from seer.lang.affine import Affine, Held, Symbol

__all__ = ["ArrayBinding", "Scalar", "Scope", "Span"]


@dataclass(frozen=True)
class Span:
    """Inclusive bounds of a number."""

    low: int
    high: int


@dataclass(frozen=True)
class ArrayBinding:
    """An array argument."""

    memref: Any
    element: CType
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Scalar:
    """A scalar variable: held in `memref` (a Local), or fixed to `value` in its scope.

    `form` is its value as an affine form where that is known and cannot change: only then may a loop
    bound read it. Symbols of forms are parameters and levels of enclosing loops.
    """

    type: CType
    memref: Any = None
    value: Value | None = None
    form: Affine | None = None


@dataclass
class Scope:
    """Bindings by declaration (so that shadowing needs no care), and what bounds may refer to.

    `spans` bounds each symbol of affine forms; `parameters` holds the values that scalar arguments
    came with, and `loops`, by level, the index value of each enclosing loop's induction variable with
    the signed type that holds it. `held` are the registers that bounds read, with their signed types.
    """

    bindings: dict[Cursor, Any] = field(default_factory=dict)
    spans: dict[Symbol, Span] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    loops: list[tuple[Any, CType]] = field(default_factory=list)
    held: dict[Held, tuple[Any, CType]] = field(default_factory=dict)

    def span(self, form: Affine) -> Span:
        """Bounds of an affine form over the spans of its symbols."""
        low = high = form.constant
        for symbol, coefficient in form.terms:
            span = self.spans[symbol]
            ends = (coefficient * span.low, coefficient * span.high)
            low += min(ends)
            high += max(ends)
        return Span(low, high)

    def partial_sums(self, form: Affine) -> Span:
        """Bounds of every sum of some of the form's summands, in whatever order they are added."""
        low, high = min(0, form.constant), max(0, form.constant)
        for symbol, coefficient in form.terms:
            span = self.spans[symbol]
            ends = (coefficient * span.low, coefficient * span.high)
            low += min(0, *ends)
            high += max(0, *ends)
        return Span(low, high)
