"""The traps of docs/semantics.md that a control rule can step into."""

from __future__ import annotations

from seer.lang.affine import Affine
from seer.lang.terms import (
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
)
from seer.lang.traverse import shift_levels
from seer.verify.companions import extract, instrument
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.loop_equivalence import check
from tests.verify.loop_terms import (
    A,
    B,
    C,
    W,
    X,
    Y,
    at,
    const,
    fused_by_hand,
    load,
    loop,
    op,
    store,
    top,
    unrolled_by_hand,
    verdict,
)


def test_trap_zero_trip_loops_prove_nothing() -> None:
    empty = loop(64, lambda i: (store(A, i, const(1)),), lower=64)
    other = loop(64, lambda i: (store(A, i, const(0)),), lower=64)
    claim = Correspondence((StoreImage((0, 0), (0, 0), (Affine.build(0, {0: 1}),)),))
    for correspondence in (claim, None):
        found = check((empty,), (other,), correspondence)
        assert not found.accepted
        assert "never runs" in found.reason
    assert not check((empty,), (empty,), claim).accepted
    running = loop(64, lambda i: (store(A, i, const(1)),))
    assert check((running,), (running,), claim).proved


def test_trap_a_loop_around_that_begins_elsewhere_in_its_hull() -> None:
    """for (i = n; …; i += 2): that its hull begins at 0 does not keep i from being 3."""
    stores = [store(A, Iv(W, 0, 0, 16, 2), const(1)), store(A, const(3), const(2))]
    claim = Correspondence((StoreImage((0,), (1,), ()), StoreImage((1,), (0,), ())))
    assert not check(tuple(stores), tuple(reversed(stores)), claim).accepted
    apart = [stores[0], store(A, const(16), const(2))]
    assert check(tuple(apart), tuple(reversed(apart)), claim).proved


def test_trap_a_hull_that_the_loop_leaves() -> None:
    """An equality under i < 16 would be learnt from a hull of 16 on a loop that runs to 32."""
    before = (loop(32, lambda i: (store(A, i, const(1)),)),)
    claim = Correspondence((StoreImage((0, 0), (0, 0), (Affine.build(0, {0: 1}),)),))
    for hull in ((0, 16, 1), (4, 32, 1), (0, 32, 2)):
        i = Iv(W, 0, *hull)
        found = check(before, (For(i, const(0), const(32), (store(A, i, const(1)),)),), claim)
        assert not found.accepted
    wider = Iv(W, 0, 0, 64, 1)
    assert check(before, (For(wider, const(0), const(32), (store(A, wider, const(1)),)),), claim).proved


def test_trap_wrapping_subscript_is_not_affine() -> None:
    """for i < 16: A[(uint8_t)(i + 250)] = X[i] meets A[i] of the second loop only by wrapping."""
    big = top("G", 256)

    def wrapped(i: Expr) -> Expr:
        return Op("trunc", 8, (at(i, 1, 250),))

    before = (
        loop(16, lambda i: (store(big, wrapped(i), load(X, i)),)),
        loop(16, lambda i: (store(C, i, load(big, i)),)),
    )
    found = verdict(before, fused_by_hand)
    assert not found.proved
    assert not verdict(before, fused_by_hand, execute=True).accepted
    unrolled = verdict(before[:1], unrolled_by_hand, 4)
    assert unrolled.proved, unrolled.reason


def test_trap_narrow_subscripts_are_read_unsigned() -> None:
    """A signed 8-bit -1 selects element 255 of a large array, and so meets the 32-bit subscript 255."""
    big = top("G", 256)
    narrow = Iv(8, 0, -4, 4, 1)
    first = For(narrow, const(-4, 8), const(4, 8), (store(big, narrow, load(X, const(0))),))
    second = For(narrow, const(-4, 8), const(4, 8), (store(C, const(0), load(big, const(255))),))
    found = verdict((first, second), fused_by_hand)
    assert not found.proved


def test_trap_int_min_bounds() -> None:
    lowest = -(1 << 31)
    before = (
        loop(lowest + 8, lambda i: (store(A, const(0), i),), lower=lowest),
        loop(lowest + 8, lambda i: (store(B, const(0), i),), lower=lowest),
    )
    assert verdict(before, fused_by_hand).proved
    assert verdict(before[:1], unrolled_by_hand, 4).proved
    backwards = (before[0], loop(lowest + 8, lambda i: (store(A, const(0), at(i, 1, 1)),), lower=lowest))
    assert not verdict(backwards, fused_by_hand).proved


