"""The traps of docs/semantics.md that today's constructs can reach, each as its smallest program."""

from __future__ import annotations

import pytest

from seer.lang.affine import AffineForms
from seer.lang.from_mlir import from_module
from seer.lang.interpreter import run
from seer.lang.intervals import Interval, Intervals
from seer.lang.operators import to_unsigned
from seer.lang.program import Argument, Program
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
    Range,
    Statement,
    Store,
    TopArray,
)
from seer.lang.text import parse_program, print_program
from seer.lang.to_mlir import to_module

A = TopArray(ArrayType(32, (8,)), "A")
B = TopArray(ArrayType(32, (8,)), "B")
SMALLEST = 1 << 31
ONES = (1 << 32) - 1


def c(value: int, bits: int = 32) -> Const:
    return Const(bits, to_unsigned(value, bits))


def op(name: str, *operands: Expr, bits: int = 32) -> Op:
    return Op(name, bits, operands)


def loop(level: int, lower: Expr, upper: Expr, hull: tuple[int, int], *body: Statement) -> For:
    return For(Iv(32, level, *hull, 1), lower, upper, body)


def program(*body: Statement) -> Program:
    return Program("f", (Argument("A", A, True, "int"), Argument("B", B, True, "int")), body)


def result(*body: Statement, a: list[int] | None = None) -> dict[str, list[int]]:
    return run(program(*body), {"A": a or [0] * 8, "B": [0] * 8}, {})


def computed(value: Expr) -> int:
    return result(Store(A, (c(0),), value))["A"][0]


def test_the_hull_of_a_triangular_loop_is_a_fact_only_inside_it() -> None:
    # for (i < 2) { B[i] = 0 < i; for (j < i) A[j] = j < i; }: j is always 0, and 0 < i is not always true.
    i, j = Iv(32, 0, 0, 2, 1), Iv(32, 1, 0, 1, 1)
    inside = Store(A, (j,), op("zext", op("slt", j, i, bits=1)))
    nest = For(
        i,
        c(0),
        c(2),
        (Store(B, (i,), op("zext", op("slt", c(0), i, bits=1))), For(j, c(0), i, (inside,))),
    )
    after = result(nest)
    assert after["B"][:2] == [0, 1] and after["A"][0] == 1
    assert Intervals().of(j) == Interval(32, 0, 0, 0, 0)
    assert Intervals().of(op("slt", j, i, bits=1)) == Interval.full(1)


@pytest.mark.parametrize(("lower", "upper"), [(64, 64), (64, 3)])
def test_no_fact_is_drawn_from_a_loop_that_never_runs(lower: int, upper: int) -> None:
    # Everything holds for all values of its counter, 0 = 1 included.
    never = loop(0, c(lower), c(upper), (lower, upper), Store(A, (c(0),), c(1)))
    assert result(never) == result()
    assert Intervals().of(never.iv) == Interval.full(32)
    assert AffineForms().of(never.iv) is None
    assert from_module(to_module(program(never))).body == (never,)


def test_a_subscript_that_wraps_is_not_affine() -> None:
    # A[(uint8_t)(i + 250)] for i = 0..7: elements 250 to 255, none of them there, then 0 and 1.
    i = Iv(32, 0, 0, 8, 1)
    index = op("trunc", op("add", i, c(250)), bits=8)
    wraps = For(i, c(0), c(8), (Store(A, (index,), c(1)),))
    assert result(wraps)["A"] == [1, 1, 0, 0, 0, 0, 0, 0]
    assert AffineForms().of(index) is None
    module = to_module(program(wraps), "affine")
    assert "affine.store" not in str(module)
    assert run(from_module(module), {}, {})["A"] == [1, 1, 0, 0, 0, 0, 0, 0]


