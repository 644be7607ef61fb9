"""What the parameters of a top become: copies only of what may be written, one object behind a pointer."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import InputError
from seer.frontend import load
from seer.lang.program import Program
from seer.lang.terms import Local
from seer.lang.traverse import statements

BANK = "typedef struct { int tap[4]; struct { short w[2]; } in; unsigned char gain; } bank;\n"


def program(tmp_path: Path, text: str) -> Program:
    path = tmp_path / "kernel.c"
    path.write_text(text)
    return load([path], "f")


@pytest.mark.parametrize(
    ("parameters", "body", "copied"),
    [
        ("bank b, int i", "return b.tap[i & 3] + b.in.w[i & 1] * (b.gain);", False),
        ("const bank b, bank out[2]", "out[1] = b; return b.tap[0];", False),
        ("bank b, int i", "b.tap[i & 3] += 1; return b.tap[0];", True),
        ("bank b, int i", "b.gain++; return b.gain;", True),
        ("bank b, int i", "int *p = b.tap; *p = i; return b.tap[0];", True),
        ("bank b, int i", "bank *p = &b; p->gain = i; return b.gain;", True),
    ],
)
def test_structs_by_value(tmp_path: Path, parameters: str, body: str, copied: bool) -> None:
    made = program(tmp_path, f"{BANK}int f({parameters}) {{ {body} }}\n")
    assert [argument.name for argument in made.arguments][:3] == ["b.tap", "b.in.w", "b.gain"]
    locals_ = [made.origins[s].names[0] for s in statements(made.body) if isinstance(s, Local)]
    assert ("b.tap" in locals_) == copied


def test_a_pointer_that_callees_use_for_one_object(tmp_path: Path) -> None:
    callees = (
        "static void zero(bank *p, int n) { if (n) p->gain = 0; }\n"
        "static void both(bank *q) { zero(q, 1); q->tap[1]++; }\n"
    )
    made = program(tmp_path, f"{BANK}{callees}void f(bank *b) {{ both(b); b->gain++; }}\n")
    assert [argument.name for argument in made.arguments] == ["b.tap", "b.in.w", "b.gain"]


@pytest.mark.parametrize("use", ["p[1].gain = 0;", "p++; p->gain = 0;", "bank *q = p; q[2].gain = 0;"])
def test_a_pointer_that_a_callee_moves(tmp_path: Path, use: str) -> None:
    text = f"{BANK}static void move(bank *p) {{ {use} }}\nvoid f(bank *b) {{ move(b); b->gain++; }}\n"
    with pytest.raises(InputError, match="pointer `b` to an unknown number of elements"):
        program(tmp_path, text)