def test_trap_bound_read_in_different_states() -> None:
    """n = X[0]; for j: { X[j] = 0; B[j] = j < n } must not move the capture of n into the loop."""
    n = LocalArray(ArrayType(W, ()), 0)
    before = (
        Local(
            n,
            (
                store(n, (), load(X, const(0))),
                loop(8, lambda j: (store(X, j, const(0)), store(B, j, op("udiv", load(n), load(X, j))))),
            ),
        ),
    )
    (whole,) = instrument(before)
    assert isinstance(whole, Local)
    (companion, capture, f) = whole.body
    assert isinstance(f, For)
    moved = (Local(n, (For(f.iv, f.lower, f.upper, (companion, capture, *f.body)),)),)
    after, correspondence = extract(before, moved)
    assert not check(before, after, correspondence).accepted
    after, correspondence = extract(before, (whole,))
    assert check(before, after, correspondence).proved


def histogram(fused: bool) -> Block:
    """h[x[i]]++; y[i] = h[0], in one loop or split into two."""
    h, x, y = top("h", 16), top("x", 32), top("y", 32)

    def count(i: Expr) -> Store:
        return store(h, load(x, i), op("add", load(h, load(x, i)), const(1)))

    if fused:
        return (loop(32, lambda i: (count(i), store(y, i, load(h, const(0))))),)
    return (loop(32, lambda i: (count(i),)), loop(32, lambda i: (store(y, i, load(h, const(0))),)))


def test_trap_histogram_collides_under_execution() -> None:
    split, one = histogram(False), histogram(True)
    found = verdict(split, fused_by_hand, execute=True)
    assert (found.accepted, found.kind) == (False, "executed")
    assert "differs" in found.reason
    assert not check(one, split, None).accepted


def test_execution_accepts_what_isl_cannot_decide_and_says_so() -> None:
    """Both loops scatter into one array through subscripts that never meet: even and odd elements."""

    def scatter(parity: int) -> For:
        def body(i: Iv) -> Block:
            where = op("or", op("shl", load(Y, i), const(1)), const(parity))
            return (store(A, where, load(X, i)),)

        return loop(16, body)

    found = verdict((scatter(0), scatter(1)), fused_by_hand, execute=True)
    assert (found.proved, found.tested, found.kind) == (False, True, "executed")
    assert not verdict((scatter(0), scatter(1)), fused_by_hand).accepted


def test_sixty_rounds_of_a_shared_expression() -> None:
    def body(i: Iv) -> Block:
        e: Expr = load(X, i)
        for _ in range(60):
            e = op("xor", op("add", e, e), e)
        return (store(A, i, e),)

    assert verdict((loop(32, body), loop(32, body)), fused_by_hand).proved
    assert verdict((loop(32, body),), unrolled_by_hand, 4).proved


def test_trap_a_loop_between_that_may_be_empty() -> None:
    """Neighbours in time are not neighbours in the text where a loop between them runs zero times.

    for k < 2: { A[0] = X[k]; for j < n: B[j] = k } with the two iterations written out, the first for
    k = 1-n and the second for k = n: right for n = 1, and in the wrong order for n = 0.
    """
    n = Param(W, "n", Range(0, 1))

    def inner(k: Expr, level: int) -> For:
        j = Iv(W, level, 0, 1, 1)
        return For(j, const(0), n, (store(B, j, k),))

    before = (loop(2, lambda k: (store(A, const(0), load(X, k)), inner(k, 1))),)
    after = (
        store(A, const(0), load(X, op("sub", const(1), n))),
        inner(const(0), 0),
        store(A, const(0), load(X, n)),
        inner(const(1), 0),
    )
    j = Affine.build(0, {0: 1})
    first, second = Affine.build(1, {"n": -1}), Affine.build(0, {"n": 1})
    images = (
        StoreImage((0,), (0, 0), (first,)),
        StoreImage((1, 0), (0, 1, 0), (Affine(0), j)),
        StoreImage((2,), (0, 0), (second,)),
        StoreImage((3, 0), (0, 1, 0), (Affine(1), j)),
    )
    found = check(before, after, Correspondence(images))
    assert not found.accepted
    assert "dependence" in found.reason
    right = (store(A, const(0), load(X, const(0))), after[1], store(A, const(0), load(X, const(1))), after[3])
    constants = [(Affine(k), *image.instance[1:]) for k, image in zip((0, 0, 1, 1), images, strict=True)]
    claim = tuple(
        StoreImage(i.path, i.source, instance) for i, instance in zip(images, constants, strict=True)
    )
    assert check(before, right, Correspondence(claim)).proved


def test_trap_levels_and_hulls_of_enclosing_binders() -> None:
    """What a block uses from outside must be the same term, and its own levels must follow on."""
    outer = Iv(W, 0, 0, 16, 1)
    block = (loop(8, lambda i: (store(A, i, outer),), level=1),)
    claim = Correspondence((StoreImage((0, 0), (0, 0), (Affine.build(0, {1: 1}),)),))
    assert check(block, block, claim).proved
    narrower = (loop(8, lambda i: (store(A, i, Iv(W, 0, 0, 8, 1)),), level=1),)
    assert not check(block, narrower, claim).accepted
    deeper = Correspondence((StoreImage((0, 0), (0, 0), (Affine.build(0, {2: 1}),)),))
    assert not check(block, shift_levels(block, 1, 1), deeper).accepted
