"""Rules about floats: what proves them.

A rule loads after it was checked exhaustively on small formats (`small_floats.py`): of 8 bits for one or
two operands, of 6 and 5 bits for three and four, with 17 bits as the wider of two formats; integers of up to
six bits stand beside them, which is beyond what the small formats hold exactly. In a run, widths are 32 and
64. Selections are told apart case by case; where both sides then are one term, nothing is left to prove.
Otherwise an SMT solver decides, in the theory of floating-point numbers (`smt_floats.py`). What is beyond
it, two roundings in one equation above all, rests on the argument that the rule's comment names, and both
sides are executed: on all combinations of special values, and on random ones of many kinds (`executed`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

import numpy as np

from seer.egraph.language import CONSTRUCTORS
from seer.egraph.obligations import IllTyped, Obligation, Refutation, operand_widths
from seer.egraph.patterns import Apply, Literal, Pattern, Variable, evaluate
from seer.egraph.rules import Rule, nodes_of
from seer.egraph.small_floats import FLOAT_FUNCTIONS
from seer.egraph.vectorised import FUNCTIONS
from seer.errors import InputError
from seer.lang.operators import FLOAT_WIDTHS, OPERATORS, mask
from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = [
    "cases",
    "check_form",
    "executed",
    "float_widths",
    "is_about_floats",
    "prove_small",
    "special_values",
]

_WIDE = 17
_BY_OPERANDS = {1: 8, 2: 8, 3: 6, 4: 5}
_LARGEST_INTEGER = 6
_RANDOM = 3_000
"""Random operands at which both sides are executed."""


@cache
def is_about_floats(rule: Rule) -> bool:
    """Whether an operator of the rule reads or gives a float."""
    return any(OPERATORS[_operator(node)].is_float for node in _operators(rule.left, rule.right))


def check_form(rule: Rule) -> None:
    """Raises InputError for what this module could not check."""
    for node in _operators(rule.left, rule.right):
        name = _operator(node)
        if OPERATORS[name].is_float and name not in FLOAT_FUNCTIONS:
            raise InputError(
                f"the rule {rule.name} matches {node.name}",
                rule.location,
                f"rules may be about {', '.join(FLOAT_FUNCTIONS)}",
            )
    for width in _float_positions(rule):
        if not isinstance(width, Variable):
            raise InputError(
                f"the rule {rule.name} fixes the width of a float", rule.location, "use a variable"
            )
    if any(bound.function != "width" for bound in rule.bounds):
        raise InputError(f"the rule {rule.name} asks for a range beside floats", rule.location)


@cache
def float_widths(rule: Rule) -> tuple[str, ...]:
    """The variables that are widths of floats."""
    return tuple(dict.fromkeys(w.name for w in _float_positions(rule) if isinstance(w, Variable)))


def _operators(*patterns: Pattern) -> Iterator[Apply]:
    for pattern in patterns:
        yield from (node for node in nodes_of(pattern) if _is_operator(node))


def _is_operator(node: Apply) -> bool:
    return node.name in CONSTRUCTORS and CONSTRUCTORS[node.name].operator is not None


def _operator(node: Apply) -> str:
    return CONSTRUCTORS[node.name].operator or ""


def _float_positions(rule: Rule) -> Iterator[Pattern]:
    for node in _operators(rule.left, rule.right):
        operator = OPERATORS[_operator(node)]
        if operator.shape != "convert":
            if operator.is_float:
                yield node.args[0]
            continue
        if operator.float_result:
            yield node.args[0]
        if operator.float_operands:
            yield node.args[1]


# --- small formats -----------------------------------------------------------------------------------------


def prove_small(rule: Rule) -> Refutation | None:
    """A counterexample in small formats, or None if the rule holds there."""
    checked = 0
    for env in _small_numbers(rule):
        at = tuple(env.items())
        try:
            operands = _operands(rule, env)
            _Evaluation(env, operands, types_only=True).value(rule.left)
            left = _Evaluation(env, operands).value(rule.left)
        except IllTyped:
            continue
        checked += 1
        try:
            right = _Evaluation(env, operands).value(rule.right)
        except IllTyped as error:
            return Refutation(rule.name, at, reason=f"the right side is ill-typed ({error})")
        if left[0] != right[0]:
            return Refutation(rule.name, at, reason="the sides have different widths")
        differ = np.broadcast_to(left[1] != right[1], [1 << width for width, _ in operands.values()])
        if differ.any():
            first = np.unravel_index(int(np.argmax(differ)), differ.shape)
            x, y = (int(np.broadcast_to(side[1], differ.shape)[first]) for side in (left, right))
            shown = tuple((name, int(v)) for name, v in zip(operands, first, strict=True))
            return Refutation(rule.name, at, shown, x, y)
    if not checked:
        return Refutation(rule.name, (), reason="its conditions hold in no small format")
    return None


def _small_numbers(rule: Rule) -> Iterator[dict[str, int]]:
    """Values of all number variables: widths, then constants."""
    floats = float_widths(rule)
    operands = sum(
        1 for width in operand_widths(rule).values() if isinstance(width, Variable) and width.name in floats
    )
    narrow = _BY_OPERANDS[min(max(operands, 1), 4)]
    widths = {v.name: None for v in _width_variables(rule)}
    choices = [
        ((narrow, _WIDE) if len(floats) > 1 else (narrow,))
        if name in floats
        else range(1, _LARGEST_INTEGER + 1)
        for name in widths
    ]
    for chosen in product(*choices):
        env = dict(zip(widths, chosen, strict=True))
        constants = dict(_constants(rule.left, env))
        if any(bits > 2 * _LARGEST_INTEGER for bits in constants.values()):
            values = [_sampled(bits) for bits in constants.values()]
        else:
            values = [range(1 << bits) for bits in constants.values()]
        for numbers in product(*values):
            solved = rule.solve(env | dict(zip(constants, numbers, strict=True)))
            if solved is not None:
                yield solved


def _width_variables(rule: Rule) -> list[Variable]:
    found: dict[Variable, None] = {}
    for node in nodes_of(rule.left):
        for arg in node.args:
            if isinstance(arg, Variable) and arg.sort == "i64":
                found[arg] = None
    found.update((b.variable, None) for b in rule.bounds if b.function == "width")
    return list(found)


def _constants(pattern: Pattern, env: dict[str, int]) -> Iterator[tuple[str, int]]:
    for node in nodes_of(pattern):
        if node.name == "Num" and isinstance(node.args[1], Variable):
            width = evaluate(node.args[0], env)
            if width is not None and width > 0:
                yield node.args[1].name, width


def _sampled(bits: int) -> list[int]:
    """Constants of a wide format: all with few bits in the fraction, in every exponent, and others."""
    draw = random.Random(bits)
    return [*range(0, 1 << bits, 1 << 6), *(draw.randrange(1 << bits) for _ in range(500))]


def _operands(rule: Rule, env: dict[str, int]) -> dict[str, tuple[int, np.ndarray]]:
    """Every value of each operand, one axis each."""
    widths: dict[str, int] = {}
    for name, pattern in operand_widths(rule).items():
        width = evaluate(pattern, env)
        if width is None or not 0 < width <= _WIDE:
            raise IllTyped(f"{name} has no width")
        widths[name] = width
    found: dict[str, tuple[int, np.ndarray]] = {}
    for axis, (name, width) in enumerate(widths.items()):
        shape = [1] * len(widths)
        shape[axis] = 1 << width
        found[name] = width, np.arange(1 << width, dtype=np.int64).reshape(shape)
    return found


class _Evaluation:
    """A side of a rule on all operand values at once; types are checked on the way."""

    def __init__(
        self, env: dict[str, int], operands: dict[str, tuple[int, np.ndarray]], types_only: bool = False
    ) -> None:
        self._env = env
        self._operands = operands
        self._types_only = types_only

    def value(self, pattern: Pattern) -> tuple[int, np.ndarray]:
        """Width and values. Raises IllTyped."""
        match pattern:
            case Variable(name):
                return self._operands[name]
            case Literal():
                raise IllTyped("a number is no term")
            case Apply("Num", (bits, number)):
                width, value = self._number(bits), self._number(number)
                if not 0 <= value <= mask(width):
                    raise IllTyped(f"{value} does not fit {width} bits")
                return width, np.full((1,) * max(1, len(self._operands)), value, dtype=np.int64)
            case Apply(name, args):
                return self._applied(_operator(pattern), name, args)

    def _applied(self, operator: str, name: str, args: Sequence[Pattern]) -> tuple[int, np.ndarray]:
        known = OPERATORS[operator]
        inputs = CONSTRUCTORS[name].inputs
        count = sum(sort == "i64" for sort in inputs)
        widths = [self._number(arg) for arg in args[:count]]
        parts = [self.value(arg) for arg in args[count:]]
        expected = [widths[-1]] * len(parts)
        if known.shape == "select":
            expected[0] = 1
        if [width for width, _ in parts] != expected or min(widths) < 1:
            raise IllTyped(f"{name} has operands of {[width for width, _ in parts]} bits")
        result = 1 if known.shape == "compare" else widths[0]
        wider = known.shape == "widen" or operator == "fpext"
        narrower = known.shape == "narrow" or operator == "fptrunc"
        if (wider and result <= widths[-1]) or (narrower and result >= widths[-1]):
            raise IllTyped(f"{name} from {widths[-1]} to {result} bits")
        if self._types_only:
            return result, parts[0][1]
        compute = FLOAT_FUNCTIONS.get(operator) or FUNCTIONS[operator]
        return result, compute(widths[-1], result, *(values for _, values in parts))

    def _number(self, pattern: Pattern) -> int:
        found = evaluate(pattern, self._env)
        if found is None:
            raise IllTyped("a number is undefined")
        return found


# --- binary32 and binary64 ---------------------------------------------------------------------------------


def cases(obligation: Obligation) -> Iterator[Obligation]:
    """The obligation for each value of the bits that selections ask for, without these selections."""
    asked: dict[Expr, None] = {}
    for node in subexpressions(obligation.left, obligation.right):
        if isinstance(node, Op) and node.name == "select" and isinstance(node.operands[0], Param):
            asked[node.operands[0]] = None
    for bits in product((0, 1), repeat=len(asked)):
        known = dict(zip(asked, bits, strict=True))

        def chosen(node: Expr, known: Mapping[Expr, int] = known) -> Expr:
            if isinstance(node, Op) and node.name == "select" and node.operands[0] in known:
                return node.operands[1 if known[node.operands[0]] else 2]
            return node

        left, right = _rebuilt(obligation.left, chosen), _rebuilt(obligation.right, chosen)
        yield Obligation(left, right, obligation.operands)


def _rebuilt(root: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with `change` made at each node, from the leaves up."""
    found: dict[Expr, Expr] = {}
    for node in subexpressions(root):
        if isinstance(node, Op):
            node_now = Op(node.name, node.bits, tuple(found[operand] for operand in node.operands))
            found[node] = change(node_now)
        else:
            found[node] = node
    return found[root]


