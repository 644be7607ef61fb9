"""What the frontend makes of C, term by term: nothing is normalised, named and typed as written."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from seer.errors import Location
from seer.frontend import load, to_mlir_module
from seer.lang.program import Program
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
    Statement,
    Store,
    TopArray,
)
from seer.lang.traverse import statements, subexpressions


def program(tmp_path: Path, source: str, suffix: str = ".c", **options: Any) -> Program:
    path = tmp_path / f"kernel{suffix}"
    path.write_text(source)
    return load([path], "f", **options)


def op(name: str, bits: int, *operands: Expr) -> Op:
    return Op(name, bits, operands)


def stores(p: Program) -> list[Store]:
    return [s for s in statements(p.body) if isinstance(s, Store)]


def loops(p: Program) -> list[For]:
    return [s for s in statements(p.body) if isinstance(s, For)]


def test_subscripts_stay_as_written(tmp_path: Path) -> None:
    p = program(
        tmp_path,
        """void f(int a[64], int b[64]) {
            for (int i = 0; i < 20; i++) a[(i << 1) + i] = b[3 * i] + b[i * 3]; }""",
    )
    i, three = Iv(32, 0, 0, 20, 1), Const(32, 3)
    b = TopArray(ArrayType(32, (64,), None), "b")
    (store,) = stores(p)
    assert store.indices == (op("add", 32, op("shl", 32, i, Const(32, 1)), i),)
    left, right = Load(b, (op("mul", 32, three, i),)), Load(b, (op("mul", 32, i, three),))
    assert store.value == op("add", 32, left, right)


def test_narrow_sum_is_extended_and_cut_off(tmp_path: Path) -> None:
    p = program(tmp_path, "void f(unsigned char a[2], signed char b[2]) { a[0] = a[1] + b[1]; }")
    a, b = (argument.term for argument in p.arguments)
    assert isinstance(a, TopArray) and isinstance(b, TopArray)
    one = (Const(32, 1),)
    total = op("add", 32, op("zext", 32, Load(a, one)), op("sext", 32, Load(b, one)))
    assert stores(p)[0].value == op("trunc", 8, total)


def test_comparison_is_one_bit_extended(tmp_path: Path) -> None:
    p = program(tmp_path, "void f(int a[2], int n, unsigned m) { a[0] = n < 3; a[1] = m > 4 && n; }")
    n, m = Param(32, "n", None), Param(32, "m", None)
    first, second = stores(p)
    assert first.value == op("zext", 32, op("slt", 1, n, Const(32, 3)))
    both = op("and", 1, op("ult", 1, Const(32, 4), m), op("ne", 1, n, Const(32, 0)))
    assert second.value == op("zext", 32, both)


def test_constant_subexpressions_cost_nothing(tmp_path: Path) -> None:
    source = """
        enum { K = 5 };
        void f(int a[8]) { const int n = 8; a[n - 1] = a[K / 2] * (sizeof(int) == 4 ? K << 2 : a[0]); }"""
    (store,) = stores(program(tmp_path, source))
    assert store.indices == (Const(32, 7),)
    a = store.array
    assert store.value == op("mul", 32, Load(a, (Const(32, 2),)), Const(32, 20))


def test_labels_names_and_locations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loop = "L1: for (int i = 0; i < 8; i++)\n        a[i] = acc;\n"
    source = f"void f(int a[8], int n)\n{{\n    int acc = n;\n{loop}}}\n"
    Path("kernel.c").write_text(source)
    p = load([Path("kernel.c")], "f")
    (local,) = [s for s in statements(p.body) if isinstance(s, Local)]
    assert local.array == LocalArray(ArrayType(32, (), None), 0)
    assert p.origins[local].names == ("acc",)
    origin = p.origins[loops(p)[0]]
    assert (origin.labels, origin.names) == (("L1",), ("i",))
    assert origin.locations == (Location("kernel.c", 4, 5),)
    assert p.origins[stores(p)[1]].locations == (Location("kernel.c", 5, 9),)


def test_arguments_keep_order_types_and_return_value(tmp_path: Path) -> None:
    source = """
        #include <stdint.h>
        typedef int16_t sample;
        enum mode { A, B };
        unsigned short f(sample a[4][8], const uint8_t n, enum mode m, long b[restrict static 2])
        { return n; }"""
    p = program(tmp_path, source)
    assert [(a.name, a.c_type, a.signed) for a in p.arguments] == [
        ("a", "short", True),
        ("n", "unsigned char", False),
        ("m", "unsigned int", False),
        ("b", "long", True),
        ("ap_return", "unsigned short", False),
    ]
    assert p.arguments[0].term == TopArray(ArrayType(16, (4, 8), None), "a")
    assert p.arguments[4].term == TopArray(ArrayType(16, (), None), "ap_return")


@pytest.mark.parametrize(
    ("header", "width", "lower", "upper", "step"),
    [
        ("int i = 0; i < 10; i++", 32, 0, 10, 1),
        ("unsigned char i = 0; i < 100; i++", 8, 0, 100, 1),
        ("unsigned char i = 0; i < 200; i++", 32, 0, 200, 1),
        ("short i = -5; i <= 5; i += 2", 16, -5, 6, 2),
        ("unsigned i = 0; i < 3000000000u; i += 1000000000", 64, 0, 2000000001, 1000000000),
        ("int i = 0; i < sizeof(long); i++", 32, 0, 8, 1),
        ("int i = 9; i >= 0; i--", 32, 0, 10, 1),
        ("int i = 9; i > 1; i -= 3", 32, 0, 7, 3),
        ("int i = 0; 10 != i; i += 5", 32, 0, 6, 5),
    ],
)
def test_induction_variables(
    tmp_path: Path, header: str, width: int, lower: int, upper: int, step: int
) -> None:
    p = program(tmp_path, f"void f(int a[256]) {{ for ({header}) a[i & 255] = 1; }}")
    (loop,) = loops(p)
    assert loop.iv == Iv(width, 0, lower, upper, step)


def test_wide_counter_is_a_subscript_without_conversions(tmp_path: Path) -> None:
    p = program(tmp_path, "void f(int a[256]) { for (unsigned char i = 0; i < 200; i++) a[i] = 1; }")
    assert stores(p)[0].indices == (Iv(32, 0, 0, 200, 1),)


def test_downward_loop_subtracts_from_its_start(tmp_path: Path) -> None:
    p = program(tmp_path, "void f(int a[10]) { for (int i = 9; i >= 0; i--) a[i] = 1; }")
    assert stores(p)[0].indices == (op("sub", 32, Const(32, 9), Iv(32, 0, 0, 10, 1)),)


def test_counters_declared_outside_need_no_register(tmp_path: Path) -> None:
    source = """void f(int a[8][8]) {
        int i, j;
        for (i = 0; i < 8; i++) for (j = 0; j < 8; j++) a[i][j] = i;
        for (i = 0; i < 8; i++) a[i][0] = 1; }"""
    assert not [s for s in statements(program(tmp_path, source).body) if isinstance(s, Local)]


def test_counter_that_is_read_later_is_stored_once_after_its_loop(tmp_path: Path) -> None:
    p = program(tmp_path, "int f(int a[8]) { int i; for (i = 0; i < 7; i += 3) a[i] = 1; return i; }")
    (local,) = p.body
    assert isinstance(local, Local)
    kinds: list[type[Statement]] = [type(s) for s in local.body]
    assert kinds == [For, Store, Store]
    assert stores(p)[1].value == Const(32, 9)


def test_written_argument_is_copied_at_entry(tmp_path: Path) -> None:
    p = program(tmp_path, "short f(short n) { n += 1; return n; }")
    (local,) = p.body
    assert isinstance(local, Local)
    assert local.body[0] == Store(local.array, (), Param(16, "n", None))


def test_defines_and_include_folders(tmp_path: Path) -> None:
    folder = tmp_path / "headers"
    folder.mkdir()
    (folder / "size.h").write_text("#define SIZE (2 * HALF)\n")
    source = '#include "size.h"\n#ifdef FLAG\nvoid f(int a[SIZE]) { a[SIZE - 1] = FLAG; }\n#endif\n'
    p = program(tmp_path, source, include_dirs=[folder], defines=["HALF=6", "FLAG"])
    assert stores(p)[0].indices == (Const(32, 11),)
    assert stores(p)[0].value == Const(32, 1)


def test_top_in_one_of_several_files(tmp_path: Path) -> None:
    main = tmp_path / "main.c"
    main.write_text(
        '#include <stdio.h>\nvoid f(int a[4]);\nint main(void) { int a[4]; f(a); puts(""); return 0; }\n'
    )
    kernel = tmp_path / "kernel.c"
    kernel.write_text("void f(int a[4]) { a[0] = 1; }\n")
    assert load([main, kernel], "f").name == "f"


def test_all_stub_headers_parse(tmp_path: Path) -> None:
    names = [
        "assert",
        "inttypes",
        "limits",
        "math",
        "stdbool",
        "stddef",
        "stdint",
        "stdio",
        "stdlib",
        "string",
    ]
    source = "".join(f"#include <{name}.h>\n" for name in names) + "void f(int a[4]) { a[0] = INT_MAX; }\n"
    assert stores(program(tmp_path, source))[0].value == Const(32, 2**31 - 1)
    wrapped = ["cassert", "climits", "cmath", "cstddef", "cstdint", "cstdio", "cstdlib", "cstring"]
    source = "".join(f"#include <{name}>\n" for name in wrapped)
    source += "void f(std::int16_t a[4]) { a[0] = CHAR_BIT; }\n"
    assert stores(program(tmp_path, source, ".cpp"))[0].value == Const(16, 8)


def test_cpp_source(tmp_path: Path) -> None:
    source = """
        constexpr int N = 4;
        extern "C" void f(int a[N], int b[N]) {
            for (int i = 0; i < N; ++i)
                a[i] = static_cast<short>(a[i]) + (a[i] < b[i]) + int(!b[i]) + true;
        }"""
    p = program(tmp_path, source, ".cpp")
    (loop,) = loops(p)
    assert loop.iv == Iv(32, 0, 0, 4, 1)
    names = [e.name for e in subexpressions(stores(p)[0].value) if isinstance(e, Op)]
    assert sorted(names) == ["add", "add", "add", "ne", "sext", "slt", "trunc", "xor", "zext", "zext"]


def test_pragmas_are_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = """void f(int a[4]) {
        #pragma theirs not known here
        #pragma unroll
        for (int i = 0; i < 4; i++) a[i] = 1; }"""
    with caplog.at_level(logging.WARNING):
        assert len(loops(program(tmp_path, source))) == 1
    assert [record.getMessage().split("kernel.c")[1] for record in caplog.records] == [
        ":2:17: this pragma is ignored",
        ":4:9: the pragma or attribute before this loop is ignored",
    ]


def test_long_expressions_do_not_overflow_the_stack(tmp_path: Path) -> None:
    terms = " + ".join(f"a[{n % 8}]" for n in range(3000))
    p = program(tmp_path, f"void f(int a[8], int n) {{ a[0] = {terms}; a[1] = {'~' * 2000}n; }}")
    summed, inverted = stores(p)
    assert len(subexpressions(summed.value)) > 3000
    assert len(subexpressions(inverted.value)) > 2000


def test_output_is_the_same_every_time(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "seer" / "gemm_ncubed.c"
    texts = {
        to_mlir_module([path], "gemm_ncubed").operation.get_asm(enable_debug_info=True) for _ in range(3)
    }
    assert len(texts) == 1
