"""The implementations of one program, and whether they agree.

The reference is the C file itself, compiled. Against it stand the lowered Program in the interpreter, the
same Program through MLIR's just-in-time compiler, and the C++ emitted for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seer.errors import SeerError
from seer.frontend import load
from seer.fuzz.contents import random_calls
from seer.fuzz.library import Case, emitted_library, original_library
from seer.lang.interpreter import run
from seer.verify.agreement import differing, float_arrays
from seer.verify.jit import JitProgram
from seer.verify.vectors import Call, memory

__all__ = ["LEGS", "Finding", "Source", "run_batch"]

LEGS = ("interpreter", "jit", "emitted")


@dataclass(frozen=True)
class Source:
    """A program to run: its file, its top, and the seed of its calls."""

    path: Path
    top: str
    seed: str


@dataclass(frozen=True)
class Finding:
    """What is wrong with a program. `kind` is `refused`, `failed`, `differs` or `lost` (it crashed or hung).

    For `differs`, `leg` and `array` say where; `call` is the call in text and `memories` are both contents.
    """

    number: int
    kind: str
    leg: str
    message: str
    call: str = ""
    memories: str = ""

    def same(self, other: Finding) -> bool:
        """Whether a smaller program shows the same fault, as far as one can tell."""
        if (self.kind, self.leg) != (other.kind, other.leg):
            return False
        return self.kind in ("differs", "lost") or _gist(self.message) == _gist(other.message)


def _gist(message: str) -> str:
    """A message without the names and places in it."""
    quoted = message.splitlines()[0].split("`")
    words = " ".join(quoted[::2]).split()
    return " ".join(word for word in words if word.isalpha())[:60]


def run_batch(
    folder: Path,
    sources: Sequence[Source],
    calls: int,
    cc: Sequence[str],
    started: Callable[[str], None] = lambda _: None,
    legs: Sequence[str] = LEGS,
) -> list[Finding]:
    """What is wrong with the programs of `sources`, by their number; nothing if all `legs` agree.

    `started` is told each step, for whoever has to say what a lost process was doing.
    """
    findings: list[Finding] = []
    cases: dict[int, Case] = {}
    started("frontend")
    for number, source in enumerate(sources):
        try:
            program = load([source.path], source.top)
        except SeerError as error:
            findings.append(Finding(number, "refused", "frontend", str(error)))
            continue
        except Exception as error:  # Whatever it is, it is a bug.
            findings.append(Finding(number, "failed", "frontend", f"{type(error).__name__}: {error}"))
            continue
        cases[number] = Case(source.path, program, random_calls(random.Random(source.seed), program, calls))
    kept = list(cases.values())
    started("original")
    try:
        original = original_library(folder, kept, cc)
        expected = [[original.run(n, c.program, call) for call in c.calls] for n, c in enumerate(kept)]
    except SeerError as error:
        return [*findings, *(Finding(number, "failed", "original", str(error)) for number in cases)]
    started("emitted")
    emitted = original
    try:
        if "emitted" in legs:
            emitted = emitted_library(folder, kept)
    except Exception as error:
        if len(kept) == 1:
            text = f"{type(error).__name__}: {error}"
            return [*findings, *(Finding(number, "failed", "emitted", text) for number in cases)]
        raise
    runs: dict[str, Callable[[int, Case], Callable[[Call], Mapping[str, np.ndarray]]]] = {
        "interpreter": lambda _, case: lambda call: _interpreted(case, call),
        "jit": lambda _, case: JitProgram(case.program).run,
        "emitted": lambda n, case: lambda call: emitted.run(n, case.program, call),
    }
    for position, (number, case) in enumerate(cases.items()):
        for leg in legs:
            started(leg)
            found = _compare(number, leg, position, case, runs[leg], expected[position])
            if found is not None:
                findings.append(found)
                break
    return findings


def _interpreted(case: Case, call: Call) -> Mapping[str, np.ndarray]:
    before = {name: [int(v) for v in contents] for name, contents in call.arrays_before.items()}
    after = run(case.program, before, call.params, locals_seed=1)
    return {a.name: memory(a.type.width, after[a.name]) for a in case.program.arrays}


def _compare(
    number: int,
    leg: str,
    position: int,
    case: Case,
    make: Callable[[int, Case], Callable[[Call], Mapping[str, np.ndarray]]],
    expected: Sequence[Mapping[str, np.ndarray]],
) -> Finding | None:
    floats = float_arrays(case.program.arguments)
    try:
        implementation = make(position, case)
        results = [implementation(call) for call in case.calls]
    except Exception as error:
        return Finding(number, "failed", leg, f"{type(error).__name__}: {error}")
    for call, wanted, got in zip(case.calls, expected, results, strict=True):
        for name, contents in wanted.items():
            different = differing(contents, got[name], name in floats)
            if len(different):
                place = int(different[0])
                message = f"{name}[{place}] is {int(got[name][place])}, not {int(contents[place])}"
                return Finding(number, "differs", leg, message, _shown(call), _both(wanted, got))
    return None


def _shown(call: Call) -> str:
    lines = [f"{name} = {value}" for name, value in call.params.items()]
    lines += [f"{name} = {[int(v) for v in contents]}" for name, contents in call.arrays_before.items()]
    return "\n".join(lines)


def _both(wanted: Mapping[str, np.ndarray], got: Mapping[str, np.ndarray]) -> str:
    lines = []
    for name, contents in wanted.items():
        lines.append(f"{name} expected {[int(v) for v in contents]}")
        lines.append(f"{name} got      {[int(v) for v in got[name]]}")
    return "\n".join(lines)
