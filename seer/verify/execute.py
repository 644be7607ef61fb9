"""Compile C or C++ and run recorded calls through it, in a process of its own.

Three sources are linked into one program: the user's (or the emitted) code, a caller that knows the
signature, and a driver that reads calls as a byte stream and writes the memories after them. The user's C
is compiled with -fwrapv, because seer takes signed overflow to wrap; emitted C++ with the undefined
behaviour sanitizer, so that undefined behaviour in it fails loudly.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seer.emit.cpp import top_names
from seer.errors import EquivalenceError, InputError, SeerError
from seer.lang.program import Argument, Program
from seer.verify.agreement import differing, float_arrays
from seer.verify.build import build
from seer.verify.toolchain import CXX_SUFFIXES, EXACT_FLOATS, Toolchain, first_that_compiles
from seer.verify.vectors import Call, Vectors, from_stream, to_stream

__all__ = [
    "Comparison",
    "Mismatch",
    "VectorError",
    "compare",
    "compare_memories",
    "compile_and_run",
    "record",
    "run_emitted",
]

USER_FLAGS = (
    "-O1",
    "-w",
    "-fwrapv",
    "-fno-strict-aliasing",
    *EXACT_FLOATS,
    "-Dmain=seer_user_main",
    "-D__builtin_assume(x)=((void)0)",
)
"""For the user's code, which may bring a `main` of its own; gcc does not know __builtin_assume."""
EMITTED_FLAGS = (
    "-std=c++14",
    "-O1",
    "-Wall",
    "-Wextra",
    "-Wno-unused-label",
    "-Wno-unknown-pragmas",
    *EXACT_FLOATS,
    "-fsanitize=undefined,float-cast-overflow",
    "-fno-sanitize-recover=all",
)
"""For emitted C++. Loop labels are for synthesis reports, HLS pragmas for another compiler."""


class VectorError(InputError):
    """The user's code crashed on one call; `vector` is its number."""

    def __init__(self, message: str, vector: int, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.vector = vector


@dataclass(frozen=True)
class Mismatch:
    """The first element that differs: its call, array, row-major position and both contents."""

    call: int
    array: str
    position: int
    expected: int
    got: int

    def __str__(self) -> str:
        return f"call {self.call}: {self.array}[{self.position}] is {self.got}, expected {self.expected}"


@dataclass(frozen=True)
class Comparison:
    """How many calls were compared and how many elements differ."""

    vectors: int
    mismatches: int
    first: Mismatch | None = None


def record(
    files: Sequence[Path],
    top: str,
    program: Program,
    calls: Sequence[Call],
    include_dirs: Sequence[Path] = (),
    defines: Sequence[str] = (),
    time_limit: float = 60.0,
    toolchain: Toolchain | None = None,
) -> Vectors:
    """The calls with the memories after them as the user's own code leaves them.

    It is compiled by `toolchain`, by default the first on this machine that takes it.

    Raises InputError if that code does not compile and link, crashes, or runs longer than `time_limit`
    seconds in all, and BackendError if there is no compiler.
    """
    flags = [*USER_FLAGS, *(f"-I{folder}" for folder in include_dirs), *(f"-D{d}" for d in defines)]
    after = compile_and_run(files, top, program.arguments, calls, flags, time_limit, toolchain=toolchain)
    return Vectors(
        tuple(
            Call(call.params, call.arrays_before, arrays) for call, arrays in zip(calls, after, strict=True)
        )
    )


def run_emitted(
    text: str, program: Program, calls: Sequence[Call], time_limit: float = 120.0
) -> list[dict[str, np.ndarray]]:
    """The arrays after each call of the emitted C++ `text` of `program`.

    Raises EquivalenceError if it does not compile, crashes, or does something that C++ leaves undefined.
    """
    with tempfile.TemporaryDirectory(prefix="seer-") as folder:
        file = Path(folder) / "emitted.cpp"
        file.write_text(text, encoding="utf-8")
        function = top_names(program)[0]
        return compile_and_run(
            [file], function, program.arguments, calls, EMITTED_FLAGS, time_limit, EquivalenceError
        )


def compare(text: str, program: Program, vectors: Vectors, tolerance: float = 0.0) -> Comparison:
    """Run the emitted C++ `text` of `program` on recorded calls and compare all arrays after them; floats may
    differ by `tolerance` (`agreement.differing`)."""
    after = run_emitted(text, program, vectors.calls)
    return compare_memories(vectors, after, float_arrays(program.arguments), tolerance)


def compare_memories(
    vectors: Vectors,
    after: Sequence[Mapping[str, np.ndarray]],
    floats: Collection[str] = (),
    tolerance: float = 0.0,
) -> Comparison:
    """Compare the recorded arrays after each call with those of another implementation.

    In the arrays that `floats` names, all NaNs are equal.
    """
    mismatches, first = 0, None
    for number, (call, arrays) in enumerate(zip(vectors.calls, after, strict=True)):
        for name, expected in call.arrays_after.items():
            different = differing(expected, arrays[name], name in floats, tolerance)
            mismatches += len(different)
            if first is None and len(different):
                place = int(different[0])
                first = Mismatch(number, name, place, int(expected[place]), int(arrays[name][place]))
    return Comparison(len(vectors.calls), mismatches, first)


def compile_and_run(
    source_files: Sequence[Path],
    top: str,
    arguments: Sequence[Argument],
    calls: Sequence[Call],
    flags: Sequence[str] = USER_FLAGS,
    time_limit: float = 60.0,
    failure: type[SeerError] = InputError,
    toolchain: Toolchain | None = None,
) -> list[dict[str, np.ndarray]]:
    """The arrays after each call of `top`, which `source_files` define.

    C files are compiled as C, others as C++; several C++ files become one translation unit. A fault of the
    code, be it at compile time or at run time, raises `failure`. Without a `toolchain`, the first one that
    takes the code is used.
    """
    if not calls:
        return []
    with tempfile.TemporaryDirectory(prefix="seer-") as name:
        folder = Path(name)
        cxx = any(file.suffix in CXX_SUFFIXES for file in source_files)

        def built(chosen: Toolchain) -> Path:
            return build(folder, source_files, top, arguments, flags, failure, chosen)

        program = built(toolchain) if toolchain else first_that_compiles(cxx, built)
        (folder / "before.bin").write_bytes(to_stream(arguments, calls, after=False))
        _run(folder, program, top, time_limit, failure)
        try:
            return from_stream(arguments, len(calls), (folder / "after.bin").read_bytes())
        except ValueError as error:
            raise failure(f"{top} ended the process: {error}", hint="the function must return") from None


def _run(folder: Path, program: Path, top: str, time_limit: float, failure: type[SeerError]) -> None:
    try:
        done = subprocess.run(
            [str(program), "before.bin", "after.bin"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise failure(
            f"{top} ran longer than {time_limit:g} s on the test vectors",
            hint="is there a loop that never ends? fewer or smaller vectors take less time",
        ) from None
    if done.returncode == 0:
        return
    reason = done.stderr.decode(errors="replace").strip().splitlines()
    progress = (folder / "progress").read_text() if (folder / "progress").exists() else "?"
    if done.returncode < 0:
        reason.append(f"killed by {signal.Signals(-done.returncode).name}")
    message = f"{top} failed on test vector {progress}: {'; '.join(reason) or f'exit code {done.returncode}'}"
    hint = "the inputs were generated; a test bench of your own (--tb) shows which ones are meant"
    if failure is InputError and progress.isdecimal():
        raise VectorError(message, int(progress), hint)
    raise failure(message, hint=hint)
