"""Unrolling through the transform dialect: full, partial, with a remainder, and what is refused."""

from __future__ import annotations

import random

import pytest

from seer.errors import InputError
from seer.lang.terms import Block, For, Iv, LocalArray, Op, Param, Range, Statement, Store
from seer.rewrites.control import control_rules
from seer.rewrites.control.unroll import Unroll
from seer.verify.correspondence import Correspondence
from seer.verify.loop_equivalence import check
from tests.verify.loop_terms import (
    A,
    B,
    W,
    X,
    at,
    const,
    differs,
    load,
    loop,
    op,
    store,
    top,
    with_local,
)


def unrolled(rule: Unroll, fragment: Block) -> Block:
    """The one replacement that the rule offers, proved."""
    (offer,) = rule.apply(fragment)
    verdict = check(fragment, offer.replacement, offer.correspondence)
    assert verdict.proved, verdict.reason
    return offer.replacement


def accumulate(n: int, lower: int = 0, step: int = 1) -> For:
    """for i: A[i+1] = A[i] + X[2·i]"""
    return loop(
        n,
        lambda i: (store(A, at(i, 1, 1), op("add", load(A, i), load(X, at(i, 2)))),),
        lower=lower,
        step=step,
    )


def test_golden_partial() -> None:
    i = Iv(W, 0, 0, 11, 2)
    next_i = at(i, 1, 1)
    expected = For(
        i,
        const(0),
        const(12),
        (
            store(A, at(i, 1, 1), op("add", load(A, i), load(X, at(i, 2)))),
            store(A, at(i, 1, 2), op("add", load(A, next_i), load(X, at(i, 2, 2)))),
        ),
    )
    (result,) = unrolled(Unroll(2), (accumulate(12),))
    assert isinstance(result, For)
    assert (result.iv, result.lower, result.upper) == (expected.iv, expected.lower, expected.upper)
    assert not differs((expected,), (result,), (A, X))


def test_golden_full() -> None:
    expected = tuple(store(A, const(i), const(i)) for i in range(6))
    assert unrolled(Unroll(), (loop(6, lambda i: (store(A, i, i),)),)) == expected


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 8])
@pytest.mark.parametrize(("lower", "upper", "step"), [(0, 16, 1), (3, 20, 1), (0, 30, 3)])
def test_all_remainders(factor: int, lower: int, upper: int, step: int) -> None:
    fragment = (accumulate(upper, lower, step),)
    result = unrolled(Unroll(factor), fragment)
    assert not differs(fragment, result, (A, X), seeds=2)


def test_a_remainder_is_a_loop_of_the_same_source() -> None:
    fragment = (accumulate(18),)
    (offer,) = Unroll(4).apply(fragment)
    main, rest = offer.replacement
    assert isinstance(main, For) and isinstance(rest, For)
    assert (main.iv.step, main.iv.upper, rest.iv.lower, rest.iv.step) == (4, 13, 16, 1)
    assert offer.origins == {main: fragment, rest: fragment}


def test_inner_loops_are_copied_untouched() -> None:
    table = top("T", 8, 8)
    inner_body = lambda i: lambda j: (store(table, (i, j), op("mul", load(table, i, j), j)),)  # noqa: E731
    fragment = (loop(8, lambda i: (loop(8, inner_body(i), level=1), store(A, i, load(table, i, const(7))))),)
    (result,) = unrolled(Unroll(2), fragment)
    assert isinstance(result, For)
    (outer,) = fragment
    assert isinstance(outer, For)
    loops = [s for s in result.body if isinstance(s, For)]
    assert isinstance(inner := outer.body[0], For)
    assert [(s.iv, s.lower, s.upper) for s in loops] == [(inner.iv, const(0), const(8))] * 2
    (offer,) = Unroll(2).apply(fragment)
    assert [offer.origins[s] for s in loops] == [(outer.body[0],)] * 2
    everything = unrolled(Unroll(), fragment)
    assert [type(s) for s in everything] == [For, Store] * 8


def test_copies_of_a_local_stand_side_by_side() -> None:
    """Each copy's scope ends with it, so that the copies are α-equal terms of one level."""

    def body(i: Iv) -> Block:
        return (
            with_local(lambda t: (store(t, (), load(X, i)), store(A, i, op("mul", load(t), load(t))))),
            store(B, i, i),
        )

    everything = unrolled(Unroll(), (loop(6, body),))
    assert everything == tuple(statement for i in range(6) for statement in copy_of(i))
    unrolled(Unroll(4), (loop(14, body),))


def copy_of(i: int) -> Block:
    local: Statement = with_local(
        lambda t: (store(t, (), load(X, const(i))), store(A, const(i), op("mul", load(t), load(t))))
    )
    return (local, store(B, const(i), const(i)))