def executed(rule: str, at: tuple[tuple[str, int], ...], obligation: Obligation) -> Refutation | None:
    """Both sides at special and random operands: a counterexample, or None."""
    params = [param for param, _ in obligation.operands]
    for values in _vectors(params, random.Random(rule)):
        env = dict(zip(params, values, strict=True))
        left, right = _run(obligation.left, env), _run(obligation.right, env)
        if left != right:
            shown = tuple((param.name, value) for param, value in env.items())
            return Refutation(rule, at, shown, left, right)
    return None


def _vectors(params: Sequence[Param], draw: random.Random) -> Iterator[Sequence[int]]:
    special = [special_values(param.bits) for param in params]
    if len(params) <= 2:
        yield from product(*special)
    else:
        yield from ([draw.choice(values) for values in special] for _ in range(_RANDOM))
    for _ in range(_RANDOM):
        near = draw.getrandbits(64)
        yield [_drawn(param.bits, draw, near) for param in params]


def special_values(width: int) -> list[int]:
    """Of a float: zeros, the ends of the subnormal and normal numbers, one and its neighbours, two, large
    integers, infinities and NaNs, in both signs; of an integer: its ends and small numbers."""
    if width not in FLOAT_WIDTHS:
        return sorted({v & mask(width) for v in (0, 1, 2, 3, mask(width) >> 1, 1 << (width - 1), -1, -2)})
    fraction = 23 if width == 32 else 52
    bias = 127 if width == 32 else 1023
    infinity = (2 * bias + 1) << fraction
    one = bias << fraction
    found = [0, 1, 2, (1 << fraction) - 1, 1 << fraction, (1 << fraction) + 1, 2 << fraction]
    found += [one - 1, one, one + 1, one + (1 << (fraction - 1)), (bias + 1) << fraction]
    found += [(bias + fraction) << fraction, ((bias + fraction + 1) << fraction) + 1]
    found += [infinity - 1, infinity, infinity + 1, infinity | 1 << (fraction - 1), infinity | 5]
    return [value | sign for value in found for sign in (0, 1 << (width - 1))]


