"""Recording the calls that a user's own test bench makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.emit import EmitHeader, emit_cpp
from seer.errors import InputError
from seer.lang.interpreter import run
from seer.lang.program import Argument, CObject, Program
from seer.lang.terms import ArrayType, Param, TopArray
from seer.verify.execute import compare, record
from seer.verify.record import record_bench

KERNEL = "int scale(int a[4], short n) { for (int i = 0; i < 4; i++) a[i] = a[i] * n; return a[3] + n; }\n"
STATIC = "static " + KERNEL
DECLARATION = "int scale(int a[4], short n);\n"
TWICE = """#include <stdio.h>
{declaration}
int main(void) {{
    int data[6] = {{1, 2, 3, 4, 5, 6}};
    int (*also)(int *, short) = scale;
    int sum = scale(data, 3) + also(data + 2, -1);
    printf("%d\\n", sum);
    return 0;
}}
"""


def _write(folder: Path, **texts: str) -> dict[str, Path]:
    paths = {}
    for name, text in texts.items():
        stem, _, suffix = name.rpartition("_")
        paths[name] = folder / f"{stem}.{suffix}"
        paths[name].write_text(text)
    return paths


def _program(path: Path, name: str = "scale") -> Program:
    return frontend.load([path], name)


def _check(program: Program, calls) -> None:
    """What was recorded is what the interpreter makes of it."""
    for call in calls:
        arrays = {name: list(map(int, contents)) for name, contents in call.arrays_before.items()}
        after = {name: list(map(int, contents)) for name, contents in call.arrays_after.items()}
        assert run(program, arrays, call.params) == after


def _two_calls(program: Program, calls) -> None:
    assert [call.params["n"] for call in calls] == [3, 0xFFFF]
    assert calls[0].arrays_before["a"].tolist() == [1, 2, 3, 4]
    assert calls[0].arrays_after["a"].tolist() == [3, 6, 9, 12]
    assert calls[0].arrays_after["ap_return"].tolist() == [15]
    assert calls[1].arrays_before["a"].tolist() == [9, 12, 5, 6]
    _check(program, calls)


@pytest.mark.parametrize(
    ("kernel", "bench"),
    [
        (KERNEL, TWICE.format(declaration=DECLARATION)),
        # The bench includes the kernel: two definitions, and calls from the same file.
        (KERNEL, TWICE.format(declaration='#include "kernel.c"')),
        # Both files have a main; the bench's counts.
        (KERNEL + "int main(void) { return 9; }\n", TWICE.format(declaration=DECLARATION)),
        (STATIC, TWICE.format(declaration='#include "kernel.c"')),
    ],
)
def test_a_bench_in_another_file(tmp_path: Path, kernel: str, bench: str) -> None:
    paths = _write(tmp_path, kernel_c=kernel, bench_c=bench)
    program = _program(paths["kernel_c"])
    _two_calls(program, record_bench([paths["bench_c"]], [paths["kernel_c"]], program))


@pytest.mark.parametrize("kernel", [KERNEL, STATIC, "inline " + STATIC])
def test_a_bench_in_the_same_file(tmp_path: Path, kernel: str) -> None:
    paths = _write(tmp_path, kernel_c=TWICE.format(declaration=kernel))
    program = _program(paths["kernel_c"])
    _two_calls(program, record_bench([paths["kernel_c"]], [paths["kernel_c"]], program))


def test_cpp_with_its_mangled_names(tmp_path: Path) -> None:
    paths = _write(tmp_path, kernel_cpp=KERNEL, bench_cpp=TWICE.format(declaration=DECLARATION))
    program = _program(paths["kernel_cpp"])
    _two_calls(program, record_bench([paths["bench_cpp"]], [paths["kernel_cpp"]], program))


def test_the_bench_finds_its_data_and_macros_and_headers(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("7 8")
    (tmp_path / "inc").mkdir()
    (tmp_path / "inc" / "size.h").write_text("#define N 2\n")
    bench = """#include <stdio.h>
#include <stdlib.h>
#include "size.h"
void top(unsigned char m[N][W]);
int main(void) {
    FILE *in = fopen("data.txt", "r");
    void *memory = malloc(N * W);
    int one, two;
    fscanf(in, "%d %d", &one, &two);
    for (int n = 0; n < 2; n++) {
        for (int i = 0; i < N * W; i++) ((unsigned char *)memory)[i] = one * n + i;
        top((unsigned char (*)[W])memory);
        top(memory);
    }
    return 3;
}
"""
    kernel = '#include "size.h"\nvoid top(unsigned char m[N][W]) { m[1][2] += m[0][0]; }\n'
    paths = _write(tmp_path, kernel_c=kernel, bench_c=bench)
    program = frontend.load([paths["kernel_c"]], "top", [tmp_path / "inc"], ["W=3"])
    calls = record_bench([paths["bench_c"]], [paths["kernel_c"]], program, [tmp_path / "inc"], ["W=3"])
    assert [call.arrays_before["m"][0] for call in calls] == [0, 0, 7, 7]
    assert [call.arrays_before["m"][5] for call in calls] == [5, 5, 12, 19]
    _check(program, calls)


def _refused(folder: Path, body: str, match: str, time_limit: float = 60.0) -> None:
    kernel = "void add(int a[4], int b[4], int c[4]) { for (int i = 0; i < 4; i++) c[i] = a[i] + b[i]; }\n"
    bench = f"""#include <stdlib.h>
