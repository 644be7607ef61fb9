"""Fusion through real MLIR passes: what is offered, what is refused and why, and what the check says."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from seer.lang.terms import Block, Expr, For, Group, Iv, LocalArray, Op, Param, Range, Store, TopArray
from seer.rewrites.control.fusion import Fusion
from seer.verify.loop_equivalence import Verdict, check, recheck
from tests.verify.loop_terms import (
    A,
    B,
    C,
    W,
    X,
    Y,
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

FUSION = Fusion()
AFFINE, SIBLING = "affine-loop-fusion", "transform.loop.fuse_sibling"


def checked(fragment: Block) -> list[tuple[str, Block, Verdict]]:
    """Route, replacement and verdict of each offer."""
    return [
        (offer.route, offer.replacement, check(fragment, offer.replacement, offer.correspondence))
        for offer in FUSION.apply(fragment)
    ]


def by_hand(fragment: Block) -> Block:
    first, second = fragment
    assert isinstance(first, For) and isinstance(second, For)
    return (For(first.iv, first.lower, first.upper, first.body + second.body),)


def copies(target: TopArray, source: TopArray, *form: int, n: int = 20) -> For:
    """for i: target[i] = source[a·i + b]"""
    return loop(n, lambda i: (store(target, i, load(source, at(i, *form))),))


GOLDEN: dict[str, tuple[Block, str]] = {
    "a flow": ((copies(A, X), copies(C, A)), AFFINE),
    "a flow of another distance": (
        (loop(20, lambda i: (store(A, at(i, 1, 1), load(X, i)),)), copies(C, A)),
        SIBLING,
    ),
    "a shared input": ((copies(A, X, 3), copies(C, X)), f"{AFFINE}, linked at depth 1"),
    "nothing shared": ((copies(A, X), copies(C, Y)), f"{AFFINE}, linked at depth 1"),
    "an anti-dependence": ((copies(A, C), copies(C, Y)), f"{AFFINE}, linked at depth 1"),
    "an output dependence": ((copies(A, X), copies(A, Y)), f"{AFFINE}, linked at depth 1"),
    "subscripts as written": (
        (copies(A, X, 3), loop(20, lambda i: (store(C, i, load(Y, op("add", op("shl", i, const(1)), i))),))),
        f"{AFFINE}, linked at depth 1",
    ),
}


@pytest.mark.parametrize("name", list(GOLDEN))
def test_golden(name: str) -> None:
    fragment, expected_route = GOLDEN[name]
    proved = [(route, replacement) for route, replacement, v in checked(fragment) if v.proved]
    assert (expected_route, by_hand(fragment)) in proved, (proved, FUSION.attempt(fragment).refusals)


def test_an_offer_says_where_its_loop_comes_from_and_can_be_rechecked() -> None:
    fragment = (copies(A, X), copies(C, A))
    (offer,) = FUSION.apply(fragment)
    (fused,) = offer.replacement
    assert isinstance(fused, For)
    assert offer.origins == {fused: fragment}
    assert (offer.rule, offer.description, offer.before) == ("fusion", "fusion", fragment)
    assert offer.correspondence is not None
    assert recheck(fragment, offer.replacement, offer.correspondence.to_json()).proved


def test_work_is_remembered() -> None:
    fragment = (copies(A, X), copies(C, A))
    assert FUSION.attempt(fragment) is Fusion().attempt(fragment)


def test_an_index_spelled_with_a_shift_is_refused_until_it_is_a_multiplication() -> None:
    """b[3*i] = …; … = b[(i<<1)+i]"""
    producer = loop(20, lambda i: (store(B, at(i, 3), load(X, i)),))
    shifted = loop(20, lambda i: (store(C, i, load(B, op("add", op("shl", i, const(1)), i))),))
    attempt = FUSION.attempt((producer, shifted))
    assert not attempt.offers
    assert "'B'" in attempt.refusals[0] and "not affine" in attempt.refusals[0]
    spelled = (producer, loop(20, lambda i: (store(C, i, load(B, at(i, 3))),)))
    assert any(verdict.proved for _, _, verdict in checked(spelled))


@pytest.mark.parametrize(
    ("fragment", "reason"),
    [
        ((copies(A, X), store(A, const(0), const(1))), "two loops"),
        ((copies(A, X, n=20), copies(C, A, n=10)), "leaves 2 loops"),
        ((copies(A, X),), "2 statements"),
    ],
)
def test_refusals_have_reasons(fragment: Block, reason: str) -> None:
    attempt = FUSION.attempt(fragment)
    assert not attempt.offers
    assert any(reason in refusal for refusal in attempt.refusals), attempt.refusals


def test_upstream_miscompiles_are_caught_by_the_check() -> None:
    """affine-loop-fusion moves a write past a later read, fuse_sibling looks at no dependence at all."""
    overwritten = (copies(A, X), loop(20, lambda i: (store(X, at(i, 1, 1), load(Y, i)),)))
    constant = (copies(A, X), loop(20, lambda i: (store(X, const(19), load(Y, i)),)))
    ahead = (copies(A, X), copies(C, A, 1, 1))
    routes: list[str] = []
    for fragment in (overwritten, constant, ahead):
        found = checked(fragment)
        assert found
        for route, replacement, verdict in found:
            assert not verdict.accepted
            assert differs(fragment, replacement, (A, C, X, Y))
            routes.append(route)
    assert any(route.startswith(AFFINE) for route in routes)
    assert SIBLING in routes


def test_trap_histogram() -> None:
    """h[x[i]]++ and y[i] = h[0] in two loops: h is written by the first and read by the second."""
    h, x, y = top("h", 16), top("x", 32), top("y", 32)

    def count(i: Iv) -> Block:
        return (store(h, load(x, i), op("add", load(h, load(x, i)), const(1))),)

    attempt = FUSION.attempt((loop(32, count), loop(32, lambda i: (store(y, i, load(h, const(0))),))))
    assert not attempt.offers
    assert "'h'" in attempt.refusals[0]


def test_trap_wrapping_subscript() -> None:
    big = top("G", 256)
    writer = loop(16, lambda i: (store(big, Op("trunc", 8, (at(i, 1, 250),)), load(X, i)),))
    attempt = FUSION.attempt((writer, loop(16, lambda i: (store(C, i, load(big, i)),))))
    assert not attempt.offers


def test_loops_with_locals_predicates_and_groups() -> None:
    def body(target: TopArray, source: TopArray) -> Callable[[Iv], Block]:
        return lambda i: (
            with_local(
                lambda t: (
                    store(t, (), op("mul", load(source, i), const(3))),
                    store(target, i, load(t), op_compare(load(t))),
                )
            ),
        )

    fragment = (loop(20, body(A, X)), loop(20, body(C, A)))
    proved = [replacement for _, replacement, verdict in checked(fragment) if verdict.proved]
    assert proved[0] == by_hand(fragment)
    (first,) = fragment[:1]
    assert isinstance(first, For)
    grouped = (For(first.iv, first.lower, first.upper, (Group(first.body),)), fragment[1])
    assert any(verdict.proved for _, _, verdict in checked(grouped))


def op_compare(e: Expr) -> Expr:
    return Op("ult", 1, (e, const(1000)))


def test_fragments_under_outer_loops_keep_their_levels() -> None:
    outer = Iv(W, 0, 0, 16, 1)
    table, total = top("T", 16, 20), LocalArray(Local_type, 2)
    n = Param(W, "n", Range(1, 20))

    def row(array: TopArray | LocalArray, value: Callable[[Iv], Expr]) -> For:
        iv = Iv(W, 1, 0, 20, 1)
        index = (outer, iv) if array is table else ()
        return For(iv, const(0), n, (Store(array, index, value(iv)),))

    fragment = (
        row(table, lambda j: op("add", j, outer)),
        row(total, lambda j: op("add", load(total), load(X, j))),
    )
    proved = [replacement for _, replacement, verdict in checked(fragment) if verdict.proved]
    assert proved == [by_hand(fragment)]


Local_type = with_local(lambda t: (store(t, (), const(0)),)).array.type


def test_nests_fuse_at_their_common_depth() -> None:
    t, u = top("T", 8, 12), top("U", 8, 12)

    def nest(target: TopArray, source: TopArray) -> For:
        return loop(8, lambda i: (loop(12, lambda j: (store(target, (i, j), load(source, i, j)),), level=1),))

    for source in (t, top("V", 8, 12)):
        fragment = (nest(t, top("S", 8, 12)), nest(u, source))
        best = [replacement for _, replacement, verdict in checked(fragment) if verdict.proved]
        assert best
        ((outer,),) = [replacement for replacement in best if _perfect(replacement)]
        assert isinstance(outer, For) and isinstance(outer.body[0], For)
        assert len(outer.body[0].body) == 2


def _perfect(block: Block) -> bool:
    (outer,) = block
    return isinstance(outer, For) and len(outer.body) == 1


def test_negative_and_extreme_bounds() -> None:
    for lower in (-5, 7, -(1 << 31)):
        fragment = (
            loop(lower + 20, lambda i: (store(A, const(3), i),), lower=lower),
            loop(lower + 20, lambda i: (store(B, const(3), i),), lower=lower),
        )
        assert by_hand(fragment) in [r for _, r, verdict in checked(fragment) if verdict.proved], lower


def random_loop(rng: random.Random, arrays: Sequence[TopArray]) -> For:
    def subscript(i: Iv) -> Expr:
        if rng.random() < 0.1:
            return const(rng.randrange(6))
        return at(i, rng.choice([1, 1, 1, 2]), rng.choice([0, 0, 0, 1, 2, 4]))

    def body(i: Iv) -> Block:
        value = op("add", load(rng.choice(arrays), subscript(i)), load(rng.choice(arrays), subscript(i)))
        return (store(rng.choice(arrays), subscript(i), value),)

    return loop(8, lambda i: body(i) + (body(i) if rng.random() < 0.3 else ()))


def test_random_loops() -> None:
    """No accepted fusion is refuted by the interpreter, and many are accepted."""
    arrays = [top(name, 20) for name in "PQRSTU"]
    counts = {"proved": 0, "refused": 0, "none": 0}
    for seed in range(150):
        rng = random.Random(seed)
        fragment = (random_loop(rng, arrays), random_loop(rng, arrays))
        found = checked(fragment)
        counts["none"] += not found
        for _, replacement, verdict in found:
            counts["proved" if verdict.proved else "refused"] += 1
            if verdict.accepted:
                assert not differs(fragment, replacement, arrays, seeds=3), (seed, fragment, replacement)
    assert counts["proved"] >= 40 and counts["refused"] >= 20, counts
