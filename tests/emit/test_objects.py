"""Structs and file-scope variables in emitted C++: its test bench, its signature, its names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from seer.emit import EmitHeader, emit_cpp, emit_testbench
from seer.emit.signature import signature
from seer.frontend import load
from seer.verify.execute import record
from seer.verify.generate import generate_vectors
from seer.verify.vectors import to_stream

OBJECTS = Path(__file__).parents[1] / "frontend" / "objects"


@pytest.mark.parametrize("name", ["structs", "struct_value", "globals", "calls"])
def test_emitted_test_bench(tmp_path: Path, name: str) -> None:
    program = load([OBJECTS / f"{name}.c"], name)
    vectors = record([OBJECTS / f"{name}.c"], name, program, generate_vectors(program, 1, 4))
    text = emit_cpp(program, {}, EmitHeader("none", 5.0, 0), check_subscripts=True)
    (tmp_path / "vectors.bin").write_bytes(to_stream(program.arguments, vectors.calls))
    sources = {"kernel.cpp": text, "bench.cpp": emit_testbench(program, "vectors.bin")}
    for file, source in sources.items():
        (tmp_path / file).write_text(source)
    subprocess.run(["g++", "-w", "-o", "bench", *sources], cwd=tmp_path, check=True)
    assert (
        "4 calls, 0 mismatches"
        in subprocess.run(["./bench"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    )


def test_signature_is_the_source_s() -> None:
    program = load([OBJECTS / "structs.c"], "structs")
    assert signature(program, "structs", {"dt": "dt"}) == (
        "int structs(struct body bodies[4], point grid[2][3], point *origin, int dt)"
    )
    assert "typedef struct { int x; int y; int z; } point;" in program.declarations
    assert "struct body { point p; point v; short mass; float w[2]; };" in program.declarations


def test_names_of_the_source_survive() -> None:
    text = emit_cpp(load([OBJECTS / "filter.c"], "filter"), {}, EmitHeader("xc7", 5.0, 0))
    assert "static const float coef[4] = {0.5f, 1.0f, 0.25f, -1.0f};" in text
    assert "s += coef[k] * x[i + k];" in text
    assert "count += 1u;" in text
    assert "while (acc > 100.0f && " in text
