"""Rule files as text, read and applied without the e-graph: what the replay of a derivation rests on.

Nothing here is shared with seer.egraph. A rule is an s-expression; its left side is matched against a term,
its conditions are evaluated with seer.lang.intervals, and its right side is built.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seer.lang.intervals import Interval, Intervals
from seer.lang.operators import OPERATORS, to_signed, to_unsigned
from seer.lang.terms import Const, Expr, Op

__all__ = ["Mismatch", "RuleText", "read_rules"]

Form = Any
"""A nested list of atoms (str)."""

_SPELLINGS = {
    "UDiv": "udiv",
    "SDiv": "sdiv",
    "URem": "urem",
    "SRem": "srem",
    "LShr": "lshr",
    "AShr": "ashr",
    "ZExt": "zext",
    "SExt": "sext",
}


_RESIZING = ("widen", "narrow", "convert")
"""Shapes of operators whose patterns spell two widths."""


class Mismatch(Exception):
    """The rule does not do what a step claims."""


def _operator(name: str) -> str | None:
    """SeerLang's name of a constructor, if it is an operator."""
    spelled = _SPELLINGS.get(name, name.lower())
    return spelled if spelled in OPERATORS and name[:1].isupper() else None


@dataclass(frozen=True)
class RuleText:
    """One direction of a rule, as forms."""

    name: str
    left: Form
    right: Form
    conditions: tuple[Form, ...]

    @property
    def is_about_floats(self) -> bool:
        """Whether an operator of the rule reads or gives a float."""
        heads = [*_heads(self.left), *_heads(self.right)]
        return any(OPERATORS[name].is_float for name in map(_operator, heads) if name is not None)

    def apply(self, term: Expr, intervals: Intervals) -> tuple[Expr, dict[str, int | Expr]]:
        """What the rule makes of a term, and the values of its variables.

        Raises Mismatch if it does not match there, or if a condition fails.
        """
        env: dict[str, int | Expr] = {}
        _match(self.left, term, env)
        _hold(self.conditions, env, intervals)
        return _expression(self.right, env), env

    def try_values(self, env: dict[str, int | Expr], intervals: Intervals, rounds: int) -> None:
        """Evaluates both sides at random operands within their bounds; raises Mismatch on a difference."""
        source = random.Random(self.name)
        for _ in range(rounds):
            values: dict[str, int | Expr] = {
                name: _sample(value, intervals.of(value), source) if isinstance(value, Expr) else value
                for name, value in env.items()
            }
            left, right = (_value(_expression(side, values)) for side in (self.left, self.right))
            if left != right:
                raise Mismatch(f"{self.name}: the sides are {left} and {right} for the same operands")


def _sample(term: Expr, bounds: Interval, source: random.Random) -> Const:
    """A constant that the term's bounds allow; bounds that no value meets give the term's lowest."""
    candidates = [bounds.ulo, bounds.uhi, source.randint(bounds.ulo, bounds.uhi)]
    candidates += [to_unsigned(v, term.width) for v in (bounds.slo, bounds.shi)]
    fitting = [
        v
        for v in candidates
        if bounds.ulo <= v <= bounds.uhi and bounds.slo <= to_signed(v, term.width) <= bounds.shi
    ]
    return Const(term.width, source.choice(fitting or [bounds.ulo]))


def _value(closed: Expr) -> int:
    """The value of an expression of constants, no larger than a rule's side."""
    if isinstance(closed, Const):
        return closed.value
    if not isinstance(closed, Op):
        raise Mismatch(f"{type(closed).__name__} is no operator")
    operands = [_value(operand) for operand in closed.operands]
    return OPERATORS[closed.name].evaluate(closed.operands[-1].width, closed.bits, *operands)


def read_rules(text: str) -> dict[str, RuleText]:
    """The rules in a file's text, a birewrite as two."""
    found: dict[str, RuleText] = {}
    for form in _forms(text):
        if form[0] not in ("rewrite", "birewrite"):
            continue
        options = dict(zip(form[3::2], form[4::2], strict=True))
        name = str(options[":name"]).strip('"')
        conditions = tuple(options.get(":when", ()))
        found[name] = RuleText(name, form[1], form[2], conditions)
        if form[0] == "birewrite":
            found[f"{name}-reverse"] = RuleText(f"{name}-reverse", form[2], form[1], conditions)
    return found


def _forms(text: str) -> Iterator[Form]:
    """The top-level lists of a text."""
    tokens = re.findall(r';[^\n]*|"[^"]*"|[()]|[^\s()";]+', text)
    open_lists: list[list[Form]] = []
    for token in tokens:
        if token.startswith(";"):
            continue
        if token == "(":
            open_lists.append([])
        elif token == ")":
            done = open_lists.pop()
            if open_lists:
                open_lists[-1].append(done)
            else:
                yield done
        else:
            open_lists[-1].append(token)


def _heads(form: Form) -> Iterator[str]:
    if not isinstance(form, str):
        yield form[0]
        for part in form[1:]:
            yield from _heads(part)


def _match(form: Form, term: Expr, env: dict[str, int | Expr]) -> None:
    if isinstance(form, str):
        if env.setdefault(form, term) is not term:
            raise Mismatch(f"{form} stands for two terms")
        return
    head, *args = form
    if head == "Num":
        if not isinstance(term, Const):
            raise Mismatch("a constant is expected")
        _match_number(args[0], term.bits, env)
        _match_number(args[1], term.value, env)
        return
    operator = _operator(head)
    if operator is None or not isinstance(term, Op) or term.name != operator:
        raise Mismatch(f"{head} is expected")
    for number, value in zip(args, _widths(term), strict=False):
        _match_number(number, value, env)
    for argument, operand in zip(args[len(_widths(term)) :], term.operands, strict=True):
        _match(argument, operand, env)


