"""Proof of values: legal changes of storage and of stores are proved, mutants are refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from seer.lang.affine import Affine
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    For,
    If,
    Iv,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, bodies, statements, with_bodies
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.instances import shape_of
from seer.verify.loop_equivalence import Verdict, check, recheck
from tests.verify.loop_terms import A, B, C, W, X, at, const, differs, load, loop, op, store, top

N = 8
P, Q, R = (top(name, N, N) for name in "PQR")
REGISTER = LocalArray(ArrayType(W, ()), 0)
ROW = LocalArray(ArrayType(W, (N,)), 0)


def counter(level: int, upper: int = N) -> Iv:
    return Iv(W, level, 0, upper, 1)


def nest(body: Block, *ivs: Iv) -> Block:
    for iv in reversed(ivs):
        body = (For(iv, const(iv.lower), const(iv.upper), body),)
    return body


def is_(a: Expr, n: int) -> Expr:
    return Op("eq", 1, (a, const(n)))


def select(condition: Expr, yes: Expr, no: Expr) -> Expr:
    return Op("select", yes.width, (condition, yes, no))


def values(before: Block, after: Block, *images: StoreImage) -> Verdict:
    return check(before, after, Correspondence(images, values=True), execute=False)


def product() -> Block:
    """R = P·Q, a register for the sum."""
    i, j, k = counter(0), counter(1), counter(2)
    total = op("add", load(REGISTER), op("mul", load(P, i, k), load(Q, k, j)))
    sums = nest((store(REGISTER, (), total),), k)
    body = (Local(REGISTER, (store(REGISTER, (), const(0)), *sums, store(R, (i, j), load(REGISTER)))),)
    return nest(body, i, j)


def perfect_product(first: int = 0, last: int = N - 1) -> Block:
    """The same with its first and last statements under conditions on the inner counter."""
    i, j, k = counter(0), counter(1), counter(2)
    start = select(is_(k, first), const(0), load(REGISTER))
    total = op("add", start, op("mul", load(P, i, k), load(Q, k, j)))
    body = (store(REGISTER, (), total), store(R, (i, j), load(REGISTER), is_(k, last)))
    return (*nest((Local(REGISTER, nest(body, k)),), i, j),)


def row_product(read: Callable[[Iv], Expr] = lambda j: j) -> Block:
    """The same with a row of sums, so that the loops of the sum and of the columns change places."""
    i, k, j = counter(0), counter(1), counter(2)
    start = select(is_(k, 0), const(0), load(ROW, read(j)))
    total = op("add", start, op("mul", load(P, i, k), load(Q, k, j)))
    body = (store(ROW, j, total), store(R, (i, j), load(ROW, j), is_(k, N - 1)))
    return nest((Local(ROW, nest(body, k, j)),), i)


def counters(*levels: int) -> tuple[Affine, ...]:
    return tuple(Affine.build(0, {level: 1}) for level in levels)


SUM = StoreImage((0, 0, 0, 0, 0), (0, 0, 0, 1, 0), counters(0, 1, 2))
ROW_SUM = StoreImage((0, 0, 0, 0, 0), (0, 0, 0, 1, 0), counters(0, 2, 1))


def test_statements_around_a_loop_move_into_it_under_conditions() -> None:
    assert values(product(), perfect_product(), SUM).kind == "isl"
    assert values(product(), perfect_product(), SUM).proved
    assert values(perfect_product(), perfect_product()).proved


@pytest.mark.parametrize("wrong", [perfect_product(first=1), perfect_product(last=N - 2)])
def test_a_wrong_condition_is_refused(wrong: Block) -> None:
    assert not values(product(), wrong, SUM).accepted


def test_a_register_becomes_a_row_and_the_recurrence_is_interchanged_away() -> None:
    assert values(product(), row_product(), ROW_SUM).proved
    # The sums are short enough here that following the values needs no hypothesis.
    assert values(product(), row_product()).proved


def test_a_row_read_at_the_wrong_column_is_refused() -> None:
    wrong = row_product(lambda j: op("and", j, const(N - 2)))
    assert not values(product(), wrong, ROW_SUM).accepted
    shifted = row_product(lambda j: op("sub", const(N - 1), j))
    assert not values(product(), shifted, ROW_SUM).accepted


def test_a_false_claim_is_refused() -> None:
    false = StoreImage((0, 0, 0, 0, 0), (0, 0, 0, 1, 0), counters(0, 1, 2))
    assert not values(product(), row_product(), false).accepted


def test_a_copy_may_be_read_in_place_of_the_array() -> None:
    copied = LocalArray(ArrayType(W, (N,)), 0)
    i = counter(0)
    before = (
        Local(
            REGISTER,
            (
                store(REGISTER, (), load(A, const(0))),
                *nest((store(B, i, op("add", load(A, i), load(C, i))),), i),
            ),
        ),
    )
    after = (
        Local(
            copied,
            (
                *nest((store(copied, i, load(A, i)),), i),
                *nest((store(B, i, op("add", load(copied, i), load(C, i))),), i),
            ),
        ),
    )
    assert values(before, after).proved
    overwritten = (
        Local(
            copied,
            (
                *nest((store(copied, i, load(A, i)),), i),
                *nest((store(A, i, const(3)), store(B, i, op("add", load(copied, i), load(C, i)))), i),
            ),
        ),
    )
    assert not values(before, overwritten).accepted


def test_a_copy_of_what_the_block_changes_is_refused() -> None:
    copied = LocalArray(ArrayType(W, (N,)), 0)
    i = counter(0)
    bump = op("add", load(A, at(i, 1, 1)), const(1))
    before = (Local(copied, nest((store(A, i, bump), store(B, i, load(A, i))), i)),)
    after = (
        Local(
            copied,
            (
                *nest((store(copied, i, load(A, i)),), i),
                *nest((store(A, i, bump), store(B, i, load(copied, i))), i),
            ),
        ),
    )
    assert not values(before, after).accepted


def test_dead_and_repeated_stores() -> None:
    i = counter(0)
    once = nest((store(A, i, load(X, i)),), i)
    twice = nest((store(A, i, const(5)), store(A, i, load(X, i)), store(A, i, load(X, i))), i)
    assert values(twice, once).proved
    assert values(once, twice).proved
    assert not values(once, nest((store(A, i, load(X, i)), store(A, i, const(5))), i)).accepted
    assert not values(once, nest((store(A, i, load(X, i)), store(B, i, const(5))), i)).accepted
    assert not values(twice, nest((store(A, i, const(5)),), i)).accepted


def test_a_store_out_of_bounds_is_no_store() -> None:
    i, j = counter(0, N), counter(0, N + 2)
    inside = nest((store(top("S", N), i, load(X, i)),), i)
    beyond = nest((store(top("S", N), j, load(X, j)),), j)
    assert values(inside, beyond).proved
    elsewhere = nest((store(top("S", N), at(j, 1, 1), load(X, j)),), j)
    assert not values(inside, elsewhere).accepted


def test_registers_read_before_they_are_written_prove_nothing() -> None:
    i = counter(0)
    block = (Local(REGISTER, nest((store(A, i, load(REGISTER)),), i)),)
    verdict = values(block, block)
    assert not verdict.accepted
    assert "before it is written" in verdict.reason


def test_predicates_that_are_not_affine_keep_what_was_there() -> None:
    i = counter(0)
    wet = Op("ult", 1, (load(X, i), const(5)))
    guarded = nest((store(A, i, const(1), wet),), i)
    selected = nest((store(A, i, select(wet, const(1), load(A, i))),), i)
    branched = nest((If(wet, (store(A, i, const(1)),)),), i)
    assert values(guarded, selected).proved
    assert values(selected, branched).proved
    assert not values(guarded, nest((store(A, i, const(1)),), i)).accepted
    assert not values(guarded, nest((store(A, i, select(wet, const(1), const(0))),), i)).accepted


def test_subscripts_from_memory_keep_their_order() -> None:
    i = counter(0)
    bump = store(A, load(X, i), op("add", load(A, load(X, i)), const(1)))
    counted = nest((bump, store(B, i, load(A, const(0)))), i)
    split = (*nest((bump,), i), *nest((store(B, i, load(A, const(0))),), i))
    assert values(counted, counted).proved
    assert not values(counted, split).accepted
    # The other array may leave the loop.
    apart = nest((bump, store(B, i, load(C, i))), i)
    assert values(apart, (*nest((store(B, i, load(C, i)),), i), *nest((bump,), i))).proved


def test_the_certificate_keeps_the_claim() -> None:
    claim = Correspondence((ROW_SUM,), values=True)
    data = claim.to_json()
    assert Correspondence.from_json(data) == claim
    assert recheck(product(), row_product(), data).proved
    assert not recheck(product(), row_product(lambda j: at(j, 1, 1)), data).accepted


# Random blocks


def random_block(rng: random.Random) -> Block:
    """One to three nests of at most two loops, a register or a row around some."""

    def subscript(ivs: Sequence[Iv]) -> Expr:
        i = rng.choice(ivs)
        kind = rng.randrange(12)
        if kind == 0:
            return load(rng.choice((A, B, C)), i)
        if kind == 1:
            return const(rng.randrange(4))
        return at(i, rng.choice((1, 1, 1, 2)), rng.choice((0, 0, 0, 1, 2)))

    def value(ivs: Sequence[Iv], local: LocalArray) -> Expr:
        reads: list[Expr] = [load(rng.choice((A, B, C)), subscript(ivs)) for _ in range(2)]
        if rng.random() < 0.4:
            reads[0] = load(local) if not local.type.shape else load(local, ivs[-1])
        if rng.random() < 0.3:
            reads[1] = select(is_(ivs[-1], rng.randrange(3)), const(rng.randrange(9)), reads[1])
        return op(rng.choice(("add", "sub", "xor")), *reads)

    def one(ivs: Sequence[Iv], local: LocalArray) -> Store:
        when = TRUE
        if rng.random() < 0.2:
            when = is_(ivs[0], rng.randrange(4))
        elif rng.random() < 0.15:
            when = Op("ult", 1, (load(rng.choice((A, B, C)), ivs[0]), const(5)))
        if rng.random() < 0.35:
            return store(local, () if not local.type.shape else (ivs[-1],), value(ivs, local), when)
        return store(rng.choice((A, B, C)), subscript(ivs), value(ivs, local), when)

    def statement() -> Statement:
        local = LocalArray(ArrayType(W, rng.choice(((), (N,)))), 0)
        ivs = [counter(level, rng.choice((3, 4))) for level in range(rng.randrange(1, 3))]
        body = tuple(one(ivs, local) for _ in range(rng.randrange(1, 4)))
        if len(ivs) == 2 and rng.random() < 0.5:
            body = (*nest(body, ivs[1]), one(ivs[:1], local))
            return Local(local, (*_start(local), *nest(body, ivs[0])))
        return Local(local, (*_start(local), *nest(body, *ivs)))

    return tuple(statement() for _ in range(rng.randrange(1, 3)))


def _start(local: LocalArray) -> Block:
    if not local.type.shape:
        return (store(local, (), const(2)),)
    return (loop(N, lambda i: (store(local, i, load(X, i)),)),)


def mutated(block: Block, rng: random.Random) -> Block:
    """The block with one change, legal or not: a store dropped, doubled, moved or changed."""
    places = [s for s in statements(block) if isinstance(s, Store)]
    target = rng.choice(places)
    kind = rng.randrange(6)

    def change(s: Store) -> Block:
        match kind:
            case 0:
                return ()
            case 1:
                return (s, s)
            case 2:
                return (Store(s.array, s.indices, op("add", s.value, const(0)), s.when),)
            case 3:
                return (Store(s.array, s.indices, op("add", const(1), s.value), s.when),)
            case 4 if s.when is not TRUE:
                return (Store(s.array, s.indices, select(s.when, s.value, load(s.array, *s.indices))),)
            case _:
                return (Store(s.array, s.indices, s.value, Op("and", 1, (s.when, is_(const(1), 1)))),)

    def walk(inner: Block) -> Block:
        found: Block = ()
        for s in inner:
            if s is target and isinstance(s, Store):
                found += change(s)
            else:
                found += (with_bodies(s, [walk(body) for body in bodies(s)]),)
        return tuple(reversed(found)) if kind == 5 and target in inner else found

    return walk(block)


def interchanged(block: Block, rng: random.Random) -> Block:
    """Perfect pairs of loops change places, legal or not."""

    def walk(s: Statement) -> Statement:
        if isinstance(s, For) and len(s.body) == 1 and isinstance(s.body[0], For):
            inner = s.body[0]
            outer = Iv(W, s.iv.level, inner.iv.lower, inner.iv.upper, 1)
            within = Iv(W, inner.iv.level, s.iv.lower, s.iv.upper, 1)
            swap = Rewriter(lambda e: within if e is s.iv else outer if e is inner.iv else e)
            body = tuple(swap.statement(x) for x in inner.body)
            return For(outer, inner.lower, inner.upper, (For(within, s.lower, s.upper, body),))
        return with_bodies(s, [tuple(walk(x) for x in body) for body in bodies(s)])

    return tuple(walk(s) for s in block)


def claims(before: Block, after: Block, rng: random.Random) -> Correspondence:
    """That stores at equal places leave equal values, for all of them, some or none."""
    try:
        old, new = shape_of(before), shape_of(after)
    except Exception:
        return Correspondence((), values=True)
    known = {site.path: site for site in old.sites}
    images = [
        StoreImage(site.path, site.path, counters(*range(len(site.loops))))
        for site in new.sites
        if site.path in known and len(known[site.path].loops) == len(site.loops)
    ]
    return Correspondence(tuple(i for i in images if rng.random() < rng.choice((0, 1, 1))), values=True)


def campaign(seeds: Sequence[int]) -> tuple[int, int]:
    """How many changes were proved, and how many of the others the interpreter could not refute."""
    proved = missed = 0
    for seed in seeds:
        rng = random.Random(seed)
        before = random_block(rng)
        after = rng.choice((mutated, mutated, interchanged))(before, rng)
        if any(isinstance(s, (For, Local)) and not s.body for s in statements(after)):
            continue
        verdict = check(before, after, claims(before, after, rng), execute=False)
        different = differs(before, after, (A, B, C, X))
        assert not (verdict.proved and different), seed
        proved += verdict.proved
        missed += not verdict.proved and not different
    return proved, missed


def test_what_is_proved_is_never_refuted() -> None:
    proved, missed = campaign(range(120))
    assert proved > missed > 0


@pytest.mark.soak
def test_what_is_proved_is_never_refuted_in_a_long_campaign() -> None:
    proved, missed = campaign(range(1000, 9000))
    assert proved > missed > 0
