"""The traps of docs/semantics.md that reach the e-graph, each with its smallest program."""

from seer.egraph.explore import EGraph
from seer.egraph.proof import ProofRecord, Prover
from seer.lang.terms import (
    ArrayType,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
    TopArray,
)
from seer.verify.replay import replay

A, B, C = (TopArray(ArrayType(32, (128,)), name) for name in "abc")


def const(value: int, width: int = 32) -> Const:
    return Const(width, value)


def less(a: Expr, b: Expr) -> Expr:
    return Op("zext", 32, (Op("slt", 1, (a, b)),))


def test_a_loop_that_never_runs_does_not_make_everything_equal(prover: Prover):
    """for (i = 64; i < 64; i++) { a[i] = i < 64; b[i] = 63 < i; }: no range rule may speak of i."""
    i = Iv(32, 0, 64, 64, 1)
    first, second = less(i, const(64)), less(const(63), i)
    egraph = EGraph(prover=prover)
    egraph.add(
        (
            For(i, const(64), const(64), (Store(A, (i,), first), Store(B, (i,), second))),
            Store(C, (const(0),), const(1)),
            Store(C, (const(1),), const(0)),
        )
    )
    egraph.run(6)
    snapshot = egraph.snapshot()
    assert snapshot.class_of(const(1)) != snapshot.class_of(const(0))
    assert snapshot.class_of(first) not in (snapshot.class_of(const(1)), snapshot.class_of(const(0)))
    assert snapshot.cheap_extract(snapshot.root) == (
        Store(C, (const(0),), const(1)),
        Store(C, (const(1),), const(0)),
    )


def test_the_hull_of_a_triangular_loop_says_nothing_about_pairs(prover: Prover):
    """for (i < 2) { b[i] = (0 < i); for (j < i) c[i] = (j < i); }: the hull of j is [0, 0]."""
    i = Iv(32, 0, 0, 2, 1)
    j = Iv(32, 1, 0, 1, 1)
    inner = For(j, const(0), i, (Store(C, (i,), less(j, i)),))
    program = (For(i, const(0), const(2), (Store(B, (i,), less(const(0), i)), inner)),)
    egraph = EGraph(prover=prover)
    egraph.add(program)
    egraph.run(6)
    snapshot = egraph.snapshot()
    positive = less(const(0), i)
    assert snapshot.class_of(positive) not in (snapshot.class_of(const(1)), snapshot.class_of(const(0)))
    # On the box of both hulls j is 0, so this much is right.
    assert snapshot.class_of(less(j, i)) == snapshot.class_of(positive)


def test_locals_of_different_ranges_or_types_share_no_class(prover: Prover):
    """{ int t = x & 1; a[0] = t; } { int t = x; a[1] = t; }: only the first t is 0 or 1."""
    x = Load(B, (const(0),))
    narrow = LocalArray(ArrayType(32, (), Range(0, 1)), 0)
    wide = LocalArray(ArrayType(32, ()), 0)
    bit = LocalArray(ArrayType(8, ()), 0)
    program = (
        Local(
            narrow,
            (
                Store(narrow, (), Op("and", 32, (x, const(1)))),
                Store(A, (const(0),), Op("and", 32, (Load(narrow, ()), const(1)))),
            ),
        ),
        Local(wide, (Store(wide, (), x), Store(A, (const(1),), Op("and", 32, (Load(wide, ()), const(1)))))),
        Local(bit, (Store(bit, (), const(1, 8)), Store(A, (const(2),), Op("zext", 32, (Load(bit, ()),))))),
    )
    egraph = EGraph(prover=prover)
    egraph.add(program)
    egraph.run(6)
    snapshot = egraph.snapshot()
    loads = [Load(array, ()) for array in (narrow, wide, bit)]
    assert len({snapshot.class_of(load) for load in loads}) == 3
    masked = [Op("and", 32, (load, const(1))) for load in loads[:2]]
    assert snapshot.class_of(masked[0]) == snapshot.class_of(loads[0])
    assert snapshot.class_of(masked[1]) != snapshot.class_of(loads[1])


