"""`seer check`: undefined behaviour is found, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seer.cli.check import command


def check(folder: Path, text: str, *options: str) -> tuple[int, str]:
    (folder / "k.c").write_text(text)
    done = CliRunner().invoke(command, [str(folder / "k.c"), "--top", "f", *options], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "void f(int a[8]) {\n for (int i = 0; i < 8; i++)\n  a[i] = a[i + 1];\n}\n",
            "k.c:3:3: index out of bounds: subscript 8 of `a`, which has 8 elements there",
        ),
        ("void f(int a[8], int n) {\n a[n] = 1;\n}\n", "k.c:2:2: index out of bounds: subscript"),
        ("void f(int a[8], int n) {\n a[0] = a[1] << n;\n}\n", "k.c:2:2: shift out of range"),
        (
            "void f(unsigned a[80]) {\n for (int i = 0; i < 40; i++) a[i] >>= i;\n}\n",
            "k.c:2:31: shift out of range",
        ),
        ("int f(int a, int b) {\n return a / b;\n}\n", "k.c:2:2: division by zero"),
        ("int f(int a) {\n return a % -1;\n}\n", "signed overflow"),
        ("int f(int a) {\n return a + 2147483647;\n}\n", "k.c:2:2: signed overflow: 21474836"),
        (
            "int f(short a[8]) {\nint s = 1;\nfor (int i = 0; i < 8; i++) s = s * 99 + a[i];\nreturn s;\n}\n",
            "k.c:3:29: signed overflow",
        ),
    ],
)
def test_undefined_behaviour_is_found_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    code, output = check(tmp_path, text)
    if "%" in text:
        assert (code, "note: " in output) == (0, True)
    else:
        assert code == 2
    assert expected in output


@pytest.mark.parametrize(
    "text",
    [
        "void f(int a[8], int b[8]) { for (int i = 0; i < 8; i++) a[i] = b[7 - i] + 1; }\n",
        "void f(int a[8], unsigned n) { a[n % 8] = a[(n + 1) & 7] >> (n & 31); }\n",
        "unsigned f(unsigned a, unsigned b) { return a * b - b * 4000000000u; }\n",
        "int f(int a, int b) { return b != 0 && a != -2147483647 - 1 ? a / b : 0; }\n",
        "int f(int a[4], int n) { return n >= 0 && n < 4 && a[n] > 3; }\n",
        "void f(unsigned char a[4]) { for (int i = 0; i < 4; i++) a[i] = a[i] * 255 + a[i]; }\n",
    ],
)
def test_what_c_defines_is_not_reported(tmp_path: Path, text: str) -> None:
    code, output = check(tmp_path, text)
    assert code == 0, output
    assert output.endswith("no undefined behaviour found in 48 generated calls\n")


def test_a_fixed_argument_and_a_bench_say_what_callers_do(tmp_path: Path) -> None:
    text = "int f(int a, int b) { return a / b; }\n"
    assert check(tmp_path, text, "--param", "b=3")[0] == 0
    bench = tmp_path / "tb.c"
    bench.write_text("int f(int, int); int main() { f(6, 3); return f(7, DIVISOR); }\n")
    code, output = check(tmp_path, text, "--tb", str(bench), "-D", "DIVISOR=2")
    assert (code, output) == (0, "no undefined behaviour found in 2 recorded calls\n")


def test_recorded_calls_are_checked(tmp_path: Path) -> None:
    bench = "int main() { int x[16] = {0}; f(x, 2); f(x, 9); return 0; }\n"
    text = "void f(int a[8], int n) {\n for (int i = 0; i < n; i++) a[i] = i;\n}\n" + bench
    code, output = check(tmp_path, text, "--tb", str(tmp_path / "k.c"))
    assert code == 2
    assert "k.c:2:30: index out of bounds: subscript 8 of `a`" in output and "(call 1: n = 9)" in output
