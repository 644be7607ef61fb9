"""C kernels through the frontend and back to C++: both compiled, run on generated vectors, equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.emit import EmitHeader, emit_cpp
from seer.verify.execute import compare, record
from seer.verify.generate import generate_vectors

CORPUS = Path(__file__).parents[1] / "frontend" / "corpus"
KERNELS = ("histogram", "extensions", "shifts", "downward", "counters_by_parameter", "returns_narrow")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"


@pytest.mark.parametrize(
    "source",
    [
        BENCHMARKS / "seq_loops.c",
        BENCHMARKS / "gemm_ncubed.c",
        *(
            CORPUS / f"{name}.c"
            for name in (
                "histogram",
                "extensions",
                "shifts",
                "downward",
                "counters_by_parameter",
                "returns_narrow",
            )
        ),
    ],
    ids=lambda source: source.stem,
)
def test_emitted_code_equals_its_source(source: Path) -> None:
    program = frontend.load([source], source.stem)
    calls = generate_vectors(program, 0, 9)
    vectors = record([source], source.stem, program, calls)
    comparison = compare(emit_cpp(program, {}, EmitHeader("xc7", 5.0, 0)), program, vectors)
    assert (comparison.vectors, comparison.first) == (9, None)