def test_locals_of_different_range_are_different_arrays() -> None:
    # {int t = x & 1; A[0] = t;} {int t = x; A[1] = t;}: the range of the first t is none of the second.
    bit = LocalArray(ArrayType(32, (), Range(0, 1)), 0)
    word = LocalArray(ArrayType(32, ()), 0)
    x = Load(B, (c(0),))
    first = Local(bit, (Store(bit, (), op("and", x, c(1))), Store(A, (c(0),), Load(bit, ()))))
    second = Local(word, (Store(word, (), x), Store(A, (c(1),), Load(word, ()))))
    assert Load(bit, ()) is not Load(word, ())
    assert Intervals().of(Load(bit, ())).uhi == 1
    assert Intervals().of(Load(word, ())) == Interval.full(32)
    body = program(first, second)
    assert run(body, {"B": [7] * 8}, {})["A"][:2] == [1, 7]
    for back in (from_module(to_module(body)), parse_program(print_program(body))):
        assert back == body


@pytest.mark.parametrize("divisor", [0, 1, 5, ONES])
@pytest.mark.parametrize("value", [0, 7, SMALLEST, ONES])
def test_division_by_zero(value: int, divisor: int) -> None:
    quotients = [computed(op(name, c(value), c(divisor))) for name in ("udiv", "sdiv")]
    remainders = [computed(op(name, c(value), c(divisor))) for name in ("urem", "srem")]
    if divisor == 0:
        assert quotients == [ONES, ONES] and remainders == [value, value]
    for quotient, remainder in zip(quotients, remainders, strict=True):
        # What makes the choice of x / 0 and x % 0 consistent.
        assert to_unsigned(quotient * divisor + remainder, 32) == value


def test_the_least_number_divided_by_minus_one() -> None:
    assert computed(op("sdiv", c(SMALLEST), c(-1))) == SMALLEST
    assert computed(op("srem", c(SMALLEST), c(-1))) == 0


@pytest.mark.parametrize("by", [32, 33, 1 << 20, ONES])
def test_shifts_by_the_width_or_more(by: int) -> None:
    assert [computed(op(name, c(-5), c(by))) for name in ("shl", "lshr", "ashr")] == [0, 0, ONES]
    assert computed(op("ashr", c(5), c(by))) == 0


def test_a_store_out_of_bounds_does_nothing() -> None:
    # for (i <= 8) A[i] = 7: the ninth is no store, and in particular none to A[0].
    i = Iv(32, 0, 8, 9, 1)
    assert result(For(i, c(8), c(9), (Store(A, (i,), c(7)),))) == result()
    assert result(Store(A, (c(-1),), c(7))) == result()


def test_a_write_back_is_not_a_predicated_store() -> None:
    # i = 8 of 8 elements: `if (i < 8) A[i] = 1` is no `A[i] = i < 8 ? 1 : A[i]` where A[i] wraps or traps;
    # here both do nothing, since neither index is reduced.
    i = c(8)
    inside = op("ult", i, c(8), bits=1)
    guarded = Store(A, (i,), c(1), inside)
    written_back = Store(A, (i,), op("select", inside, c(1), Load(A, (i,))))
    assert result(guarded) == result(written_back) == result()


def test_a_temporary_is_read_where_it_is_written() -> None:
    # n = A[0]; for (j < 3) { A[0] = 0; B[j] = n; }: B gets the old A[0], not the one of each iteration.
    n = LocalArray(ArrayType(32, ()), 0)
    j = Iv(32, 0, 0, 3, 1)
    body = (Store(A, (c(0),), c(0)), Store(B, (j,), Load(n, ())))
    captured = Local(n, (Store(n, (), Load(A, (c(0),))), For(j, c(0), c(3), body)))
    assert result(captured, a=[9] * 8)["B"][:3] == [9, 9, 9]
    substituted = For(j, c(0), c(3), (body[0], Store(B, (j,), Load(A, (c(0),)))))
    assert result(substituted, a=[9] * 8)["B"][:3] == [0, 0, 0]


def test_sixty_rounds_of_sharing_end_everywhere() -> None:
    t: Expr = Load(A, (c(0),))
    for _ in range(60):
        t = op("add", t, t)
    body = program(Store(A, (op("and", t, c(7)),), t))
    assert run(body, {"A": [3] * 8}, {})["A"][0] == 0
    assert Intervals().of(t) == Interval.full(32)
    assert AffineForms().of(t) is None
    assert len(repr(t)) < 10_000
    for form in ("plain", "affine"):
        assert from_module(to_module(body, form)) == body
    assert parse_program(print_program(body)) == body
