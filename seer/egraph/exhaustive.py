"""Exhaustive proof of a rule at small widths, over everything it quantifies over.

Widths 1 to 4, all constants, all bounds that the conditions admit, and all operand values within these
bounds; both sides are evaluated by the operators of seer.lang (`vectorised.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np

from seer.egraph.obligations import IllTyped, Obligation, Refutation, operand_bounds, operand_widths, state
from seer.egraph.patterns import Apply, Bound, Pattern, Variable, evaluate, variables
from seer.egraph.rules import Rule
from seer.egraph.vectorised import evaluate as evaluate_all
from seer.lang.intervals import Interval
from seer.lang.operators import to_signed

__all__ = [
    "LARGEST_WIDTH",
    "check",
    "constants_of",
    "prove_small",
    "small_instances",
    "width_variables",
]

LARGEST_WIDTH = 4
_VALUES = 1 << 21
"""Operand values that `check` goes through at most."""


def prove_small(rule: Rule) -> Refutation | None:
    """The counterexample with the smallest widths, or None if the rule holds at all widths up to 4.

    A rule whose conditions hold at none of these widths is refuted as well: nothing would be checked.
    """
    checked = 0
    for env, boxes in small_instances(rule):
        at = tuple(env.items())
        try:
            obligation = state(rule, env | boxes[0])
        except IllTyped as error:
            return Refutation(rule.name, at, reason=f"the right side is ill-typed ({error})")
        except ValueError:
            continue
        checked += 1
        found = check(rule.name, at, obligation, _covered(rule, env, obligation, boxes))
        if found is not None:
            return found
    if not checked:
        return Refutation(rule.name, (), reason=f"its conditions hold at no widths up to {LARGEST_WIDTH}")
    return None


def small_instances(rule: Rule) -> Iterator[tuple[dict[str, int], list[dict[str, int]]]]:
    """Number variables that the right side sees, with all the bounds that the conditions admit there.

    Each item stands for one obligation; the boxes are values of the rule's bound variables.
    """
    widths = width_variables(rule)
    ranges = [b for b in rule.bounds if b.function != "width"]
    seen_right = {v.name for v in variables(rule.right)}
    for chosen in product(range(1, LARGEST_WIDTH + 1), repeat=len(widths)):
        env = dict(zip(widths, chosen, strict=True))
        constants = constants_of(rule.left, env)
        if constants is None:
            continue
        for values in product(*(range(1 << width) for width in constants.values())):
            fixed = env | dict(zip(constants, values, strict=True))
            boxes: dict[tuple[tuple[str, int], ...], list[dict[str, int]]] = {}
            bound_names = {b.variable.name for b in ranges}
            for bound_values in _bound_values(rule, ranges, fixed):
                solved = rule.solve(fixed | bound_values)
                if solved is None:
                    continue
                visible = {n: v for n, v in solved.items() if n not in bound_names or n in seen_right}
                boxes.setdefault(tuple(visible.items()), []).append(bound_values)
            for visible, found in boxes.items():
                yield dict(visible), found


def width_variables(rule: Rule) -> list[str]:
    """The variables of the left side that are widths of terms, in order of first occurrence."""
    bound = {b.variable.name for b in rule.bounds if b.function == "width"}
    return list(dict.fromkeys(v.name for v in _left_variables(rule) if v.sort == "i64" or v.name in bound))


def _left_variables(rule: Rule) -> list[Variable]:
    return [*variables(rule.left), *(b.variable for b in rule.bounds if b.function == "width")]


def constants_of(pattern: Pattern, env: dict[str, int]) -> dict[str, int] | None:
    """Constant variables of a left side with their widths; None where the widths do not fit together."""
    found: dict[str, int] = {}

    def visit(node: Pattern) -> bool:
        if not isinstance(node, Apply):
            return True
        if node.name == "Num":
            width = evaluate(node.args[0], env)
            if isinstance(node.args[1], Variable):
                return found.setdefault(node.args[1].name, width or 0) == width
            return True
        return all(visit(arg) for arg in node.args)

    return found if visit(pattern) else None


def _bound_values(rule: Rule, ranges: list[Bound], env: dict[str, int]) -> Iterator[dict[str, int]]:
    """All values of the bound variables; lower bounds never exceed upper ones of the same operand."""
    domains: dict[str, range] = {}
    for bound in ranges:
        pattern = operand_widths(rule)[bound.of.name]
        width = evaluate(pattern, env) or 1
        signed = bound.function in ("slo", "shi")
        half = 1 << (width - 1)
        domains[bound.variable.name] = range(-half, half) if signed else range(1 << width)
    groups: list[tuple[list[str], list[tuple[int, ...]]]] = []
    taken: set[str] = set()
    for bound in ranges:
        name = bound.variable.name
        if name in taken:
            continue
        partner = next((b.variable.name for b in ranges if _is_upper_of(b, bound)), None)
        names = [name] if partner is None or partner in taken or partner == name else [name, partner]
        taken.update(names)
        values = product(*(domains[n] for n in names))
        groups.append((names, [v for v in values if v[0] <= v[-1]]))
    for chosen in product(*(values for _, values in groups)):
        yield {
            n: v
            for (names, _), vs in zip(groups, chosen, strict=True)
            for n, v in zip(names, vs, strict=True)
        }


def _is_upper_of(high: Bound, low: Bound) -> bool:
    pair = (low.function, high.function)
    return low.of == high.of and pair in (("lo", "hi"), ("slo", "shi"))


def _covered(
    rule: Rule, env: dict[str, int], obligation: Obligation, boxes: list[dict[str, int]]
) -> np.ndarray | None:
    """Marks the operand values that lie within the bounds of at least one box; None means all."""
    if all(b.function == "width" for b in rule.bounds):
        return None
    widths = {param.name: param.bits for param, _ in obligation.operands}
    covered = np.zeros([1 << width for width in widths.values()], dtype=bool)
    for box in boxes:
        bounds = operand_bounds(rule, env | box, widths)
        covered[np.ix_(*(_inside(bounds[name]) for name in widths))] = True
    return covered


@cache
def _inside(interval: Interval) -> np.ndarray:
    values = range(1 << interval.width)
    return np.array([_within(value, interval) for value in values])


def _within(value: int, interval: Interval) -> bool:
    signed = to_signed(value, interval.width)
    return interval.ulo <= value <= interval.uhi and interval.slo <= signed <= interval.shi


def check(
    rule: str, at: tuple[tuple[str, int], ...], obligation: Obligation, covered: np.ndarray | None = None
) -> Refutation | None:
    """Evaluates both sides at all operand values, or at those that `covered` marks.

    Raises ValueError where there are too many of them, or where a value is too wide.
    """
    params = [param for param, _ in obligation.operands]
    if sum(param.bits for param in params) > _VALUES.bit_length() - 1:
        raise ValueError("too many operand values")
    left, right = evaluate_all(obligation.left, params), evaluate_all(obligation.right, params)
    differ = np.broadcast_to(left != right, [1 << param.bits for param in params])
    if covered is not None:
        differ = differ & covered
    else:
        for axis, (param, interval) in enumerate(obligation.operands):
            if interval != Interval.full(param.bits):
                shape = [1] * len(params)
                shape[axis] = 1 << param.bits
                differ = differ & _inside(interval).reshape(shape)
    if not differ.any():
        return None
    first = np.unravel_index(int(np.argmax(differ)), differ.shape)
    x, y = (np.broadcast_to(side, differ.shape)[first] for side in (left, right))
    operands = tuple((p.name, int(v)) for p, v in zip(params, first, strict=True))
    return Refutation(rule, at, operands, int(x), int(y))
