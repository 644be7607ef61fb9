"""Rules for nests: golden forms, random nests, and broken versions that the check catches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from seer.lang.terms import (
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter
from seer.rewrites.control import _rule, distribution, expansion, interchange, perfection, promotion
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.distribution import Distribution
from seer.rewrites.control.expansion import Expansion
from seer.rewrites.control.interchange import Interchange
from seer.rewrites.control.perfection import Perfection
from seer.rewrites.control.promotion import Promotion
from seer.verify.loop_equivalence import check
from tests.rewrites.control.nests import attempts, refuted
from tests.verify.loop_terms import A, B, W, X, at, const, load, op, store

N = 6
T = LocalArray(ArrayType(W, ()), 0)
RULES: list[ControlRule] = [Promotion(), Perfection(), Expansion(), Interchange(), Distribution()]


def counter(level: int, n: int = N) -> Iv:
    return Iv(W, level, 0, n, 1)


def nest(body: Block, *ivs: Iv) -> Block:
    for iv in reversed(ivs):
        body = (For(iv, const(iv.lower), const(iv.upper), body),)
    return body


def only(rule: ControlRule, fragment: Block) -> Block:
    """The one replacement that the rule offers, proved."""
    attempt = rule.attempt(fragment)
    assert len(attempt.offers) == 1, attempt.refusals
    (offer,) = attempt.offers
    verdict = check(fragment, offer.replacement, offer.correspondence)
    assert verdict.proved, verdict.reason
    return offer.replacement


def is_(a: Expr, n: int) -> Expr:
    return Op("eq", 1, (a, const(n)))


OUTER, INNER = counter(0), counter(1)


def sums(start: Expr) -> Expr:
    return op("add", start, load(X, op("add", at(OUTER, 6), INNER)))


def test_promotion_forwards_drops_and_narrows() -> None:
    row, total = LocalArray(ArrayType(W, ()), 0), LocalArray(ArrayType(W, ()), 1)
    body = (
        store(row, (), at(OUTER, 6)),
        store(total, (), const(0)),
        *nest((store(total, (), op("add", load(total), load(X, op("add", load(row), INNER)))),), INNER),
        store(A, OUTER, load(total)),
    )
    before = (Local(row, (Local(total, nest(body, OUTER)),)),)
    inner = (store(T, (), const(0)), *nest((store(T, (), sums(load(T))),), INNER), store(A, OUTER, load(T)))
    assert only(Promotion(), before) == nest((Local(T, inner),), OUTER)


def test_promotion_does_not_carry_work_into_a_loop() -> None:
    scaled = op("mul", load(X, OUTER), load(X, OUTER))
    before = (Local(T, (store(T, (), scaled), *nest((store(A, INNER, load(T)),), INNER))),)
    attempt = Promotion().attempt(before)
    assert not attempt.offers


def test_promotion_leaves_values_whose_sources_change() -> None:
    before = (
        Local(
            T, (store(T, (), load(A, const(0))), store(A, const(0), const(1)), store(B, const(0), load(T)))
        ),
    )
    assert not Promotion().attempt(before).offers


def test_perfection_puts_the_rest_under_conditions() -> None:
    inner = (store(T, (), const(0)), *nest((store(T, (), sums(load(T))),), INNER), store(A, OUTER, load(T)))
    value = sums(Op("select", W, (is_(INNER, 0), const(0), load(T))))
    body = (store(A, OUTER, value, is_(INNER, N - 1)), store(T, (), value))
    assert only(Perfection(), nest((Local(T, inner),), OUTER)) == nest((Local(T, nest(body, INNER)),), OUTER)


def test_perfection_wants_an_inner_loop_that_runs() -> None:
    bounded = For(Iv(W, 1, 0, N, 1), const(0), OUTER, (store(B, INNER, load(X, INNER)),))
    before = nest((store(A, OUTER, const(0)), bounded), OUTER)
    (offer,) = Perfection().attempt(before).offers
    assert not check(before, offer.replacement, offer.correspondence, execute=False).accepted


def test_interchange_swaps_counters() -> None:
    before = nest(
        (store(A, INNER, op("add", load(A, INNER), load(X, op("add", at(OUTER, 6), INNER)))),), OUTER, INNER
    )
    after = nest(
        (store(A, OUTER, op("add", load(A, OUTER), load(X, op("add", at(INNER, 6), OUTER)))),), OUTER, INNER
    )
    assert only(Interchange(), before) == after


def test_interchange_against_a_dependence_is_refused() -> None:
    before = nest(
        (store(A, op("add", OUTER, INNER), op("add", load(A, at(INNER, 1, 1)), const(1))),), OUTER, INNER
    )
    (offer,) = Interchange().attempt(before).offers
    assert not check(before, offer.replacement, offer.correspondence).accepted


def test_expansion_gives_each_iteration_an_element() -> None:
    row = LocalArray(ArrayType(W, (N,)), 0)
    inner = (store(T, (), const(0)), *nest((store(T, (), sums(load(T))),), INNER), store(A, OUTER, load(T)))
    wide = (
        store(row, OUTER, const(0)),
        *nest((store(row, OUTER, sums(load(row, OUTER))),), INNER),
        store(A, OUTER, load(row, OUTER)),
    )
    assert only(Expansion(), nest((Local(T, inner),), OUTER)) == (Local(row, nest(wide, OUTER)),)


def test_expansion_is_bounded() -> None:
    inner = (store(T, (), const(0)), *nest((store(T, (), sums(load(T))),), INNER), store(A, OUTER, load(T)))
    attempt = Expansion(max_bits=100).attempt(nest((Local(T, inner),), OUTER))
    assert "192 bits" in attempt.refusals[0]


def test_distribution_splits_beside_the_inner_loop() -> None:
    sweep = nest((store(B, op("add", at(OUTER, 6), INNER), load(X, INNER)),), INNER)
    before = nest((store(A, OUTER, load(X, OUTER)), *sweep), OUTER)
    assert only(Distribution(), before) == (
        *nest((store(A, OUTER, load(X, OUTER)),), OUTER),
        *nest(sweep, OUTER),
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_accepted_is_equal(rule: ControlRule) -> None:
    proved = 0
    for seed, offer, verdict in attempts(rule, range(60)):
        proved += verdict.proved
        assert not (verdict.accepted and refuted(offer)), seed
    assert proved >= 5


@pytest.mark.soak
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_accepted_is_equal_in_a_long_campaign(rule: ControlRule) -> None:
    for seed, offer, verdict in attempts(rule, range(1000, 3000)):
        assert not (verdict.accepted and refuted(offer)), seed


# Broken versions


def _wrong_ends(loop: For) -> tuple[Expr, Expr]:
    first, last = _ends(loop)
    return last, first


def _no_guard(block: Block, condition: Expr) -> Block:
    return block


def _wrong_element(iv: Iv) -> Expr:
    return op("add", iv, const(1))


def _all_known(values: dict[Any, Any], written: Any) -> dict[Any, Any]:
    return dict(values)


def _halves(place: int, block: Block) -> Block:
    first, second = _split(place, block)
    return second, first


def _short(block: Block) -> Block:
    (outer,) = _interchanged(block)
    assert isinstance(outer, For)
    upper = Op("sub", outer.upper.width, (outer.upper, const(1)))
    return (For(outer.iv, outer.lower, upper, outer.body),)


def _always(block: Block) -> Block:
    class Always(Rewriter):
        def statement(self, s: Statement) -> Statement:
            made = super().statement(s)
            return Store(made.array, made.indices, made.value) if isinstance(made, Store) else made

    return Always().block(_promoted(block))


_ends, _split, _interchanged, _promoted = (
    perfection._ends,
    distribution._split,
    interchange._interchanged,
    promotion._promoted,
)

BROKEN: list[tuple[ControlRule, Any, str, Callable[..., Any]]] = [
    (Perfection(), perfection, "_ends", _wrong_ends),
    (Perfection(), perfection, "_under", _no_guard),
    (Expansion(), expansion, "_offset", _wrong_element),
    (Promotion(), promotion, "_kept", _all_known),
    (Promotion(), promotion, "_promoted", _always),
    (Distribution(), distribution, "_split", _halves),
    (Interchange(), interchange, "_interchanged", _short),
]


@pytest.mark.parametrize(
    ("rule", "module", "name", "wrong"), BROKEN, ids=lambda value: getattr(value, "__name__", None)
)
def test_broken_versions_are_caught(
    rule: ControlRule, module: Any, name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _rule._attempt.cache_clear()
    monkeypatch.setattr(module, name, wrong)
    caught = 0
    try:
        for seed, offer, verdict in attempts(rule, range(40)):
            different = refuted(offer)
            assert not (verdict.accepted and different), seed
            caught += different
    finally:
        _rule._attempt.cache_clear()
    assert caught, "the broken version never differs"
