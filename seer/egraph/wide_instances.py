"""Instances of a rule at large widths: values of all its number variables at which its conditions hold.

What a rule's proof at widths up to 4 leaves open is decided for each tuple of numbers on its own. These are
tuples such as a run may meet: operands of the given width and of parts of it, constants and bounds at the
ends and at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from seer.egraph.exhaustive import constants_of, width_variables
from seer.egraph.floating import float_widths, special_values
from seer.egraph.obligations import IllTyped, operand_bounds, operand_widths, state
from seer.egraph.patterns import evaluate
from seer.egraph.rules import Rule
from seer.lang.operators import FLOAT_WIDTHS

__all__ = ["wide_instances"]

_TRIES = 400


def wide_instances(rule: Rule, width: int, count: int, seed: int = 0) -> Iterator[dict[str, int]]:
    """At most `count` different tuples whose widest operand has `width` bits, the same for the same seed."""
    if float_widths(rule) and width not in FLOAT_WIDTHS:
        return
    draw = random.Random(f"{rule.name} {width} {seed}")
    found: dict[tuple[tuple[str, int], ...], None] = {}
    for _ in range(_TRIES):
        if len(found) == count:
            return
        env = _instance(rule, width, draw)
        if env is None:
            continue
        key = tuple(sorted(env.items()))
        if key not in found:
            found[key] = None
            yield env


def _instance(rule: Rule, width: int, draw: random.Random) -> dict[str, int] | None:
    env = _widths(rule, width, draw)
    constants = constants_of(rule.left, env)
    if constants is None:
        return None
    for name, bits in constants.items():
        special = float_widths(rule) and bits in FLOAT_WIDTHS
        env[name] = draw.choice(special_values(bits)) if special else _constant(bits, draw) % (1 << bits)
    env |= _bounds(rule, env, draw)
    solved = rule.solve(env)
    if solved is None:
        return None
    try:
        obligation = state(rule, solved)
    except IllTyped:
        return solved
    except ValueError:
        return None
    operands = operand_bounds(rule, solved, {p.name: p.bits for p, _ in obligation.operands})
    if any(i.ulo > i.uhi or i.slo > i.shi for i in operands.values()):
        return None
    return solved


def _widths(rule: Rule, width: int, draw: random.Random) -> dict[str, int]:
    names = width_variables(rule)
    parts = [width - 1, width // 2 + 1, width // 2, width // 4, 3, 1]
    chosen = [width, *(draw.choice([width, *parts]) for _ in names[1:])]
    draw.shuffle(chosen)
    floats = float_widths(rule)
    if floats:
        # One width of floats is the given one; a second is the other one.
        order = [width, *(other for other in FLOAT_WIDTHS if other != width)]
        draw.shuffle(order)
        own = dict(zip(floats, order if len(floats) > 1 else [width], strict=False))
        return {name: own.get(name, bits) for name, bits in zip(names, chosen, strict=False)}
    return dict(zip(names, chosen, strict=False))


def _constant(bits: int, draw: random.Random) -> int:
    ones = (1 << bits) - 1
    power = 1 << draw.randrange(bits)
    small = draw.choice([0, 1, 2, 3, 5, 6, 7, 9, 10, 12, 15, 25, 45, 100, 105, draw.randrange(bits)])
    return draw.choice([small, small, power, power - 1, power + 1, ones, ones >> 1, draw.randint(0, ones)])


def _bounds(rule: Rule, env: dict[str, int], draw: random.Random) -> dict[str, int]:
    """Bounds that a few drawn values of each operand show, in both readings."""
    found: dict[str, int] = {}
    shown: dict[str, list[int]] = {}
    for bound in rule.bounds:
        if bound.function == "width":
            continue
        bits = evaluate(operand_widths(rule)[bound.of.name], env) or 1
        if bound.of.name not in shown:
            size = draw.randint(1, bits)
            values = [draw.randrange(1 << size) for _ in range(2)]
            if draw.random() < 0.4:
                values = [value - (1 << (size - 1)) for value in values]
            if draw.random() < 0.2:
                values = [draw.choice([0, 1, (1 << size) - 1])] * 2
            shown[bound.of.name] = values
        values = shown[bound.of.name]
        half = 1 << (bits - 1)
        signed = [(value + half) % (2 * half) - half for value in values]
        unsigned = [value % (2 * half) for value in values]
        ends = signed if bound.function in ("slo", "shi") else unsigned
        found[bound.variable.name] = min(ends) if bound.function in ("lo", "slo") else max(ends)
    return found
