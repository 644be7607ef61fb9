"""The other side of the differential tests: the original C, compiled by gcc and called in process."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path

import pytest

from seer.lang.interpreter import run
from seer.lang.operators import mask, to_signed
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import TopArray

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


class Original:
    """Compiled C sources (signed overflow wraps, as the frontend takes it) to compare programs with."""

    def __init__(self, shared: Path, sources: Sequence[Path]) -> None:
        options = ["-std=gnu17", "-O1", "-fwrapv", "-w", "-shared", "-fPIC"]
        subprocess.run(["gcc", *options, "-o", str(shared), *map(str, sources)], check=True)
        self._library = ctypes.CDLL(str(shared))

    def check(self, program: Program, fill: Callable[[int], int], params: dict[str, int], seed: int) -> None:
        """One call with arrays of numbers `fill(width)`: all memories must come out identical."""
        arrays = {
            array.name: [fill(array.type.width) for _ in range(prod(array.type.shape))]
            for array in program.arrays
            if array.name != RETURN_NAME
        }
        expected = self._call(program, arrays, params)
        assert run(program, arrays, params, locals_seed=seed) == expected, f"call {seed}: {params}"

    def _call(
        self, program: Program, arrays: dict[str, list[int]], params: dict[str, int]
    ) -> dict[str, list[int]]:
        memories: dict[str, ctypes.Array] = {}
        values = []
        widths = {array.name: array.type.width for array in program.arrays}
        function = self._library[program.name]
        function.restype = None
        for argument in program.arguments:
            element = C_TYPES[argument.c_type]
            if argument.name == RETURN_NAME:
                function.restype = element
            elif argument.is_array:
                contents = arrays[argument.name]
                memory = (element * len(contents))(*(_as_c(argument, v) for v in contents))
                memories[argument.name] = memory
                values.append(memory)
            else:
                values.append(element(_as_c(argument, params[argument.name])))
        result = function(*values)
        after = {name: [v & mask(widths[name]) for v in memory] for name, memory in memories.items()}
        if function.restype is not None:
            after[RETURN_NAME] = [result & mask(widths[RETURN_NAME])]
        return after


def _as_c(argument: Argument, value: int) -> int:
    term = argument.term
    bits = term.type.width if isinstance(term, TopArray) else term.bits
    return to_signed(value, bits) if argument.signed else value


@pytest.fixture(scope="session")
def compile_original(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Sequence[Path]], Original]:
    folder = tmp_path_factory.mktemp("originals")
    made: list[Original] = []

    def compile_sources(sources: Sequence[Path]) -> Original:
        made.append(Original(folder / f"original_{len(made)}.so", sources))
        return made[-1]

    return compile_sources
