"""What control flow becomes, term by term: flags only where they are read, long switches as trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import InputError
from seer.frontend import load
from seer.lang.interpreter import run
from seer.lang.program import Program
from seer.lang.terms import For, If, Local, While
from seer.lang.traverse import bodies, statements


def program(tmp_path: Path, body: str) -> Program:
    path = tmp_path / "kernel.c"
    head = "#include <stdlib.h>\nint own(int x) { return x + 1; }\n"
    path.write_text(f"{head}int f(int a[8], int n)\n{{\n    {body}\n}}\n")
    return load([path], "f")


def flags(p: Program) -> list[str]:
    """The names of the Locals of one bit."""
    return [
        p.origins[s].names[0] for s in statements(p.body) if isinstance(s, Local) and s.array.type.width == 1
    ]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("if (n) return 1; a[0] = 2; return 3;", []),
        ("if (n) a[0] = 1; else return 1; a[0] = 2; return 3;", []),
        ("for (int i = 0; i < 8; i++) { if (a[i]) continue; a[i] = 1; } return 0;", []),
        ("switch (n) { case 1: a[0] = 1; break; case 2: a[1] = 1; break; } return 0;", []),
        ("switch (n) { case 1: return 1; default: a[0] = 1; } return 0;", ["pending"]),
        ("do { if (n) break; a[0] = 1; } while (0); return 0;", []),
        ("while (n > 3) n -= a[0]; return n;", []),
        ("while (a[0]) { if (n) break; a[0]--; } return 0;", ["running"]),
        ("while (a[0]) { if (n) return 1; a[0]--; } return 0;", ["pending"]),
        ("while (n--) a[n & 7] = n ^= 1; return 0;", ["running"]),
        ("do n -= a[0]; while (n > 3); return 0;", ["running"]),
        ("for (int i = 0; i < 8; i++) { if (n) { if (a[i]) continue; } a[i] = 1; } return 0;", ["proceed"]),
        ("return a[0] && n++;", ["holds"]),
        ("return a[0] && n;", []),
        ("return a[0] && abs(n) && __builtin_expect(n, 1);", []),
        ("return a[0] && own(n);", ["holds"]),
    ],
)
def test_flags(tmp_path: Path, body: str, names: list[str]) -> None:
    assert flags(program(tmp_path, body)) == names


def test_condition_without_effects_is_the_loops_own(tmp_path: Path) -> None:
    p = program(tmp_path, "while (a[0] > n) a[0] -= 3; return 0;")
    (loop,) = [s for s in statements(p.body) if isinstance(s, While)]
    assert len(loop.body) == 1


def test_empty_branches_leave_nothing(tmp_path: Path) -> None:
    p = program(tmp_path, "if (n) {} else {} if (a[0]) { if (n > 1) ; } return 0;")
    assert not [s for s in statements(p.body) if isinstance(s, If)]


def test_constant_conditions(tmp_path: Path) -> None:
    p = program(tmp_path, "if (sizeof(int) == 4) a[0] = 1; else a[0] = 2; for (; 0;) a[1] = 1; return 0;")
    assert not [s for s in statements(p.body) if isinstance(s, (If, For))]


def depth(p: Program) -> int:
    def below(block: tuple) -> int:
        return max((below(body) + isinstance(s, If) for s in block for body in bodies(s)), default=0)

    return below(p.body)


def test_long_switch_is_a_tree(tmp_path: Path) -> None:
    cases = "".join(
        f"case {3 * number}: a[{number % 8}] += {number}; {'break;' if number % 5 else ''}\n"
        for number in range(200)
    )
    p = program(tmp_path, f"switch (n) {{ {cases} default: n = 5; }} return n;")
    assert depth(p) < 20
    for n, expected in [(3, [0, 1] + [0] * 6), (600, [0] * 8), (1, [0] * 8), (30, [0, 0, 10, 11] + [0] * 4)]:
        assert run(p, {"a": [0] * 8}, {"n": n})["a"] == expected


def test_too_deep(tmp_path: Path) -> None:
    chain = " else ".join(f"if (n == {number}) a[0] = {number};" for number in range(300))
    with pytest.raises(InputError, match="nested this deeply"):
        program(tmp_path, f"{chain} return 0;")
    exits = "".join(f"if (n == {number}) return {number};\n" for number in range(300))
    with pytest.raises(InputError, match="nested this deeply"):
        program(tmp_path, f"{exits} return 0;")
