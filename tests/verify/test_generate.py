"""Generated vectors: deterministic, extreme, and legal for the C source."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from seer import frontend
from seer.errors import InputError
from seer.lang.operators import to_signed
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
    Param,
    Range,
    Store,
    TopArray,
)
from seer.verify import generate
from seer.verify.generate import STYLES, generate_vectors
from seer.verify.legal_inputs import legal_inputs
from seer.verify.undefined import faults_of, is_defined
from seer.verify.vectors import Call


def _argument(name: str, extent: int, width: int = 32, signed: bool = True, content: Range | None = None):
    return Argument(name, TopArray(ArrayType(width, (extent,), content), name), signed, "int")


def _program(body, *arguments: Argument) -> Program:
    return Program("k", arguments, tuple(body))


def _loop(count: int, *body, level: int = 0) -> tuple[For, ...]:
    return (For(Iv(32, level, 0, count, 1), Const(32, 0), Const(32, count), body),)


I = Iv(32, 0, 0, 16, 1)  # noqa: E741
X, H, Y = _argument("x", 16), _argument("h", 10), _argument("y", 16)


def _at(argument: Argument, index: Expr) -> Load:
    assert isinstance(argument.term, TopArray)
    return Load(argument.term, (index,))


def _put(argument: Argument, index: Expr, value: Expr) -> Store:
    assert isinstance(argument.term, TopArray)
    return Store(argument.term, (index,), value)


def _histogram() -> Program:
    place = _at(X, I)
    return _program(_loop(16, _put(H, place, Op("add", 32, (_at(H, place), Const(32, 1))))), X, H)


def test_extremes_come_first_and_all_elements_are_numbers() -> None:
    program = _program(_loop(16, _put(X, I, _at(Y, I))), X, Y)
    calls = generate_vectors(program, 0, 20)
    by_style = {name: calls[n].arrays_before["y"].tolist() for n, name in enumerate(STYLES)}
    assert set(by_style["zeros"]) == {0}
    assert set(by_style["ones"]) == {0xFFFFFFFF}
    assert set(by_style["extremes"]) == {0x80000000, 0x7FFFFFFF}
    assert by_style["ramp"] == list(range(16))
    assert len(set(by_style["uniform"])) == 16
    assert all(0 <= v < 1 << 32 for call in calls for v in call.arrays_before["x"].tolist())
    assert not calls[0].arrays_after


def test_declared_ranges_and_widths_hold() -> None:
    x = _argument("x", 16, 8, True, Range(-5, 3))
    y = _argument("y", 16, 100, False)
    calls = generate_vectors(_program((), x, y), 1, 12)
    legal = {v % 256 for v in range(-5, 4)}
    assert all(set(call.arrays_before["x"].tolist()) <= legal for call in calls)
    assert max(int(v) for call in calls for v in call.arrays_before["y"]) == (1 << 100) - 1


def test_subscripts_are_legal_and_collide() -> None:
    calls = generate_vectors(_histogram(), 0, 40)
    contents = [call.arrays_before["x"].tolist() for call in calls]
    assert {v for values in contents for v in values} == set(range(10))
    assert sum(len(set(values)) <= 4 for values in contents) >= 15


def test_subscripts_through_arithmetic_and_locals() -> None:
    t = LocalArray(ArrayType(32, ()), 0)
    index = Op("add", 32, (Op("mul", 32, (Load(t, ()), Const(32, 2))), Const(32, 1)))
    local = Local(t, (Store(t, (), _at(X, I)), _put(H, index, Const(32, 7))))
    program = _program(_loop(16, local), X, H)
    assert legal_inputs(program).ranges == {"x": Range(0, 4)}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("udiv", Range(1, 0x7FFFFFFF)),
        ("sdiv", Range(1, 0x7FFFFFFF)),
        ("srem", Range(1, 0x7FFFFFFF)),
        ("shl", Range(0, 31)),
        ("ashr", Range(0, 31)),
        ("add", None),
    ],
)
def test_divisors_and_shift_amounts(operator: str, expected: Range | None) -> None:
    value = Op(operator, 32, (_at(X, I), _at(Y, I)))
    program = _program(_loop(16, _put(H, Const(32, 0), value)), X, Y, H)
    assert legal_inputs(program).ranges.get("y") == expected
    assert "x" not in legal_inputs(program).ranges


def test_what_a_condition_guards_is_left_to_it() -> None:
    divided = Op("sdiv", 32, (_at(X, I), _at(Y, I)))
    nonzero = Op("ne", 1, (_at(Y, I), Const(32, 0)))
    value = Op("select", 32, (nonzero, divided, Const(32, 0)))
    assert legal_inputs(_program(_loop(16, _put(H, Const(32, 0), value)), X, Y, H)).ranges == {}


def test_bounds_keep_loops_inside_their_arrays() -> None:
    n = Param(32, "n")
    counter = Iv(32, 0, 0, (1 << 31) - 1, 1)
    loop = For(counter, Const(32, 0), n, (_put(X, counter, Const(32, 1)),))
    program = _program((loop,), X, Argument("n", n, True, "int"))
    found = legal_inputs(program).ranges["n"]
    assert found.upper == 16
    assert found.lower <= 0
    assert {call.params["n"] for call in generate_vectors(program, 0, 30)} >= {0, 16}


def test_a_fault_that_nothing_avoids_restricts_nothing() -> None:
    beyond = _put(H, Const(32, 12), _at(X, I))
    assert legal_inputs(_program(_loop(16, beyond), X, H)).ranges == {}


def test_equal_in_every_process() -> None:
    """No iteration order may depend on hashes or addresses."""
    script = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('t', {__file__!r})\n"
        "t = importlib.util.module_from_spec(spec); spec.loader.exec_module(t)\n"
        "calls = t.generate_vectors(t._histogram(), 5, 12)\n"
        "print([[c.arrays_before[n].tolist() for n in sorted(c.arrays_before)] for c in calls])\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert generate_vectors(_histogram(), 5, 4) == generate_vectors(_histogram(), 5, 12)[:4]
    assert generate_vectors(_histogram(), 5, 4) != generate_vectors(_histogram(), 6, 4)


def test_no_loop_bound_overflows_its_parameter() -> None:
    # for (i = 0; i < 3n + 4; …): n is held where 3n + 4 still fits an int.
    n = Argument("n", Param(32, "n"), True, "int")
    iv = Iv(64, 0, 0, 1 << 34, 1)
    wide = Op("sext", 64, (Param(32, "n"),))
    bound = Op("add", 64, (Op("mul", 64, (wide, Const(64, 3))), Const(64, 4)))
    index = Op("and", 64, (iv, Const(64, 7)))
    store = Store(TopArray(ArrayType(32, (8,)), "a"), (index,), Const(32, 1))
    program = _program([For(iv, Const(64, 0), bound, (store,))], _argument("a", 8), n)
    found = legal_inputs(program).ranges["n"]
    assert -(1 << 31) <= 3 * found.lower + 4 <= 3 * found.upper + 4 < 1 << 31


@pytest.mark.parametrize(
    "text",
    [
        # What a condition looks at is left to it; what it does not look at is kept legal.
        "void f(int a[8], int b[8], int n) { if (n >= 0 && n < 8) a[n] = b[0]; else b[1] = n; }",
        "void f(int a[8], unsigned b[8], int c) { if (c > 0) a[b[2]] = c; else a[b[3]] = 1; }",
        "void f(int a[8], int n) { int i = 0; while (i < n) { a[i] = i; i++; } }",
        """void f(unsigned char a[8], int n) {
            static const int t[4] = {1, 2, 3, 0};
            while (a[n] > 3) { n = t[a[n] % 4]; a[n]--; }
        }""",
    ],
)
def test_conditions_and_while_loops(tmp_path: Path, text: str) -> None:
    (tmp_path / "k.c").write_text(text)
    program = frontend.load([tmp_path / "k.c"], "f")
    calls = generate_vectors(program, seed=3, count=16)
    assert faults_of(program, calls) == []
    if "else" in text:
        assert any(to_signed(value, 32) > 100 for call in calls for value in call.params.values())
    assert len({str(call.params) + str(call.arrays_before) for call in calls}) > 8


def test_what_a_loop_between_two_elements_reaches_is_legal_and_the_loop_runs(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        """void spmv(short v[32], int col[32], int row[9], short x[8], short y[8]) {
            for (int i = 0; i < 8; i++) {
                y[i] = 0;
                for (int j = row[i]; j < row[i + 1]; j++) y[i] += v[j] * x[col[j]];
            }
        }"""
    )
    program = frontend.load([tmp_path / "k.c"], "spmv")
    assert legal_inputs(program).ranges == {"row": Range(0, 32), "col": Range(0, 7)}
    calls = generate_vectors(program, 0, 8)
    assert faults_of(program, calls) == []
    bounds = [call.arrays_before["row"].tolist() for call in calls]
    assert sum(any(a < b for a, b in pairwise(row)) for row in bounds) >= 4


def test_calls_that_run_a_loop_come_first(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        "int f(unsigned char a[32], int n) {"
        " int s = 0; for (int i = 0; i < n && i < 32; i++) s += a[i]; return s; }"
    )
    program = frontend.load([tmp_path / "k.c"], "f")
    counts = [to_signed(call.params["n"], 32) for call in generate_vectors(program, 0, 24)]
    assert all(count >= 16 for count in counts[:3]) and counts[3] < 16


def test_large_arrays_are_made_fast_and_in_fewer_calls(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text("void k(double a[64][64][64]) { a[0][0][0] = a[1][0][0]; }\n")
    program = frontend.load([tmp_path / "k.c"], "k")
    calls = generate_vectors(program, 0, 200)
    assert len(calls) == 128
    contents = calls[0].arrays_before["a"].reshape(64, 64, 64)
    assert not (contents[0] == contents[1]).all() and not (contents[0][0] == contents[0][1]).all()


def test_arrays_that_are_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text("int a[1 << 26]; void k(void) { a[5] = 1; }\n")
    program = frontend.load([tmp_path / "k.c"], "k")
    with pytest.raises(InputError, match="`a` 67,108,864"):
        generate_vectors(program, 0, 1)


def test_calls_of_a_long_program_are_not_all_tried_out(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "k.c"
    file.write_text(
        "int f(char t[3000]) { int q = 0; for (int i = 0; i < 3000; i++) { "
        "while (q > 0 && t[q] != t[i]) q--; if (t[q] == t[i]) q++; if (q == 9) q = 3; } return q; }\n"
    )
    program = frontend.load([file], "f")
    monkeypatch.setattr(generate, "_STEPS", 500)
    tried: list[Call] = []

    def counting(program: Program, call: Call, steps: int) -> bool:
        tried.append(call)
        return is_defined(program, call, steps)

    monkeypatch.setattr(generate, "is_defined", counting)
    assert len(generate_vectors(program, 0, 24)) == 24
    assert len(tried) == 12
