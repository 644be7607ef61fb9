from seer.lang.terms import (
    ArrayType,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Op,
    Param,
    Store,
    Table,
    TopArray,
    While,
)
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


def test_branches_and_while_loops():
    store = Store(A, (Const(8, 1),), Const(32, 2))
    condition = Op("slt", 1, (Const(32, 0), Load(A, (Const(8, 1),))))
    assert spell(If(condition, (store,))) == "if ((0 < a[1])) { a[1] = 2; }"
    both = If(condition, (store,), (store,))
    assert spell(both) == "if ((0 < a[1])) { a[1] = 2; } else { a[1] = 2; }"
    assert spell(While(condition, (store,))) == "while ((0 < a[1])) { a[1] = 2; }"


def test_floats_and_tables():
    x, table = Param(32, "x"), Table(ArrayType(32, (5,)), (1, 2**32 - 2, 3, 4, 5))
    product = Op("fmul", 32, (x, Op("fneg", 32, (x,))))
    assert spell(Op("flt", 1, (product, Op("fsqrt", 32, (x,))))) == "((x *. -x) <. sqrt(x))"
    assert spell(Op("fma", 32, (x, x, x))) == "fma(x, x, x)"
    assert spell(Op("fptosi", 8, (Op("fpext", 64, (x,)),))) == "(int8)(double)x"
    assert spell(Load(table, (Const(3, 2),))) == "{1, -2, 3, …}[2]"
