"""Loops that the source wants unrolled are unrolled in every design, and what cannot be is reported."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seer import frontend
from seer.driver.unrolling import Unrolled, unrolled_as_asked
from seer.lang.interpreter import run
from seer.lang.terms import For
from seer.lang.traverse import statements

KERNEL = """#define STEP 4
void f(int a[16], int b[16], int n) {
    OUTER: for (int i = 0; i < 4; i++) {
        INNER: for (int j = 0; j < 4; j++) {
            %s
            b[4 * i + j] = a[4 * i + j] * 3 + i;
        }
    }
    OPEN: for (int i = 0; i < n; i++) {
        %s
        a[i] = b[i];
    }
}
"""


def _unrolled(folder: Path, inner: str = "", last: str = "") -> Unrolled:
    (folder / "k.c").write_text(KERNEL % (inner, last))
    program = frontend.load([folder / "k.c"], "f")
    found = unrolled_as_asked(program, frontend.pragmas_of([folder / "k.c"]))
    draw = random.Random(1)
    for n in (0, 5, 16):
        arrays = {name: [draw.getrandbits(32) for _ in range(16)] for name in ("a", "b")}
        assert run(found.program, arrays, {"n": n}) == run(program, arrays, {"n": n})
    return found


def _loops(found: Unrolled) -> list[tuple[str, int]]:
    program = found.program
    loops = [s for s in statements(program.body) if isinstance(s, For)]
    return [("_".join(program.origins[loop].labels), loop.iv.step) for loop in loops]


@pytest.mark.parametrize(
    "pragma", ["#pragma HLS UNROLL", "#pragma HLS unroll factor=4", "#pragma HLS UNROLL factor = 9"]
)
def test_in_full(tmp_path: Path, pragma: str) -> None:
    found = _unrolled(tmp_path, pragma)
    assert _loops(found) == [("OUTER", 1), ("OPEN", 1)]
    assert not found.reports and not found.pragmas
    assert found.done == (f"{tmp_path}/k.c:4:16: unroll in full (isl)",)


def test_by_a_factor(tmp_path: Path) -> None:
    found = _unrolled(tmp_path, "#pragma HLS UNROLL factor=2")
    assert _loops(found) == [("OUTER", 1), ("INNER", 2), ("OPEN", 1)]
    assert found.done == (f"{tmp_path}/k.c:4:16: unroll by 2 (isl)",)


def test_what_cannot_be_unrolled_is_reported(tmp_path: Path) -> None:
    found = _unrolled(tmp_path, "#pragma HLS UNROLL factor=STEP", "#pragma HLS UNROLL")
    assert _loops(found) == [("OUTER", 1), ("INNER", 1), ("OPEN", 1)]
    first, second = found.reports
    assert (
        "k.c:5:21: `#pragma HLS UNROLL factor=STEP` is not honoured: its factor `STEP` is no number" in first
    )
    assert "k.c:10:17: `#pragma HLS UNROLL` is not honoured: the trip count is not constant" in second
