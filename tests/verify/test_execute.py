"""Running C and C++ on vectors, with the real compiler."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import BackendError, EquivalenceError, InputError
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, Load, Op, Param, Store, TopArray
from seer.verify.execute import Mismatch, compare, compile_and_run, record
from seer.verify.vectors import Call, Vectors, memory

MATRIX = Argument("m", TopArray(ArrayType(8, (2, 3)), "m"), False, "unsigned char")
OUT = Argument("out", TopArray(ArrayType(32, (2,)), "out"), True, "int")
N = Argument("n", Param(16, "n"), True, "short")
RESULT = Argument("ap_return", TopArray(ArrayType(64, ()), "ap_return"), True, "long long")


def _program(*arguments: Argument, body=()) -> Program:
    return Program("top", arguments, body)


def _call(**contents) -> Call:
    arrays = {"m": memory(8, [1, 2, 3, 4, 5, 250]), "out": memory(32, [7, 7]), "ap_return": memory(64, [0])}
    return Call({"n": 0xFFFF}, {**arrays, **contents})


def _file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_c_source_with_everything(tmp_path: Path) -> None:
    (tmp_path / "include").mkdir()
    _file(tmp_path / "include", "sizes.h", "#define ROWS 2\n")
    source = _file(
        tmp_path,
        "kernel.c",
        """
        #include "sizes.h"
        long long top(unsigned char m[ROWS][3], int out[2], short n) {
            out[0] = 2147483647;
            out[0] += 1;                 /* wraps */
            out[1] = m[1][2] << SHIFT;
            m[0][1] = n;
            return (long long)n << 40;
        }
        int main(void) { return 1; }     /* the user's own */
        """,
    )
    program = _program(MATRIX, OUT, N, RESULT)
    vectors = record([source], "top", program, [_call(), _call()], [tmp_path / "include"], ["SHIFT=3"])
    assert len(vectors.calls) == 2
    after = vectors.calls[1].arrays_after
    assert after["m"].tolist() == [1, 255, 3, 4, 5, 250]
    assert after["out"].tolist() == [0x80000000, 2000]
    assert after["ap_return"].tolist() == [(1 << 64) - (1 << 40)]
    assert vectors.calls[1].arrays_before["out"].tolist() == [7, 7]


def test_several_c_files_and_no_calls(tmp_path: Path) -> None:
    one = _file(tmp_path, "one.c", "int helper(int x); void top(int out[2]) { out[0] = helper(out[1]); }")
    two = _file(tmp_path, "two.c", "int helper(int x) { return x + 1; }")
    vectors = record([one, two], "top", _program(OUT), [Call({}, {"out": memory(32, [0, 41])})])
    assert vectors.calls[0].arrays_after["out"].tolist() == [42, 41]
    assert record([one], "top", _program(OUT), []) == Vectors(())


def test_cpp_source_without_linkage_and_with_const(tmp_path: Path) -> None:
    source = _file(
        tmp_path,
        "kernel.cpp",
        """
        template <class T> static T twice(T x) { return x + x; }
        static int top(double x) { return (int)x; }
        void top(const unsigned char m[2][3], int out[2]) { out[1] = twice<int>(m[1][2]); }
        """,
    )
    vectors = record([source], "top", _program(MATRIX, OUT), [_call()])
    assert vectors.calls[0].arrays_after["out"].tolist() == [7, 500]


FAULTS = {
    "does not compile": ("void top(int out[2]) { out[0] = missing; }", "missing"),
    "has another name": ("void other(int out[2]) { out[0] = 1; }", "top"),
    "divides by zero": (
        "void top(int out[2]) { out[0] = 99 / (out[1] - 7); }",
        "vector 1: killed by SIGFPE",
    ),
    "writes outside": ("void top(int out[2]) { out[out[1] - 4] = 0; }", "outside the array out"),
    "exits": ("#include <stdlib.h>\nvoid top(int out[2]) { exit(0); }", "ended the process"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_users_code(tmp_path: Path, fault: str) -> None:
    text, message = FAULTS[fault]
    calls = [Call({}, {"out": memory(32, [0, 5])}), Call({}, {"out": memory(32, [0, 7])})]
    with pytest.raises(InputError, match=message):
        record([_file(tmp_path, "kernel.c", text)], "top", _program(OUT), calls)


def test_code_that_hangs(tmp_path: Path) -> None:
    source = _file(tmp_path, "kernel.c", "void top(volatile int out[2]) { while (out[0] == 7); }")
    with pytest.raises(InputError, match=r"longer than 0\.5 s"):
        record([source], "top", _program(OUT), [_call()], time_limit=0.5)


def test_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    source = _file(tmp_path, "kernel.c", "void top(int out[2]) {}")
    with pytest.raises(BackendError, match="no C compiler") as caught:
        record([source], "top", _program(OUT), [_call()])
    assert caught.value.exit_code == 4
    assert "apt-get install" in str(caught.value)


def test_comparison_finds_the_first_difference() -> None:
    array = OUT.term
    assert isinstance(array, TopArray)
    value = Op("add", 32, (Load(array, (Const(8, 0),)), Const(32, 1)))
    program = _program(OUT, body=(Store(array, (Const(8, 1),), value),))
    text = 'extern "C" void top(int out[2]) { out[1] = out[0] + 1; }'
    good = Call({}, {"out": memory(32, [5, 0])}, {"out": memory(32, [5, 6])})
    bad = Call({}, {"out": memory(32, [6, 0])}, {"out": memory(32, [6, 6])})
    comparison = compare(text, program, Vectors((good, bad)))
    assert (comparison.vectors, comparison.mismatches) == (2, 1)
    assert comparison.first == Mismatch(1, "out", 1, 6, 7)
    # Undefined behaviour in emitted code is a failure, not a number.
    overflow = Call({}, {"out": memory(32, [0x7FFFFFFF, 0])}, {"out": memory(32, [0x7FFFFFFF, 1 << 31])})
    with pytest.raises(EquivalenceError, match="signed integer overflow"):
        compare(text, program, Vectors((overflow,)))


def test_the_default_flags_wrap(tmp_path: Path) -> None:
    source = _file(tmp_path, "kernel.c", "void top(int out[2]) { out[0] = out[1] * 3 < 0; }")
    (after,) = compile_and_run([source], "top", (OUT,), [Call({}, {"out": memory(32, [0, 0x40000000])})])
    assert after["out"].tolist()[0] == 1
