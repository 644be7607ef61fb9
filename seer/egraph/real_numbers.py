"""Rules that hold of real numbers only: what `--fp-reassociate` allows.

They cannot be proved of floats. Before one is loaded, both of its sides are evaluated on rational numbers,
exactly, small integers among them so that zeros and equal operands occur; each use of it is recorded as
`assumed`. A rational identity of so low a degree that holds at so many random points is hardly ever wrong
(Schwartz 1980).
"""

from __future__ import annotations

import random
from fractions import Fraction

from seer.egraph.obligations import IllTyped, Obligation, Refutation, state
from seer.egraph.rules import Rule
from seer.egraph.wide_instances import wide_instances
from seer.lang.floats import number_of
from seer.lang.operators import FLOAT_WIDTHS
from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = ["check", "refute"]

_POINTS = 60

_COMPUTE = {
    "fadd": lambda a, b: a + b,
    "fsub": lambda a, b: a - b,
    "fmul": lambda a, b: a * b,
    "fdiv": lambda a, b: a / b if b else None,
    "fneg": lambda a: -a,
    "fabs": abs,
}


def refute(rule: Rule) -> Refutation | None:
    """A counterexample among the rational numbers, or None if there is none at the points that were tried."""
    instances = [env for width in FLOAT_WIDTHS for env in wide_instances(rule, width, 4)]
    if not instances:
        return Refutation(rule.name, (), reason="no instance of it was found")
    for env in instances:
        at = tuple(env.items())
        try:
            obligation = state(rule, env)
        except IllTyped as error:
            return Refutation(rule.name, at, reason=f"the right side is ill-typed ({error})")
        found = check(rule.name, at, obligation)
        if found is not None:
            return found
    return None


def check(rule: str, at: tuple[tuple[str, int], ...], obligation: Obligation) -> Refutation | None:
    """Both sides at random rational numbers. Where one divides by zero, nothing is said."""
    draw = random.Random(rule)
    params = [param for param, _ in obligation.operands]
    for _ in range(_POINTS):
        values = [Fraction(draw.randint(-4, 4), draw.choice((1, 1, 2, 3))) for _ in params]
        env = dict(zip(params, values, strict=True))
        try:
            left, right = _value(obligation.left, env), _value(obligation.right, env)
        except KeyError as error:
            return Refutation(rule, at, reason=f"{error.args[0]} is no operator of real numbers")
        if left is not None and right is not None and left != right:
            shown = ", ".join(f"{param.name} = {value}" for param, value in env.items())
            return Refutation(rule, at, reason=f"for {shown} the sides are {left} and {right}")
    return None


def _value(root: Expr, env: dict[Param, Fraction]) -> Fraction | None:
    found: dict[Expr, Fraction | None] = {}
    for node in subexpressions(root):
        match node:
            case Const(width, value):
                found[node] = number_of(value, width)
            case Param():
                found[node] = env[node]
            case Op(name, _, operands):
                args = [found[operand] for operand in operands]
                compute = _COMPUTE[name]
                found[node] = None if None in args else compute(*args)
            case _:
                raise KeyError(type(node).__name__)
    return found[root]
