"""How the user's files become one program: what the top does not reach may be incomplete or clash."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.verify.execute import record
from seer.verify.generate import generate_vectors
from seer.verify.record import record_bench

POINT = "typedef struct { int x, y; } point;\nvoid top(point p[4]);\n"
TOP = '#include "h.h"\nvoid top(point p[4]) { for (int i = 0; i < 4; i++) p[i].x += p[i].y; }\n'


def _after(folder: Path, files: dict[str, str], top: str = "top") -> list[dict[str, list[int]]]:
    for name, text in files.items():
        (folder / name).write_text(text)
    sources = [folder / name for name in files if not name.endswith(".h")]
    program = frontend.load(sources, top)
    calls = record(sources, top, program, generate_vectors(program, 0, 3)).calls
    return [{name: contents.tolist() for name, contents in call.arrays_after.items()} for call in calls]


@pytest.mark.parametrize("suffix", ["c", "cpp"])
def test_a_header_without_a_guard_in_two_files(tmp_path: Path, suffix: str) -> None:
    other = '#include "h.h"\nstatic point zero;\nint *start(void) { return &zero.x; }\n'
    files = {"h.h": POINT, f"top.{suffix}": TOP, f"other.{suffix}": other}
    assert len(_after(tmp_path, files)) == 3


def test_one_name_for_two_static_functions(tmp_path: Path) -> None:
    one = "static int k(int x) { return x + 1; }\nstatic int top(int x) { return k(x); }\n"
    two = "static int k(int x) { return x + 2; }\nint other(int x) { return k(x); }\n"
    after = _after(tmp_path, {"one.c": one + "int (*keep)(int) = top;\n", "two.c": two})
    assert [call["ap_return"] for call in after[1:]] == [[1], [0]]  # of zero and of −1


def test_functions_that_no_file_defines(tmp_path: Path) -> None:
    text = "int ask(void);\nint main(void) { return ask(); }\nint top(int x) { return x * 3; }\n"
    assert _after(tmp_path, {"top.c": text})[2]["ap_return"] == [0xFFFFFFFD]


def test_a_variable_that_only_another_file_declares(tmp_path: Path) -> None:
    one = "void add(int x);\nvoid top(int x) { add(x); }\n"
    two = "struct sum { int total; } all;\nint seen;\nvoid add(int x) { seen += x; }\n"
    after = _after(tmp_path, {"one.c": one, "two.c": two})
    assert after[2]["seen"] != [0]


def test_a_kernel_beside_the_bench_calls_the_mathematics_library(tmp_path: Path) -> None:
    kernel, bench = tmp_path / "kernel.c", tmp_path / "bench.c"
    kernel.write_text("#include <math.h>\nvoid top(double a[2]) { a[0] = sqrt(a[0]) + exp(a[1]); }\n")
    bench.write_text("void top(double a[2]);\nint main(void) { double a[2] = {4, 0}; top(a); return 0; }\n")
    program = frontend.load([kernel], "top")
    (call,) = record_bench([bench], [kernel], program)
    assert call.arrays_after["a"].view("<f8").tolist() == [3.0, 0.0]
