"""Whatever the frontend cannot take is one InputError at the right place, with a next step.

In each source the character § marks where the error is expected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import InputError, Location
from seer.frontend import to_mlir_module

BODY = [
    ("if", "§if (a[0]) a[1] = 2;", "an if statement"),
    ("while", "§while (a[0]) a[0] -= 1;", "a while loop"),
    ("do", "§do a[0] -= 1; while (a[0]);", "a do loop"),
    ("switch", "§switch (n) { case 1: a[0] = 1; }", "a switch statement"),
    ("break", "for (int i = 0; i < 4; i++) { a[i] = 0; §break; }", "a break statement"),
    ("continue", "for (int i = 0; i < 4; i++) { §continue; }", "a continue statement"),
    ("goto", "§goto end; end: ;", "a goto statement"),
    ("early return", "for (int i = 0; i < 4; i++) §return;", "a return inside the function"),
    ("inline assembly", '§__asm__("nop");', "inline assembly"),
    ("call", "a[0] = §other(n);", "a function call of `other`"),
    ("call as statement", "§other(n);", "a function call of `other`"),
    ("recursion", "§f(a, n, u, l);", "a function call of `f`"),
    ("builtin", "a[0] = §__builtin_popcount(n);", "a function call of `__builtin_popcount`"),
    ("function pointer", "int (*§g)(int) = other;", "function pointer"),
    ("pointer", "int *§p = a;", "pointer of type `int *`"),
    ("dereference", "a[0] = §*a;", "dereferencing a pointer"),
    ("store through a pointer", "§*a = 3;", "an assignment through a pointer"),
    ("address", "a[0] = (long)§&n;", "taking an address"),
    ("array as value", "a[0] = (long)§a;", "array `a` used as a pointer"),
    ("subscript of a sum", "a[0] = §(a + 1)[2];", "only arrays named directly"),
    ("struct", "struct { int x; } §s; s.x = 1; a[0] = s.x;", "struct, union or class"),
    ("long double", "long double §x = n; a[0] = x;", "floating-point type `long double`"),
    ("half", "_Float16 §x = n; a[0] = 1;", "type `_Float16` is not supported"),
    ("array written backwards", "a[0] = §1[a];", "only arrays named directly"),
    ("string", 'a[0] = §"ab"[1];', "only arrays named directly"),
    ("VLA", "int §t[n]; a[0] = n;", "variable-length array"),
    ("local array", "int §t[4]; a[0] = 1;", "local array `t`"),
    ("volatile", "volatile int §v = 3; a[0] = v;", "volatile type"),
    ("static", "static int §v; a[0] = v;", "outlives the call"),
    ("extern", "extern int §v; a[0] = v;", "outlives the call"),
    ("global", "a[0] = §global;", "global variable `global`"),
    ("store to a global", "§global = 3;", "global variable `global`"),
    ("global array", "a[0] = §table[1];", "`table` is no array argument"),
    ("assignment in an expression", "a[0] = §a[1] = 2;", "an assignment inside an expression"),
    ("compound assignment in an expression", "a[0] = (§a[1] += 2);", "an assignment inside"),
    ("increment in an expression", "a[0] = §n++;", "an increment or decrement"),
    ("comma", "a[0] = (§n, 2);", "the comma operator"),
    ("elvis", "a[0] = §n ?: 2;", "this kind of expression"),
    ("statement expression", "a[0] = §({ n; });", "this kind of expression"),
    ("generic selection", "a[0] = §_Generic(n, int: 1);", "this kind of expression"),
    ("nested function", "int g(int x) §{ return x; } a[0] = 1;", "function definition is not allowed here"),
]

LOOPS = [
    ("no condition", "§for (int i = 0;; i++) a[0] = 1;", "without initialisation, condition or step"),
    ("no initialisation", "int i = 0; §for (; i < 4; i++) a[i] = 1;", "without initialisation"),
    ("no step", "§for (int i = 0; i < 4;) a[i] = 1;", "without initialisation, condition or step"),
    ("two counters", "for (§int i = 0, j = 0; i < 4; i++) a[i] = j;", "must initialise its counter"),
    (
        "other initialisation",
        "int i = 0; for (§n = 0; i < 4; i++) a[i] = 1;",
        "must initialise its counter `i`",
    ),
    (
        "comma in the step",
        "int j = 0; for (int i = 0; i < 4; §i++, j++) a[i] = 1;",
        "this step of a for loop",
    ),
    ("geometric step", "for (int i = 1; i < 4; §i *= 2) a[i] = 1;", "steps its counter by `*=`"),
    ("varying step", "for (int i = 0; i < 4; §i += n) a[i] = 1;", "must be a constant other than 0"),
    ("no progress", "for (int i = 0; i < 4; §i += 0) a[i] = 1;", "must be a constant other than 0"),
    ("condition on something else", "for (int i = 0; §n < 4; i++) a[i] = 1;", "must compare its counter `i`"),
    ("condition of two parts", "for (int i = 0; §i < 4 && n; i++) a[i] = 1;", "must compare its counter `i`"),
    ("wrong direction", "§for (int i = 0; i < 4; i--) a[i] = 1;", "may never end"),
    ("unsigned never below 0", "§for (unsigned i = 3; i >= 0; i--) a[i & 3] = 1;", "may never end"),
    ("byte never 256", "§for (unsigned char i = 0; i < 256; i++) a[i & 3] = 1;", "may pass 255"),
    ("byte passes its end", "§for (signed char i = 0; i < 127; i += 3) a[i & 3] = 1;", "may pass 127"),
    ("greatest int", "§for (int i = 0; i <= 2147483647; i++) a[i & 3] = 1;", "may pass 2147483647"),
    ("narrow counter", "§for (short i = 0; i < n; i++) a[i & 3] = 1;", "may pass 32767"),
    ("missed limit", "§for (int i = 0; i != 5; i += 2) a[i & 3] = 1;", "ever equals the limit"),
    ("passed limit", "§for (int i = 0; i != n; i++) a[i & 3] = 1;", "ever equals the limit"),
    ("unsigned comparison", "§for (int i = -1; i < 4u; i++) a[i + 1] = 1;", "compared as unsigned int"),
    ("signed bound made unsigned", "for (unsigned i = 0; i < §n; i++) a[i & 3] = 1;", "may change it"),
    ("truncated start", "for (signed char i = §n; i < 4; i++) a[i & 3] = 1;", "may change it"),
    ("unsigned parameter", "for (unsigned i = 0; i < §u; i++) a[i & 3] = 1;", "reads the unsigned `u`"),
    ("wrapping bound", "for (unsigned i = 0; i < §(unsigned)n + 1; i++) a[i & 3] = 1;", "may change it"),
    ("bound reads an array", "for (int i = 0; i < §a[3]; i++) a[i] = 1;", "reads an array"),
    (
        "bound is a changing variable",
        "int m = 4; for (int i = 0; i < §m; i++) m--;",
        "reads `m`, which may change",
    ),
    (
        "bound is a changing argument",
        "n++; for (int i = 0; i < §n; i++) a[0] = 1;",
        "reads `n`, which may change",
    ),
    ("bound is a product", "for (int i = 0; i < §n * n; i++) a[0] = 1;", "`*` of operands that vary"),
    ("bound is a quotient", "for (int i = 0; i < §n / 2; i++) a[0] = 1;", "`/` of operands that vary"),
    ("bound is a call", "for (int i = 0; i < §other(n); i++) a[0] = 1;", "a call of `other` in a loop bound"),
    (
        "bound is a choice",
        "for (int i = 0; i < (§n ? 1 : 2); i++) a[0] = 1;",
        "not supported in a loop bound",
    ),
    ("bound is a global", "for (int i = 0; i < §global; i++) a[0] = 1;", "`global`, which is no constant"),
    (
        "counter is global",
        "for (global = 0; global < 3; §global++) a[0] = 1;",
        "global variable `global` counts",
    ),
    ("counter is an element", "for (a[0] = 0; a[0] < 3; §a[0]++) a[1] = 1;", "this step of a for loop"),
    ("body writes the counter", "for (int i = 0; i < 4; i++) §i += a[i];", "writes its counter"),
    (
        "loop writes the counter",
        "int i; for (i = 0; i < 4; i++) for (§i = 0; i < 2; i++) ;",
        "writes its counter",
    ),
    ("pointer counter", "for (int *p = a; p < a + 4; §p++) ;", "is no integer variable"),
    ("bool counter", "for (_Bool i = 0; i < 1; §i = i + 1) ;", "is no integer variable"),
    (
        "exit value by steps",
        "int i; §for (i = 0; i < n; i += 2) a[0] = 1; a[1] = i;",
        "leaves this loop with",
    ),
    ("step added as long", "§for (int i = 0; i < n; i += 4294967297l) a[0] = 1;", "may pass 2147483647"),
    ("step added as unsigned", "§for (int i = 0; i < n; i += 2u) a[0] = 1;", "may pass 2147483647"),
    ("int counter, long bound", "§for (int i = 0; i < l; i++) a[0] = 1;", "may pass 2147483647"),
]

SIGNATURES = [
    ("pointer argument", "void f(int *§p) { p[0] = 1; }", "pointer of type `int *`"),
    ("size unknown", "void f(int §a[]) { a[0] = 1; }", "has no size in its first dimension"),
    ("size varies", "void f(int n, int §a[n]) { a[0] = 1; }", "variable-length array `a`"),
    ("pointer array", "void f(int *§a[4]) { a[0] = 0; }", "pointer of type `int *`"),
    ("struct argument", "struct s { int x; }; void f(struct s §x) { }", "struct, union or class"),
    ("bool argument", "void f(_Bool §x) { }", "type bool"),
    ("volatile array", "void f(volatile int §a[4]) { a[0] = 1; }", "volatile type"),
    ("reserved name", "int f(int §ap_return[2]) { return 1; }", "`ap_return` is taken"),
    ("variadic", "void §f(int n, ...) { }", "variable number of arguments"),
    ("no return", "int f(int a[2]) { §a[0] = 1; }", "may end without returning a value"),
    ("empty body", "int f(int n) §{ }", "may end without returning a value"),
    ("syntax error", "void f(int a[4]) { a[0] = 3§ }", "expected ';'"),
    ("undeclared", "void f(int a[4]) { a[0] = §x; }", "undeclared identifier 'x'"),
    ("type error", "void f(const int a[4]) { a[0] §= 1; }", "not assignable"),
    ("missing include", '#include §"nowhere.h"\nvoid f(int a[4]) { }', "'nowhere.h' file not found"),
    ("in a macro", "#define P(x) (*(x))\nvoid f(int a[4]) { a[0] = §P(a); }", "dereferencing"),
    ("assert", "#include <assert.h>\nvoid f(int n) { §assert(n > 0); }", "`assert` is not supported yet"),
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
    Path("headers/body.h").write_text("void f(int a[4])\n{\n  while (a[0]) ;\n}\n")
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
