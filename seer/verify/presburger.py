"""Sets of store instances as isl sets: exact questions over all values of loops and parameters.

Formulas are kept as isl's text, because islpy takes text faster than it takes one constraint at a time
and because a text is its own key in the cache of answers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import islpy as isl

from seer.lang.affine import Affine, AffineForms, Held, Symbol, unsigned_reading
from seer.lang.terms import Expr, Iv, Load, LocalArray, Op, Param
from seer.verify.instances import Loop, NotProved

__all__ = ["Names", "Space", "difference", "equal", "less", "limited", "relation_of"]

T = TypeVar("T")

_MAX_OPERATIONS = 2_000_000
"""isl's own count of elementary steps after which a question is given up: a fraction of a second."""

Names = Mapping[Symbol, str]
"""isl names of the symbols of affine forms."""


class Space:
    """The parameters that all sets of one check share: free induction variables, scalar arguments, and
    registers that nothing writes.

    The two readings of one argument count as independent of each other: nothing is proved from how they
    hang together.
    """

    def __init__(self, free: Sequence[Expr], forms: AffineForms) -> None:
        self._forms = forms
        self.names: dict[Symbol, str] = {}
        constraints: list[str] = []
        for symbol in free:
            match symbol:
                case Iv():
                    name = f"f{symbol.level}"
                    if symbol.lower >= symbol.upper:
                        raise NotProved("an enclosing loop never runs")
                    if symbol.level in self.names:
                        raise NotProved(f"two enclosing induction variables have level {symbol.level}")
                    self.names[symbol.level] = name
                    # In no steps: the loop around may begin anywhere in the hull.
                    constraints.append(f"{symbol.lower} <= {name} < {symbol.upper}")
                case Param():
                    name = f"p{len(self.names)}"
                    if symbol.name in self.names:
                        raise NotProved(f"two parameters are called {symbol.name!r}")
                    self.names[symbol.name] = name
                    low, high = forms.intervals.of(symbol).signed_bounds
                    constraints.append(f"{low} <= {name} <= {high}")
                case Op() if (unsigned := unsigned_reading(symbol)) is not None:
                    name = f"p{len(self.names)}"
                    self.names[unsigned] = name
                    interval = forms.intervals.of(symbol)
                    constraints.append(f"{interval.ulo} <= {name} <= {interval.uhi}")
                case Load(LocalArray() as array, ()):
                    name = f"r{len(self.names)}"
                    self.names[Held(array)] = name
                    low, high = forms.intervals.of(symbol).signed_bounds
                    constraints.append(f"{low} <= {name} <= {high}")
                case _:
                    raise TypeError(type(symbol).__name__)
        self._prefix = f"[{', '.join(self.names.values())}] -> "
        self._context = constraints

    def bind(self, loops: Sequence[Loop], prefix: str) -> dict[Symbol, str]:
        """Names for the induction variables of `loops` (`x0`, `x1`, …) and for all free symbols."""
        return {**self.names, **{loop.term.iv.level: f"{prefix}{d}" for d, loop in enumerate(loops)}}

    def domain(self, loops: Sequence[Loop], prefix: str) -> list[str]:
        """Constraints on `bind(loops, prefix)`: the values that the loops run through."""
        names = self.bind(loops, prefix)
        constraints: list[str] = []
        for loop in loops:
            lower, upper = self.bounds(loop)
            name = names[loop.term.iv.level]
            constraints += _range(name, self.text(lower, names), self.text(upper, names), loop.term.iv.step)
        return constraints

    def bounds(self, loop: Loop) -> tuple[Affine, Affine]:
        lower, upper = self._forms.of(loop.term.lower), self._forms.of(loop.term.upper)
        if lower is None or upper is None:
            raise NotProved(f"a bound of the loop at {loop.path} is not affine", undecided=True)
        return lower, upper

    @staticmethod
    def text(form: Affine, names: Names) -> str:
        parts = [str(form.constant)] if form.constant or not form.terms else []
        parts += [f"{c}*{names[symbol]}" for symbol, c in form.terms]
        return "(" + " + ".join(parts) + ")"

    def empty(self, dimensions: Sequence[str], constraints: Sequence[str]) -> bool:
        """Whether no values of dimensions and parameters satisfy all constraints."""
        return _is_empty(self._set(dimensions, constraints))

    def covers(
        self,
        whole: tuple[Sequence[str], Sequence[str]],
        parts: Sequence[tuple[Sequence[str], Sequence[str], Sequence[str]]],
    ) -> bool:
        """Whether the set `whole` (dimensions, constraints) is exactly the union of all `parts`.

        A part is (dimensions, hidden dimensions, constraints): its hidden dimensions are projected out.
        """
        texts = tuple(
            self._set(dims, [f"exists {', '.join(hidden)} : " + " and ".join(constraints)])
            if hidden
            else self._set(dims, constraints)
            for dims, hidden, constraints in parts
        )
        return _is_union(self._set(*whole), tuple(dict.fromkeys(texts)))

    def relation(self, source: str, target: str, constraints: str) -> str:
        """A relation between two tuples in isl's text."""
        return self._texts(f"{source} -> {target}", constraints)

    def instances(self, source: str, constraints: str) -> isl.Set:
        """A set of tuples."""
        return _set_of(self._texts(source, constraints))

    def plain(self, source: str, target: str) -> isl.Map:
        """All pairs of two tuples, whatever their names bind."""
        return relation_of(f"{self._prefix}{{ {source} -> {target} }}")

    def _texts(self, tuples: str, constraints: str) -> str:
        context = " and ".join(f"({c})" for c in self._context)
        formula = f"({constraints}) and {context}" if context else constraints
        return f"{self._prefix}{{ {tuples} : {formula} }}"

    @property
    def key(self) -> tuple[object, ...]:
        """What is equal in spaces that describe the same sets by the same texts."""
        return self._prefix, tuple(self._context), tuple(self.names.items())

    def _set(self, dimensions: Sequence[str], constraints: Sequence[str]) -> str:
        formula = " and ".join([*self._context, *(f"({c})" for c in constraints)]) or "true"
        return f"{self._prefix}{{ [{', '.join(dimensions)}] : {formula} }}"


