"""Sums put together as a whole: equal to what was written, and as good as what is written by hand."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from seer import frontend
from seer.driver.sum_round import SumRound
from seer.egraph.explore import EGraph
from seer.lang.intervals import Intervals
from seer.lang.program import Program
from seer.lang.terms import ArrayType, Block, Const, Expr, Load, LocalArray, Op, Store, TopArray
from seer.rewrites.sums import arrangements, sums_of
from seer.schedule import Area, Target, area_estimate, auto_pipelined, cycles, schedule
from seer.verify.replay import replay
from seer.verify.sums import linear_form, same_sum

FOLDER = Path(__file__).parents[2] / "benchmarks" / "datapath"
OUT = TopArray(ArrayType(16, ()), "out")
X = TopArray(ArrayType(16, (8,)), "x")
B = TopArray(ArrayType(8, (8,)), "b")


def x(k: int) -> Expr:
    return Load(X, (Const(32, k),))


def narrow(k: int) -> Expr:
    return Op("zext", 16, (Load(B, (Const(32, k),)),))


def op(name: str, *operands: Expr) -> Expr:
    return Op(name, 16, operands)


def chain(*terms: Expr) -> Expr:
    total = terms[0]
    for term in terms[1:]:
        total = op("add", total, term)
    return total


def test_what_is_narrow_is_added_first():
    narrowest, _ = arrangements(chain(x(0), narrow(0), narrow(1), narrow(2), narrow(3)), Intervals())
    pairs = op("add", op("add", narrow(0), narrow(1)), op("add", narrow(2), narrow(3)))
    assert narrowest is op("add", pairs, x(0))


def test_terms_with_one_coefficient_are_added_before_the_multiplication():
    five, minus = Const(16, 5), Const(16, 0xFFFB)
    made = arrangements(chain(op("mul", x(0), five), x(1), op("mul", minus, x(2)), x(3)), Intervals())
    product = op("mul", op("sub", x(0), x(2)), five)
    assert made[0] is op("add", op("add", x(1), x(3)), product)


def test_coefficients_a_power_of_two_apart_are_multiplied_once():
    root = chain(op("mul", x(0), Const(16, 20)), op("mul", x(1), Const(16, 5)), x(2), x(3))
    shared = op("mul", op("add", x(1), op("mul", x(0), Const(16, 4))), Const(16, 5))
    assert arrangements(root, Intervals())[0] is op("add", shared, op("add", x(2), x(3)))


def test_a_moving_sum_adds_to_its_register_once():
    total = Load(LocalArray(ArrayType(16, ()), 0), ())
    assert arrangements(op("sub", op("add", total, x(0)), x(1)), Intervals()) == [
        op("add", total, op("sub", x(0), x(1)))
    ]
    assert arrangements(op("sub", op("add", x(2), x(0)), x(1)), Intervals()) == []


def test_a_register_is_added_last():
    total = Load(LocalArray(ArrayType(16, ()), 0), ())
    made = arrangements(chain(total, x(0), x(1), x(2)), Intervals())
    assert made[-1] is op("add", total, op("add", x(2), op("add", x(0), x(1))))


@pytest.mark.parametrize("seed", range(60))
def test_random_sums_keep_their_linear_form(seed: int):
    draw = random.Random(seed)

    def term(depth: int) -> Expr:
        if depth == 0:
            return draw.choice(
                [x(draw.randrange(8)), narrow(draw.randrange(8)), Const(16, draw.getrandbits(16))]
            )
        match draw.randrange(5):
            case 0:
                return op("mul", term(depth - 1), Const(16, draw.choice([0, 1, 3, 0x8000, 0xFFFF, 12])))
            case 1:
                return op("shl", term(depth - 1), Const(16, draw.randrange(18)))
            case 2 | 3:
                return op("add", term(depth - 1), term(depth - 1))
            case _:
                return op("sub", term(depth - 1), term(depth - 1))

    root = term(5)
    for made in arrangements(root, Intervals()):
        assert same_sum(root, made)
        values = {leaf: draw.getrandbits(16) for leaf, _ in linear_form(root).terms}
        assert evaluated(root, values) == evaluated(made, values)


def evaluated(root: Expr, values: dict[Expr, int]) -> int:
    if root in values:
        return values[root]
    match root:
        case Const(_, value):
            return value
        case Op(name, _, (a, b)):
            left, right = evaluated(a, values), evaluated(b, values)
            shifted = left << right if right < 16 else 0
            return {"add": left + right, "sub": left - right, "mul": left * right, "shl": shifted}[name] % (
                1 << 16
            )
        case _:
            return 0  # its coefficient is 0


def test_another_sum_is_no_step_of_a_derivation():
    root = chain(x(0), x(1), x(2), x(4))
    assert not same_sum(root, chain(x(0), x(1), x(3))) and not same_sum(root, op("sub", root, x(2)))
    before, after = (Store(OUT, (), root),), (Store(OUT, (), arrangements(root, Intervals())[0]),)
    egraph = EGraph()
    egraph.add(before)
    assert SumRound(egraph, 10).run([before]) > 0
    steps = egraph.explain(before, after)
    assert [step.rule for step in steps] == ["sum"] and replay(before, after, steps) == []
    wrong = (Store(OUT, (), chain(x(0), x(1), x(3))),)
    forged = [type(steps[0])(**{**vars(steps[0]), "after": wrong})]
    assert replay(before, wrong, forged) != []


def priced(program: Program, body: Block) -> tuple[int, Area]:
    target = Target.load("xc7")
    changed = Program(program.name, program.arguments, body)
    made = schedule(changed, auto_pipelined(changed), target)
    return cycles(made, {}), area_estimate(made, target)


@pytest.mark.parametrize("name", ["adder64", "fir100"])
def test_large_sums_are_explored_in_bounds_and_come_out_as_by_hand(name: str):
    program = frontend.load([FOLDER / f"{name}.c"], name)
    started = time.process_time()
    egraph = EGraph()
    egraph.add(program)
    for _ in range(3):
        egraph.run(4)
        SumRound(egraph, 150).run([program.body])
    nodes = sum(map(len, egraph.snapshot().classes.values()))
    assert nodes < 200_000 and time.process_time() - started < 10
    (root,) = sums_of(program.body)
    points = [priced(program, _with(program.body, root, made)) for made in arrangements(root, Intervals())]
    by_hand = frontend.load([FOLDER / "by_hand" / f"{name}.c"], name)
    count, area = priced(by_hand, by_hand.body)
    assert any(c <= count and a.lut <= area.lut and a.dsp <= area.dsp for c, a in points)
    assert points[0][0] < priced(program, program.body)[0] / 1.5


def _with(body: Block, old: Expr, new: Expr) -> Block:
    (store,) = [s for s in body if isinstance(s, Store)]
    assert store.value is old
    return (Store(store.array, store.indices, new, store.when),)
