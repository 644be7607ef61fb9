"""The C and C++ compilers of this machine, for code that runs here and is thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from seer.errors import BackendError, SeerError

__all__ = ["CXX_SUFFIXES", "EXACT_FLOATS", "call_compiler", "compile_to_object", "compiler"]

EXACT_FLOATS = ("-ffp-contract=off", "-frounding-math")
"""Floats as the source says them: no contraction; nothing computed at compile time, where a compiler's own
library rounds otherwise than the machine's (and where g++ 12 takes 0.0 - fabs(x) for -fabs(x))."""
CXX_SUFFIXES = (".cpp", ".cc", ".cxx", ".C", ".c++")


def compiler(cxx: bool) -> str:
    """The path of the C or C++ compiler: `CC` or `CXX`, else the usual names; raises BackendError."""
    variable, names = ("CXX", ("g++", "c++", "clang++")) if cxx else ("CC", ("gcc", "cc", "clang"))
    for name in (os.environ.get(variable, ""), *names):
        found = shutil.which(name) if name else None
        if found:
            return found
    language = "C++" if cxx else "C"
    raise BackendError(
        f"there is no {language} compiler to run test vectors with",
        hint=f"install one (Debian and Ubuntu: apt-get install g++) or set {variable}",
    )


def compile_to_object(
    command: str, source: Path, number: int, folder: Path, flags: Sequence[str], failure: type[SeerError]
) -> Path:
    """Compile `source` with the compiler `command` to NUMBER.o in `folder`; raises `failure`."""
    target = folder / f"{number}.o"
    call_compiler([command, *flags, "-c", str(source), "-o", str(target)], failure)
    return target


def call_compiler(command: Sequence[str], failure: type[SeerError]) -> None:
    """Run a compiler or linker; raises `failure` with its first error."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line or "undefined" in line]
        message = (lines or done.stderr.splitlines() or ["no message"])[0]
        raise failure(f"compiling for a test run failed: {message}", hint=" ".join(command))
