"""The seven ways in which compiler passes are known to go wrong, by hand: each is refused, and its legal
neighbour is proved.

Upstream tiling and unroll-and-jam change the order of dependent iterations; data-copy-generate copies what
was never written where a loop does not run, and out of bounds under a condition; sibling fusion looks at no
dependence; fusion moves a write past a later read; unrolling takes its last copies beyond the bound.
"""

from __future__ import annotations

from seer.lang.terms import (
    ArrayType,
    Block,
    For,
    If,
    Iv,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, shift_levels
from seer.verify.companions import extract, instrument, unclaimed
from seer.verify.correspondence import Correspondence
from seer.verify.loop_equivalence import Verdict, check
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
    fused_by_hand,
    load,
    loop,
    op,
    store,
    top,
)

N = 12
OUTER, INNER = Iv(W, 0, 0, N, 1), Iv(W, 1, 0, N, 1)
GRID = top("G", N + 2, N + 2)


def claimed(before: Block, after: Block, values: bool = False) -> Verdict:
    """The check of instrumented code with the claim that its companions make."""
    plain, claim = extract(before, after)
    return check(before, plain, Correspondence(claim.images, values), execute=False)


def _grid(*steps: tuple[int, int]) -> For:
    """for i for j: G[i+1][j+1] = Σ G[i+1+di][j+1+dj] + X[j]"""
    value = load(X, INNER)
    for di, dj in steps:
        value = op("add", value, load(GRID, at(OUTER, 1, 1 + di), at(INNER, 1, 1 + dj)))
    body = store(GRID, (at(OUTER, 1, 1), at(INNER, 1, 1)), value)
    return For(OUTER, const(0), const(N), (For(INNER, const(0), const(N), (body,)),))


def _tiled(nest: Statement, size: int) -> Block:
    """for jj step size: for i: for j in [jj, jj + size): the nest by tiles of columns."""
    assert isinstance(nest, For) and isinstance(nest.body[0], For)
    (deeper,) = shift_levels((nest,), 0, 1)
    assert isinstance(deeper, For)
    (inner,) = deeper.body
    assert isinstance(inner, For)
    tile = Iv(W, 0, 0, N, size)
    row = For(inner.iv, tile, op("add", tile, const(size)), inner.body)
    return (For(tile, const(0), const(N), (For(deeper.iv, const(0), const(N), (row,)),)),)


def test_tiling_against_a_diagonal_dependence() -> None:
    illegal, legal = _grid((-1, 1)), _grid((-1, 0), (0, -1))
    for nest, proved in ((illegal, False), (legal, True)):
        found = claimed((nest,), _tiled(instrument((nest,))[0], 4))
        assert found.proved == proved, found.reason
    assert differs((illegal,), _tiled(illegal, 4), (GRID, X))


def _jammed(nest: Statement) -> Block:
    """for i step 2: for j: B(i, j); B(i+1, j)"""
    assert isinstance(nest, For)
    (inner,) = nest.body
    assert isinstance(inner, For)
    iv = Iv(W, 0, 0, N, 2)
    copies: Block = ()
    for k in range(2):
        copies += Rewriter(lambda e, k=k: at(iv, 1, k) if e is nest.iv else e).block(inner.body)
    return (For(iv, nest.lower, nest.upper, (For(inner.iv, inner.lower, inner.upper, copies),)),)


def test_unroll_and_jam_against_a_diagonal_dependence() -> None:
    illegal, legal = _grid((-1, 1)), _grid((-1, 0), (0, -1))
    for nest, proved in ((illegal, False), (legal, True)):
        found = claimed((nest,), _jammed(instrument((nest,))[0]))
        assert found.proved == proved, found.reason
    assert differs((illegal,), _jammed(illegal), (GRID, X))


