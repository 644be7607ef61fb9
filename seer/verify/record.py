"""`record_bench`: the calls of a function that a user's own test bench makes.

The bench, any C or C++ with a `main`, is compiled with the original kernel, and a recorder takes the
place of the function under test. That works whatever file the function and the bench stand in, `static`
or not: each file is compiled to assembly without inlining, and behind a definition of the function three
directives give it a second name and make its own name global and weak. The recorder defines the name
again, so that the linker binds every call and every function pointer to it, calls from the same file
included, and calls the original by the second name.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seer.emit.objects import held_objects
from seer.emit.recorder import recorder_source
from seer.errors import BackendError, InputError
from seer.lang.headers import include_folder
from seer.lang.program import Program
from seer.verify.symbols import FUNCTIONS, VARIABLES, defined_symbol, weaken_definitions
from seer.verify.toolchain import (
    CXX_SUFFIXES,
    EXACT_FLOATS,
    STAND_INS,
    Toolchain,
    call_compiler,
    compile_to_object,
    first_that_compiles,
)
from seer.verify.vectors import Call, calls_from_stream

__all__ = ["BENCH_FLAGS", "record_bench"]

_log = logging.getLogger(__name__)

BENCH_FLAGS = (
    "-O0",
    "-fPIC",
    "-w",
    "-fwrapv",
    "-fno-strict-aliasing",
    *EXACT_FLOATS,
    "-D__builtin_assume(x)=((void)0)",
)
"""Without optimisation no call is inlined and no static function gets a calling convention of its own."""

_MOST_CALLS = 10_000
_MOST_BYTES = 1 << 26
_ORIGINAL = "seer_original"


@dataclass(frozen=True)
class _Unit:
    """A compiled file: its assembly, its object, and whether it is the bench's or the kernel's alone."""

    assembly: Path
    object: Path
    bench: bool
    cxx: bool


def record_bench(
    benches: Sequence[Path],
    files: Sequence[Path],
    program: Program,
    include_dirs: Sequence[Path] = (),
    defines: Sequence[str] = (),
    time_limit: float = 60.0,
) -> tuple[Call, ...]:
    """The calls of `program` with all memories before and after them, in order.

    `benches` may name some of `files` (a bench in the kernel's own file) or include them. The bench runs in
    the folder of its first file, without arguments and input, for at most `time_limit` seconds. After
    10,000 calls or 64 MiB it goes on unrecorded. Raises InputError where the bench does not compile, fails,
    never calls the function, or passes arguments that overlap; BackendError if there is no compiler.
    """
    for path in benches:
        if not path.is_file():
            raise InputError(f"there is no test bench `{path}`", hint="check the --tb options")
    with tempfile.TemporaryDirectory(prefix="seer-") as name:
        folder = Path(name)
        folders = (include_folder(), *include_dirs)  # the recorder knows how seer's ap_int is laid out
        flags = [*BENCH_FLAGS, *(f"-I{path}" for path in folders), *(f"-D{d}" for d in defines), *STAND_INS]
        cxx = any(path.suffix in CXX_SUFFIXES for path in (*benches, *files))

        def build(toolchain: Toolchain) -> Path:
            return _build(folder, benches, files, program, flags, toolchain)

        executable = first_that_compiles(cxx, build)
        ended = _run(executable, benches[0].resolve().parent, time_limit)
        return _calls(folder, program, benches[0], ended)


def _build(
    folder: Path,
    benches: Sequence[Path],
    files: Sequence[Path],
    program: Program,
    flags: Sequence[str],
    toolchain: Toolchain,
) -> Path:
    own = list(dict.fromkeys(path.resolve() for path in benches))
    rest = [path for path in dict.fromkeys(path.resolve() for path in files) if path not in own]
    units = [
        _compiled(folder, number, path, path in own, flags, toolchain)
        for number, path in enumerate([*own, *rest])
    ]
    symbols = {
        unit: found for unit in units if (found := _defined(unit, program.name, FUNCTIONS)) is not None
    }
    if not symbols:
        raise InputError(
            f"neither the kernel nor the test bench has code for `{program.name}`",
            hint="a function that is always inlined cannot be recorded; drop the attribute",
        )
    # A bench that includes the kernel's file has its own copy; that is the one which it calls.
    unit, symbol = min(symbols.items(), key=lambda item: not item[0].bench)
    variables = {
        held.object.name: _defined(unit, held.object.name, VARIABLES) or held.object.name
        for held in held_objects(program.arguments)
        if held.object.is_global
    }
    with unit.assembly.open("a", encoding="utf-8") as assembly:
        for name in (symbol, *variables.values(), _ORIGINAL):
            assembly.write(f"\t.globl {name}\n")
        assembly.write(f"\t.set {_ORIGINAL}, {symbol}\n\t.weak {symbol}\n")
    call_compiler([*toolchain.of(unit.cxx), "-c", str(unit.assembly), "-o", str(unit.object)], BackendError)
    for other in units:
        if not other.bench:
            # What the bench defines too, `main` or all of a kernel that it includes, is the bench's.
            weaken_definitions(other.object)
    recorder = folder / ("recorder.cpp" if unit.cxx else "recorder.c")
    text = recorder_source(program, symbol, variables, folder, _MOST_CALLS, _MOST_BYTES)
    recorder.write_text(text, encoding="utf-8")
    objects = [str(unit.object) for unit in units]
    chosen, recording = toolchain.of(unit.cxx), ["-O1", "-w", f"-I{include_folder()}"]
    compiled = compile_to_object(chosen, recorder, len(units), folder, recording, BackendError)
    objects.append(str(compiled))
    linker = toolchain.linker(any(unit.cxx for unit in units))
    executable = folder / "bench"
    call_compiler([*linker, *objects, "-lm", "-o", str(executable)], InputError)
    return executable


def _compiled(
    folder: Path, number: int, source: Path, bench: bool, flags: Sequence[str], toolchain: Toolchain
) -> _Unit:
    cxx = source.suffix in CXX_SUFFIXES
    assembly = folder / f"{number}.s"
    call_compiler([*toolchain.of(cxx), *flags, "-S", str(source), "-o", str(assembly)], InputError)
    compiled = compile_to_object(toolchain.of(cxx), assembly, number, folder, [], BackendError)
    return _Unit(assembly, compiled, bench, cxx)


def _defined(unit: _Unit, sought: str, kinds: str) -> str | None:
    found = defined_symbol(unit.object, sought, kinds)
    return None if found is None else found[0]


def _run(executable: Path, folder: Path, time_limit: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [str(executable)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"the test bench ran longer than {time_limit:g} s",
            hint="does it wait for something? fewer or smaller calls take less time",
        ) from None


def _calls(
    folder: Path, program: Program, bench: Path, ended: subprocess.CompletedProcess[bytes]
) -> tuple[Call, ...]:
    """The recorded calls, unless the way in which the bench ended says that they cannot be used."""
    top = program.name
    if (folder / "refused").exists():
        number, what, *names = (folder / "refused").read_text(encoding="utf-8").split()
        call = f"{bench}: call {int(number) + 1} of `{top}` passes"
        if what == "overlap":
            raise InputError(
                f"{call} arguments `{names[0]}` and `{names[1]}` that overlap",
                hint="in hardware they are memories of their own: pass a copy",
            )
        raise InputError(f"{call} a null pointer for `{names[0]}`", hint="pass an array")
    recorded = folder / "calls"
    calls = calls_from_stream(program.arguments, recorded.read_bytes()) if recorded.exists() else ()
    said = ended.stderr.decode(errors="replace").strip().splitlines()
    last = f": {said[-1]}" if said else ""
    if ended.returncode < 0:
        name = signal.Signals(-ended.returncode).name
        raise InputError(
            f"the test bench {bench} was killed by {name} after {len(calls)} calls of `{top}`{last}",
            hint=f"run it with a debugger; it ran in {bench.resolve().parent}",
        )
    if not calls:
        raise InputError(
            f"the test bench {bench} ended with exit code {ended.returncode} and never called `{top}`{last}",
            hint=f"it ran in {bench.resolve().parent} without arguments: does it find its data?",
        )
    if ended.returncode:
        _log.warning("the test bench ended with exit code %d%s", ended.returncode, last)
    if (folder / "truncated").exists():
        _log.warning("only the first %d calls of the test bench are used", len(calls))
    _log.info("recorded %d calls of the test bench %s", len(calls), bench)
    return calls