def _drawn(width: int, draw: random.Random, near: int) -> int:
    """A random value: any pattern, of moderate size, with few bits set, or near the other operands."""
    kind = draw.randrange(4)
    if width not in FLOAT_WIDTHS or kind == 0:
        return draw.getrandbits(width)
    fraction = 23 if width == 32 else 52
    bias = 127 if width == 32 else 1023
    sign = draw.getrandbits(1) << (width - 1)
    if kind == 1:
        return sign | draw.randint(bias - 30, bias + 30) << fraction | draw.getrandbits(fraction)
    if kind == 2:
        bits = sum(1 << draw.randrange(fraction) for _ in range(2))
        return sign | draw.randint(1, 2 * bias) << fraction | bits & ((1 << fraction) - 1)
    exponent = bias - 4 + (near & 7) + draw.randint(0, 1)
    return sign | exponent << fraction | (near >> 3) & ((1 << fraction) - 1) ^ draw.getrandbits(2)


def _run(root: Expr, env: dict[Param, int]) -> int:
    found: dict[Expr, int] = {}
    for node in subexpressions(root):
        match node:
            case Const(_, value):
                found[node] = value
            case Param():
                found[node] = env[node]
            case Op(name, bits, operands):
                args = [found[operand] for operand in operands]
                found[node] = OPERATORS[name].evaluate(operands[-1].width, bits, *args)
            case _:
                raise ValueError(f"{type(node).__name__} cannot stand in a rule")
    return found[root]
