from seer.lang.terms import ArrayType, Const, Expr, For, Iv, Load, Op, Param, Store, TopArray
from seer.report.spelling import spell

A = TopArray(ArrayType(32, (384,)), "a")
I = Iv(32, 0, 0, 128, 2)  # noqa: E741


def test_a_loop_reads_like_c():
    subscript = Op("add", 32, (Op("shl", 32, (I, Const(32, 1))), I))
    value = Op("sub", 32, (Load(A, (subscript,)), Const(32, 0xFFFFFFFF)))
    loop = For(I, Const(32, 0), Const(32, 128), (Store(A, (I,), value),))
    assert spell(loop) == "for (i = 0; i < 128; i += 2) { a[i] = (a[((i << 1) + i)] - -1); }"


def test_sixty_rounds_of_sharing_are_abridged():
    t: Expr = Param(8, "t")
    for _ in range(60):
        t = Op("mul", 8, (t, t))
    assert len(spell(t)) < 1000
