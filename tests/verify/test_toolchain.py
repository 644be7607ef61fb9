"""Which compiler takes the user's code: gcc first, then a clang, of the path or of the package ziglang."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.errors import BackendError, InputError
from seer.frontend import load
from seer.lang.interpreter import run
from seer.verify import toolchain
from seer.verify.execute import record
from seer.verify.generate import generate_vectors

BIT_PRECISE = """
unsigned _BitInt(5) top(_BitInt(37) a[4], unsigned _BitInt(100) w[3], _BitInt(9) k, _Bool t[2]) {
    for (int i = 0; i < 4; i++) {
        a[i] = a[i] * k / 3;
        w[i % 3] += (unsigned _BitInt(100))a[i] << 60;
        t[i & 1] ^= a[i] < k;
    }
    return (unsigned _BitInt(5))w[0];
}
"""


def _refusing(tmp_path: Path) -> str:
    """A compiler that takes nothing."""
    script = tmp_path / "refuses"
    script.write_text("#!/bin/sh\necho \"x.c:1:1: error: unknown type name '_BitInt'\" >&2\nexit 1\n")
    script.chmod(0o755)
    return str(script)


def test_bit_precise_arguments_are_recorded(tmp_path: Path) -> None:
    (source := tmp_path / "top.c").write_text(BIT_PRECISE)
    program = load([source], "top")
    calls = record(
        [source], "top", program, generate_vectors(program, 0, 6), toolchain=toolchain.clang()
    ).calls
    for call in calls:
        before = {name: [int(n) for n in contents] for name, contents in call.arrays_before.items()}
        after = {name: [int(n) for n in contents] for name, contents in call.arrays_after.items()}
        assert run(program, before, call.params) == after


def test_the_next_compiler_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source := tmp_path / "top.c").write_text(BIT_PRECISE)
    program = load([source], "top")
    refuses = toolchain.Toolchain((_refusing(tmp_path),), ("c++",), (toolchain.compiler(False),))
    monkeypatch.setattr(toolchain, "toolchains", lambda cxx: (refuses, toolchain.clang()))
    assert len(record([source], "top", program, generate_vectors(program, 0, 3)).calls) == 3


def test_a_compiler_that_the_user_named_is_the_only_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source := tmp_path / "top.c").write_text(BIT_PRECISE)
    program = load([source], "top")
    monkeypatch.setenv("CC", _refusing(tmp_path))
    with pytest.raises(InputError, match=r"unknown type name '_BitInt'") as caught:
        record([source], "top", program, generate_vectors(program, 0, 3))
    assert "ziglang" in (caught.value.hint or "")


def test_clang_is_new_enough(tmp_path: Path) -> None:
    source = tmp_path / "wide.c"
    source.write_text(
        "#include <math.h>\n_BitInt(128) f(_BitInt(128) x) { return x / 7 + (_BitInt(128))sqrt(2); }\n"
    )
    found = toolchain.clang()
    compiled = toolchain.compile_to_object(found.c, source, 0, tmp_path, ["-O1"], InputError)
    assert compiled.stat().st_size > 0
    with pytest.raises(InputError, match="error"):
        source.write_text("int f(void) { return }\n")
        toolchain.compile_to_object(found.c, source, 0, tmp_path, ["-O1"], InputError)


def test_no_clang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "_packaged_clang", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackendError, match="no clang"):
        toolchain.clang()
