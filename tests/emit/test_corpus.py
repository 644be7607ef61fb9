"""C kernels through the frontend and back to C++: both compiled, run on generated vectors, equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.emit import EmitHeader, emit_cpp
from seer.verify.execute import compare, record
from seer.verify.generate import generate_vectors

CORPUS = Path(__file__).parents[1] / "frontend" / "corpus"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"
INTEGERS = ("histogram", "extensions", "shifts", "downward", "counters_by_parameter", "returns_narrow")
CONTROL = ("breaks", "returns_early", "switches", "while_loops")

SOURCES = [
    *(BENCHMARKS / f"{name}.c" for name in ("seq_loops", "gemm_ncubed")),
    *(CORPUS / f"{name}.c" for name in INTEGERS + CONTROL),
    *sorted((Path(__file__).parent / "kernels").glob("*.c")),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_emitted_code_equals_its_source(source: Path) -> None:
    program = frontend.load([source], source.stem)
    calls = generate_vectors(program, 0, 9)
    vectors = record([source], source.stem, program, calls)
    comparison = compare(emit_cpp(program, {}, EmitHeader("xc7", 5.0, 0)), program, vectors)
    assert (comparison.vectors, comparison.first) == (9, None)


def test_names_of_the_source_survive() -> None:
    text = emit_cpp(frontend.load([SOURCES[-1].parent / "filter.c"], "filter"), {}, EmitHeader("xc7", 5.0, 0))
    assert "static const float coef[4] = {0.5f, 1.0f, 0.25f, -1.0f};" in text
    assert "s += coef[k] * x[i + k];" in text
    assert "count += 1u;" in text
    assert "while (acc > 100.0f && " in text
