"""Random programs and rewrites: what is proved is never refuted by the interpreter."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from seer.lang.terms import (
    TRUE,
    Block,
    Expr,
    For,
    Iv,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
)
from seer.lang.traverse import Rewriter
from seer.verify.companions import extract, instrument
from seer.verify.loop_equivalence import check
from tests.verify.loop_terms import (
    W,
    at,
    const,
    differs,
    fused_by_hand,
    load,
    loop,
    op,
    store,
    top,
    unrolled_by_hand,
    with_local,
)


def random_subscript(rng: random.Random, ivs: Sequence[Iv], arrays: Sequence[TopArray]) -> Expr:
    i = rng.choice(ivs)
    kind = rng.randrange(10)
    if kind == 0:
        return const(rng.randrange(6))
    if kind == 1:
        return load(rng.choice(arrays), i)
    if kind == 2:
        return op("sub", const(rng.randrange(3, 8)), i)
    if kind == 3:
        return op("add", ivs[0], ivs[-1])
    return at(i, rng.choice([1, 1, 1, 2]), rng.choice([0, 0, 0, 1, 2, 5, -1]))


def random_store(rng: random.Random, ivs: Sequence[Iv], arrays: Sequence[TopArray]) -> Store:
    read = [load(rng.choice(arrays), random_subscript(rng, ivs, arrays)) for _ in range(2)]
    value = op("add", read[0], rng.choice([read[1], const(7), ivs[0]]))
    when = Op("ult", 1, (load(rng.choice(arrays), ivs[0]), const(6))) if rng.random() < 0.2 else TRUE
    return store(rng.choice(arrays), random_subscript(rng, ivs, arrays), value, when)


def fuse(rng: random.Random, arrays: Sequence[TopArray]) -> tuple[Block, Callable[[Block], Block]]:
    def body(i: Iv) -> Block:
        return tuple(random_store(rng, [i], arrays) for _ in range(rng.randrange(1, 3)))

    shift = rng.choice([0, 0, 1])

    def rewrite(block: Block) -> Block:
        a, b = block
        assert isinstance(a, For) and isinstance(b, For)
        if not shift:
            return fused_by_hand(a, b)
        # The second loop runs one iteration late, and so is left with one at the end.
        i = Iv(W, 0, 1, 8, 1)
        head = Rewriter(lambda e: const(0) if e is a.iv else e).block(a.body)
        both = Rewriter(lambda e: i if e is a.iv else e).block(a.body)
        both += Rewriter(lambda e: at(i, 1, -1) if e is b.iv else e).block(b.body)
        tail = Rewriter(lambda e: const(7) if e is b.iv else e).block(b.body)
        return (*head, For(i, const(1), const(8), both), *tail)

    return (loop(8, body), loop(8, body)), rewrite


def distribute(rng: random.Random, arrays: Sequence[TopArray]) -> tuple[Block, Callable[[Block], Block]]:
    before = (loop(8, lambda i: tuple(random_store(rng, [i], arrays) for _ in range(2))),)

    def rewrite(block: Block) -> Block:
        (f,) = block
        assert isinstance(f, For)
        parts = [For(f.iv, f.lower, f.upper, f.body[:2]), For(f.iv, f.lower, f.upper, f.body[2:])]
        return tuple(parts if rng.random() < 0.7 else parts[::-1])

    return before, rewrite


def reorder(rng: random.Random, arrays: Sequence[TopArray]) -> tuple[Block, Callable[[Block], Block]]:
    before = (loop(8, lambda i: tuple(random_store(rng, [i], arrays) for _ in range(2))),)
    factor = rng.choice([1, 2, 4])

    def rewrite(block: Block) -> Block:
        (f,) = block
        assert isinstance(f, For)
        (g,) = unrolled_by_hand(f, factor)
        assert isinstance(g, For)
        pairs = [g.body[k : k + 2] for k in range(0, len(g.body), 2)]
        k = rng.randrange(len(pairs) - 1)
        pairs[k], pairs[k + 1] = pairs[k + 1], pairs[k]
        return (For(g.iv, g.lower, g.upper, sum(pairs, ())),)

    return before, rewrite


def interchange(rng: random.Random, arrays: Sequence[TopArray]) -> tuple[Block, Callable[[Block], Block]]:
    before = (loop(4, lambda i: (loop(6, lambda j: (random_store(rng, [i, j], arrays),), level=1),)),)

    def rewrite(block: Block) -> Block:
        (outer,) = block
        assert isinstance(outer, For)
        (inner,) = outer.body
        assert isinstance(inner, For)
        i, j = Iv(W, 1, 0, 4, 1), Iv(W, 0, 0, 6, 1)
        renamed = Rewriter(lambda e: i if e is outer.iv else j if e is inner.iv else e)
        body = renamed.block(inner.body)
        return (For(j, inner.lower, inner.upper, (For(i, outer.lower, outer.upper, body),)),)

    return before, rewrite


def scopes(rng: random.Random, arrays: Sequence[TopArray]) -> tuple[Block, Callable[[Block], Block]]:
    """A Local in a loop: stores moved, its scope split or widened."""

    def body(i: Iv) -> Block:
        def inside(t: LocalArray) -> Block:
            index = [random_subscript(rng, [i], arrays) for _ in range(3)]
            first = store(t, (), load(rng.choice(arrays), index[0]))
            uses = [store(rng.choice(arrays), index[k], load(t)) for k in (1, 2)]
            again = store(t, (), op("add", rng.choice([load(t), i]), const(3)))
            return (first, uses[0], *rng.choice([(), (again,)]), uses[1])

        return (with_local(inside),)

    def rewrite(block: Block) -> Block:
        (f,) = block
        assert isinstance(f, For)
        (local,) = f.body
        assert isinstance(local, Local)
        pairs = [local.body[k : k + 2] for k in range(0, len(local.body), 2)]
        kind = rng.randrange(4)
        if kind == 0:
            k = rng.randrange(len(pairs) - 1)
            pairs[k], pairs[k + 1] = pairs[k + 1], pairs[k]
            return (For(f.iv, f.lower, f.upper, (Local(local.array, sum(pairs, ())),)),)
        if kind == 1:
            k = rng.randrange(1, len(pairs))
            parts = [Local(local.array, sum(part, ())) for part in (pairs[:k], pairs[k:])]
            return (For(f.iv, f.lower, f.upper, tuple(parts)),)
        if kind == 2:
            return (Local(local.array, (For(f.iv, f.lower, f.upper, local.body),)),)
        return unrolled_by_hand(f, rng.choice([2, 4]))

    return (loop(8, body),), rewrite


@pytest.mark.parametrize("transformation", [fuse, distribute, reorder, interchange, scopes])
def test_random_programs(transformation: Callable[..., tuple[Block, Callable[[Block], Block]]]) -> None:
    arrays = [top(name, 8) for name in "PQR"]
    counts = {"proved": 0, "refused": 0, "wrongly refused": 0}
    for seed in range(120):
        rng = random.Random(seed)
        before, rewrite = transformation(rng, arrays)
        after, correspondence = extract(before, rewrite(instrument(before)))
        found = check(before, after, correspondence, execute=False)
        refuted = differs(before, after, arrays)
        assert not (found.proved and refuted), (seed, before, after)
        counts["proved"] += found.proved
        counts["refused"] += refuted
        counts["wrongly refused"] += not found.proved and not refuted
    assert counts["proved"] >= 20, counts
    assert counts["refused"] >= 20, counts