def _copied(upper: Op | Param, reach: int) -> tuple[Block, Block]:
    """for i < upper: A[i] = X[i] + 1, and the same on a copy that is copied back as far as `reach`."""
    row = LocalArray(ArrayType(W, (16,)), 0)
    i = Iv(W, 0, 0, 16, 1)
    before: Block = (For(i, const(0), upper, (store(A, i, op("add", load(X, i), const(1))),)),)
    (whole,) = instrument(before)
    assert isinstance(whole, For)
    companion, body = whole.body
    assert isinstance(body, Store)
    fill = For(i, const(0), upper, (unclaimed(), store(row, i, body.value)))
    end = upper if not reach else const(reach)
    back = For(i, const(0), end, (companion, store(A, i, load(row, i))))
    return before, (Local(row, (fill, back)),)


def test_a_copy_back_of_what_was_never_written() -> None:
    """data-copy-generate writes its buffer back even where the loop that fills it does not run."""
    n = Param(W, "n", Range(0, 16))
    before, legal = _copied(n, 0)
    assert claimed(before, legal, values=True).proved
    before, illegal = _copied(n, 16)
    assert not claimed(before, illegal, values=True).proved
    assert not check(before, extract(before, illegal)[0], None).accepted


def test_a_copy_under_a_condition() -> None:
    """Under `if (i < 8)` eight elements are touched; a copy of sixteen goes beyond the end of the array."""
    small = top("small", 8)
    i = Iv(W, 0, 0, 16, 1)
    holds = Op("slt", 1, (i, const(8)))
    before: Block = (For(i, const(0), const(16), (If(holds, (store(small, i, load(X, i)),)),)),)
    (whole,) = instrument(before)
    assert isinstance(whole, For)
    (branch,) = whole.body
    assert isinstance(branch, If)
    companion, body = branch.then
    assert isinstance(body, Store)
    # Without the condition the same stores run, and eight that the original does not run.
    wide = (For(i, const(0), const(16), (companion, body)),)
    assert not claimed(before, wide).accepted
    kept = (For(i, const(0), const(16), (companion, Store(small, (i,), body.value, holds))),)
    assert claimed(before, kept).proved
    wraps = (For(i, const(0), const(16), (store(small, op("and", i, const(7)), load(X, i)),)),)
    assert differs(before, wraps, (small, X)) and not check(before, wraps, None).accepted


def test_siblings_that_depend_on_each_other() -> None:
    def pair(distance: int) -> Block:
        return (
            loop(N, lambda i: (store(A, i, load(X, i)),)),
            loop(N, lambda i: (store(B, i, load(A, at(i, 1, distance))),)),
        )

    for distance, proved in ((1, False), (0, True)):
        before = pair(distance)
        found = claimed(before, fused_by_hand(*instrument(before)))
        assert found.proved == proved, found.reason
    assert differs(pair(1), fused_by_hand(*pair(1)), (A, B, X))


def test_a_write_moved_past_a_later_read() -> None:
    def pair(ahead: int) -> Block:
        return (
            loop(N, lambda i: (store(C, i, load(X, i)),)),
            loop(N, lambda i: (store(X, at(i, 1, ahead), load(Y, i)),)),
        )

    for ahead, proved in ((1, False), (0, True)):
        before = pair(ahead)
        found = claimed(before, fused_by_hand(*instrument(before)))
        assert found.proved == proved, found.reason
    assert differs(pair(1), fused_by_hand(*pair(1)), (C, X, Y))


def _unrolled(whole: Statement, upper: int) -> Block:
    """for i step 4 in [0, upper): four copies, without a loop for what is left."""
    assert isinstance(whole, For)
    iv = Iv(W, 0, 0, upper, 4)
    copies: Block = ()
    for k in range(4):
        copies += Rewriter(lambda e, k=k: at(iv, 1, k) if e is whole.iv else e).block(whole.body)
    return (For(iv, const(0), const(upper), copies),)


def test_unrolling_beyond_the_bound() -> None:
    """10 iterations by four: three rounds run two iterations too many, two rounds two too few."""
    for trips, rounds, proved in ((10, 12, False), (10, 8, False), (12, 12, True)):
        before = (loop(trips, lambda i: (store(A, i, op("add", load(A, i), const(1))),)),)
        found = claimed(before, _unrolled(instrument(before)[0], rounds))
        assert found.proved == proved, found.reason
        assert differs(before, _unrolled(before[0], rounds), (A,)) != proved
