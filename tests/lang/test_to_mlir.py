"""Writing programs and fragments: what the affine form admits, free induction variables, hooks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from seer.errors import InputError
from seer.lang.from_mlir import read_function
from seer.lang.mlir_bindings import run_pipeline
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    TopArray,
)
from seer.lang.to_mlir import FunctionBuilder, to_module

A = TopArray(ArrayType(32, (256,)), "A")
I = Iv(32, 0, 0, 8, 1)  # noqa: E741


def c(value: int, bits: int = 32) -> Const:
    return Const(bits, value)


def op(name: str, *operands: Expr, bits: int = 32) -> Op:
    return Op(name, bits, operands)


def written(index: Expr) -> str:
    loop = For(I, c(0), c(8), (Store(A, (index,), c(1)),))
    program = Program("f", (Argument("A", A, True, "int"),), (loop,))
    return str(to_module(program, "affine"))


@pytest.mark.parametrize(
    "index",
    [
        I,
        c(3),
        op("add", op("mul", I, c(3)), c(1)),
        op("mul", c(3), I),
        op("add", op("add", I, I), I),
        op("sub", op("add", I, c(8)), I),
        op("sext", I, bits=64),
        op("trunc", I, bits=8),
    ],
)
def test_affine_subscripts(index: Expr) -> None:
    assert "affine.store" in written(index)


@pytest.mark.parametrize(
    "index",
    [
        op("shl", I, c(1)),
        op("add", op("shl", I, c(1)), I),
        # These wrap: at 8 bits 7 + 250 is 1, and i − 1 is not a subscript for i = 0.
        op("add", op("trunc", I, bits=8), c(250, 8), bits=8),
        op("sub", I, c(1)),
        op("mul", I, I),
        op("and", I, c(3)),
        Load(A, (I,)),
        op("udiv", I, c(2)),
    ],
)
def test_other_subscripts_stay_plain(index: Expr) -> None:
    text = written(index)
    assert "affine.store" not in text and "memref.store" in text


def test_an_affine_subscript_leaves_no_operations_behind() -> None:
    assert "arith.muli" not in written(op("add", op("mul", I, c(3)), c(1)))


def test_fragment_with_outer_variables_companions_and_levels() -> None:
    outer, inner = Iv(32, 0, 0, 4, 1), Iv(32, 1, 0, 8, 1)
    shadow = TopArray(ArrayType(32, (8,)), "shadow")
    total = LocalArray(ArrayType(32, ()), 2)
    n = Param(32, "n")
    store = Store(A, (op("add", op("mul", outer, c(8)), inner),), op("add", Load(total, ()), n))
    companion = Store(shadow, (inner,), c(1))
    block: Block = (For(inner, c(0), c(8), (store, companion)),)

    def mark(statement: Statement) -> Mapping[str, str]:
        return {"seer.companion": "0"} if statement is companion else {}

    arguments = [A, shadow, total, n, outer]
    builder = FunctionBuilder("fragment", arguments, "affine", attributes=mark)
    builder.emit(block)
    builder.finish()
    assert read_function(builder.function, arguments, 1, 3).body == block

    run_pipeline(builder.function, "func.func(affine-loop-unroll{unroll-factor=2})")
    seen: list[tuple[Store, Mapping[str, str]]] = []
    (loop,) = read_function(builder.function, arguments, 1, 3, lambda s, found: seen.append((s, found))).body
    assert isinstance(loop, For) and loop.iv == Iv(32, 1, 0, 7, 2)
    marked = [store for store, found in seen if found == {"seer.companion": "0"}]
    assert [store.array for store, _ in seen] == [A, shadow, A, shadow]
    assert [store.indices[0] for store in marked] == [loop.iv, op("add", loop.iv, c(1))]


def test_a_bound_that_may_wrap_is_refused() -> None:
    n = Param(32, "n")
    loop = For(Iv(32, 0, 0, 8, 1), c(0), op("add", n, c(1)), ())
    program = Program("f", (Argument("n", n, True, "int"),), (loop,))
    with pytest.raises(InputError, match="may wrap"):
        to_module(program)


def test_a_subscript_wider_than_an_index_is_refused() -> None:
    program = Program("f", (Argument("A", A, True, "int"),), (Store(A, (c(1, 80),), c(1)),))
    with pytest.raises(InputError, match="80 bits"):
        to_module(program)


def test_sharing_stays_linear() -> None:
    value: Expr = Load(A, (c(0),))
    for _ in range(60):
        value = op("add", value, value)
    index: Expr = Iv(64, 0, 0, 2, 1)
    for _ in range(50):
        index = op("add", index, index, bits=64)
    loop = For(Iv(64, 0, 0, 2, 1), c(0, 64), c(2, 64), (Store(A, (index,), value),))
    program = Program("f", (Argument("A", A, True, "int"),), (loop,))
    for form in ("plain", "affine"):
        module = to_module(program, form)
        assert len(str(module)) < 20_000
        assert read_function(module.body.operations[0], [A]).body == program.body
