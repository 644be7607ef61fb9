"""Rules for nests: what they make of nests, and what they refuse."""

from __future__ import annotations

from seer.lang.terms import (
    ArrayType,
    Block,
    Expr,
    For,
    Group,
    Iv,
    Local,
    LocalArray,
    Op,
)
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.distribution import Distribution
from seer.rewrites.control.expansion import Expansion
from seer.rewrites.control.interchange import Interchange
from seer.rewrites.control.merging import Merging
from seer.rewrites.control.motion import Motion
from seer.rewrites.control.perfection import Perfection
from seer.rewrites.control.promotion import Promotion
from seer.verify.loop_equivalence import check
from tests.verify.loop_terms import A, B, W, X, Y, at, const, load, op, store

N = 6
T = LocalArray(ArrayType(W, ()), 0)


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


def test_merging_leaves_loops_alone_whose_bounds_follow_from_counters() -> None:
    inner = For(INNER, const(0), OUTER, (store(A, at(OUTER, 6), load(X, INNER)),))
    attempt = Merging().attempt(nest((inner,), OUTER))
    assert not attempt.offers
    assert attempt.refusals == ("how often the loops run is known: flattened they do not wait either",)


def test_motion_moves_a_group_of_any_length() -> None:
    loops = [nest((store(array, OUTER, load(X, OUTER)),), OUTER)[0] for array in (A, B)]
    between = (store(Y, const(0), const(1)), store(Y, const(1), const(2)))
    assert only(Motion(), (loops[0], Group(between), loops[1])) == (*between, *loops)
    assert Motion().attempt((loops[0], Group(()), loops[1])).refusals == ("motion changes nothing",)
