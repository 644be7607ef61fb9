"""Rule patterns: terms with variables, conditions on them, and what these evaluate to.

A rule is written over the constructors of the language and over primitives on integers. i64 and BigInt
differ in how far they reach only; both are Python integers here. A primitive that egglog leaves undefined
(division by zero, a table without the key, i64 overflow) evaluates to None, and the match fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from seer.egraph.language import CONSTRUCTORS, Term, Value, build
from seer.egraph.small_floats import FORMATS

__all__ = [
    "COMPARISONS",
    "PRECISIONS",
    "PRIMITIVES",
    "RANGE_FUNCTIONS",
    "TABLES",
    "Apply",
    "Bound",
    "Comparison",
    "Literal",
    "Pattern",
    "Solver",
    "Variable",
    "evaluate",
    "instantiate",
    "number",
    "spell",
    "variables",
]


@dataclass(frozen=True)
class Variable:
    """A variable of the given sort."""

    name: str
    sort: str


@dataclass(frozen=True)
class Literal:
    """An i64 literal."""

    value: int
    sort: str = "i64"


@dataclass(frozen=True)
class Apply:
    """A constructor, a primitive or a table applied to arguments; `sort` is that of the result."""

    name: str
    args: tuple[Pattern, ...]
    sort: str


Pattern = Variable | Literal | Apply


@dataclass(frozen=True)
class Comparison:
    """`left op right` on integers; `=` also gives a value to a variable that has none yet."""

    op: str
    left: Pattern
    right: Pattern


@dataclass(frozen=True)
class Bound:
    """`variable = function(of)`: a fact of the interval analysis about the class of `of`."""

    variable: Variable
    function: str
    of: Variable


COMPARISONS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

RANGE_FUNCTIONS = {"width": "i64", "lo": "BigInt", "hi": "BigInt", "slo": "BigInt", "shi": "BigInt"}

TABLES = {"amount": ("BigInt", "i64"), "exponent": ("BigInt", "i64"), "precision": ("i64", "i64")}
"""Tables of `language.egg`, with the sorts of their argument and result."""

TABLE_SIZE = {"amount": 256, "exponent": 128}

PRECISIONS = {32: 24, 64: 53} | FORMATS
"""Precision of a format of floats, the hidden bit included, by width."""


def _truncated(a: int, b: int) -> int | None:
    if b == 0:
        return None
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _remainder(a: int, b: int) -> int | None:
    quotient = _truncated(a, b)
    return None if quotient is None else a - b * quotient


PRIMITIVES = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _truncated,
    "%": _remainder,
    "<<": lambda a, b: a << b if 0 <= b < 1024 else None,
    ">>": lambda a, b: a >> b if 0 <= b < 1024 else None,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "min": min,
    "max": max,
    "bigint": lambda a: a,
    "bits": lambda a: a.bit_length(),
    "amount": lambda a: a if 0 <= a < TABLE_SIZE["amount"] else None,
    "precision": PRECISIONS.get,
    "exponent": lambda a: a.bit_length() - 1 if a > 0 and not a & (a - 1) and a.bit_length() <= 128 else None,
}
"""What each primitive or table computes; None where egglog defines nothing."""


def variables(pattern: Pattern) -> Iterator[Variable]:
    """Every occurrence of a variable, left to right."""
    if isinstance(pattern, Variable):
        yield pattern
    elif isinstance(pattern, Apply):
        for arg in pattern.args:
            yield from variables(arg)


Number = Callable[[Mapping[str, int]], int | None]
"""A primitive pattern as a function of the values of its variables; None where it is undefined."""


def number(pattern: Pattern) -> Number:
    """The function that a primitive pattern stands for; it raises KeyError for a variable without a value."""
    match pattern:
        case Literal(value):
            return lambda env: value
        case Variable(name):
            return lambda env: env[name]
        case Apply(name, args, sort):
            compute, limited = PRIMITIVES[name], sort == "i64"
            parts = [number(arg) for arg in args]

            def apply(env: Mapping[str, int]) -> int | None:
                values = [part(env) for part in parts]
                if None in values:
                    return None
                result = compute(*values)
                if limited and result is not None and not -(1 << 63) <= result < 1 << 63:
                    return None
                return result

            return apply


def evaluate(pattern: Pattern, env: Mapping[str, int]) -> int | None:
    """The integer that a primitive pattern stands for; None if it is undefined."""
    return number(pattern)(env)


class Solver:
    """The conditions of a rule, put in an order in which each variable is bound before it is used.

    `known` are the variables that have values from the start. Raises KeyError, with the name, for a variable
    that nothing defines.
    """

    def __init__(self, conditions: Iterable[Comparison], known: Iterable[str]) -> None:
        bound = set(known)
        self._plan: list[tuple[str | None, Callable[[int, int], bool], Number, Number]] = []
        pending = list(conditions)
        while pending:
            later = [c for c in pending if not self._take(c, bound)]
            if len(later) == len(pending):
                first = later[0]
                names = [v.name for side in (first.left, first.right) for v in variables(side)]
                raise KeyError(next(name for name in names if name not in bound))
            pending = later

    def _take(self, condition: Comparison, bound: set[str]) -> bool:
        sides = (condition.left, condition.right)
        unknown = [{v.name for v in variables(side)} - bound for side in sides]
        target: str | None = None
        if any(unknown):
            for side, other in (sides, sides[::-1]):
                rest = {v.name for v in variables(other)} - bound
                if condition.op == "=" and isinstance(side, Variable) and side.name not in bound and not rest:
                    target, sides = side.name, (side, other)
                    bound.add(target)
                    break
            else:
                return False
        self._plan.append((target, COMPARISONS[condition.op], number(sides[0]), number(sides[1])))
        return True

    def __call__(self, env: Mapping[str, int]) -> dict[str, int] | None:
        """`env` with the variables that the conditions define; None where a condition fails."""
        values = dict(env)
        for target, holds, left, right in self._plan:
            b = right(values)
            if b is None:
                return None
            if target is not None:
                values[target] = b
                continue
            a = left(values)
            if a is None or not holds(a, b):
                return None
        return values


def instantiate(pattern: Pattern, values: Mapping[str, Value], terms: Mapping[str, Term]) -> Term:
    """The term that a pattern of sort E, I, S or B stands for.

    Raises ValueError where the result would be ill-typed or a constant out of range.
    """
    match pattern:
        case Variable(name):
            return terms[name]
        case Apply(name, args):
            primitive: list[Value] = []
            children: list[Term] = []
            for arg, sort in zip(args, CONSTRUCTORS[name].inputs, strict=True):
                if sort in ("i64", "BigInt"):
                    value = evaluate(arg, values)  # type: ignore[arg-type]
                    if value is None:
                        raise ValueError(f"{spell(arg)} is undefined")
                    primitive.append(value)
                elif sort == "String":
                    primitive.append(values[arg.name])  # type: ignore[union-attr]
                else:
                    children.append(instantiate(arg, values, terms))
            term = build(name, primitive, children)
            _check_widths(name, primitive, term)
            return term
        case Literal():
            raise ValueError("a literal is not a term")


def _check_widths(name: str, values: list[Value], term: Term) -> None:
    """What the term's own constructor does not check: that operands have the width the pattern says."""
    shape = CONSTRUCTORS[name].inputs
    if CONSTRUCTORS[name].operator is None:
        return
    operands = term.operands  # type: ignore[union-attr]
    width = values[1] if len(shape) > 1 and shape[1] == "i64" else values[0]
    if term.width < 1:  # type: ignore[union-attr]
        raise ValueError(f"{name} has no bits")
    if operands[-1].width != width:
        raise ValueError(f"{name} of operand width {width} has an operand of width {operands[-1].width}")


def spell(pattern: Pattern) -> str:
    """The pattern as egglog text."""
    match pattern:
        case Variable(name):
            return name
        case Literal(value):
            return str(value)
        case Apply(name, args):
            return f"({' '.join([name, *map(spell, args)])})"