void add(int a[4], int b[4], int c[4]);
int main(void) {{ static int x[16]; int *y = x; (void)y; {body} return 0; }}
"""
    paths = _write(folder, kernel_c=kernel, bench_c=bench)
    program = _program(paths["kernel_c"], "add")
    with pytest.raises(InputError, match=match):
        record_bench([paths["bench_c"]], [paths["kernel_c"]], program, time_limit=time_limit)


@pytest.mark.parametrize(
    ("body", "match"),
    [
        ("add(x, x + 4, x + 8); add(x, x + 4, x + 7);", r"call 2 of `add` .*`b` and `c` that overlap"),
        ("add(x, x + 4, x);", r"call 1 of `add` .*`a` and `c` that overlap"),
        ("add(x, 0, x + 4);", "null pointer for `b`"),
        ("", "never called `add`"),
        ("add(x, x + 4, x + 8); abort();", "SIGABRT after 1 calls"),
        ("return undeclared;", "undeclared"),
        ("missing(x);", "missing"),
    ],
)
def test_what_cannot_be_recorded_says_why(tmp_path: Path, body: str, match: str) -> None:
    _refused(tmp_path, body, match)


def test_neighbouring_arguments_do_not_overlap(tmp_path: Path) -> None:
    kernel = "void put(int a[2], int b[2]) { a[0] = b[1]; }\n"
    bench = "void put(int *, int *); int main() { int x[4] = {1, 2, 3, 4}; put(x + 2, x); return 0; }\n"
    paths = _write(tmp_path, kernel_c=kernel, bench_c=bench)
    (call,) = record_bench([paths["bench_c"]], [paths["kernel_c"]], _program(paths["kernel_c"], "put"))
    assert call.arrays_after["a"].tolist() == [2, 4]


STRUCTS = """struct P { int x; short y; };
static struct P pts[2];
int total;
float gain = 2;
void top(struct P q[3], int *out, struct P one, const int n) {
    for (int i = 0; i < 3; i++) { total += q[i].x + n; q[i].x = total; }
    pts[1].y = one.y;
    gain = gain * 0.5f;
    *out = total;
}
int main(void) {
    int o = 9;
    struct P q[3] = {{1, 2}, {4, 5}, {7, -8}};
    for (int k = 0; k < 2; k++) { total += k; top(q, EXTRA, q[2], k); }
    return 0;
}
"""


def _structs() -> Program:
    def part(name: str, width: int, shape: tuple[int, ...], c_type: str, held: CObject) -> Argument:
        return Argument(name, TopArray(ArrayType(width, shape), name), True, c_type, held)

    def variable(access: str, type: str = "struct P", extents: tuple[int, ...] = (), kind: str = "global"):
        return CObject(access.strip("(*)").split("[")[0].split(".")[0], type, extents, kind, access)

    one = CObject("one", "struct P", (), "value", "one.x"), CObject("one", "struct P", (), "value", "one.y")
    arguments = (
        part("q.x", 32, (3,), "int", variable("q[{}].x", extents=(3,), kind="pointer")),
        part("q.y", 16, (3,), "short", variable("q[{}].y", extents=(3,), kind="pointer")),
        part("out", 32, (), "int", variable("(*out)", "int", kind="pointer")),
        Argument("one.x", Param(32, "one.x"), True, "int", one[0]),
        Argument("one.y", Param(16, "one.y"), True, "short", one[1]),
        Argument("n", Param(32, "n"), True, "int"),
        part("pts.x", 32, (2,), "int", variable("pts[{}].x", extents=(2,))),
        part("pts.y", 16, (2,), "short", variable("pts[{}].y", extents=(2,))),
        part("total", 32, (), "int", variable("total", "int")),
        part("gain", 32, (), "float", variable("gain", "float")),
    )
    return Program("top", arguments, (), declarations="struct P { int x; short y; };\n")


@pytest.mark.parametrize("suffix", ["c", "cpp"])
def test_structs_pointers_and_file_scope_variables(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"k.{suffix}").write_text(STRUCTS)
    file = [tmp_path / f"k.{suffix}"]
    first, second = record_bench(file, file, _structs(), defines=["EXTRA=&o"])
    assert first.params == {"one.x": 7, "one.y": 0xFFF8, "n": 0}
    before = {name: contents.tolist() for name, contents in first.arrays_before.items()}
    after = {name: contents.tolist() for name, contents in first.arrays_after.items()}
    assert before["q.x"] == [1, 4, 7] and before["q.y"] == [2, 5, 0xFFF8]
    assert before["out"] == [9] and before["total"] == [0] and before["gain"] == [0x40000000]
    assert after["q.x"] == [1, 5, 12] and after["q.y"] == before["q.y"]
    assert after["out"] == after["total"] == [12] and after["gain"] == [0x3F800000]
    assert before["pts.y"] == [0, 0] and after["pts.y"] == [0, 0xFFF8] and after["pts.x"] == [0, 0]
    assert second.arrays_before["total"].tolist() == [13]
    with pytest.raises(InputError, match="`out` and `total` that overlap"):
        record_bench(file, file, _structs(), defines=["EXTRA=&total"])


def test_a_bench_that_never_ends(tmp_path: Path) -> None:
    _refused(tmp_path, "for (;;) ;", "longer than 0.5 s", time_limit=0.5)


def test_a_missing_bench(tmp_path: Path) -> None:
    paths = _write(tmp_path, kernel_c=KERNEL)
    with pytest.raises(InputError, match="no test bench"):
        record_bench([tmp_path / "none.c"], [paths["kernel_c"]], _program(paths["kernel_c"]))


def test_calls_with_ap_int_are_recorded(tmp_path: Path) -> None:
    header = """#include <ap_int.h>
