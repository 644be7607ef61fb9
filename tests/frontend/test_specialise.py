"""Scalar arguments that the user fixes."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.errors import InputError
from seer.lang.interpreter import run
from seer.lang.program import Program
from seer.lang.terms import Const, For, Param, Range
from seer.lang.traverse import statements

KERNEL = """void f(int a[16], int n, unsigned char k, signed char s) {
    for (int i = 0; i < n; i++) a[i] = a[i] * n + k + s;
}
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    (tmp_path / "k.c").write_text(KERNEL)
    return tmp_path / "k.c"


def _loop(program: Program) -> For:
    return next(s for s in statements(program.body) if isinstance(s, For))


def test_bounds_become_constant(kernel: Path) -> None:
    program = frontend.load([kernel], "f", params={"n": 12, "k": 200, "s": -3})
    loop = _loop(program)
    assert isinstance(loop.upper, Const) and loop.upper.value == 12
    assert (loop.iv.lower, loop.iv.upper) == (0, 12)
    assert not isinstance(_loop(frontend.load([kernel], "f")).upper, Const)
    contents = [a.term.content for a in program.arguments if isinstance(a.term, Param)]
    assert contents == [Range(12, 12), Range(200, 200), Range(-3, -3)]


def test_the_meaning_is_that_of_the_general_program(kernel: Path) -> None:
    params = {"n": 12, "k": 200, "s": 253}
    arrays = {"a": list(range(16))}
    fixed = frontend.load([kernel], "f", params={"n": 12, "k": 200, "s": -3})
    assert run(fixed, arrays, params) == run(frontend.load([kernel], "f"), arrays, params)
    with pytest.raises(InputError, match="outside its declared range"):
        run(fixed, arrays, {**params, "n": 11})


@pytest.mark.parametrize(
    ("params", "match"),
    [
        ({"m": 3}, "(?s)no integer argument `m`.*n, k, s"),
        ({"a": 3}, "no integer argument `a`"),
        ({"k": 256}, "(?s)k=256 does not fit .*0 to 255"),
        ({"s": 128}, "(?s)s=128 does not fit .*-128 to 127"),
    ],
)
def test_wrong_values_are_refused(kernel: Path, params: dict[str, int], match: str) -> None:
    with pytest.raises(InputError, match=match):
        frontend.load([kernel], "f", params=params)
