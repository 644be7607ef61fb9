"""Kernels through every implementation of C that there is here, many to a process, as compiling dominates.

The user's sources are compiled by clang, one object a kernel with everything in it hidden but its caller;
emitted C++ by g++, all kernels in one translation unit, under the sanitizer.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import numpy as np

from seer.emit import EmitHeader, emit_cpp
from seer.emit.c_types import element_bytes
from seer.emit.caller import caller_source
from seer.emit.cpp import top_names
from seer.errors import InputError
from seer.frontend import assertions_of, load
from seer.lang.headers import include_folder
from seer.lang.program import Argument, Program
from seer.lang.terms import Param, Range
from seer.verify.execute import EMITTED_FLAGS, USER_FLAGS
from seer.verify.generate import generate_vectors
from seer.verify.toolchain import CXX_SUFFIXES, call_compiler, clang, compile_to_object, compiler
from seer.verify.undefined import is_defined
from seer.verify.vectors import Call, from_stream, to_stream

__all__ = ["Batch", "Kernel", "Memories"]

Memories = Mapping[str, np.ndarray]

_STEPS = 100_000
"""Values that a call may compute."""

_DRIVER = Path(__file__).parent / "driver.c"


@dataclass(frozen=True)
class Kernel:
    """A top-level function and how it is compiled; `ranges` are bounds on what calls pass, by argument."""

    name: str
    files: tuple[Path, ...]
    include_dirs: tuple[Path, ...] = ()
    defines: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def load(self) -> Program:
        """The kernel as a Program."""
        return load(self.files, self.name, self.include_dirs, self.defines)

    def asserted(self) -> dict[str, Range]:
        """Bounds on what calls pass: `ranges`, and what the source asserts."""
        asserted = dict(assertions_of(self.files, self.name, self.include_dirs, self.defines))
        return asserted | {name: Range(*bounds) for name, bounds in self.ranges.items()}

    def calls(self, program: Program, count: int) -> list[Call]:
        """`count` generated calls, and half as many with contents that know nothing of the kernel.

        Only those that end and that C defines, signed overflow apart, which wraps here.
        """
        asserted = self.asserted()
        directed = generate_vectors(program, 0, count, asserted=asserted)
        wild = generate_vectors(program, 1, count // 2, defined_only=False, asserted=asserted)
        return [call for call in (*directed, *wild) if is_defined(program, call, _STEPS)]


class Batch:
    """Some kernels, their calls, and the memories after these as compiled C and emitted C++ leave them."""

    def __init__(self, kernels: Sequence[Kernel], folder: Path, count: int) -> None:
        self.programs = {kernel.name: kernel.load() for kernel in kernels}
        self.calls = {kernel.name: kernel.calls(self.programs[kernel.name], count) for kernel in kernels}
        objects = [
            _original(kernel, self.programs[kernel.name], number, folder)
            for number, kernel in enumerate(kernels)
        ]
        self.original = self._run(objects, folder / "original", [])
        sanitizer = [flag for flag in EMITTED_FLAGS if flag.startswith("-fsanitize")]
        self.emitted = self._run(
            [_emitted(list(self.programs.values()), folder)], folder / "emitted", sanitizer
        )

    def _run(
        self, objects: Sequence[Path], executable: Path, flags: Sequence[str]
    ) -> dict[str, list[Memories]]:
        """The memories after all calls, by kernel."""
        names = [f"seer_call_{number}" for number in range(len(self.programs))]
        defines = [
            f"-DKERNELS={len(names)}",
            f"-DTABLE={','.join(names)}",
            f"-DDECLARED={','.join(f'{name}(unsigned char **)' for name in names)}",
        ]
        driver = compile_to_object(
            [compiler(False)], _DRIVER, len(objects), executable.parent, ["-O1", *defines], InputError
        )
        linked = [*map(str, objects), str(driver), *flags, "-lm", "-o", str(executable)]
        call_compiler([compiler(True), *linked], InputError)
        stream = b"".join(
            _call_header(number, program) + to_stream(program.arguments, [call], after=False)[8:]
            for number, (name, program) in enumerate(self.programs.items())
            for call in self.calls[name]
        )
        done = subprocess.run([str(executable)], input=stream, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, f"{list(self.programs)}: {done.stderr.decode(errors='replace')[-600:]}"
        results: dict[str, list[Memories]] = {}
        position = 0
        for name, program in self.programs.items():
            size = len(self.calls[name]) * sum(_size(a) for a in program.arguments if a.is_array)
            piece = done.stdout[position : position + size]
            results[name] = list(from_stream(program.arguments, len(self.calls[name]), piece))
            position += size
        assert position == len(done.stdout)
        return results


def _call_header(number: int, program: Program) -> bytes:
    sizes = (struct.pack("<II", _size(a), a.is_array) for a in program.arguments)
    return struct.pack("<II", number, len(program.arguments)) + b"".join(sizes)


def _size(argument: Argument) -> int:
    """Bytes of an argument in a recorded call."""
    term = argument.term
    if isinstance(term, Param):
        return element_bytes(term.bits)
    return element_bytes(term.type.width) * prod(term.type.shape)


def _original(kernel: Kernel, program: Program, number: int, folder: Path) -> Path:
    """The kernel's own sources and the caller, compiled by clang; only `seer_call_NUMBER` is visible."""
    cxx = any(file.suffix in CXX_SUFFIXES for file in kernel.files)
    parts: list[Path] = []
    flags = [
        *USER_FLAGS,
        *(f"-I{include}" for include in kernel.include_dirs),
        *(f"-D{define}" for define in kernel.defines),
        f"-Dseer_call=seer_call_{number}",
        f"-I{include_folder()}",
    ]
    place = folder / f"original_{number}"
    place.mkdir()
    # The first file stands where the caller can see its types and its static variables.
    whole = [file.resolve() for file in kernel.files]
    caller = place / ("caller.cpp" if cxx else "caller.c")
    caller.write_text(caller_source(kernel.name, program.arguments, whole[:1], cxx), encoding="utf-8")
    for source in (caller, *whole[1:]):
        parts.append(compile_to_object(clang().of(cxx), source, len(parts), place, flags, InputError))
    joined = place / "joined.o"
    call_compiler(["ld", "-r", *map(str, parts), "-o", str(joined)], InputError)
    call_compiler(["objcopy", f"--keep-global-symbol=seer_call_{number}", str(joined)], InputError)
    return joined


def _emitted(programs: Sequence[Program], folder: Path) -> Path:
    """What the emitter makes of untouched programs, with their callers, each in a namespace of its own."""
    headers, parts = ["#include <ap_int.h>"], []
    for number, program in enumerate(programs):
        text = emit_cpp(program, {}, EmitHeader("none", 5.0, 0), check_subscripts=True)
        header = folder / f"emitted_{number}.h"
        header.write_text(text, encoding="utf-8")
        # Inside of a namespace they have to be there already.
        headers += [line for line in text.splitlines() if line.startswith("#include <")]
        top = top_names(program)[0]
        caller = caller_source(top, program.arguments, [header], define_globals=True)
        caller = caller.replace("seer_call", f"seer_call_{number}")
        parts.append(f"namespace k{number} {{\n{caller}\n}}")
    source = folder / "emitted.cpp"
    source.write_text("\n".join([*dict.fromkeys(headers), *parts]), encoding="utf-8")
    flags = [*EMITTED_FLAGS, f"-I{include_folder()}"]
    return compile_to_object([compiler(True)], source, 0, folder, flags, InputError)
