"""The reference interpreter, construct by construct."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seer.errors import InputError, IterationLimitError
from seer.lang.interpreter import out_of_bounds_value, run
from seer.lang.operators import OPERATORS, mask, to_unsigned
from seer.lang.program import Argument, Program
from seer.lang.random_programs import random_inputs, random_program
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
    Table,
    TopArray,
    While,
)

A = TopArray(ArrayType(32, (8,)), "A")
B = TopArray(ArrayType(32, (2, 3)), "B")
N = Param(32, "n")
I32 = ArrayType(32, ())


def program(*body: Statement) -> Program:
    arguments = (
        Argument("A", A, True, "int"),
        Argument("B", B, True, "int"),
        Argument("n", N, True, "int"),
    )
    return Program("f", arguments, body)


def results(*body: Statement, n: int = 0, seed: int = 0) -> dict[str, list[int]]:
    return run(program(*body), {"A": list(range(8)), "B": [0] * 6}, {"n": n}, seed)


def c(value: int, bits: int = 32) -> Const:
    return Const(bits, to_unsigned(value, bits))


def add(a: Expr, b: Expr) -> Op:
    return Op("add", a.width, (a, b))


def test_inputs_are_left_alone_and_all_arrays_returned() -> None:
    given = [5] * 8
    after = run(program(Store(A, (c(1),), c(9))), {"A": given}, {"n": 0})
    assert given == [5] * 8
    assert after == {"A": [5, 9, 5, 5, 5, 5, 5, 5], "B": [0] * 6}


def test_rows_are_contiguous() -> None:
    assert results(Store(B, (c(1), c(2)), c(7)))["B"] == [0, 0, 0, 0, 0, 7]


def test_loop_runs_from_lower_to_below_upper_in_steps() -> None:
    i = Iv(32, 0, 1, 8, 3)
    loop = For(i, c(1), c(8), (Store(A, (i,), c(100)),))
    assert results(loop)["A"] == [0, 100, 2, 3, 100, 5, 6, 100]


@pytest.mark.parametrize(("n", "trips"), [(5, 5), (0, 0), (-3, 0)])
def test_bounds_are_signed(n: int, trips: int) -> None:
    i = Iv(32, 0, 0, 8, 1)
    loop = For(i, c(0), N, (Store(A, (i,), c(100)),))
    assert results(loop, n=to_unsigned(n, 32))["A"].count(100) == trips


def test_negative_induction_values() -> None:
    i = Iv(32, 0, -4, 4, 1)
    loop = For(i, c(-4), c(4), (Store(A, (add(i, c(4)),), i),))
    assert results(loop)["A"] == [to_unsigned(v, 32) for v in range(-4, 4)]


def test_the_counter_does_not_wrap_at_its_width() -> None:
    # 8-bit signed counter, last value 126: one more step would wrap to a value below the bound again.
    i = Iv(8, 0, 0, 127, 3)
    count = Store(A, (c(0),), add(Load(A, (c(0),)), c(1)))
    assert results(For(i, c(0, 8), c(127, 8), (count,)))["A"][0] == 43


def test_triangular_nest() -> None:
    i, j = Iv(32, 0, 0, 4, 1), Iv(32, 1, 0, 3, 1)
    count = Store(A, (i,), add(Load(A, (i,)), c(10)))
    nest = For(i, c(0), c(4), (For(j, c(0), i, (count,)),))
    assert results(nest)["A"] == [0, 11, 22, 33, 4, 5, 6, 7]


def test_bounds_are_read_once_at_entry() -> None:
    i = Iv(32, 0, 0, 8, 1)
    body = (Store(A, (c(0),), add(Load(A, (c(0),)), c(1))), Group((Store(A, (c(1),), i),)))
    assert results(For(i, c(0), N, body), n=4)["A"][:2] == [4, 3]


def test_predicate() -> None:
    i = Iv(32, 0, 0, 8, 1)
    odd = Op("trunc", 1, (i,))
    assert results(For(i, c(0), c(8), (Store(A, (i,), c(0), odd),)))["A"] == [0, 0, 2, 0, 4, 0, 6, 0]


def test_store_out_of_bounds_does_nothing() -> None:
    before = results()
    for indices in [(c(2), c(0)), (c(0), c(3)), (c(-1), c(0))]:
        assert results(Store(B, indices, c(7))) == before


def test_load_out_of_bounds_is_one_value_in_the_content_range() -> None:
    kind = ArrayType(16, (4,), Range(-10, -3))
    array = TopArray(kind, "C")
    loads = (Load(array, (c(4),)), Load(array, (c(-1),)))
    body = tuple(Store(A, (c(k),), Op("sext", 32, (load,))) for k, load in enumerate(loads))
    p = Program("f", (Argument("A", A, True, "int"), Argument("C", array, True, "short")), body)
    after = run(p, {"C": [to_unsigned(-3, 16)] * 4}, {})["A"]
    assert after[0] == after[1] and after[0] in {to_unsigned(v, 32) for v in range(-10, -2)}
    assert out_of_bounds_value(I32) != 0


def test_local_contents_depend_on_the_seed_and_stay_in_range() -> None:
    t = LocalArray(ArrayType(8, (), Range(-2, 100)), 0)
    read = Local(t, (Store(A, (c(0),), Op("sext", 32, (Load(t, ()),))),))
    seen = {results(read, seed=seed)["A"][0] for seed in range(40)}
    assert len(seen) > 5
    assert seen <= {to_unsigned(v, 32) for v in range(-2, 101)}
    assert results(read, seed=3) == results(read, seed=3)


def test_local_is_fresh_at_each_entry() -> None:
    t = LocalArray(I32, 0)
    i = Iv(32, 0, 0, 8, 1)
    loop = For(i, c(0), c(8), (Local(t, (Store(A, (i,), Load(t, ())), Store(t, (), c(0)))),))
    assert len(set(results(loop)["A"])) > 1


def test_a_scope_within_the_same_scope_hides_it() -> None:
    t = LocalArray(I32, 0)
    inner = Local(t, (Store(t, (), c(9)),))
    after = results(Local(t, (Store(t, (), c(5)), inner, Store(A, (c(0),), Load(t, ())))))
    assert after["A"][0] == 5


def test_all_operators_get_operand_widths() -> None:
    # sext 1 → 8 of a comparison, a select of wide operands and a truncation see different widths.
    less = Op("slt", 1, (c(-1, 16), c(0, 16)))
    chosen = Op("select", 32, (less, c(-5), c(5)))
    value = Op("sext", 32, (Op("trunc", 8, (chosen,)),))
    assert results(Store(A, (c(0),), value))["A"][0] == to_unsigned(-5, 32)
    assert set(OPERATORS) >= {"add", "select", "trunc"}


def test_sixty_rounds_of_sharing() -> None:
    t: Expr = Load(A, (c(1),))
    for _ in range(60):
        t = add(t, t)
    assert results(Store(A, (c(0),), t))["A"][0] == (1 << 60) & mask(32)


@pytest.mark.parametrize(
    ("arrays", "params", "message"),
    [
        ({"A": [0] * 7}, {"n": 0}, "8 elements"),
        ({"A": [1 << 32] * 8}, {"n": 0}, "32 bits"),
        ({"A": [-1] * 8}, {"n": 0}, "32 bits"),
        ({"Z": []}, {"n": 0}, "no array"),
        ({}, {}, "no value"),
    ],
)
def test_wrong_inputs(arrays: dict[str, list[int]], params: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(program(), arrays, params)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_a_defined_program_does_not_depend_on_what_locals_held(seed: int) -> None:
    p = random_program(Random(seed), defined=True, registers=True)
    arrays, params = random_inputs(Random(seed), p)
    assert run(p, arrays, params, 1) == run(p, arrays, params, 2)


def test_inputs_outside_the_declared_range() -> None:
    small = Param(8, "s", Range(-4, 4))
    p = Program("f", (Argument("s", small, True, "signed char"),), ())
    run(p, {}, {"s": to_unsigned(-4, 8)})
    with pytest.raises(InputError, match="outside its declared range"):
        run(p, {}, {"s": 5})


def _scalar(width: int, name: str = "x") -> tuple[TopArray, Load]:
    array = TopArray(ArrayType(width, ()), name)
    return array, Load(array, ())


def _run(body: Block, while_limit: int = 1000, **values: int) -> dict[str, int]:
    arguments = tuple(Argument(name, TopArray(ArrayType(8, ()), name), False, "uint8_t") for name in values)
    inputs = {name: [value] for name, value in values.items()}
    result = run(Program("f", arguments, body), inputs, {}, while_limit=while_limit)
    return {name: contents[0] for name, contents in result.items()}


def test_an_if_reads_its_condition_before_it():
    x, value = _scalar(8)
    body = (
        If(Op("eq", 1, (value, Const(8, 3))), (Store(x, (), Const(8, 4)),), (Store(x, (), Const(8, 9)),)),
    )
    assert _run(body, x=3) == {"x": 4}
    assert _run(body, x=4) == {"x": 9}
    assert _run((If(Const(1, 0), (Store(x, (), Const(8, 4)),)),), x=7) == {"x": 7}


def test_a_while_reads_its_condition_before_each_iteration():
    x, value = _scalar(8)
    body = (While(Op("ult", 1, (value, Const(8, 10))), (Store(x, (), Op("add", 8, (value, Const(8, 3)))),)),)
    assert _run(body, x=0) == {"x": 12}
    assert _run(body, x=11) == {"x": 11}


def test_a_while_that_does_not_end_is_stopped():
    x, _ = _scalar(8)
    with pytest.raises(IterationLimitError, match="more than 5 iterations"):
        _run((While(TRUE, (Store(x, (), Const(8, 4)),)),), while_limit=5, x=0)
    # The limit is no part of what ends within it.
    assert _run((While(Op("ne", 1, (_scalar(8)[1], Const(8, 0))), (Store(x, (), Const(8, 0)),)),), 1, x=2)


def test_a_table_is_read_only_and_total():
    table = Table(ArrayType(8, (2, 2), Range(-1, 7)), (7, 255, 0, 1))
    x, value = _scalar(8)
    body = (Store(x, (), Load(table, (Const(8, 0), value))),)
    assert _run(body, x=1) == {"x": 255}
    assert _run(body, x=2) == {"x": out_of_bounds_value(table.type)}
    with pytest.raises(ValueError, match="read-only"):
        Store(table, (Const(8, 0), Const(8, 0)), Const(8, 1))
    with pytest.raises(ValueError, match="outside"):
        Table(ArrayType(8, (1,), Range(-1, 7)), (8,))
    with pytest.raises(ValueError, match="2 values"):
        Table(ArrayType(8, (1,)), (1, 2))