def test_fragments_under_outer_loops_and_locals() -> None:
    outer = Iv(W, 0, 0, 8, 1)
    total = LocalArray(with_local(lambda t: ()).array.type, 3)
    n = Param(W, "n", Range(0, 100))
    fragment = (
        loop(
            8,
            lambda j: (store(total, (), op("add", load(total), op("mul", outer, n))), store(A, j, outer)),
            level=1,
        ),
    )
    result = unrolled(Unroll(4), fragment)
    assert isinstance(result[0], For) and result[0].iv.level == 1


def test_wrapping_subscripts_and_extreme_bounds_survive() -> None:
    big = top("G", 256)
    wrapped = loop(16, lambda i: (store(big, Op("trunc", 8, (at(i, 1, 250),)), load(X, i)),))
    assert not differs((wrapped,), unrolled(Unroll(4), (wrapped,)), (big, X))
    assert not differs((wrapped,), unrolled(Unroll(), (wrapped,)), (big, X))
    for lower in (-(1 << 31), -6):
        fragment = (loop(lower + 8, lambda i: (store(A, op("and", i, const(7)), i),), lower=lower),)
        for rule in (Unroll(2), Unroll()):
            assert not differs(fragment, unrolled(rule, fragment), (A,), seeds=1)


@pytest.mark.parametrize(
    ("rule", "fragment", "reason"),
    [
        (Unroll(8), (accumulate(4),), "fewer than the factor"),
        (Unroll(4), (accumulate(4),), "in full"),
        (Unroll(), (accumulate(600),), "512 are the most"),
        (Unroll(2), (accumulate(0),), "never runs"),
        (Unroll(2), (store(A, const(0), const(0)),), "takes a loop"),
    ],
)
def test_refusals_have_reasons(rule: Unroll, fragment: Block, reason: str) -> None:
    attempt = rule.attempt(fragment)
    assert not attempt.offers
    assert reason in attempt.refusals[0]


def test_variable_trip_counts_are_refused() -> None:
    n = Param(W, "n", Range(0, 60))
    (f,) = (accumulate(60),)
    attempt = Unroll(2).attempt((For(f.iv, f.lower, n, f.body),))
    assert "not constant" in attempt.refusals[0]


def test_factors_are_validated() -> None:
    for factor in (-1, 0, 1):
        with pytest.raises(InputError):
            Unroll(factor)


def test_broken_outputs_are_refused() -> None:
    """A wrong bound, a dropped or a shifted copy, and a claim that names the wrong iteration."""
    fragment = (accumulate(16),)
    (offer,) = Unroll(4).apply(fragment)
    (f,) = offer.replacement
    assert isinstance(f, For)
    last = f.body[3]
    assert isinstance(last, Store)
    mutants: list[Block] = [
        (For(f.iv, f.lower, const(12), f.body),),
        (For(Iv(W, 0, 0, 16, 2), f.lower, f.upper, f.body),),
        (For(f.iv, f.lower, f.upper, (*f.body[:3], f.body[2])),),
        (For(f.iv, f.lower, f.upper, (*f.body[:3], store(A, at(last.indices[0], 1, 1), last.value))),),
        (For(f.iv, f.lower, f.upper, (f.body[1], f.body[0], *f.body[2:])),),
        (For(f.iv, f.lower, f.upper, f.body[:3]),),
    ]
    for mutant in mutants:
        assert not check(fragment, mutant, offer.correspondence).accepted
    assert offer.correspondence is not None
    assert isinstance(offer.correspondence, Correspondence)
    wrong = Correspondence((offer.correspondence.images[0], *offer.correspondence.images[:3]))
    assert not check(fragment, offer.replacement, wrong).accepted


def test_random_loops() -> None:
    arrays = [top(name, 40) for name in "PQR"]
    for seed in range(60):
        rng = random.Random(seed)

        def body(i: Iv, rng: random.Random = rng) -> Block:
            index = lambda: at(i, rng.choice([1, 2, 0]), rng.randrange(4))  # noqa: E731
            value = lambda: load(rng.choice(arrays), index())  # noqa: E731
            stores = tuple(
                store(rng.choice(arrays), index(), op("add", value(), value()))
                for _ in range(rng.randrange(1, 3))
            )
            return stores if rng.random() < 0.7 else (with_local(lambda t: (store(t, (), value()), *stores)),)

        fragment = (loop(rng.randrange(2, 14), body, lower=rng.randrange(2), step=rng.choice([1, 1, 2])),)
        for rule in (Unroll(2), Unroll(rng.choice([3, 4])), Unroll()):
            for offer in rule.apply(fragment):
                assert check(fragment, offer.replacement, offer.correspondence).proved, (seed, rule)
                assert not differs(fragment, offer.replacement, arrays, seeds=2), (seed, rule)


def test_every_rule_describes_itself() -> None:
    rules = control_rules()
    descriptions = [rule.description for rule in rules]
    assert len(set(descriptions)) == len(rules)
    # What puts nests in order comes before what hides them.
    assert descriptions[0] == "promotion"
    assert descriptions[-4:] == ["unroll by 2", "unroll by 4", "unroll by 8", "unroll in full"]
    assert all("-->" in rule.summary and rule.conditions and rule.__doc__ for rule in rules)