def _widths(term: Op) -> tuple[int, ...]:
    """The widths that a pattern of this operator spells."""
    operand = term.operands[-1].width
    shape = OPERATORS[term.name].shape
    return (term.bits, operand) if shape in _RESIZING else (operand,)


def _match_number(form: Form, value: int, env: dict[str, int | Expr]) -> None:
    if isinstance(form, str) and form not in env and not _is_integer(form):
        env[form] = value
    elif _number(form, env) != value:
        raise Mismatch(f"{value} stands where the rule has {form}")


def _is_integer(atom: str) -> bool:
    return re.fullmatch(r"-?\d+", atom) is not None


def _free(form: Form, env: dict[str, int | Expr]) -> bool:
    if isinstance(form, str):
        return form not in env and not _is_integer(form)
    return any(_free(part, env) for part in form[1:])


def _number(form: Form, env: dict[str, int | Expr]) -> int:
    """The value of a number form. Raises Mismatch where it has none."""
    if isinstance(form, str):
        if _is_integer(form):
            return int(form)
        value = env.get(form)
        if not isinstance(value, int):
            raise Mismatch(f"{form} is no number")
        return value
    head, *parts = form
    values = [_number(part, env) for part in parts]
    match head, values:
        case "bigint", [a]:
            return a
        case "bits", [a]:
            return a.bit_length()
        case "amount", [a] if 0 <= a < 256:
            return a
        case "precision", [32 | 64 as a]:
            return 24 if a == 32 else 53
        case "exponent", [a] if a > 0 and a.bit_count() == 1 and a.bit_length() <= 128:
            return a.bit_length() - 1
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/" | "%", [a, b] if b != 0:
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            return quotient if head == "/" else a - b * quotient
        case "<<", [a, b] if 0 <= b < 1024:
            return a << b
        case ">>", [a, b] if 0 <= b < 1024:
            return a >> b
        case "&", [a, b]:
            return a & b
        case "|", [a, b]:
            return a | b
        case "^", [a, b]:
            return a ^ b
        case "min" | "max", [a, b]:
            return min(a, b) if head == "min" else max(a, b)
    raise Mismatch(f"({head} …) has no value for {values}")


_BOUNDS = {"lo": "ulo", "hi": "uhi", "slo": "slo", "shi": "shi"}


def _hold(conditions: tuple[Form, ...], env: dict[str, int | Expr], intervals: Intervals) -> None:
    """Checks conditions and binds what they define, in whatever order they can be evaluated."""
    waiting = list(conditions)
    while waiting:
        later: list[Form] = []
        for op, left, right in waiting:
            for variable, fact in ((left, right), (right, left)):
                if isinstance(fact, list) and (fact[0] in _BOUNDS or fact[0] == "width"):
                    _match_number(variable, _bound(fact, env, intervals), env)
                    break
            else:
                if op == "=" and isinstance(left, str) and _free(left, env) and not _free(right, env):
                    env[left] = _number(right, env)
                elif op == "=" and isinstance(right, str) and _free(right, env) and not _free(left, env):
                    env[right] = _number(left, env)
                elif _free(left, env) or _free(right, env):
                    later.append([op, left, right])
                elif not _compare(op, _number(left, env), _number(right, env)):
                    raise Mismatch(f"the condition ({op} {left} {right}) does not hold")
        if len(later) == len(waiting):
            raise Mismatch("a condition uses a variable without a value")
        waiting = later


def _bound(fact: Form, env: dict[str, int | Expr], intervals: Intervals) -> int:
    term = env.get(fact[1])
    if not isinstance(term, Expr):
        raise Mismatch(f"{fact[1]} is no term")
    if fact[0] == "width":
        return term.width
    interval = intervals.of(term)
    if interval.ulo > interval.uhi or interval.slo > interval.shi:
        raise Mismatch(f"the bounds of {fact[1]} contradict each other")
    return getattr(interval, _BOUNDS[fact[0]])


def _compare(op: str, a: int, b: int) -> bool:
    results = {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
    return results[op]


def _expression(form: Form, env: dict[str, int | Expr]) -> Expr:
    """The term that a form stands for. Raises Mismatch where it is ill-typed."""
    if isinstance(form, str):
        value = env.get(form)
        if not isinstance(value, Expr):
            raise Mismatch(f"{form} is no term")
        return value
    head, *args = form
    try:
        if head == "Num":
            return Const(_number(args[0], env), _number(args[1], env))
        operator = _operator(head)
        if operator is None:
            raise Mismatch(f"{head} is no operator")
        shape = OPERATORS[operator].shape
        widths = [_number(arg, env) for arg in args[: 2 if shape in _RESIZING else 1]]
        operands = tuple(_expression(arg, env) for arg in args[len(widths) :])
        if operands[-1].width != widths[-1]:
            raise Mismatch(f"{head} has an operand of {operands[-1].width} bits instead of {widths[-1]}")
        return Op(operator, 1 if shape == "compare" else widths[0], operands)
    except ValueError as error:
        raise Mismatch(str(error)) from error
