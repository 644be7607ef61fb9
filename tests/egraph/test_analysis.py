"""The interval analysis is sound, and draws the conclusions of seer.lang.intervals."""

from random import Random

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.proof import Prover
from seer.egraph.rules import RuleBook
from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS, to_signed, to_unsigned
from seer.lang.terms import ArrayType, Const, Expr, Iv, Op, Param, Range, Store, TopArray
from seer.lang.traverse import subexpressions

WIDTHS = (1, 3, 8, 32)


def random_expression(random: Random, width: int, depth: int) -> Expr:
    if depth == 0 or random.random() < 0.15:
        return random_leaf(random, width)
    name = random.choice(list(OPERATORS))
    operator = OPERATORS[name]

    def operand(width: int) -> Expr:
        return random_expression(random, width, depth - 1)

    match operator.shape:
        case _ if operator.is_float:
            return random_float(random, name, width, depth)
        case "same":
            return Op(name, width, (operand(width), operand(width)))
        case "compare" if width == 1:
            of = random.choice(WIDTHS)
            return Op(name, 1, (operand(of), operand(of)))
        case "select":
            return Op(name, width, (operand(1), operand(width), operand(width)))
        case "widen" if width > 1:
            narrower = random.choice([w for w in (1, 2, 3, 5, 8) if w < width])
            return Op(name, width, (operand(narrower),))
        case "narrow":
            return Op(name, width, (operand(width + random.choice((1, 3, 8))),))
    return random_expression(random, width, depth)


def random_float(random: Random, name: str, width: int, depth: int) -> Expr:
    """An operator on floats where it can give `width` bits, otherwise any expression."""
    operator = OPERATORS[name]
    of = random.choice((32, 64))
    widths = {"fpext": (32, 64), "fptrunc": (64, 32), "sitofp": (of, 32), "uitofp": (of, 32)}
    operand_width, result = widths.get(name, (of, 1 if operator.shape == "compare" else width))
    if operator.shape == "same":
        operand_width, result = 32, 32
    if result != width:
        return random_expression(random, width, depth)
    operands = [random_expression(random, operand_width, depth - 1) for _ in range(operator.arity)]
    return Op(name, width, tuple(operands))


def random_leaf(random: Random, width: int) -> Expr:
    half = 1 << (width - 1)
    match random.randrange(3):
        case 0:
            return Const(width, random.choice((0, 1, random.randrange(1 << width))))
        case 1:
            low, high = sorted(random.randrange(-half, half) for _ in range(2))
            if random.random() < 0.5:
                low, high = sorted(random.randrange(1 << width) for _ in range(2))
            return Param(width, f"p{random.randrange(4)}", Range(low, high))
        case _:
            low = random.randrange(-half, half)
            return Iv(width, random.randrange(3), low, low + random.randrange(1, 9), random.randrange(1, 4))


def legal_value(random: Random, leaf: Expr) -> int:
    match leaf:
        case Const(_, value):
            return value
        case Param(bits, _, content):
            assert content is not None
            return to_unsigned(random.randint(content.lower, content.upper), bits)
        case Iv(bits, _, lower, upper, step):
            return to_unsigned(random.choice(range(lower, upper, step)), bits)
    raise TypeError


def evaluate(root: Expr, leaves: dict[Expr, int]) -> dict[Expr, int]:
    values = dict(leaves)
    for node in subexpressions(root):
        if isinstance(node, Op):
            operands = [values[o] for o in node.operands]
            width = node.operands[-1].width
            values[node] = OPERATORS[node.name].evaluate(width, node.bits, *operands)
    return values


@pytest.mark.parametrize("seed", range(12))
def test_bounds_hold_at_random_values_and_match_the_reference(seed: int, prover: Prover):
    random = Random(seed)
    roots = [random_expression(random, random.choice(WIDTHS), 4) for _ in range(12)]
    egraph = EGraph(RuleBook(()), prover=prover)
    egraph.add(tuple(Store(TopArray(ArrayType(e.width, ()), f"a{i}"), (), e) for i, e in enumerate(roots)))
    egraph.step()
    snapshot = egraph.snapshot()
    intervals = Intervals()
    nodes = subexpressions(*roots)
    numbers: dict[Expr, int] = {}
    for node in nodes:
        number = snapshot.class_of(node)
        assert number is not None
        numbers[node] = number
        reference = intervals.of(node)
        expected = (reference.ulo, reference.uhi, reference.slo, reference.shi)
        lo, hi, slo, shi = snapshot.bounds[number]
        # Facts are joined from all readings, so they may be tighter than one pass over the term.
        assert lo >= expected[0] and hi <= expected[1] and slo >= expected[2] and shi <= expected[3], node
    for _ in range(40):
        leaves = {n: legal_value(random, n) for n in nodes if not isinstance(n, Op)}
        # One parameter or level has one value per call; leaves of other ranges are other terms.
        values: dict[Expr, int] = {}
        for root in roots:
            values |= evaluate(root, leaves)
        for node, value in values.items():
            lo, hi, slo, shi = snapshot.bounds[numbers[node]]
            assert lo <= value <= hi
            assert slo <= to_signed(value, node.width) <= shi


@pytest.mark.parametrize(
    ("iv", "known"),
    [(Iv(32, 0, 0, 128, 1), True), (Iv(32, 0, 64, 64, 1), False), (Iv(32, 0, 9, 3, 1), False)],
)
def test_an_empty_hull_gives_no_facts(iv: Iv, known: bool, prover: Prover):
    egraph = EGraph(RuleBook(()), prover=prover)
    egraph.add((Store(TopArray(ArrayType(32, ()), "a"), (), iv),))
    egraph.step()
    snapshot = egraph.snapshot()
    assert (snapshot.class_of(iv) in snapshot.bounds) == known


def test_contradictory_declared_ranges_give_no_facts_beyond_the_width(prover: Prover):
    param = Param(8, "n", Range(9, 3))
    egraph = EGraph(RuleBook(()), prover=prover)
    egraph.add((Store(TopArray(ArrayType(8, ()), "a"), (), param),))
    egraph.step()
    snapshot = egraph.snapshot()
    number = snapshot.class_of(param)
    assert number is not None
    assert snapshot.bounds[number] == (0, 255, -128, 127)
