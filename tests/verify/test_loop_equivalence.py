"""The control rules' check: legal outputs are proved, mutants are refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from seer.lang.affine import Affine, Unsigned
from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    Group,
    Iv,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
    TopArray,
)
from seer.lang.traverse import Rewriter
from seer.verify.companions import extract, instrument, loop_sources
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.instances import NotProved
from seer.verify.loop_equivalence import check, recheck
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
    with_local,
)

# Fusion


def pair(write: tuple[TopArray, int, int], read: tuple[TopArray, int, int], n: int = 32) -> Block:
    """for i: W[a·i+b] = X[i]; for i: C[i] = R[c·i+d]."""
    (w, a, b), (r, c, d) = write, read
    return (
        loop(n, lambda i: (store(w, at(i, a, b), load(X, i)),)),
        loop(n, lambda i: (store(C, i, load(r, at(i, c, d))),)),
    )


@pytest.mark.parametrize(
    ("write", "read", "legal"),
    [
        ((A, 1, 0), (Y, 1, 0), True),
        ((A, 1, 0), (A, 1, 0), True),
        ((A, 1, 1), (A, 1, 0), True),
        ((A, 1, 0), (A, 1, 1), False),
        ((A, 1, 0), (A, 0, 31), False),
        ((A, 2, 0), (A, 2, 1), True),
        ((A, 1, 0), (A, 2, 0), False),
        ((A, 2, 0), (A, 1, 0), True),
        ((X, 1, 0), (X, 1, 0), True),
        ((C, 1, 0), (Y, 1, 0), True),
        ((C, 1, 1), (Y, 1, 0), True),
        ((C, 1, -1), (Y, 1, 0), False),
    ],
)
def test_fusion_is_proved_exactly_where_it_is_legal(write, read, legal: bool) -> None:
    before = pair(write, read)
    found = verdict(before, fused_by_hand)
    assert (found.proved, found.kind) == (legal, "isl"), found.reason
    if not legal:
        assert "dependence" in found.reason


def test_anti_dependence_backwards_in_time_is_refused() -> None:
    before = (
        loop(32, lambda i: (store(A, i, load(C, at(i, 1, 1))),)),
        loop(32, lambda i: (store(C, i, load(Y, i)),)),
    )
    assert verdict(before, fused_by_hand).proved
    overtaking = (before[0], loop(32, lambda i: (store(C, at(i, 1, 2), load(Y, i)),)))
    assert not verdict(overtaking, fused_by_hand).proved


def test_nests_fuse_under_enclosing_loops_and_parameters() -> None:
    outer = Iv(W, 0, 0, 16, 1)
    n = Param(W, "n", Range(1, 32))
    table = top("T", 16, 32)

    def body(array: Array, value: Callable[[Iv], Expr]) -> For:
        iv = Iv(W, 1, 0, 32, 1)
        return For(iv, const(0), n, (store(array, (outer, iv), value(iv)),))

    other = top("U", 16, 32)
    before = (
        body(table, lambda i: op("add", i, outer)),
        body(other, lambda i: load(table, outer, i)),
    )
    assert verdict(before, fused_by_hand).proved
    shifted = (before[0], body(other, lambda i: load(table, at(outer, 1, 1), i)))
    assert verdict(shifted, fused_by_hand).proved
    ahead = (before[0], body(other, lambda i: load(table, outer, at(i, 1, 1))))
    assert not verdict(ahead, fused_by_hand).proved


def test_loops_up_to_unsigned_parameters_fuse() -> None:
    """for i < n: A[i] = X[i]; for i < n: C[i] = A[i + d]; n read as an unsigned number of 6 bits."""
    n, i = Param(6, "n"), Iv(W, 0, 0, 63, 1)

    def pair(ahead: int, end: Expr) -> Block:
        first = For(i, const(0), op_at(W, "zext", n), (store(A, i, load(X, i)),))
        return first, For(i, const(0), end, (store(C, i, load(A, at(i, 1, ahead))),))

    assert verdict(pair(0, op_at(W, "zext", n)), fused_by_hand).proved
    assert verdict(pair(-1, op_at(W, "zext", n)), fused_by_hand).proved
    assert not verdict(pair(1, op_at(W, "zext", n)), fused_by_hand).proved
    # Read as a signed number it is another bound.
    assert not verdict(pair(0, op_at(W, "sext", n)), fused_by_hand).proved


def op_at(width: int, name: str, operand: Expr) -> Expr:
    return Op(name, width, (operand,))


def test_symbols_of_a_correspondence_are_written_and_read_back() -> None:
    form = Affine.build(3, {0: 2, "n": -1, Unsigned("n", 6): 5})
    claim = Correspondence((StoreImage((0, 1), (1, 0), (form, Affine(7))),))
    assert Correspondence.from_json(json.loads(json.dumps(claim.to_json()))) == claim


def test_non_affine_subscripts_touch_the_whole_array() -> None:
    before = (
        loop(32, lambda i: (store(A, i, load(X, i)),)),
        loop(32, lambda i: (store(C, load(Y, i), load(X, i)),)),
    )
    assert verdict(before, fused_by_hand).proved  # C is touched by one loop only
    gather = (before[0], loop(32, lambda i: (store(C, i, load(A, load(Y, i))),)))
    found = verdict(gather, fused_by_hand)
    assert not found.accepted
    assert "not affine" in found.reason


def test_shifts_are_understood() -> None:
    def shifted(i: Expr) -> Expr:
        return op("add", op("shl", i, const(1)), i)

    before = (
        loop(20, lambda i: (store(A, at(i, 3), load(X, i)),)),
        loop(20, lambda i: (store(C, i, load(A, shifted(i))),)),
    )
    assert verdict(before, fused_by_hand).proved


# Locals


def private(target: TopArray, source: TopArray) -> Callable[[Iv], Block]:
    """{ t = source[i]; target[i] = t + t; }"""
    return lambda i: (
        with_local(
            lambda t: (store(t, (), load(source, i)), store(target, i, op("add", load(t), load(t)))),
        ),
    )


def test_fusing_loops_with_locals_inside() -> None:
    before = (loop(32, private(A, X)), loop(32, private(B, A)))
    assert verdict(before, fused_by_hand).proved
    assert verdict(before[:1], unrolled_by_hand, 4).proved


def test_a_local_may_not_be_split_or_shared() -> None:
    before = (loop(32, private(A, X)),)
    (f,) = instrument(before)
    assert isinstance(f, For)
    (local,) = f.body
    assert isinstance(local, Local)
    split = (
        For(f.iv, f.lower, f.upper, (Local(local.array, local.body[:2]), Local(local.array, local.body[2:]))),
    )
    after, correspondence = extract(before, split)
    found = check(before, after, correspondence, execute=False)
    assert not found.proved
    assert "split" in found.reason
    hoisted = (Local(local.array, (For(f.iv, f.lower, f.upper, local.body),)),)
    after, correspondence = extract(before, hoisted)
    found = check(before, after, correspondence, execute=False)
    assert not found.proved
    assert "shared" in found.reason


def test_iterations_with_a_local_of_their_own_may_be_reordered() -> None:
    """for i: for j: { t = S[i][j]; T[i][j] = t * t } with the loops interchanged."""
    source, target = top("S", 8, 8), top("T", 8, 8)

    def nest(swapped: bool) -> Block:
        def body(outer: Iv, inner: Iv) -> Block:
            at_ij = (inner, outer) if swapped else (outer, inner)
            return (
                with_local(
                    lambda t: (
                        store(t, (), load(source, *at_ij)),
                        store(target, at_ij, op("mul", load(t), load(t))),
                    )
                ),
            )

        return (loop(8, lambda outer: (loop(8, lambda inner: body(outer, inner), level=1),)),)

    swapped = (Affine.build(0, {1: 1}), Affine.build(0, {0: 1}))
    paths = [(0, 0, 0, 0), (0, 0, 0, 1)]
    claim = Correspondence(tuple(StoreImage(path, path, swapped) for path in paths))
    assert check(nest(False), nest(True), claim).proved
    assert not check(nest(False), nest(False), claim).accepted


def test_an_enclosing_accumulator_is_an_array_of_one_element() -> None:
    total = LocalArray(ArrayType(W, ()), 0)
    accumulate = loop(32, lambda i: (store(total, (), op("add", load(total), load(X, i))),))
    assert verdict((accumulate,), unrolled_by_hand, 4).proved
    before = (accumulate, loop(32, lambda i: (store(A, i, load(total)),)))
    found = verdict(before, fused_by_hand)
    assert not found.proved
    assert "dependence" in found.reason


# Unrolling


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_unrolling_keeps_recurrences(factor: int) -> None:
    before = (loop(32, lambda i: (store(A, at(i, 1, 1), op("add", load(A, i), load(X, at(i, 2)))),)),)
    assert verdict(before, unrolled_by_hand, factor).proved


def test_loops_inside_an_unrolled_loop_have_several_sources() -> None:
    table = top("T", 8, 8)
    before = (
        loop(
            8,
            lambda i: (
                loop(8, lambda j: (store(table, (i, j), op("mul", load(table, i, j), j)),), level=1),
                store(A, i, load(table, i, const(7))),
            ),
        ),
    )
    after, correspondence = extract(before, unrolled_by_hand(instrument(before)[0], 2))
    assert check(before, after, correspondence).proved
    (outer,) = before
    assert isinstance(outer, For)
    (result,) = after
    assert isinstance(result, For)
    sources = loop_sources(before, after, correspondence)
    assert sources[result] == (outer,)
    assert [sources[s] for s in result.body if isinstance(s, For)] == [(outer.body[0],)] * 2


def test_full_unrolling_of_many_iterations_is_fast() -> None:
    before = (loop(256, lambda i: (store(A, i, op("xor", load(A, i), i)), store(B, i, load(A, i)))),)
    (f,) = instrument(before)
    assert isinstance(f, For)
    copies: Block = ()
    for value in range(256):
        copies += Rewriter(lambda e, v=value: const(v) if e is f.iv else e).block(f.body)
    after, correspondence = extract(before, copies)
    assert check(before, after, correspondence).proved
    swapped = (*after[:100], after[101], after[100], *after[102:])
    assert not check(before, swapped, correspondence, execute=False).accepted
    assert not check(before, after[:-1], correspondence, execute=False).accepted


# Mutants of correct outputs


def mutants() -> dict[str, Callable[[For], Block]]:
    """Broken versions of the fused loop `a; b` with companions ca, a, cb, b."""

    def body(f: For, statements: Block) -> Block:
        return (For(f.iv, f.lower, f.upper, statements),)

    def shifted(f: For, position: int, by: int) -> Block:
        s = f.body[position]
        assert isinstance(s, Store)
        moved = Store(s.array, (at(s.indices[0], 1, by),), s.value)
        return body(f, (*f.body[:position], moved, *f.body[position + 1 :]))

    return {
        "short bound": lambda f: (For(f.iv, f.lower, const(31), f.body),),
        "late start": lambda f: (For(f.iv, const(1), f.upper, f.body),),
        "hull left": lambda f: (For(f.iv, f.lower, const(33), f.body),),
        "shifted store": lambda f: shifted(f, 1, 1),
        "shifted companion": lambda f: shifted(f, 0, 1),
        "dropped statement": lambda f: body(f, f.body[:2]),
        "doubled statement": lambda f: body(f, f.body + f.body[2:]),
        "swapped order": lambda f: body(f, f.body[2:] + f.body[:2]),
        "swapped companions": lambda f: body(f, (f.body[2], f.body[1], f.body[0], f.body[3])),
        "run twice": lambda f: (*body(f, f.body), *body(f, f.body)),
        "loops kept in the wrong order": lambda f: (*body(f, f.body[2:]), *body(f, f.body[:2])),
    }


@pytest.mark.parametrize("name", list(mutants()))
def test_mutants_are_refused(name: str) -> None:
    before = pair((A, 1, 0), (A, 1, 0))
    (fused,) = fused_by_hand(*instrument(before))
    assert isinstance(fused, For)
    after, correspondence = extract(before, (fused,))
    assert check(before, after, correspondence).proved
    after, correspondence = extract(before, mutants()[name](fused))
    found = check(before, after, correspondence)
    assert not found.accepted, name
    assert found.reason


def test_lost_companions_are_noticed() -> None:
    before = pair((A, 1, 0), (A, 1, 0))
    (fused,) = fused_by_hand(*instrument(before))
    assert isinstance(fused, For)
    with pytest.raises(NotProved, match="lost its companion"):
        extract(before, (For(fused.iv, fused.lower, fused.upper, fused.body[1:]),))
    with pytest.raises(NotProved, match="lost its store"):
        extract(before, (For(fused.iv, fused.lower, fused.upper, fused.body[:-1]),))


def test_a_certificate_is_rechecked_and_its_corruption_noticed() -> None:
    before = pair((A, 1, 0), (A, 1, 0))
    after, correspondence = extract(before, fused_by_hand(*instrument(before)))
    data = json.loads(json.dumps(correspondence.to_json()))
    assert Correspondence.from_json(data) == correspondence
    assert recheck(before, after, data).proved
    data[1]["instance"][0]["constant"] = 1
    assert not recheck(before, after, data).accepted
    data[1] = data[0]
    assert not recheck(before, after, data).accepted
    del data[0]["instance"]
    assert "cannot be read" in recheck(before, after, data).reason


def test_groups_do_not_matter() -> None:
    before = pair((A, 1, 0), (A, 1, 0))
    (fused,) = fused_by_hand(*instrument(before))
    assert isinstance(fused, For)
    after, correspondence = extract(before, (For(fused.iv, fused.lower, fused.upper, (Group(fused.body),)),))
    assert check(before, after, correspondence).proved
