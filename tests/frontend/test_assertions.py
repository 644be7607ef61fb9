"""What `assert` and `__builtin_assume` say of the arguments, and the vectors that are made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.driver.reference import calls_of, results
from seer.driver.source import Source
from seer.lang.operators import to_signed
from seer.lang.terms import Range

OPEN = 1 << 64


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n < 8", {"n": Range(-OPEN, 7)}),
        ("0 <= n && (n < N)", {"n": Range(0, 15)}),
        ("a[n] >= -3 && 10 > a[n + 1]", {"a": Range(-3, 9)}),
        ("m[0][n] == 4", {"m": Range(4, 4)}),
        ("n != 0", {"n": Range(1, OPEN)}),
        ("copy <= 5", {"a": Range(-OPEN, 5)}),
        ("n > 3 && n < 2", {}),
        ("n < k || k < 3", {}),
        ("!(n < 3)", {}),
        ("n + 1 < 3", {}),
    ],
)
@pytest.mark.parametrize("function", ["assert", "__builtin_assume"])
def test_conditions(tmp_path: Path, condition: str, expected: dict[str, Range], function: str) -> None:
    (tmp_path / "k.c").write_text(
        f"""#include <assert.h>
#define N 16
void f(int a[N], short m[2][2], int n, int k) {{
    int copy = a[0];
    {function}({condition});
    a[0] = copy + n + k;
}}
"""
    )
    assert frontend.assertions_of([tmp_path / "k.c"], "f") == expected


def test_generated_vectors_keep_to_the_assertions(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        """#include <assert.h>
void f(int a[8], int n, unsigned char k) {
    assert(n >= -5 && n <= 5 && k > 200);
    for (int i = 0; i < 8; i++) {
        assert(a[i] > 10 && a[i] < 20);
        __builtin_assume(a[i] > 10);
        a[i] = 11 + (a[i] + n + k) % 3;
    }
}
"""
    )
    files = (tmp_path / "k.c",)
    program = frontend.load(files, "f")
    source = Source(files, asserted=frontend.assertions_of(files, "f"))
    calls = calls_of(program, source, seed=1, count=12)
    assert {to_signed(call.params["n"], 32) for call in calls} >= {-5, 0, 5}
    assert all(200 < call.params["k"] < 256 for call in calls)
    assert all(10 < value < 20 for call in calls for value in call.arrays_before["a"])
    # The original, compiled with its assertions, agrees.
    assert len(results(program, source, calls).calls) == 12


def test_assertions_on_ap_int(tmp_path: Path) -> None:
    file = tmp_path / "k.cpp"
    file.write_text("""#include <ap_int.h>
#include <assert.h>
void f(ap_uint<8> n, ap_int<12> a[4], ap_uint<40> m) {
    assert(n < 40 && 3 <= n);
    ap_int<12> first = a[0];
    assert(first > -7);
    assert(m != 0u);
    a[n & 3] = m;
}
""")
    bounds = frontend.assertions_of([file], "f")
    assert (bounds["n"].lower, bounds["n"].upper) == (3, 39)
    assert bounds["a"].lower == -6 and bounds["m"].lower == 1
