"""The C and C++ compilers of this machine, for code that runs here and is thrown away.

gcc is the first choice. What it refuses, `_BitInt` before gcc 14 above all, is tried with clang on the
path, then with the clang of the Python package `ziglang`, which needs no installation of a system.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from seer.cache import cache_folder
from seer.errors import BackendError, InputError, SeerError

__all__ = [
    "CXX_SUFFIXES",
    "EXACT_FLOATS",
    "STAND_INS",
    "Toolchain",
    "call_compiler",
    "clang",
    "compile_to_object",
    "compiler",
    "first_that_compiles",
    "toolchains",
]

T = TypeVar("T")

EXACT_FLOATS = ("-ffp-contract=off", "-frounding-math")
"""Floats as the source says them: no contraction; nothing computed at compile time, where a compiler's own
library rounds otherwise than the machine's (and where g++ 12 takes 0.0 - fabs(x) for -fabs(x))."""
STAND_INS = ("-isystem", str(Path(__file__).parent / "include"))
"""Where a vendor's headers have stand-ins that compile, for users who have not installed the vendor's."""
CXX_SUFFIXES = (".cpp", ".cc", ".cxx", ".C", ".c++")


@dataclass(frozen=True)
class Toolchain:
    """A C and a C++ compiler that belong together, each a command, and what links C programs."""

    c: tuple[str, ...]
    cxx: tuple[str, ...]
    link_c: tuple[str, ...]

    def of(self, cxx: bool) -> tuple[str, ...]:
        """The compiler of C++ or of C."""
        return self.cxx if cxx else self.c

    def linker(self, cxx: bool) -> tuple[str, ...]:
        """What links objects, some of them C++ if `cxx`."""
        return self.cxx if cxx else self.link_c


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


def toolchains(cxx: bool) -> tuple[Toolchain, ...]:
    """The toolchains to try on the user's code, in order; `cxx` says that some of it is C++.

    If the user named a compiler by `CC` or `CXX`, that one only. Raises BackendError if there is none.
    """
    first = Toolchain((compiler(False),), (compiler(True) if cxx else "c++",), (compiler(False),))
    if os.environ.get("CXX" if cxx else "CC"):
        return (first,)
    found = [first]
    on_path = shutil.which("clang"), shutil.which("clang++")
    if on_path[0] and (on_path[1] or not cxx) and on_path[0] != first.c[0]:
        found.append(Toolchain((on_path[0],), (on_path[1] or "c++",), first.link_c))
    packaged = _packaged_clang()
    if packaged is not None:
        # It would compile a C library of its own before it links for the first time.
        found.append(Toolchain(packaged.c, packaged.cxx, first.link_c))
    return tuple(found)


def clang() -> Toolchain:
    """The clang of the package `ziglang` (new enough for `_BitInt`), else one on the path; for tests that
    need a second compiler beside gcc. Raises BackendError."""
    packaged = _packaged_clang()
    if packaged is not None:
        return Toolchain(packaged.c, packaged.cxx, (compiler(False),))
    found, plus = shutil.which("clang"), shutil.which("clang++")
    if found is None or plus is None:
        raise BackendError("there is no clang", hint="pip install ziglang, or install clang 16 or newer")
    return Toolchain((found,), (plus,), (found,))


def _packaged_clang() -> Toolchain | None:
    found = importlib.util.find_spec("ziglang")
    if found is None or found.origin is None:
        return None
    program = Path(found.origin).parent / ("zig.exe" if os.name == "nt" else "zig")
    if not program.is_file():
        return None
    # By default it would check for undefined behaviour and use all that this processor can.
    options = ("-fno-sanitize=all", "-mcpu=baseline")
    c, cxx = (str(program), "cc", *options), (str(program), "c++", *options)
    return Toolchain(c, cxx, c)


def first_that_compiles(cxx: bool, build: Callable[[Toolchain], T]) -> T:
    """What `build` makes with the first toolchain that takes the user's code, C++ if `cxx`.

    `build` raises InputError where its compiler refuses. If all do, the first one's reason is raised.
    """
    refused: list[InputError] = []
    for toolchain in toolchains(cxx):
        try:
            return build(toolchain)
        except InputError as error:
            refused.append(error)
    first = refused[0]
    if "_BitInt" in first.message:
        hint = "gcc 14, clang 16 and the Python package ziglang know `_BitInt`; CC names a compiler to use"
        raise InputError(first.message, first.location, hint)
    raise first


def compile_to_object(
    command: Sequence[str],
    source: Path,
    number: int,
    folder: Path,
    flags: Sequence[str],
    failure: type[SeerError],
) -> Path:
    """Compile `source` with the compiler `command` to NUMBER.o in `folder`; raises `failure`."""
    target = folder / f"{number}.o"
    call_compiler([*command, *flags, "-c", str(source), "-o", str(target)], failure)
    return target


def call_compiler(command: Sequence[str], failure: type[SeerError]) -> None:
    """Run a compiler or linker; raises `failure` with its first error."""
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env=_environment()
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line or "undefined" in line]
        message = (lines or done.stderr.splitlines() or ["no message"])[0]
        raise failure(f"compiling for a test run failed: {message}", hint=" ".join(command))


def _environment() -> dict[str, str]:
    """The environment, with the packaged clang's cache inside seer's."""
    folder = str(cache_folder("zig"))
    return {"ZIG_GLOBAL_CACHE_DIR": folder, "ZIG_LOCAL_CACHE_DIR": folder, **os.environ}
