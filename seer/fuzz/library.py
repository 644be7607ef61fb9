"""Many functions under test in one shared library, called in this process.

One compiler call for a batch costs little more than one for a single program. What is called here may
crash or never return: run it in a process that may be lost.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from seer.emit.c_types import element_bytes
from seer.emit.caller import caller_source
from seer.emit.cpp import EmitHeader, emit_cpp, top_names
from seer.errors import EquivalenceError, InputError
from seer.lang.headers import include_folder
from seer.lang.operators import mask
from seer.lang.program import Program
from seer.lang.terms import Param
from seer.verify.execute import EMITTED_FLAGS, USER_FLAGS
from seer.verify.toolchain import (
    Toolchain,
    call_compiler,
    compile_to_object,
    compiler,
    first_that_compiles,
)
from seer.verify.vectors import Call, memory

__all__ = ["Case", "Library", "emitted_library", "original_library"]


@dataclass(frozen=True)
class Case:
    """A C file, its top function as a Program, and the calls to compare."""

    path: Path
    program: Program
    calls: tuple[Call, ...]


class Library:
    """A shared library in which `entry(n)` calls the function of case n on buffers of its arguments."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))

    def run(self, number: int, program: Program, call: Call) -> dict[str, np.ndarray]:
        """The arrays after a call of case `number`."""
        buffers = []
        for argument in program.arguments:
            if isinstance(argument.term, Param):
                contents = [call.params[argument.name]]
                width = argument.term.bits
            else:
                contents = call.arrays_before[argument.name]
                width = argument.term.type.width
            size = element_bytes(width)
            raw = b"".join(int(value).to_bytes(size, "little") for value in contents)
            buffers.append(np.frombuffer(bytearray(raw + bytes(16)), np.uint8))
        memories = (ctypes.c_void_p * max(1, len(buffers)))(*(b.ctypes.data for b in buffers))
        self._library[f"seer_call_{number}"](memories)
        after = {}
        for argument, buffer in zip(program.arguments, buffers, strict=True):
            if isinstance(argument.term, Param):
                continue
            width, count = argument.term.type.width, prod(argument.term.type.shape)
            size, raw = element_bytes(width), buffer.tobytes()
            numbers = [int.from_bytes(raw[n * size : (n + 1) * size], "little") for n in range(count)]
            after[argument.name] = memory(width, (number & mask(width) for number in numbers))
        return after


def original_library(folder: Path, cases: Sequence[Case], cc: Sequence[str] = ()) -> Library:
    """The C files of `cases`, compiled together: the names that they define must differ.

    `cc` is the compiler with its first options, else the first one on this machine that takes them. Raises
    InputError for what they reject.
    """
    text = "".join(
        caller_source(case.program.name, case.program.arguments, [case.path], False, entry=f"seer_call_{n}")
        for n, case in enumerate(cases)
    )
    source, target = folder / "original.c", folder / "original.so"
    source.write_text(text, encoding="utf-8")
    if cc:
        call_compiler(
            [*cc, *USER_FLAGS, "-shared", "-fPIC", str(source), "-lm", "-o", str(target)], InputError
        )
        return Library(target)

    def linked(toolchain: Toolchain) -> Path:
        flags = [*USER_FLAGS, "-fPIC"]
        object = compile_to_object(toolchain.c, source, 0, folder, flags, InputError)
        call_compiler([*toolchain.link_c, "-shared", str(object), "-lm", "-o", str(target)], InputError)
        return target

    return Library(first_that_compiles(False, linked))


def emitted_library(folder: Path, cases: Sequence[Case]) -> Library:
    """The C++ emitted for the untouched Programs of `cases`, each in a namespace of its own.

    Undefined behaviour in it ends the process. Raises EquivalenceError for what does not compile.
    """
    headers: dict[str, None] = {"#include <stdbool.h>": None, "#include <stdint.h>": None}
    parts = []
    for number, case in enumerate(cases):
        text = emit_cpp(case.program, {}, EmitHeader("none", 5.0, 0))
        headers.update((line, None) for line in text.splitlines() if line.startswith("#include"))
        file = folder / f"emitted_{number}.cpp"
        file.write_text(text, encoding="utf-8")
        function, entry = top_names(case.program)[0], f"seer_call_{number}"
        caller = caller_source(function, case.program.arguments, [file], define_globals=True, entry=entry)
        headers.update((line, None) for line in caller.splitlines() if line.startswith("#include <"))
        parts.append(f"namespace case_{number} {{\n{caller}\n}}\n")
    source, target = folder / "emitted.cpp", folder / "emitted.so"
    # Headers once, outside of the namespaces, where their guards keep them.
    source.write_text("\n".join([*headers, *parts]), encoding="utf-8")
    command = [compiler(cxx=True), *EMITTED_FLAGS, f"-I{include_folder()}", "-shared", "-fPIC"]
    call_compiler([*command, str(source), "-lm", "-o", str(target)], EquivalenceError)
    return Library(target)