def _range(name: str, lower: str, upper: str, step: int) -> list[str]:
    constraints = [f"{lower} <= {name} < {upper}"]
    if step > 1:
        constraints.append(f"({name} - {lower}) mod {step} = 0")
    return constraints


def difference(left: Affine, right: Affine) -> int | None:
    """left − right where it is the same at all values of the symbols, else None."""
    form = left + right.scaled(-1)
    return None if form.terms else form.constant


def equal(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{left} = {right}" for left, right in pairs]


def less(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Disjuncts of `the left vector is lexicographically before the right one`."""
    return [[*equal(pairs[:d]), f"{left} < {right}"] for d, (left, right) in enumerate(pairs)]


@functools.lru_cache(maxsize=1 << 13)
def relation_of(text: str) -> isl.Map:
    """What `Space.relation` describes; the same few come up again and again."""
    return isl.Map(text)


@functools.lru_cache(maxsize=1 << 12)
def _set_of(text: str) -> isl.Set:
    return isl.Set(text)


@functools.lru_cache(maxsize=1 << 16)
def _is_empty(text: str) -> bool:
    return limited(lambda: isl.Set(text).is_empty())


@functools.lru_cache(maxsize=1 << 12)
def _is_union(whole: str, parts: tuple[str, ...]) -> bool:
    def ask() -> bool:
        union = functools.reduce(lambda a, b: a.union(b), (isl.Set(part) for part in parts))
        return union.coalesce().is_equal(isl.Set(whole))

    return limited(ask)


def limited(question: Callable[[], T], operations: int = _MAX_OPERATIONS) -> T:
    """The answer to `question`, unless isl takes too many steps over it: counted, so reproducible.

    Raises NotProved (undecided) then.
    """
    context = isl.DEFAULT_CONTEXT
    context.set_max_operations(operations)
    context.reset_operations()
    try:
        return question()
    except isl.Error as error:
        raise NotProved(f"isl gave up: {error}", undecided=True) from error
    finally:
        context.set_max_operations(0)
        context.reset_operations()
