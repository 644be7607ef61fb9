"""Which loops are counted, and why another one is a While: each with the reason that is logged."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from seer.frontend import load
from seer.lang.loop_bounds import reads_registers
from seer.lang.terms import For, While
from seer.lang.traverse import statements

NOT_COUNTED = [
    ("no initialisation", "int i = 0; for (; i < 4; i++) a[i] = 1;", "without initialisation"),
    ("no step", "for (int i = 0; i < 4;) a[i] = 1;", "without initialisation, condition or step"),
    (
        "other initialisation",
        "int i = 0; for (n = 0; i < 4; i++) a[i] = 1;",
        "does not count with one variable",
    ),
    ("geometric step", "for (int i = 1; i < 4; i *= 2) a[i] = 1;", "steps its counter by `*=`"),
    ("varying step", "for (int i = 0; i < 4; i += n) a[i] = 1;", "must be a constant other than 0"),
    ("no progress", "for (int i = 0; i < 4; i += 0) a[i] = 1;", "must be a constant other than 0"),
    ("condition on something else", "for (int i = 0; n < 4; i++) a[i] = 1;", "must compare its counter `i`"),
    ("condition of two parts", "for (int i = 0; i < 4 && n; i++) a[i] = 1;", "must compare its counter `i`"),
    ("wrong direction", "for (int i = 0; i < 4; i--) a[i] = 1;", "may never end"),
    ("unsigned never below 0", "for (unsigned i = 3; i >= 0; i--) a[i & 3] = 1;", "may never end"),
    ("byte never 256", "for (unsigned char i = 0; i < 256; i++) a[i & 3] = 1;", "may pass 255"),
    ("byte passes its end", "for (signed char i = 0; i < 127; i += 3) a[i & 3] = 1;", "may pass 127"),
    ("greatest int", "for (int i = 0; i <= 2147483647; i++) a[i & 3] = 1;", "may pass 2147483647"),
    ("narrow counter", "for (short i = 0; i < n; i++) a[i & 3] = 1;", "may pass 32767"),
    ("missed limit", "for (int i = 0; i != 5; i += 2) a[i & 3] = 1;", "ever equals the limit"),
    ("passed limit", "for (int i = 0; i != n; i++) a[i & 3] = 1;", "ever equals the limit"),
    ("unsigned comparison", "for (int i = -1; i < 4u; i++) a[i + 1] = 1;", "compared as unsigned int"),
    ("unsigned parameter passed", "for (unsigned i = 0; i <= u; i++) a[i & 3] = 1;", "may pass 4294967295"),
    ("unsigned parameter stepped past", "for (unsigned i = 0; i < u; i += 2) a[i & 3] = 1;", "may pass"),
    (
        "int from anywhere up to an unsigned one",
        "for (int i = n; i < u; i++) a[i & 3] = 1;",
        "may pass 2147483647",
    ),
    ("64 unsigned bits", "for (unsigned long i = 0; i < z; i++) a[i & 3] = 1;", "do not fit 64 bits"),
    ("bound reads an array", "for (int i = 0; i < a[3]; i++) a[i] = 1;", "reads an array"),
    (
        "bound is a changing variable",
        "int m = 4; for (int i = 0; i < m; i++) m--;",
        "reads `m`, which may change",
    ),
    (
        "counter is an element",
        "for (a[0] = 0; a[0] < 3; a[0]++) a[1] = 1;",
        "does not count with one variable",
    ),
    ("body writes the counter", "for (int i = 0; i < 4; i++) i += a[i];", "writes its counter"),
    (
        "loop writes the counter",
        "int i; for (i = 0; i < 4; i++) for (i = 0; i < 2; i++) ;",
        "writes its counter",
    ),
    ("bool counter", "for (_Bool i = 0; i < 1; i = i + 1) ;", "is no integer variable"),
    ("exit value by steps", "int i; for (i = 0; i < n; i += 2) a[0] = 1; a[1] = i;", "leaves this loop with"),
    ("step added as long", "for (int i = 0; i < n; i += 4294967297l) a[0] = 1;", "may pass 2147483647"),
    ("step added as unsigned", "for (int i = 0; i < n; i += 2u) a[0] = 1;", "may pass 2147483647"),
    ("int counter, long bound", "for (int i = 0; i < l; i++) a[0] = 1;", "may pass 2147483647"),
    ("another variable depends", "for (int i = 0, j = i; i < 4; i++) a[i] = j;", "with one variable"),
    ("another step depends", "int j = 0; for (int i = 0; i < 4; i++, j = i) a[j] = 1;", "with one variable"),
    ("limit steps too", "for (int i = 0, j = 3; i < j; i++, j--) a[i] = j;", "is no constant"),
    ("written by a pointer", "int i, *p = &i; for (i = 0; i < 4; i++) *p += 1;", "pointer may write `i`"),
    (
        "written by a pointer set later",
        "int i, *p; p = &i; for (i = 0; i < 4; i++) *p += 1;",
        "may write `i`",
    ),
    ("while: no step", "int i = 0; while (i < 4) a[0] = 1;", "compares no variable that the loop steps"),
    ("while: step is not last", "int i = 0; while (i < 4) { i++; a[i & 3] = 1; }", "compares no variable"),
    ("while: two steps", "int i = 0; while (i < 4) { if (n) i++; i++; }", "writes its counter `i` more than"),
    ("while: step is skipped", "int i = 0; while (i < 4) { if (a[i]) continue; i++; }", "is left or goes on"),
    ("while: break", "int i = 0; while (i < 4) { if (a[i]) break; i++; }", "is left or goes on"),
    ("while: from anywhere to 0", "while (n) n--;", "ever equals the limit"),
    ("while: wraps first", "unsigned char i = 0; while (i < 256) { a[i & 3] = 1; i++; }", "may pass 255"),
    ("while: global counter", "total = 0; while (total < 4) { a[total] = 1; total++; }", "global variable"),
    ("while: other name", "int i = 0, *p = &i; while (i < 4) { *p = 3; i++; }", "pointer may write `i`"),
    ("while: stepped first", "int i = 0; while (++i < 4) a[i] = 1;", "compares no variable"),
    ("do: tested first it may not run", "int i = n; do { a[i & 3] = 1; i++; } while (i < 4);", "not certain"),
    ("do: stepped behind the test", "int i = 9; do a[i & 3] = 1; while (i-- > 0);", "compares no variable"),
    ("break", "for (int i = 0; i < 4; i++) if (a[i]) break;", None),
    ("return", "for (int i = 0; i < 4; i++) if (a[i]) return;", None),
]
COUNTED = [
    ("unsigned parameter", "for (unsigned i = 0; i < u; i++) a[i & 3] = 1;"),
    ("unsigned parameter as start", "for (unsigned i = u; i > 0; i--) a[i & 3] = 1;"),
    ("unsigned parameter, long counter", "for (long i = 0; i <= u; i += 3) a[i & 3] = 1;"),
    ("int up to an unsigned parameter", "for (int i = 0; i <= u; i += 2) a[i & 3] = 1;"),
    ("long up to 64 unsigned bits", "for (long i = c; i < z; i++) a[i & 3] = 1;"),
    ("int down to an unsigned parameter", "for (int i = 9; i > u; i--) a[i & 3] = 1;"),
    ("promoted parameter", "for (int i = c; i >= 2 * c - 3; i--) a[i & 3] = 1;"),
    (
        "variable set once from an unsigned one",
        "unsigned m = u; for (unsigned i = 0; i < m; i++) a[i & 3] = 1;",
    ),
    (
        "inner loop to an unsigned parameter",
        "for (int i = 0; i < c; i++) for (int j = i; j < c; j++) a[j & 3] = 1;",
    ),
    ("two variables", "for (int i = 0, j = 0; i < 4; i++) a[i] = j;"),
    ("two steps", "int j = 0; for (int i = 0; i < 4; i++, j++) a[i] = j;"),
    ("another variable first", "int i, j; for (j = n, i = 3; i >= 0; j *= 2, --i) a[i] = j;"),
    ("if inside", "for (int i = 0; i < 4; i++) if (a[i]) a[i] = 1;"),
    ("continue", "for (int i = 0; i < 4; i++) { if (a[i]) continue; a[i] = 1; }"),
    ("while inside", "for (int i = 0; i < 4; i++) while (a[i]) a[i]--;"),
    ("break of a loop inside", "for (int i = 0; i < 4; i++) while (a[i]) { a[i]--; if (a[0]) break; }"),
    ("break of a switch inside", "for (int i = 0; i < 4; i++) switch (a[i]) { case 1: a[i] = 2; break; }"),
    ("counter of another loop before", "int i; while (n--) { } for (i = 0; i < 4; i++) a[i] = 1;"),
    ("while", "int i = 0; while (i < 4) { a[i] = 1; i++; } a[0] = i;"),
    ("while, limit first", "int i = 3; while (0 <= i) { a[i] = 1; i -= 1; }"),
    (
        "while, statements between",
        "int i = 0; a[0] = n; if (n) a[1] = 1; while (i < 4) { a[i] = 1; i += 2; }",
    ),
    ("while up to an argument", "int i = 0; while (i < n) { a[i & 3] = 1; i++; } a[0] = i;"),
    ("while in a for", "for (int j = 0; j < 4; j++) { int i = j; while (i < 4) { a[i] = 1; i++; } }"),
    ("while that steps in its condition", "int i = 4; while (i--) a[i] = i; a[0] = i;"),
    ("while that steps upwards in its condition", "unsigned char i = 0; while (i++ < 255) a[i & 3] = i;"),
    ("do", "int i = 0; do { a[i] = 1; i++; } while (i < 4); a[0] = i;"),
    ("do that steps in its condition", "int i = 3; do a[i] = 1; while (--i > 0); a[0] = i;"),
    ("step that a switch precedes", "int i = 0; while (i < 4) { switch (n) { case 1: break; } i++; }"),
    (
        "bound set once under a condition",
        "if (u) { int m = n + 1; for (int i = 0; i < m; i++) a[i & 3] = 1; }",
    ),
]
LATE = [
    ("signed bound made unsigned", "for (unsigned i = 0; i < n; i++) a[i & 3] = 1;"),
    ("truncated start", "for (signed char i = n; i < 4; i++) a[i & 3] = 1;"),
    ("unsigned parameter minus 1", "for (unsigned i = 0; i < u - 1; i++) a[i & 3] = 1;"),
    ("wrapping bound", "for (unsigned i = 0; i < (unsigned)n + 1; i++) a[i & 3] = 1;"),
    ("argument that changed", "n++; for (int i = 0; i < n; i++) a[0] = 1;"),
    ("product", "for (int i = 0; i < n * n; i++) a[0] = 1;"),
    ("quotient", "for (int i = 0; i < n / 2; i++) a[0] = 1;"),
    ("choice", "for (int i = 0; i < (n ? 1 : 2); i++) a[0] = 1;"),
    ("element of another array", "for (int i = b[0]; i < b[1]; i++) a[i & 3] = 1;"),
    ("down to an element", "for (int i = n; i >= b[n & 3]; i--) a[i & 3] = 1;"),
    ("narrow element", "for (int i = 0; i < c; i++) for (int j = 0; j < b[i & 3]; j++) a[j & 3] = i;"),
    ("start that the body changes", "int m = n; for (int i = m; i < 4; i++) m--;"),
    (
        "variables of the body and counters elsewhere",
        "int m = b[0], k; for (int i = 0; i < m; i++) { int t = i; t++; for (k = 0; k < 2; k++) a[k] = t; }",
    ),
    ("pointer walks elsewhere", "int *p = a; for (int i = 0; i < b[1]; i++) *p++ = i;"),
    ("call that writes elsewhere", "for (int i = 0; i < b[1]; i++) set(a, i);"),
    ("call that only computes", "for (int i = 0; i < b[1]; i++) a[i & 3] = twice(i);"),
    ("another variable starts as well", "int k; for (int i = 0, j = n; i < b[0]; i++, j--) a[i & 3] = j;"),
    (
        "inner loop up to its counter",
        "for (int i = 0; i < b[0]; i++) for (int j = 0; j <= i; j++) a[j & 3] = i;",
    ),
    ("while from a variable", "int i = b[0]; a[0] = i; while (i < 4) { a[i & 3] = 1; i++; }"),
    ("while from an argument", "while (u) { a[u & 3] = 1; u--; }"),
    ("while down from an argument", "while (u--) a[u & 3] = u; a[0] = u;"),
    ("while after another write", "int i = 0; if (n) i = 1; while (i < 4) { a[i] = 1; i++; }"),
    (
        "while after its own",
        "int i = 0; while (i < b[0]) { a[i & 3] = 1; i++; } while (i < 9) { a[0] = 1; i++; }",
    ),
    ("counter of the function", "int i; for (i = b[0]; i < b[1]; i++) a[i & 3] = 1; a[0] = i;"),
]
"""What is counted although its bounds are known only when the loop begins."""
CHANGING = [
    ("element that the body writes", "for (int i = 0; i < a[3]; i++) a[i & 3] = 1;"),
    ("element written by a pointer", "int *p = a; for (int i = 0; i < a[3]; i++) *(p + 1) = 1;"),
    ("element written by a pointer that walks", "int *p = a; for (int i = 0; i < a[3]; i++) *p++ = 1;"),
    ("element written by a pointer of the body", "for (int i = 0; i < b[0]; i++) { int *p = a; *p = 1; }"),
    ("element written through its address", "for (int i = 0; i < b[0]; i++) *&b[0] = 1;"),
    ("element written in a call", "for (int i = 0; i < b[0]; i++) set(b, i);"),
    ("element written in a call of a call", "for (int i = 0; i < b[0]; i++) set_all(b, i);"),
    ("global variable written in a call", "for (int i = 0; i < total; i++) count();"),
    ("variable written in the body", "int m = b[0]; for (int i = 0; i < m; i++) m--;"),
    ("variable that steps", "for (int i = 0, j = n; i < j; i++, j--) a[i & 3] = j;"),
    ("variable written in a condition inside", "int m = b[0]; for (int i = 0; i < m; i++) while (m-- > 3) ;"),
    (
        "member written as a whole",
        "struct { int size; } s = { n }, t = { 1 }; for (int i = 0; i < s.size; i++) s = t;",
    ),
    ("copied over", "for (int i = 0; i < b[0]; i++) __builtin_memcpy(b, a, 16);"),
    ("first value after another start", "int k; for (int j = (k = n, 0), i = k; i < 4; i++) a[0] = j;"),
    ("64 unsigned bits", "for (unsigned long i = 0; i < z / 2; i++) a[i & 3] = 1;"),
    ("bound with an effect", "for (int i = 0; i < n--; i++) a[0] = 1;"),
]
"""What the limit reads may change in the loop, or is read with an effect."""


def loops(tmp_path: Path, body: str) -> list[For | While]:
    path = tmp_path / "kernel.c"
    path.write_text(
        "static int total;\nstatic void set(int *p, int i) { p[i & 3] = i; }\n"
        "static void set_all(int *p, int i) { set(p, i); }\n"
        "static int twice(int i) { int t = i; t += i; return t; }\nstatic void count(void) { total--; }\n"
        "void f(int a[4], int n, unsigned u, long l, unsigned long z, unsigned char c, int b[4])\n"
        f"{{\n    {body}\n}}\n"
    )
    return [s for s in statements(load([path], "f").body) if isinstance(s, (For, While))]


@pytest.mark.parametrize(("body", "reason"), [c[1:] for c in NOT_COUNTED], ids=[c[0] for c in NOT_COUNTED])
def test_not_counted(tmp_path: Path, body: str, reason: str | None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "seer.frontend.loops"):
        found = loops(tmp_path, body)
    assert isinstance(found[0], While)
    if reason is not None:
        assert any(reason in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("body", [c[1] for c in COUNTED], ids=[c[0] for c in COUNTED])
def test_counted(tmp_path: Path, body: str) -> None:
    assert any(isinstance(loop, For) for loop in loops(tmp_path, body))


@pytest.mark.parametrize("body", [c[1] for c in LATE], ids=[c[0] for c in LATE])
def test_counted_with_bounds_that_are_read_once(tmp_path: Path, body: str) -> None:
    found = loops(tmp_path, body)
    assert any(isinstance(loop, For) and reads_registers(loop) for loop in found)
    assert not any(isinstance(loop, While) for loop in found)


@pytest.mark.parametrize("body", [c[1] for c in CHANGING], ids=[c[0] for c in CHANGING])
def test_not_counted_where_what_the_limit_reads_may_change(tmp_path: Path, body: str) -> None:
    assert isinstance(loops(tmp_path, body)[0], While)
