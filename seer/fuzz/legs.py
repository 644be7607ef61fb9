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
from seer.fuzz.findings import Finding, Source, difference
from seer.fuzz.library import Case, emitted_library, original_library
from seer.lang.interpreter import run
from seer.verify.jit import JitProgram
from seer.verify.vectors import Call, memory

__all__ = ["LEGS", "Legs", "interpreted", "loaded"]

LEGS = ("interpreter", "jit", "emitted")


@dataclass(frozen=True)
class Legs:
    """Runs each program on `calls` calls, compiled by `cc` (if empty, the compiler here) and by `legs`."""

    calls: int
    cc: Sequence[str] = ()
    legs: Sequence[str] = LEGS

    def seconds(self, programs: int) -> float:
        """How long so many programs may take."""
        return 60.0 + 4 * programs

    def __call__(
        self, folder: Path, sources: Sequence[Source], started: Callable[[str], None] = lambda _: None
    ) -> list[Finding]:
        """What is wrong with the programs of `sources`, by their number; nothing if all `legs` agree.

        `started` is told each step, for whoever has to say what a lost process was doing.
        """
        cases, findings = loaded(sources, self.calls, started)
        kept = list(cases.values())
        started("original")
        try:
            original = original_library(folder, kept, self.cc)
            expected = [[original.run(n, c.program, call) for call in c.calls] for n, c in enumerate(kept)]
        except SeerError as error:
            return [*findings, *(Finding(number, "failed", "original", str(error)) for number in cases)]
        started("emitted")
        emitted = original
        try:
            if "emitted" in self.legs:
                emitted = emitted_library(folder, kept)
        except Exception as error:
            if len(kept) == 1:
                text = f"{type(error).__name__}: {error}"
                return [*findings, *(Finding(number, "failed", "emitted", text) for number in cases)]
            raise
        runs: dict[str, Callable[[int, Case], Callable[[Call], Mapping[str, np.ndarray]]]] = {
            "interpreter": lambda _, case: lambda call: interpreted(case, call),
            "jit": lambda _, case: JitProgram(case.program).run,
            "emitted": lambda n, case: lambda call: emitted.run(n, case.program, call),
        }
        for position, (number, case) in enumerate(cases.items()):
            for leg in self.legs:
                started(leg)
                found = _compare(number, leg, position, case, runs[leg], expected[position])
                if found is not None:
                    findings.append(found)
                    break
        return findings


def loaded(
    sources: Sequence[Source], calls: int, started: Callable[[str], None]
) -> tuple[dict[int, Case], list[Finding]]:
    """The programs that the frontend takes, with random calls, and what it says of the others."""
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
    return cases, findings


def interpreted(case: Case, call: Call) -> Mapping[str, np.ndarray]:
    """The memories after a call in the reference interpreter."""
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
    try:
        implementation = make(position, case)
        results = [implementation(call) for call in case.calls]
    except Exception as error:
        return Finding(number, "failed", leg, f"{type(error).__name__}: {error}")
    for call, wanted, got in zip(case.calls, expected, results, strict=True):
        found = difference(number, leg, case.program, call, wanted, got)
        if found is not None:
            return found
    return None
