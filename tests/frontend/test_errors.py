"""Whatever the frontend cannot take is one InputError at the right place, with a next step.

In each source the character § marks where the error is expected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import InputError, Location
from seer.frontend import to_mlir_module

BODY = [
    ("goto", "§goto end; end: ;", "a goto statement"),
    ("inline assembly", '§__asm__("nop");', "inline assembly"),
    ("call", "a[0] = §other(n);", "a function call of `other`"),
    ("recursion", "§f(a, n, u, l);", "recursion is not supported: f → f"),
    ("address as number", "a[0] = (long)§&n;", "a pointer used as a number"),
    ("array as number", "a[0] = (long)§a;", "a pointer used as a number"),
    ("null pointer", "int *p = §0; a[0] = 1;", "a null pointer"),
    ("two arrays", "int t[4] = {0}; int *p = a; if (n) p = t; *§p = 1;", "to more than one array"),
    (
        "two arrays in turn",
        "int t[4] = {0}; int *p = a; for (int i = 0; i < 4; i++) { *p = i; §p = t; }",
        "to more than one array (`a` before)",
    ),
    (
        "after a loop",
        "int t[4], *p = a; for (int i = 0; i < n; i++) p = t; *§p = 1;",
        "to more than one array",
    ),
    ("two branches", "int t[4], *p; if (n) p = a; else p = t; *§p = 1;", "to more than one array"),
    ("beside an object", "int t, *p = &t; §p = p + 1; *p = a[0];", "beside the single object `t`"),
    ("one of two arrays", "int t[4] = {0}; int *p = §n ? a : t; *p = 1;", "a pointer to one of two arrays"),
    ("reinterpreted array", "char *p = §(char *)a; a[0] = p[0];", "used as one to another"),
    ("array of pointers", "int *§p[2]; a[0] = 1;", "array of pointers"),
    ("union", "union { int x; float y; } §v; v.x = 1; a[0] = v.x;", "union"),
    ("bit-field", "struct { int §x : 3; } v; v.x = 1; a[0] = v.x;", "bit-field `x`"),
    (
        "unknown size",
        "extern void *memset(void *, int, unsigned long); memset(a, 0, §n);",
        "of a size that is",
    ),
    ("call as statement", "§other(n);", "a function call of `other`"),
    ("builtin", "a[0] = §__builtin_popcount(n);", "a function call of `__builtin_popcount`"),
    ("function pointer", "int (*§g)(int) = other;", "function pointer"),
    ("long double", "long double §x = n; a[0] = x;", "floating-point type `long double`"),
    ("half", "_Float16 §x = n; a[0] = 1;", "type `_Float16` is not supported"),
    ("VLA", "int §t[n]; a[0] = n;", "variable-length array"),
    ("volatile", "volatile int §v = 3; a[0] = v;", "volatile type"),
    ("static", "static int §v; a[0] = v;", "outlives the call"),
    ("extern", "extern int §v; a[0] = v;", "outlives the call"),
    ("table of no file", "extern const int t[4]; a[0] = §t[n & 3];", "do not define the constant `t`"),
    ("constant of no file", "extern const int k; a[0] = §k;", "do not define the constant `k`"),
    ("elvis", "a[0] = §n ?: 2;", "this kind of expression"),
    ("statement expression", "a[0] = §({ n; });", "this kind of expression"),
    ("generic selection", "a[0] = §_Generic(n, int: 1);", "this kind of expression"),
    ("nested function", "int g(int x) §{ return x; } a[0] = 1;", "function definition is not allowed here"),
]

LOOPS = [
    ("no end", "§for (;;) a[0] = 1;", "this loop never ends"),
    ("no end by continue", "§while (1) { if (n) continue; a[0] = 1; }", "this loop never ends"),
    ("no end of do", "§do a[0] = 1; while (1);", "this loop never ends"),
    ("break leaves the switch only", "§while (1) switch (n) { case 1: break; }", "this loop never ends"),
    ("parts out of a macro", "int i;\n#define I i = 0;\n§for (I i < n;) a[0] = 1;", "cannot be told apart"),
    ("bound is a call", "for (int i = 0; i < §other(n); i++) a[0] = 1;", "a function call of `other`"),
    (
        "case in a block",
        "switch (n) { case 1: { §case 2: a[0] = 1; } }",
        "a case label inside another statement",
    ),
    (
        "default in a loop",
        "switch (n) { case 1: while (n--) { §default: a[0] = 1; } }",
        "a default label inside",
    ),
    ("before the first case", "switch (n) { §a[0] = 2; case 1: a[0] = 1; }", "never reached"),
    ("jump into the dark", "if (n) §goto end; end: ;", "a goto statement"),
]

SIGNATURES = [
    ("pointer argument", "void f(int *§p) { p[3] = 1; }", "to an unknown number of elements"),
    ("pointer array", "void f(int *§a[4]) { a[0] = 0; }", "array of pointers"),
    ("pointer result", "int *§f(int a[4]) { return a; }", "returns a pointer"),
    ("file-scope pointer", "int *§p; void f(void) { *p = 1; }", "file-scope pointer `p`"),
    ("size unknown", "void f(int §a[]) { a[0] = 1; }", "has no size in its first dimension"),
    ("size varies", "void f(int n, int §a[n]) { a[0] = 1; }", "variable-length array `a`"),
    ("volatile array", "void f(volatile int §a[4]) { a[0] = 1; }", "volatile type"),
    ("reserved name", "int f(int §ap_return[2]) { return 1; }", "`ap_return` is taken"),
    ("variadic", "void §f(int n, ...) { }", "variable number of arguments"),
    ("no return", "int f(int a[2]) { §a[0] = 1; }", "may end without returning a value"),
    ("empty body", "int f(int n) §{ }", "may end without returning a value"),
    ("syntax error", "void f(int a[4]) { a[0] = 3§ }", "expected ';'"),
    ("undeclared", "void f(int a[4]) { a[0] = §x; }", "undeclared identifier 'x'"),
    ("type error", "void f(const int a[4]) { a[0] §= 1; }", "not assignable"),
    ("missing include", '#include §"nowhere.h"\nvoid f(int a[4]) { }', "'nowhere.h' file not found"),
    ("no value at the end", "int f(int n) { §if (n) return 1; }", "may end without returning"),
    ("no value after a loop", "int f(int n) { §while (n--) if (n == 3) return 1; }", "may end without"),
    ("no value by switch", "int f(int n) { §switch (n) { case 1: return 1; } }", "may end without"),
]


def expect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marked: str, message: str) -> InputError:
    monkeypatch.chdir(tmp_path)
    before = marked.split("§")[0]
    place = Location("sub/kernel.c", before.count("\n") + 1, len(before) - before.rfind("\n"))
    file = Path("sub/kernel.c")
    file.parent.mkdir()
    file.write_text(marked.replace("§", ""))
    with pytest.raises(InputError) as caught:
        to_mlir_module([file], "f")
    assert message in caught.value.message
    assert caught.value.location == place, str(caught.value)
    assert caught.value.hint
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(("body", "message"), [c[1:] for c in BODY + LOOPS], ids=[c[0] for c in BODY + LOOPS])
def test_unsupported_in_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, message: str
) -> None:
    head = "int global;\nconst int table[2] = {1, 2};\nint other(int x);\n"
    signature = "void f(int a[4], int n, unsigned u, long l)\n{\n    "
    expect(tmp_path, monkeypatch, f"{head}{signature}{body}\n}}\n", message)


@pytest.mark.parametrize(("source", "message"), [c[1:] for c in SIGNATURES], ids=[c[0] for c in SIGNATURES])
def test_unsupported_outside_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    expect(tmp_path, monkeypatch, source + "\n", message)


def test_error_in_an_included_file_is_located_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("headers").mkdir()
    Path("headers/body.h").write_text("void f(int a[4])\n{\n  goto end; end: ;\n}\n")
    Path("kernel.c").write_text('#include "body.h"\n')
    with pytest.raises(InputError) as caught:
        to_mlir_module([Path("kernel.c")], "f", include_dirs=[Path("headers")])
    assert caught.value.location == Location("headers/body.h", 3, 3)


def test_missing_top_names_the_functions_that_exist(tmp_path: Path) -> None:
    one, two = tmp_path / "one.c", tmp_path / "two.c"
    one.write_text("int declared(int x);\nvoid first(int a[4]) { }\n")
    two.write_text("void second(int a[4]) { }\n")
    with pytest.raises(InputError, match="no function `declared` is defined") as caught:
        to_mlir_module([one, two], "declared")
    assert caught.value.hint is not None
    assert "`first`, `second`" in caught.value.hint


def test_two_definitions_of_the_top(tmp_path: Path) -> None:
    files = [tmp_path / "one.c", tmp_path / "two.c"]
    for file in files:
        file.write_text("void f(int a[4]) { }\n")
    with pytest.raises(InputError, match="defined more than once") as caught:
        to_mlir_module(files, "f")
    assert caught.value.location == Location(str(files[1]), 1, 6)


def test_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read `.*absent\.c`: No such file"):
        to_mlir_module([tmp_path / "absent.c"], "f")
    (tmp_path / "folder.c").mkdir()
    with pytest.raises(InputError, match=r"cannot read `.*folder\.c`: Is a directory"):
        to_mlir_module([tmp_path / "folder.c"], "f")


def test_other_languages_and_missing_folders(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text("")
    with pytest.raises(InputError, match=r"no C or C\+\+ source file"):
        to_mlir_module([tmp_path / "kernel.py"], "f")
    (tmp_path / "kernel.c").write_text("void f(int a[4]) { }\n")
    with pytest.raises(InputError, match=r"include folder .* does not exist"):
        to_mlir_module([tmp_path / "kernel.c"], "f", include_dirs=[tmp_path / "absent"])
    with pytest.raises(InputError, match="no source file"):
        to_mlir_module([], "f")


CXX = [
    (
        "fixed point",
        "#include <ap_fixed.h>\nvoid f(int a[4]) { ap_fixed<8, 4> §x = 1.5; a[0] = x; }",
        "fixed-point",
    ),
    ("stream", "#include <hls_stream.h>\nvoid f(hls::stream<int> &§s) { s.write(1); }", "stream"),
    (
        "wide",
        "#include <ap_int.h>\nvoid f(ap_int<200> §a[4]) { a[0] = 1; }",
        "`ap_int<200>` has more than 128",
    ),
    (
        "wide local",
        "#include <ap_int.h>\nvoid f(int a[4]) { ap_uint<129> §x = 1; a[0] = x; }",
        "more than 128",
    ),
    (
        "wide member",
        "#include <ap_int.h>\nstruct s { ap_uint<129> §x; };\nvoid f(s a[4]) { a[0].x = 1; }",
        "more than 128 bits",
    ),
    (
        "wide comparison",
        "#include <ap_int.h>\nvoid f(ap_uint<128> x, int a[1]) { if (§x + x > 5) a[0] = 1; }",
        "more than 128 bits",
    ),
    (
        "ap_int from a float",
        "#include <ap_int.h>\nvoid f(ap_int<5> a[4], float x) { a[0] = §x; }",
        "ap_int from a floating-point number",
    ),
    (
        "concatenation with an int",
        "#include <ap_int.h>\nvoid f(ap_uint<8> x, int a[4]) { (x, a[0]) §= 5; }",
        "no viable overloaded '='",
    ),
    (
        "ap_int from a string",
        '#include <ap_int.h>\nvoid f(ap_int<5> a[4]) { a[0] = §"1f"; }',
        "ap_int from `const char *`",
    ),
    (
        "name for a range",
        "#include <ap_int.h>\nvoid f(ap_uint<8> x, int a[4]) { auto §y = x(3, 0); a[0] = y; }",
        "`y` stands for bits of other variables",
    ),
    (
        "range of unknown length",
        "#include <ap_int.h>\nvoid f(ap_uint<8> x, int i, int j, int a[4]) { a[0] = §x(i, j); }",
        "not known how many",
    ),
    (
        "range outside",
        "#include <ap_int.h>\nvoid f(ap_uint<8> x, int a[4]) { a[0] = §x(9, 0); }",
        "does not lie in",
    ),
    (
        "array of streams",
        "#include <hls_stream.h>\nvoid f(hls::stream<int> §s[2]) { s[0].write(1); }",
        "stream",
    ),
    ("method", "struct s { int x; int g() { return x; } };\nint f(s v[2]) { return §v[0].g(); }", "g"),
    (
        "base class",
        "struct s { int x; }; struct t : s { int y; };\nvoid f(t §v[2]) { v[0].y = 1; }",
        "base class",
    ),
]


@pytest.mark.parametrize("marked, message", [case[1:] for case in CXX], ids=[case[0] for case in CXX])
def test_unsupported_in_cxx(tmp_path: Path, marked: str, message: str) -> None:
    before = marked.split("§")[0]
    file = tmp_path / "kernel.cpp"
    file.write_text(marked.replace("§", ""))
    with pytest.raises(InputError) as caught:
        to_mlir_module([file], "f")
    place = Location(str(file), before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert (caught.value.location, message in caught.value.message) == (place, True), caught.value
