"""Rules about floats: small formats round as IEEE 754 says, wrong rules are refused."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import bitwuzla
import numpy as np
import pytest
from bitwuzla import Kind, Result

from seer.egraph import floating, smt_floats
from seer.egraph.explore import EGraph
from seer.egraph.obligations import Obligation
from seer.egraph.proof import Prover
from seer.egraph.rules import Rule, RuleBook
from seer.egraph.small_floats import FLOAT_FUNCTIONS, FORMATS, canonical_nan
from seer.errors import InputError
from seer.lang.intervals import Interval
from seer.lang.operators import OPERATORS
from seer.lang.terms import ArrayType, Const, Expr, Op, Param, Store, TopArray
from seer.verify.replay import replay


def exact(pattern: int, width: int) -> Fraction | None:
    """The number that a pattern stands for; None for infinities and NaNs."""
    precision = FORMATS[width]
    exponent_bits = width - precision
    bias = (1 << (exponent_bits - 1)) - 1
    magnitude = pattern & ((1 << (width - 1)) - 1)
    exponent, fraction = magnitude >> (precision - 1), magnitude & ((1 << (precision - 1)) - 1)
    if exponent == (1 << exponent_bits) - 1:
        return None
    significand = fraction if exponent == 0 else fraction + (1 << (precision - 1))
    value = Fraction(significand) * Fraction(2) ** (max(exponent, 1) - bias - (precision - 1))
    return -value if pattern >> (width - 1) else value


def nearest(value: Fraction, width: int) -> int:
    """The pattern nearest to a number that is not 0, ties to even, found by trying all of them."""
    finite = {p: v for p in range(1 << width) if (v := exact(p, width)) is not None}
    largest = max(finite.values())
    step = largest - max(v for v in finite.values() if v < largest)
    sign = (1 << (width - 1)) if value < 0 else 0
    if abs(value) >= largest + step / 2:
        return sign | (((1 << (width - FORMATS[width])) - 1) << (FORMATS[width] - 1))
    same = {p: v for p, v in finite.items() if p & (1 << (width - 1)) == sign}
    return min(same, key=lambda p: (abs(same[p] - value), p & 1))


@pytest.mark.parametrize("name", ["fadd", "fsub", "fmul", "fdiv"])
def test_small_formats_round_to_nearest(name: str):
    every = np.arange(256)
    found = FLOAT_FUNCTIONS[name](8, 8, every.reshape(-1, 1), every)
    compute = {
        "fadd": lambda a, b: a + b,
        "fsub": lambda a, b: a - b,
        "fmul": lambda a, b: a * b,
        "fdiv": lambda a, b: a / b if b else None,
    }[name]
    draw = random.Random(name)
    tried = 0
    for a, b in draw.sample(list(product(range(256), repeat=2)), 600):
        x, y = exact(a, 8), exact(b, 8)
        if x is None or y is None:
            continue
        value = compute(x, y)
        if value:
            tried += 1
            assert found[a, b] == nearest(value, 8), (a, b)
    assert tried > 300


def test_zeros_infinities_and_nans_of_small_formats():
    zero, minus_zero, infinity, nan, other = 0, 0x80, 0x78, canonical_nan(8), 0x79
    compute = {name: lambda *a, f=f: int(f(8, 8, *map(np.asarray, a))) for name, f in FLOAT_FUNCTIONS.items()}
    assert compute["fadd"](zero, minus_zero) == zero and compute["fadd"](minus_zero, minus_zero) == minus_zero
    assert compute["fsub"](infinity, infinity) == nan == compute["fadd"](other, zero)
    assert compute["fneg"](other) == nan == compute["fabs"](nan | 0x80)
    assert compute["fdiv"](0x38, minus_zero) == infinity | 0x80
    assert compute["feq"](nan, nan) == 0 and compute["fne"](nan, nan) == 1 and compute["feq"](0, 0x80) == 1


UNARY = ("fneg", "fabs", "ffloor", "fceil", "ftrunc", "froundeven")
BINARY = ("fadd", "fsub", "fmul", "feq", "fne", "flt", "fle")


@pytest.mark.parametrize("name", [*UNARY, *BINARY, "sitofp", "uitofp", "fptosi", "fptoui", "fpext"])
def test_solver_terms_mean_what_the_operators_do(name: str):
    operator = OPERATORS[name]
    draw = random.Random(name)
    source = 6 if name in ("sitofp", "uitofp") else 32
    bits = {"compare": 1, "convert": {"fptosi": 9, "fptoui": 9, "fpext": 64}.get(name, 32)}.get(
        operator.shape, 32
    )
    for _ in range(12):
        values = [draw.choice(floating.special_values(source)) for _ in range(operator.arity)]
        term = Op(name, bits, tuple(Const(source, value) for value in values))
        expected = Const(bits, operator.evaluate(source, bits, *values))
        assert solver_finds_equal(term, expected), values


def solver_finds_equal(term: Expr, expected: Const) -> bool:
    manager = bitwuzla.TermManager()
    translator = smt_floats._Floats(manager)  # pyright: ignore[reportPrivateUsage]
    side = translator.number if OPERATORS[term.name].float_result else translator.term  # type: ignore[attr-defined]
    solver = bitwuzla.Bitwuzla(manager, bitwuzla.Options())
    solver.assert_formula(manager.mk_term(Kind.DISTINCT, [side(term), side(expected)]))
    return solver.check_sat() == Result.UNSAT


def rule(folder: Path, text: str) -> Rule:
    path = folder / "mine.egg"
    path.write_text(f"; claimed\n{text}\n", encoding="utf-8")
    return RuleBook.load([path]).rules[0]


ONE = "(= one (- (<< (bigint 1) (- w 2)) (<< (bigint 1) (- p 1))))"
WRONG = {
    "a + 0 turns −0 into 0": '(rewrite (FAdd w a (Num w (bigint 0))) a :name "r")',
    "a · 1 may change a NaN": f"""(rewrite (FMul w a (Num w one)) a
        :when ((= p (precision w)) {ONE}) :name "r")""",
    "−(−a) may change a NaN": '(rewrite (FNeg w (FNeg w a)) a :name "r")',
    "−(a − b) of equal numbers is −0": '(rewrite (FNeg w (FSub w a b)) (FSub w b a) :name "r")',
    "a − a of infinity is a NaN": '(rewrite (FSub w a a) (Num w (bigint 0)) :name "r")',
    "√−0 is −0": '(rewrite (FAbs w (FSqrt w a)) (FSqrt w a) :name "r")',
    "sums do not associate": '(rewrite (FAdd w (FAdd w a b) c) (FAdd w a (FAdd w b c)) :name "r")',
    "products do not distribute": """(rewrite (FAdd w (FMul w a b) (FMul w a c)) (FMul w a (FAdd w b c))
        :name "r")""",
    "¬(a < b) with a NaN": '(rewrite (Xor 1 (FLt w a b) (Num 1 (bigint 1))) (FLe w b a) :name "r")',
    "∞ − ∞ ≤ 0": '(rewrite (FLe w (FSub w a b) (Num w (bigint 0))) (FLe w a b) :name "r")',
    "∞ − ∞ = 0": '(rewrite (FEq w (FSub w a b) (Num w (bigint 0))) (FEq w a b) :name "r")',
    "a = a with a NaN": '(rewrite (FEq w a a) (Num 1 (bigint 1)) :name "r")',
    "patterns of equal numbers": '(rewrite (FEq w a b) (Eq w a b) :name "r")',
    "|a| by a comparison": """(rewrite (Select w (FLt w a (Num w (bigint 0))) (FNeg w a) a) (FAbs w a)
        :name "r")""",
    "integers that are rounded": """(rewrite (FPToSI v w (SIToFP w v a)) a
        :when ((<= v (+ (precision w) 2))) :name "r")""",
    "signed products have no −0 in integers": """(rewrite (FMul w (SIToFP w v a) (SIToFP w v b))
        (SIToFP w (* 2 v) (Mul (* 2 v) (SExt (* 2 v) v a) (SExt (* 2 v) v b)))
        :when ((<= (* 2 v) (precision w))) :name "r")""",
    "division by what is no power": f"""(rewrite (FDiv w a (Num w c))
        (FMul w a (Num w (- (* (bigint 2) one) c)))
        :when ((= p (precision w)) {ONE} (> c (bigint 0)) (< c (* (bigint 2) one))) :name "r")""",
    "1 ÷ 2^k that is subnormal": f"""(rewrite (FDiv w a (Num w c)) (FMul w a (Num w (- (* (bigint 2) one) c)))
        :when ((= p (precision w)) {ONE} (= (& c (- (<< (bigint 1) (- p 1)) (bigint 1))) (bigint 0))
               (> c (bigint 0)) (<= c (* (bigint 2) one))) :name "r")""",
    "float(double(a)) may change a NaN": '(rewrite (FPTrunc w v (FPExt v w a)) a :name "r")',
    "a rounded sum": """(rewrite (FPTrunc w v (FAdd v (FAdd v (FPExt v w a) (FPExt v w b)) (FPExt v w b)))
        (FAdd w (FAdd w a b) b) :name "r")""",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_ieee_754_does_not_allow_is_refused(what: str, tmp_path: Path, prover: Prover):
    assert "r: " in (prover.refute(rule(tmp_path, WRONG[what])) or "")


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ('(rewrite (FExp w a) (FExp w a) :name "r")', "matches FExp"),
        ('(rewrite (FAdd 32 a a) (FMul 32 a a) :name "r")', "fixes the width"),
        (
            '(rewrite (SIToFP w v a) (UIToFP w v a) :when ((= l (slo a)) (>= l (bigint 0))) :name "r")',
            "range",
        ),
    ],
)
def test_what_cannot_be_checked_does_not_load(text: str, about: str, tmp_path: Path, prover: Prover):
    with pytest.raises(InputError, match=about):
        prover.refute(rule(tmp_path, text))


def test_a_rule_that_holds_in_small_formats_only_is_refused_in_a_run(tmp_path: Path, prover: Prover):
    # Integers of 5 bits are held exactly with 8 bits; of 29 with 32 they are not.
    text = '(rewrite (FPToSI v w (SIToFP w v a)) a :when ((<= v (- w 3))) :name "r")'
    found = rule(tmp_path, text)
    assert prover.refute(found) is None
    assert "left side" in str(prover.prove(found, {"v": 29, "w": 32}))
    assert not isinstance(prover.prove(found, {"v": 25, "w": 32}), str)


def test_a_second_rounding_is_executed_and_the_step_says_so(prover: Prover):
    a, b = (Param(32, name) for name in "ab")
    wide = Op("fadd", 64, (Op("fpext", 64, (a,)), Op("fpext", 64, (b,))))
    out = TopArray(ArrayType(32, ()), "out")
    before, after = (Store(out, (), Op("fptrunc", 32, (wide,))),), (Store(out, (), Op("fadd", 32, (a, b))),)
    egraph = EGraph(prover=prover)
    egraph.add(before)
    egraph.step()
    steps = egraph.explain(before, after)
    assert [(step.rule, step.proof.kind) for step in steps] == [("narrow-fadd", "executed")]
    assert replay(before, after, steps) == []


def test_execution_finds_what_differs_rarely():
    a = Param(32, "a")
    operands = ((a, Interval.full(32)),)
    twice = Op("fneg", 32, (Op("fneg", 32, (a,)),))
    assert floating.executed("r", (), Obligation(twice, a, operands)) is not None
    assert (
        floating.executed("r", (), Obligation(Op("fneg", 32, (twice,)), Op("fneg", 32, (a,)), operands))
        is None
    )
