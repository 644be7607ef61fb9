"""What becomes of one damaged kernel: it is refused as it should be, or behaves as the C compiler has it.

The original runs under the sanitizers, each call in a process of its own. Calls that C leaves undefined, in
the eyes of the sanitizers or of `seer check`, are not compared.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from seer.errors import InputError
from seer.lang.headers import include_folder
from seer.lang.interpreter import run
from seer.lang.program import Program
from seer.verify.agreement import differing, float_arrays
from seer.verify.build import build
from seer.verify.execute import USER_FLAGS
from seer.verify.generate import generate_vectors
from seer.verify.toolchain import CXX_SUFFIXES, Toolchain, clang, compile_to_object, toolchains
from seer.verify.undefined import is_defined
from seer.verify.vectors import Call, from_stream, memory, to_stream
from tests.frontend.batches import Kernel
from tests.frontend.refusals import documented

__all__ = ["Verdict", "judge"]

_CALLS = 6
_STEPS = 60_000
"""Values that a call may compute."""
_SECONDS = 2
"""Of processor time, for a call of the original."""
_ENDLESS = "the original does not end"
_UNSET = "reads what has no value"
_SANITIZERS = (
    "-fsanitize=address,undefined,float-cast-overflow",
    # Both are defined in seer: it keeps the bits, whatever number was shifted.
    "-fno-sanitize=shift-base",
    "-fno-sanitize-recover=all",
)


@dataclass(frozen=True)
class Verdict:
    """`outcome` is `rejected` (by the C compilers too), `unsupported` or `taken`; `fault` what is wrong.

    Of a taken one, `calls` counts what became of its calls: `equal`, or why they are not compared.
    """

    outcome: str
    fault: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)


def judge(kernel: Kernel, folder: Path, started: Callable[[str], None]) -> Verdict:
    """The verdict on the kernel's one file."""
    started("frontend")
    try:
        program = kernel.load()
    except InputError as error:
        return _refusal(folder, kernel, error)
    started("compilers")
    found = toolchains(kernel.files[0].suffix in CXX_SUFFIXES)
    accepting = next((t for t in found if _accepts(folder, t, kernel.files[0])), None)
    if accepting is None:
        return Verdict("taken", "no C compiler takes it")
    started("calls")
    calls = _calls(kernel, program)
    if not calls:
        return Verdict("taken", calls={"no calls": 1})
    started("original")
    flags = [*USER_FLAGS, *(_SANITIZERS if accepting == found[0] else ())]
    try:
        binary = build(folder, kernel.files, kernel.name, program.arguments, flags, InputError, accepting)
    except InputError as error:
        return Verdict("taken", f"the original cannot be called: {error}")
    counts: Counter[str] = Counter()
    for number, call in enumerate(calls):
        started(f"call {number}")
        found, fault = _compared(folder, binary, program, call)
        if fault and _unset(folder, kernel, program, call, accepting):
            found, fault = _UNSET, ""
        if fault:
            return Verdict("taken", f"call {number}: {fault}", dict(counts))
        counts[found] += 1
        if found.startswith(_ENDLESS):
            # Nor would most of the others.
            break
    return Verdict("taken", calls=dict(counts))


def _refusal(folder: Path, kernel: Kernel, error: InputError) -> Verdict:
    file = kernel.files[0]
    if error.exit_code != 2:
        return Verdict("unsupported", f"exit code {error.exit_code}")
    if error.location is None:
        # A file that defines no such function any more has no place to show.
        absent = error.message.startswith(f"no function `{kernel.name}`")
        return Verdict("unsupported", "" if absent else f"no place: {error}")
    if documented(error.message) is not None:
        return Verdict("unsupported")
    # gcc takes more than clang, which is what reads C here: integers as pointers, undeclared functions.
    if _accepts(folder, clang(), file):
        return Verdict("unsupported", f"not on the page, but clang takes it: {error}")
    return Verdict("rejected")


