"""Each kernel of the corpus: compiled by gcc and interpreted as a Program, memories are identical."""

from __future__ import annotations

import ctypes
import random
import subprocess
from collections.abc import Callable
from math import prod
from pathlib import Path

import pytest

from seer.frontend import load
from seer.lang.interpreter import run
from seer.lang.operators import mask, to_signed
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import ArrayType, TopArray

CORPUS = Path(__file__).parent / "corpus"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"
KERNELS = {path.stem: path for path in sorted(CORPUS.glob("*.c"))}
CALLS = 12

# Scalar arguments that say how often a loop runs stay in ranges that an interpreter can walk.
PARAMETERS = {("counters", "n"): (-3, 40), ("bounds_by_int", "n"): (-3, 40), ("bounds_by_int", "m"): (-3, 40)}

C_TYPES = {
    "char": ctypes.c_byte,
    "signed char": ctypes.c_byte,
    "unsigned char": ctypes.c_ubyte,
    "short": ctypes.c_short,
    "unsigned short": ctypes.c_ushort,
    "int": ctypes.c_int,
    "unsigned int": ctypes.c_uint,
    "long": ctypes.c_long,
    "unsigned long": ctypes.c_ulong,
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    shared = tmp_path_factory.mktemp("corpus") / "corpus.so"
    sources = [str(path) for path in KERNELS.values()] + [str(BENCHMARKS / "seq_loops.c")]
    command = ["gcc", "-std=gnu17", "-O1", "-fwrapv", "-w", "-shared", "-fPIC", "-o", str(shared), *sources]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(shared))


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


def call_c(
    library: ctypes.CDLL, program: Program, arrays: dict[str, list[int]], params: dict[str, int]
) -> dict[str, list[int]]:
    """The memories after a call of the compiled original."""
    passed: dict[str, ctypes.Array] = {}
    values = []
    function = library[program.name]
    function.restype = None
    for argument in program.arguments:
        element = C_TYPES[argument.c_type]
        if argument.name == RETURN_NAME:
            function.restype = element
        elif argument.is_array:
            contents = arrays[argument.name]
            passed[argument.name] = (element * len(contents))(*(signed(argument, v) for v in contents))
            values.append(passed[argument.name])
        else:
            values.append(element(signed(argument, params[argument.name])))
    result = function(*values)
    after = {name: [v & mask(width(program, name)) for v in memory] for name, memory in passed.items()}
    if function.restype is not None:
        after[RETURN_NAME] = [result & mask(width(program, RETURN_NAME))]
    return after


def signed(argument: Argument, value: int) -> int:
    term = argument.term
    bits = term.type.width if isinstance(term, TopArray) else term.bits
    return to_signed(value, bits) if argument.signed else value


def width(program: Program, name: str) -> int:
    return type_of(program, name).width


def type_of(program: Program, name: str) -> ArrayType:
    return next(array.type for array in program.arrays if array.name == name)


def check(library: ctypes.CDLL, program: Program, name: str, calls: int) -> None:
    for number, fill in enumerate(fillings(name, calls)):
        arrays = {
            array.name: [fill(array.type.width) for _ in range(prod(array.type.shape))]
            for array in program.arrays
            if array.name != RETURN_NAME
        }
        params = {p.name: fill(p.bits) for p in program.params}
        for p in program.params:
            low, high = PARAMETERS.get((name, p.name), (None, None))
            if low is not None and high is not None:
                params[p.name] = (low + params[p.name] % (high - low + 1)) & mask(p.bits)
        expected = call_c(library, program, arrays, params)
        assert run(program, arrays, params, locals_seed=number) == expected, f"call {number}: {params}"


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(library: ctypes.CDLL, name: str) -> None:
    check(library, load([KERNELS[name]], name), name, CALLS)


def test_seq_loops(library: ctypes.CDLL) -> None:
    check(library, load([BENCHMARKS / "seq_loops.c"], "seq_loops"), "seq_loops", 8)


def test_gemm_ncubed_at_a_smaller_size(tmp_path: Path) -> None:
    # 64 × 64 × 64 takes an interpreter too long; the kernel is the same at 6.
    small = tmp_path / "gemm_ncubed.c"
    source = (BENCHMARKS / "gemm_ncubed.c").read_text()
    assert "#define N 64" in source
    small.write_text(source.replace("#define N 64", "#define N 6"))
    shared = tmp_path / "gemm.so"
    subprocess.run(["gcc", "-O1", "-fwrapv", "-shared", "-fPIC", "-o", str(shared), str(small)], check=True)
    check(ctypes.CDLL(str(shared)), load([small], "gemm_ncubed"), "gemm_ncubed", 8)


def test_corpus_is_large_enough() -> None:
    assert len(KERNELS) >= 20
