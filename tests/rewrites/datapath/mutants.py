"""Broken versions of datapath rules, made from the rules' own patterns.

A condition is dropped or weakened by one, operands of the right side are swapped, a sign is flipped, a width
or a constant is off by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seer.egraph.language import CONSTRUCTORS
from seer.egraph.patterns import Apply, Comparison, Literal, Pattern, Variable, variables
from seer.egraph.rules import Rule

FLIPPED = {
    "SExt": "ZExt",
    "AShr": "LShr",
    "Slt": "Ult",
    "Sle": "Ule",
    "SDiv": "UDiv",
    "SRem": "URem",
    "Add": "Sub",
    "And": "Or",
    "Eq": "Ne",
}
FLIPPED |= {after: before for before, after in FLIPPED.items()}
READINGS = {"lo": "slo", "hi": "shi", "slo": "lo", "shi": "hi"}


def mutants(rule: Rule) -> Iterator[Rule]:
    """All broken versions of a rule; `text` says what was done."""
    for position, condition in enumerate(rule.conditions):
        others = rule.conditions[:position] + rule.conditions[position + 1 :]
        if not _defines(rule, condition):
            yield _changed(rule, f"condition {position} dropped", conditions=others)
        weaker = _weakened(condition)
        if weaker is not None:
            weakened = (*rule.conditions[:position], weaker, *rule.conditions[position + 1 :])
            yield _changed(rule, f"condition {position} weakened", conditions=weakened)
    for position, bound in enumerate(rule.bounds):
        if bound.function in READINGS:
            other = replace(bound, function=READINGS[bound.function])
            flipped = (*rule.bounds[:position], other, *rule.bounds[position + 1 :])
            yield _changed(rule, f"bound {position} read the other way", bounds=flipped)
    for what, right in _edits(rule.right):
        yield _changed(rule, what, right=right)


def _changed(rule: Rule, what: str, **fields: object) -> Rule:
    return replace(rule, text=f"{rule.text} ; {what}", **fields)  # type: ignore[arg-type]


def _defines(rule: Rule, condition: Comparison) -> bool:
    """Whether nothing else gives a value to a variable of this equation."""
    known = {v.name for v in variables(rule.left)} | {b.variable.name for b in rule.bounds}
    sides = (condition.left, condition.right)
    return condition.op == "=" and any(isinstance(s, Variable) and s.name not in known for s in sides)


def _weakened(condition: Comparison) -> Comparison | None:
    by_one = _moved(condition.right, 1)
    match condition.op:
        case "<" | "<=":
            return replace(condition, right=by_one)
        case ">" | ">=":
            return replace(condition, right=_moved(condition.right, -1))
        case _:
            return None


def _moved(number: Pattern, by: int) -> Pattern:
    one: Pattern = Literal(abs(by))
    if number.sort == "BigInt":
        one = Apply("bigint", (one,), "BigInt")
    return Apply("+" if by > 0 else "-", (number, one), number.sort)


def _edits(pattern: Pattern) -> Iterator[tuple[str, Pattern]]:
    """The pattern with one thing changed."""
    if not isinstance(pattern, Apply) or pattern.name not in CONSTRUCTORS:
        return
    args, sorts = pattern.args, CONSTRUCTORS[pattern.name].inputs
    if pattern.name in FLIPPED:
        yield f"{pattern.name} flipped", replace(pattern, name=FLIPPED[pattern.name])
    operands = [k for k, sort in enumerate(sorts) if sort == "E"]
    if len(operands) >= 2 and args[operands[-1]] != args[operands[-2]]:
        swapped = list(args)
        swapped[operands[-1]], swapped[operands[-2]] = args[operands[-2]], args[operands[-1]]
        yield f"operands of {pattern.name} swapped", replace(pattern, args=tuple(swapped))
    for position, sort in enumerate(sorts):
        if sort in ("i64", "BigInt"):
            for by in (1, -1):
                moved = (*args[:position], _moved(args[position], by), *args[position + 1 :])
                yield f"number {position} of {pattern.name} moved by {by}", replace(pattern, args=moved)
        else:
            for what, inner in _edits(args[position]):
                yield what, replace(pattern, args=(*args[:position], inner, *args[position + 1 :]))
