"""Each kernel of the corpus: compiled by gcc and interpreted as a Program, memories are identical."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seer.frontend import load
from seer.lang.operators import mask
from seer.lang.program import Program

CORPUS = Path(__file__).parent / "corpus"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"
KERNELS = {path.stem: path for path in sorted(CORPUS.glob("*.c"))}
CALLS = 12

# Scalar arguments that say how often a loop runs stay in ranges that an interpreter can walk.
PARAMETERS = {
    ("counters", "n"): (-3, 40),
    ("int_bounds", "n"): (-5, 30),
    ("int_bounds", "m"): (-5, 30),
}


@pytest.fixture(scope="module")
def originals(compile_original: Any) -> Any:
    return compile_original([*KERNELS.values(), BENCHMARKS / "seq_loops.c"])


def fillings(name: str, count: int) -> list[Callable[[int], int]]:
    """Generators of `width`-bit numbers: extremes first, then random ones of all magnitudes."""
    source = random.Random(name)
    ramp = iter(range(10**9))

    def magnitudes(width: int) -> int:
        number = source.getrandbits(source.randint(1, width))
        return (number if source.random() < 0.5 else -number) & mask(width)

    extremes: list[Callable[[int], int]] = [
        lambda width: 0,
        lambda width: mask(width),
        lambda width: 1 << (width - 1),
        lambda width: mask(width - 1),
        lambda width: next(ramp) & mask(width),
        lambda width: source.choice([0, 1, mask(width), 1 << (width - 1), mask(width - 1)]),
    ]
    return extremes + [magnitudes] * (count - len(extremes))


def check(original: Any, program: Program, name: str, calls: int) -> None:
    for number, fill in enumerate(fillings(name, calls)):
        params = {}
        for p in program.params:
            low, high = PARAMETERS.get((name, p.name), (0, mask(p.bits)))
            params[p.name] = (low + fill(p.bits) % (high - low + 1)) & mask(p.bits)
        original.check(program, fill, params, number)


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(originals: Any, name: str) -> None:
    check(originals, load([KERNELS[name]], name), name, CALLS)


def test_seq_loops(originals: Any) -> None:
    check(originals, load([BENCHMARKS / "seq_loops.c"], "seq_loops"), "seq_loops", 8)


def test_gemm_ncubed_at_a_smaller_size(compile_original: Any, tmp_path: Path) -> None:
    # 64 × 64 × 64 takes an interpreter too long; the kernel is the same at 6.
    small = tmp_path / "gemm_ncubed.c"
    source = (BENCHMARKS / "gemm_ncubed.c").read_text()
    assert "#define N 64" in source
    small.write_text(source.replace("#define N 64", "#define N 6"))
    check(compile_original([small]), load([small], "gemm_ncubed"), "gemm_ncubed", 8)


def test_corpus_is_large_enough() -> None:
    assert len(KERNELS) >= 20