def _accepts(folder: Path, toolchain: Toolchain, file: Path) -> bool:
    cxx = file.suffix in CXX_SUFFIXES
    flags = ["-O0", "-w", f"-std=gnu{'++' if cxx else ''}17", f"-I{include_folder()}"]
    try:
        compile_to_object(toolchain.of(cxx), file, 0, folder, flags, InputError)
    except InputError:
        return False
    return True


def _calls(kernel: Kernel, program: Program) -> list[Call]:
    asserted = kernel.asserted()
    try:
        directed = generate_vectors(program, 0, _CALLS, asserted=asserted)
    except InputError:
        # Contents that the program is defined for were not found.
        directed = []
    try:
        wild = generate_vectors(program, 1, _CALLS // 2, defined_only=False, asserted=asserted)
    except InputError:
        # Its arrays are too large.
        wild = []
    return [*directed, *wild]


def _compared(folder: Path, binary: Path, program: Program, call: Call) -> tuple[str, str]:
    """What became of a call, and what is wrong with it if anything is."""
    defined = is_defined(program, call, _STEPS)
    expected = _original(folder, binary, program, call)
    if isinstance(expected, str):
        return f"{expected}{', though seer sees nothing' if defined else ''}", ""
    if not defined:
        return "undefined or too long in the interpreter only", ""
    before = {name: [int(v) for v in contents] for name, contents in call.arrays_before.items()}
    first, second = (run(program, before, call.params, locals_seed=seed) for seed in (1, 2))
    if first != second:
        return _UNSET, ""
    floats = float_arrays(program.arguments)
    for array in program.arrays:
        got = memory(array.type.width, first[array.name])
        places = differing(expected[array.name], got, array.name in floats)
        if len(places):
            place = int(places[0])
            wanted = int(expected[array.name][place])
            return "", f"{array.name}[{place}] is {int(got[place])}, not {wanted}: {dict(call.params)}"
    return "equal", ""


def _original(folder: Path, binary: Path, program: Program, call: Call) -> Mapping[str, np.ndarray] | str:
    """The memories after the call, or why there are none."""
    (folder / "before.bin").write_bytes(to_stream(program.arguments, [call], after=False))
    (folder / "after.bin").unlink(missing_ok=True)
    options = {"ASAN_OPTIONS": "detect_leaks=0:hard_rss_limit_mb=1000", "UBSAN_OPTIONS": "print_stacktrace=0"}
    try:
        done = subprocess.run(
            [str(binary), "before.bin", "after.bin"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30 * _SECONDS,
            check=False,
            env={**os.environ, **options},
            preexec_fn=_limits,
        )
    except subprocess.TimeoutExpired:
        return "the original waits"
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return _ENDLESS
    if done.returncode != 0:
        found = re.search(rb"runtime error: (.*)|AddressSanitizer: (\S+)", done.stderr)
        return f"undefined in C ({(found[1] or found[2]).decode() if found else done.returncode})"
    try:
        (after,) = from_stream(program.arguments, 1, (folder / "after.bin").read_bytes())
    except (OSError, ValueError):
        return "the original ends the process"
    return after


def _unset(folder: Path, kernel: Kernel, program: Program, call: Call, toolchain: Toolchain) -> bool:
    """Whether what the original leaves depends on what its variables hold before they have a value."""
    results = []
    for start in ("zero", "pattern"):
        place = folder / start
        place.mkdir(exist_ok=True)
        flags = [*USER_FLAGS, f"-ftrivial-auto-var-init={start}"]
        binary = build(place, kernel.files, kernel.name, program.arguments, flags, InputError, toolchain)
        results.append(_original(place, binary, program, call))
    zero, pattern = results
    if isinstance(zero, str) or isinstance(pattern, str):
        return True
    return any(len(differing(contents, pattern[name], False)) for name, contents in zero.items())


def _limits() -> None:
    """Of a process that runs a mutant: no large files, no time beyond what a call may take."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
