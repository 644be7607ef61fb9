"""HLS pragmas of the source: what is read, and which loop it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.frontend.pragmas import read_pragmas
from seer.lang.pragma import Pragma

SOURCE = """#pragma HLS DATAFLOW
void helper(int a[4]) {
#pragma HLS INLINE off
    a[0] = 1;
}
void f(int a[4], int b[4]) {
#pragma HLS INTERFACE mode = bram port=a  // the array
#pragma HLS array_partition variable=b cyclic \\
    factor=2 dim=1
    outer: for (int i = 0; i < 4; i++) {
        #pragma HLS LOOP_TRIPCOUNT min=4 max=4
        for (int j = 0; j < 4; j++) {
#pragma HLS PIPELINE II=2 rewind
            a[j] += b[i];
        }
        #pragma unroll 2
        for (int j = 0; j < 4; j++) a[j]++;
    }
#ifdef NEVER
#pragma HLS UNROLL
#endif
    while (a[0]) {
        _Pragma("HLS PIPELINE off")
        a[0]--;
    }
}
"""


@pytest.fixture
def pragmas(tmp_path: Path) -> tuple[Pragma, ...]:
    (tmp_path / "k.c").write_text(SOURCE)
    return read_pragmas([tmp_path / "k.c"])


def test_kinds_and_options(pragmas: tuple[Pragma, ...]) -> None:
    assert [str(pragma) for pragma in pragmas] == [
        "INLINE off",
        "INTERFACE mode=bram port=a",
        "ARRAY_PARTITION variable=b cyclic factor=2 dim=1",
        "LOOP_TRIPCOUNT min=4 max=4",
        "PIPELINE II=2 rewind",
        "UNROLL factor=2",
        "PIPELINE off",
    ]
    assert [pragma.off for pragma in pragmas] == [True, *[False] * 5, True]


def test_each_belongs_to_its_loop_or_function(pragmas: tuple[Pragma, ...]) -> None:
    assert [pragma.function for pragma in pragmas] == ["helper", *["f"] * 6]
    assert [pragma.loop.line if pragma.loop else None for pragma in pragmas] == [
        None,
        None,
        None,
        10,
        12,
        17,
        22,
    ]
    assert [pragma.location.line for pragma in pragmas] == [3, 7, 8, 11, 13, 16, 23]


def test_loops_are_found_by_their_place_in_the_program(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(SOURCE.replace("while (a[0])", "for (int i = 0; i < 3; i++)"))
    program = frontend.load([tmp_path / "k.c"], "f")
    places = {place for origin in program.origins.values() for place in origin.locations}
    for pragma in frontend.pragmas_of([tmp_path / "k.c"]):
        assert pragma.loop is None or pragma.loop in places


def test_functions_in_scopes(tmp_path: Path) -> None:
    inner = "void {}(int a[4]) {{\n#pragma HLS INLINE\n    a[0] = 1;\n}}\n"
    text = f'extern "C" {{\n{inner.format("f")}}}\nnamespace n {{ namespace m {{\n{inner.format("g")}}} }}\n'
    (tmp_path / "k.cpp").write_text(text)
    found = frontend.pragmas_of([tmp_path / "k.cpp"])
    assert [(pragma.function, pragma.location.line) for pragma in found] == [("f", 3), ("g", 9)]


def test_a_file_without_pragmas_and_an_mlir_file(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text("void f(int a[4]) { a[0] = 1; }\n")
    assert frontend.pragmas_of([tmp_path / "k.c"]) == ()
    assert frontend.pragmas_of([tmp_path / "k.mlir"]) == ()
