"""Every rule of the library is proved, fires on an instance made from its own text, and is replayed."""

from collections.abc import Iterator

import pytest

from seer.egraph.exhaustive import small_instances
from seer.egraph.explore import EGraph
from seer.egraph.floating import is_about_floats
from seer.egraph.obligations import Obligation, state
from seer.egraph.proof import Prover
from seer.egraph.rules import Rule, RuleBook, library
from seer.egraph.wide_instances import wide_instances
from seer.lang.intervals import Interval
from seer.lang.operators import FLOAT_WIDTHS
from seer.lang.terms import ArrayType, Expr, Param, Range, Store, TopArray
from seer.lang.traverse import Rewriter
from seer.verify.replay import replay


def instances(rule: Rule) -> Iterator[Obligation]:
    """Some instances of the rule, with the widest operands first."""
    if is_about_floats(rule):
        return (state(rule, env) for width in FLOAT_WIDTHS for env in wide_instances(rule, width, 8))
    found = []
    for env, boxes in small_instances(rule):
        for box in boxes:
            try:
                found.append(state(rule, env | box))
                break
            except ValueError:
                continue
    found.sort(key=lambda o: -max((p.bits for p, _ in o.operands), default=0))
    return iter(found[:40])


def declared(param: Param, bounds: Interval) -> Param:
    """The parameter with its bounds declared."""
    whole = Interval.full(param.bits)
    if (bounds.slo, bounds.shi) != (whole.slo, whole.shi):
        return Param(param.bits, param.name, Range(bounds.slo, bounds.shi))
    return Param(param.bits, param.name, Range(bounds.ulo, bounds.uhi))


def with_bounds(obligation: Obligation) -> tuple[Expr, Expr]:
    bounded = {param: declared(param, bounds) for param, bounds in obligation.operands}
    rewriter = Rewriter(leaf=lambda e: bounded.get(e, e))  # type: ignore[call-overload]
    return rewriter.expression(obligation.left), rewriter.expression(obligation.right)


def test_all_rules_are_proved_at_small_widths(prover: Prover):
    refuted = [text for rule in library() if (text := prover.refute(rule))]
    assert refuted == []
    assert len(library()) >= 150


@pytest.mark.parametrize("name", library().names)
def test_the_rule_fires_and_its_step_is_replayed(name: str, prover: Prover):
    rule = library()[name]
    for obligation in instances(rule):
        left, right = with_bounds(obligation)
        if left is right:
            continue
        out = TopArray(ArrayType(left.width, ()), "out")
        before, after = (Store(out, (), left),), (Store(out, (), right),)
        egraph = EGraph(RuleBook((rule,)), prover=prover)
        egraph.add(before)
        report = egraph.step()
        snapshot = egraph.snapshot()
        if name not in report.applied or snapshot.class_of(left) != snapshot.class_of(right):
            continue
        steps = egraph.explain(before, after)
        assert [step.rule for step in steps] == [name]
        assert replay(before, after, steps) == []
        return
    pytest.fail(f"{name} does not fire on any of its instances")