struct pair { ap_uint<5> low; ap_int<40> high[2]; };
ap_int<17> mix(ap_int<9> n, ap_uint<12> a[3], ap_uint<100> &wide, pair *p, ap_uint<64> b[2]);
"""
    kernel = """#include "mix.h"
ap_int<17> mix(ap_int<9> n, ap_uint<12> a[3], ap_uint<100> &wide, pair *p, ap_uint<64> b[2]) {
    for (int i = 0; i < 3; i++)
        a[i] -= n;
    wide = (wide << 50) + p->low;
    p->high[1] = p->high[0] - n;
    b[0] = ~b[1];
    return a[0] + n;
}
"""
    bench = """#include <cstdio>
#include <iostream>
#include <string>
#include "mix.h"
int main() {
    ap_uint<12> a[3] = {1, 2, 4095};
    ap_uint<100> wide("0x123456789abcdef0123456789", 16);
    pair p;
    p.low = 31;
    p.high[0] = -5;
    p.high[1] = 2.5;
    ap_uint<64> b[2] = {0, 1ull << 63};
    for (ap_int<9> n = -256; n < 0; n += 255)
        std::cout << mix(n, a, wide, &p, b) << " " << wide.to_string(16) << std::endl;
    printf("%d %s\\n", p.high[1].to_int(), a[0](3, 0) == 5 ? "five" : "other");
    return 0;
}
"""
    paths = _write(tmp_path, mix_h=header, mix_cpp=kernel, bench_cpp=bench)
    program = _program(paths["mix_cpp"], "mix")
    calls = record_bench([paths["bench_cpp"]], [paths["mix_cpp"]], program)
    assert [call.params["n"] for call in calls] == [0x100, 0x1FF]
    before, after = calls[0].arrays_before, calls[1].arrays_after
    assert before["a"].tolist() == [1, 2, 4095]
    assert list(map(int, before["wide"])) == [0x123456789ABCDEF0123456789]
    assert before["p.low"].tolist() == [31]
    assert before["p.high"].tolist() == [(1 << 40) - 5, 2]
    assert before["b"].tolist() == [0, 1 << 63]
    assert after["a"].tolist() == [258, 259, 256]
    assert after["ap_return"].tolist() == [257]
    _check(program, calls)


def test_file_scope_variables_called_as_in_the_recorder(tmp_path: Path) -> None:
    kernel = (
        "int n, memory[4], calls, result[2]; struct { int a0; short k[3]; } i0[2];\n"
        "int scale(int a[4]) {\n"
        "    for (int i = 0; i < 4; i++) memory[i] += a[i] + n;\n"
        "    n++; calls += i0[1].k[2]++; result[1] = i0[0].a0 ^= calls; return n;\n"
        "}\n"
    )
    bench = kernel + "int main(void) { int a[4] = {1, 2, 3, 4}; scale(a); memory[1] = 9; return scale(a); }\n"
    path = _write(tmp_path, bench_c=bench)["bench_c"]
    program = _program(path)
    calls = record_bench([path], [path], program)
    assert [call.arrays_after["n"].tolist() for call in calls] == [[1], [2]]
    assert calls[1].arrays_before["memory"].tolist() == [1, 9, 3, 4]
    _check(program, calls)
    again = record([path], "scale", program, calls)
    assert again.calls == tuple(calls)
    assert not compare(emit_cpp(program, {}, EmitHeader("none", 5.0, 0)), program, again).mismatches
