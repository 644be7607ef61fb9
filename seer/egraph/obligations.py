"""Proof obligations: what has to hold for a rule at given widths and constants, made from its own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from seer.egraph.language import CONSTRUCTORS
from seer.egraph.patterns import Apply, Literal, Pattern, Variable, evaluate, instantiate
from seer.egraph.rules import Rule
from seer.lang.intervals import Interval
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = [
    "IllTyped",
    "Obligation",
    "Refutation",
    "operand_bounds",
    "operand_widths",
    "spell_expression",
    "state",
]


@dataclass(frozen=True)
class Obligation:
    """`left = right` for all values of `operands` within their bounds."""

    left: Expr
    right: Expr
    operands: tuple[tuple[Param, Interval], ...]

    def __str__(self) -> str:
        quantified = ", ".join(_spell_operand(param, bounds) for param, bounds in self.operands)
        prefix = f"for all {quantified}: " if quantified else ""
        return f"{prefix}{spell_expression(self.left)} = {spell_expression(self.right)}"


@dataclass(frozen=True)
class Refutation:
    """Why a rule does not hold: at these widths and constants, these operands give different results.

    `left` and `right` are None where the right side is no well-typed term at all.
    """

    rule: str
    at: tuple[tuple[str, int], ...]
    operands: tuple[tuple[str, int], ...] = ()
    left: int | None = None
    right: int | None = None
    reason: str = "the sides differ"

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {value}" for name, value in self.at)
        text = f"{self.rule}: {self.reason} at {at}" if at else f"{self.rule}: {self.reason}"
        if self.left is None:
            return text
        operands = ", ".join(f"{name} = {value}" for name, value in self.operands)
        return f"{text}, {operands}: left side {self.left}, right side {self.right}"


@cache
def operand_widths(rule: Rule) -> dict[str, Pattern]:
    """The pattern that gives the width of each class variable on the rule's left side."""
    widths: dict[str, Pattern] = {}

    def visit(pattern: Pattern, width: Pattern) -> None:
        if isinstance(pattern, Variable):
            widths.setdefault(pattern.name, width)
        elif isinstance(pattern, Apply) and CONSTRUCTORS[pattern.name].operator is not None:
            operator = CONSTRUCTORS[pattern.name].operator or ""
            inputs = CONSTRUCTORS[pattern.name].inputs
            of_operands = pattern.args[1] if inputs[1] == "i64" else pattern.args[0]
            operands = [arg for arg, sort in zip(pattern.args, inputs, strict=True) if sort == "E"]
            for position, operand in enumerate(operands):
                condition = OPERATORS[operator].shape == "select" and position == 0
                visit(operand, _ONE if condition else of_operands)

    if isinstance(rule.left, Variable):
        widths[rule.left.name] = next(
            b.variable for b in rule.bounds if b.function == "width" and b.of == rule.left
        )
    else:
        visit(rule.left, _ONE)
    return widths


def state(rule: Rule, env: Mapping[str, int]) -> Obligation:
    """The obligation of a rule at the given values of all its number variables.

    Raises IllTyped where the left side exists and the right side does not; ValueError where the left side
    does not exist at these widths, so that nothing is to be proved.
    """
    params: dict[str, Param] = {}
    for name, pattern in operand_widths(rule).items():
        width = evaluate(pattern, env)
        if width is None or width < 1:
            raise ValueError(f"{name} has no width")
        params[name] = Param(width, name)
    intervals = operand_bounds(rule, env, {name: param.bits for name, param in params.items()})
    left = instantiate(rule.left, env, params)
    try:
        right = instantiate(rule.right, env, params)
    except ValueError as error:
        raise IllTyped(str(error)) from error
    if not isinstance(left, Expr) or not isinstance(right, Expr):
        raise IllTyped("a datapath rule must be about expressions")
    if left.width != right.width:
        raise IllTyped(f"the left side has {left.width} bits and the right side {right.width}")
    return Obligation(left, right, tuple((params[name], intervals[name]) for name in params))


def operand_bounds(rule: Rule, env: Mapping[str, int], widths: Mapping[str, int]) -> dict[str, Interval]:
    """Bounds of each operand that the rule's range conditions give at these values."""
    bounds = {name: Interval.full(width) for name, width in widths.items()}
    for fact in rule.bounds:
        if fact.function != "width":
            bounds[fact.of.name] = _tightened(bounds[fact.of.name], fact.function, env[fact.variable.name])
    return bounds


class IllTyped(Exception):
    """The right side of a rule is not a term where the left side is one."""


_ONE = Literal(1)


def _tightened(interval: Interval, function: str, bound: int) -> Interval:
    u = (max(interval.ulo, bound), interval.uhi) if function == "lo" else (interval.ulo, interval.uhi)
    if function == "hi":
        u = (interval.ulo, min(interval.uhi, bound))
    s = (max(interval.slo, bound), interval.shi) if function == "slo" else (interval.slo, interval.shi)
    if function == "shi":
        s = (interval.slo, min(interval.shi, bound))
    return Interval(interval.width, *u, *s)


def _spell_operand(param: Param, bounds: Interval) -> str:
    whole = Interval.full(param.bits)
    text = f"{param.name}:{param.bits}"
    if (bounds.ulo, bounds.uhi) != (whole.ulo, whole.uhi):
        text += f" in {bounds.ulo}..{bounds.uhi}"
    if (bounds.slo, bounds.shi) != (whole.slo, whole.shi):
        text += f" signed in {bounds.slo}..{bounds.shi}"
    return text


def spell_expression(root: Expr) -> str:
    """An expression over parameters as text, operators with their result widths."""
    spelled: dict[Expr, str] = {}
    for node in subexpressions(root):
        match node:
            case Const(_, value):
                spelled[node] = str(value)
            case Param(_, name):
                spelled[node] = name
            case Op(name, bits, operands):
                spelled[node] = f"{name}{bits}({', '.join(spelled[o] for o in operands)})"
            case _:
                spelled[node] = type(node).__name__
    return spelled[root]
