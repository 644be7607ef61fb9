"""Ifs that change what their conditions read: proved where that is minded, refused where it is not."""

from __future__ import annotations

import random

from seer.lang.terms import ArrayType, Block, Expr, For, If, Iv, Local, LocalArray, Op, While
from seer.lang.traverse import statements
from seer.rewrites.control.promotion import Promotion
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.held_conditions import changes_condition, with_held_conditions
from seer.verify.loop_equivalence import Verdict, check
from tests.verify.loop_terms import A, B, W, X, const, differs, load, op, store

T, U, P, Q = (LocalArray(ArrayType(W, ()), level) for level in range(4))
ROW = Iv(W, 0, 0, 6, 1)


def above(value: Expr, than: Expr) -> Expr:
    return Op("slt", 1, (than, value))


def checked(before: Block, after: Block, *pairs: tuple[tuple[int, ...], tuple[int, ...]]) -> Verdict:
    images = tuple(StoreImage(new, old, ()) for new, old in pairs)
    return check(before, after, Correspondence(images, values=True), execute=False)


TRAP: Block = (
    If(above(load(A, const(0)), const(3)), (store(A, const(0), const(0)), store(B, const(0), const(1)))),
)


def test_a_condition_counts_once() -> None:
    # The second store is made although its condition does not hold any more.
    after: Block = (
        Local(
            T,
            (
                store(T, (), load(A, const(0))),
                If(
                    above(load(T), const(3)),
                    (store(A, const(0), const(0)), store(B, const(0), const(1))),
                ),
            ),
        ),
    )
    pairs = (((0, 1, 0, 0), (0, 0, 0)), ((0, 1, 0, 1), (0, 0, 1)))
    assert checked(TRAP, after, *pairs).proved
    assert not differs(TRAP, after, (A, B))


def test_a_condition_that_is_read_again_is_refused() -> None:
    condition = above(load(A, const(0)), const(3))
    after: Block = (
        If(condition, (store(A, const(0), const(0)),)),
        If(condition, (store(B, const(0), const(1)),)),
    )
    verdict = checked(TRAP, after, ((0, 0, 0), (0, 0, 0)), ((1, 0, 0), (0, 0, 1)))
    assert not verdict.accepted and differs(TRAP, after, (A, B))


def test_what_the_condition_said_is_no_fact_inside() -> None:
    condition = above(load(A, const(0)), const(3))
    told = If(condition, (store(A, const(0), const(0)), store(B, const(0), Op("zext", W, (condition,)))))
    wrong = If(condition, (store(A, const(0), const(0)), store(B, const(0), const(1))))
    pairs = (((0, 0, 0), (0, 0, 0)), ((0, 0, 1), (0, 0, 1)))
    assert checked((told,), (told,), *pairs).proved
    assert not checked((told,), (wrong,), *pairs).accepted
    assert not checked((wrong,), (told,), *pairs).accepted
    assert differs((told,), (wrong,), (A, B))


def test_paths_follow_the_registers() -> None:
    claim = Correspondence((StoreImage((0, 0, 1), (0, 0, 1), ()),), values=True)
    before, after, moved = with_held_conditions(TRAP, TRAP, claim)
    assert before == after != TRAP
    assert moved.images == (StoreImage((0, 1, 0, 1), (0, 1, 0, 1), ()),)
    assert not any(isinstance(s, If) and changes_condition(s) for s in statements(after))
    untouched = (If(above(load(X, const(0)), const(3)), (store(A, const(0), const(0)),)),)
    assert with_held_conditions(untouched, untouched, claim) == (untouched, untouched, claim)


def merging_loop(rng: random.Random) -> Block:
    """Two places move through an array, by what stands there, as in a merge."""
    low, high = load(X, load(P)), load(X, load(Q))
    smaller = rng.choice((above(load(T), load(U)), above(load(U), load(T))))
    steps = [op(rng.choice(("add", "sub")), load(r), const(1)) for r in (P, Q)]
    sides: list[Block] = [
        (store(A, ROW, load(U)), store(Q, (), steps[1])),
        (store(A, ROW, load(T)), store(P, (), steps[0])),
    ]
    if rng.random() < 0.5:
        sides[rng.randrange(2)] += (store(B, load(P), load(rng.choice((T, U)))),)
    body: Block = (store(T, (), low), store(U, (), high), If(smaller, sides[0], sides[1]))
    inside: Block = (Local(T, (Local(U, body),)),)
    return (For(ROW, const(0), const(6), inside), store(B, const(9), load(P)), store(B, const(8), load(Q)))


def scoped(block: Block) -> Block:
    """The loop with its places around it, as Locals of the right levels."""
    first = (store(P, (), const(1)), store(Q, (), const(5)))
    return (Local(P, (Local(Q, (*first, *block)),)),)


def test_promotion_of_what_a_condition_reads() -> None:
    proved = 0
    for seed in range(16):
        block = merging_loop(random.Random(seed))
        loop = block[0]
        assert isinstance(loop, For)
        (scope,) = loop.body
        (offer,) = Promotion().attempt((scope,)).offers
        claim = offer.correspondence
        (decided,) = offer.replacement
        # Where a side changes a place and then stores what stood there, its register stays.
        if not isinstance(decided, If) or not check(offer.before, (decided,), claim, execute=False).proved:
            continue
        proved += 1
        condition, then, otherwise = decided.condition, decided.then, decided.otherwise
        for other in (
            If(condition, otherwise, then),
            If(Op("xor", 1, (condition, Op("eq", 1, (load(P), load(P))))), then, otherwise),
            If(condition, tuple(reversed(then)), otherwise),
            If(condition, then, tuple(reversed(otherwise))),
        ):
            accepted = check(offer.before, (other,), claim, execute=False).proved
            placed = [scoped((For(ROW, const(0), const(6), (s,)), *block[1:])) for s in (scope, other)]
            assert not accepted or not differs(placed[0], placed[1], (A, B, X))
    assert proved >= 8


def test_while_loops_are_still_refused() -> None:
    block: Block = (While(above(load(A, const(0)), const(3)), TRAP),)
    assert not checked(block, block).proved
