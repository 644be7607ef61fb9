"""Rules that do not hold are refused with a counterexample; rules that hold somewhere fire only there."""

from pathlib import Path

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.proof import Prover
from seer.egraph.rules import RuleBook, library
from seer.errors import InputError
from seer.lang.terms import ArrayType, Const, Load, Op, Store, TopArray


def book(folder: Path, text: str) -> RuleBook:
    path = folder / "mine.egg"
    path.write_text(text, encoding="utf-8")
    return RuleBook.load([path])


WRONG = {
    "subtraction commutes": '(rewrite (Sub w a b) (Sub w b a) :name "r")',
    "2 does not fit one bit": '(rewrite (Add w a a) (Mul w a (Num w (bigint 2))) :name "r")',
    "zext passes a wrapping sum": """(rewrite (ZExt v w (Add w a b))
        (Add v (ZExt v w a) (ZExt v w b)) :name "r")""",
    "zext of a sum, bound too weak": """(rewrite (ZExt v w (Add w a b)) (Add v (ZExt v w a) (ZExt v w b))
        :when ((= g (hi a)) (= h (hi b)) (<= (+ g h) (<< (bigint 1) w))) :name "r")""",
    "sext is zext": '(rewrite (SExt v w a) (ZExt v w a) :name "r")',
    "sext is zext, bound off by one": """(rewrite (SExt v w a) (ZExt v w a)
        :when ((= h (hi a)) (<= h (<< (bigint 1) (- w 1)))) :name "r")""",
    "shift merges beyond the width": """(rewrite (Shl w (Shl w a (Num w c)) (Num w d))
        (Shl w a (Num w (% (+ c d) (<< (bigint 1) w)))) :name "r")""",
    "widths do not fit": '(rewrite (Trunc u v (Add v a b)) (Add u a b) :name "r")',
    "comparison by range, bound off by one": """(rewrite (Ult w a b) (Num 1 (bigint 1))
        :when ((= h (hi a)) (= l (lo b)) (<= h l)) :name "r")""",
    "constant by one bound": """(rewrite e (Num w l) :when ((= w (width e)) (= l (lo e))) :name "r")""",
    "signed division is unsigned": """(rewrite (SDiv w a b) (UDiv w a b)
        :when ((= k (slo a)) (>= k (bigint 0))) :name "r")""",
    "mask by range, not a mask": """(rewrite (And w a (Num w c)) a
        :when ((= h (hi a)) (<= h c)) :name "r")""",
    "holds at no small width": """(rewrite (Add w a b) (Add w b a) :when ((> w 8)) :name "r")""",
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_rule_does_not_load(what: str, tmp_path: Path, prover: Prover):
    rules = book(tmp_path, f"; claimed\n{WRONG[what]}\n")
    with pytest.raises(InputError) as caught:
        EGraph(rules, prover=prover)
    assert caught.value.location is not None
    assert caught.value.location.line == 2
    assert "r: " in caught.value.message


def test_the_counterexample_names_widths_operands_and_both_sides(tmp_path: Path, prover: Prover):
    rules = book(tmp_path, '; a − b = b − a\n(rewrite (Sub w a b) (Sub w b a) :name "swap")\n')
    assert prover.refute(rules["swap"]) == (
        "swap: the sides differ at w = 2, a = 0, b = 1: left side 3, right side 1"
    )


SIXTEEN = """; a + 16 = a, which is so up to width 4
(rewrite (Add w a (Num w c)) a :when ((= c (% (bigint 16) (<< (bigint 1) w)))) :name "sixteen")
"""


@pytest.mark.parametrize(("width", "fires"), [(3, True), (4, True), (8, False), (32, False)])
def test_a_rule_that_holds_at_small_widths_only_is_refused_at_others(
    width: int, fires: bool, tmp_path: Path, prover: Prover
):
    rules = book(tmp_path, SIXTEEN)
    array = TopArray(ArrayType(width, ()), "a")
    total = Op("add", width, (Load(array, ()), Const(width, 16 % (1 << width))))
    egraph = EGraph(rules, prover=prover)
    egraph.add((Store(array, (), total),))
    report = egraph.step()
    snapshot = egraph.snapshot()
    assert (snapshot.class_of(total) == snapshot.class_of(Load(array, ()))) == fires
    assert bool(report.refused) != fires
    if not fires:
        assert report.refused[0].startswith("sixteen: the sides differ at w = ")
    egraph.step()
    assert (egraph.snapshot().class_of(total) == egraph.snapshot().class_of(Load(array, ()))) == fires


CONDITIONS_THAT_ONLY_SAVE_WORK = {
    # mul-one, zero shifts and the like say the same where these do not hold.
    "mul-to-shl": {1},
    "udiv-to-lshr": {1},
    "ult-power": {1},
    # Constants that shifts and masks serve better, or that are small already.
    "udiv-by-multiplication": {0, 1},
    "urem-by-division": {0, 1},
    "sdiv-by-magnitude": {0, 1},
    "srem-by-division": {0, 1, 2},
    "add-right-shift": {2},
    "mul-of-shl": {0},
    "mul-of-shl-right": {0},
    # Unsigned rules serve where nothing is negative; what is constant is folded.
    "slt-to-ult": {2, 3},
    "narrow-mul": {0, 1},
    "narrow-mul-signed": {0, 1, 2},
    "narrow-sdiv": {0},
    "narrow-srem": {0},
    "narrow-ult": {0, 1},
    "narrow-slt": {0, 1},
}


@pytest.mark.parametrize("name", [rule.name for rule in library() if rule.conditions])
def test_no_condition_can_be_dropped(name: str, prover: Prover):
    from dataclasses import replace

    from seer.egraph.exhaustive import prove_small

    rule = library()[name]
    needed = []
    for position, condition in enumerate(rule.conditions):
        if condition.op == "=" and not rule.axiom and _binds(rule, condition):
            continue
        others = tuple(c for c in rule.conditions if c is not condition)
        try:
            refuted = prove_small(replace(rule, conditions=others)) is not None
        except KeyError:
            continue
        needed.append((position, refuted))
    spared = CONDITIONS_THAT_ONLY_SAVE_WORK.get(name, set())
    assert [p for p, refuted in needed if not refuted and p not in spared] == []


def _binds(rule: object, condition: object) -> bool:
    """Whether an equation gives a value to a variable, so that nothing remains without it."""
    from seer.egraph.patterns import Variable, variables
    from seer.egraph.rules import Rule

    assert isinstance(rule, Rule)
    bound = {v.name for v in variables(rule.left)} | {b.variable.name for b in rule.bounds}
    sides = (condition.left, condition.right)  # type: ignore[attr-defined]
    return any(isinstance(side, Variable) and side.name not in bound for side in sides)