def test_contradictory_ranges_prove_nothing(prover: Prover):
    """n is declared to lie in [9, 3]: nothing follows, in particular not n < 4 and not 8 < n."""
    n = Param(32, "n", Range(9, 3))
    low, high = less(n, const(4)), less(const(8), n)
    egraph = EGraph(prover=prover)
    egraph.add((Store(A, (const(0),), low), Store(A, (const(1),), high)))
    egraph.run(6)
    snapshot = egraph.snapshot()
    constants = {snapshot.class_of(const(0)), snapshot.class_of(const(1))}
    assert snapshot.class_of(low) not in constants
    assert snapshot.class_of(high) not in constants


def test_a_wrapping_subscript_is_not_widened(prover: Prover):
    """a[(uint8_t)(i + 250)]: the truncated sum wraps for i ≥ 6, so zext must not pass through it."""
    i = Iv(32, 0, 0, 16, 1)
    wrapped = Op("zext", 32, (Op("trunc", 8, (Op("add", 32, (i, const(250))),)),))
    straight = Op("add", 32, (i, const(250)))
    egraph = EGraph(prover=prover)
    egraph.add((For(i, const(0), const(16), (Store(A, (wrapped,), straight),)),))
    egraph.run(6)
    snapshot = egraph.snapshot()
    assert snapshot.class_of(wrapped) != snapshot.class_of(straight)


def test_a_subscript_that_does_not_wrap_is_widened(prover: Prover):
    i = Iv(32, 0, 0, 6, 1)
    narrowed = Op("zext", 32, (Op("trunc", 8, (Op("add", 32, (i, const(250))),)),))
    straight = Op("add", 32, (i, const(249)))
    last = Op("zext", 32, (Op("trunc", 8, (straight,)),))
    egraph = EGraph(prover=prover)
    program = (For(i, const(0), const(6), (Store(A, (narrowed,), const(0)), Store(A, (last,), const(1)))),)
    egraph.add(program)
    egraph.run(6)
    snapshot = egraph.snapshot()
    assert snapshot.class_of(last) == snapshot.class_of(straight)
    after = (For(i, const(0), const(6), (Store(A, (narrowed,), const(0)), Store(A, (straight,), const(1)))),)
    assert replay(program, after, egraph.explain(program, after)) == []


def test_total_operators_fold_to_what_the_semantics_says(prover: Prover):
    """x / 0 is all ones, x % 0 is x, a shift by the width or more is 0: no rule may say otherwise."""
    x = Load(B, (const(0),))
    divided, remainder = Op("udiv", 32, (x, const(0))), Op("urem", 32, (x, const(0)))
    shifted = Op("shl", 32, (x, const(32)))
    egraph = EGraph(prover=prover)
    egraph.add(tuple(Store(A, (const(k),), e) for k, e in enumerate((divided, remainder, shifted))))
    egraph.run(4)
    snapshot = egraph.snapshot()
    assert snapshot.class_of(shifted) == snapshot.class_of(const(0))
    assert snapshot.class_of(divided) != snapshot.class_of(const(0))
    assert snapshot.class_of(remainder) != snapshot.class_of(const(0))


def test_a_range_shown_by_two_members_together_is_not_used(prover: Prover):
    """One member shows t ≥ 5 and another t ≤ 5: no single one shows t = 5, so the match waits."""
    low, high = Param(8, "l", Range(5, 255)), Param(8, "h", Range(0, 5))
    egraph = EGraph(prover=prover)
    egraph.add((Store(TopArray(ArrayType(8, ()), "o"), (), low),))
    egraph.unite(low, high, "assumed", ProofRecord("executed", "made up for this test"))
    report = egraph.step()
    assert any("no single member" in message for message in report.refused)
    snapshot = egraph.snapshot()
    assert snapshot.class_of(low) == snapshot.class_of(high)
    assert snapshot.class_of(low) not in snapshot.constants
