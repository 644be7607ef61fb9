"""One program as hardware, in several schedules: checked on paper, replayed, and simulated as Verilog.

The reference is the compiled C, as in `legs`. A leg is the interpreter, or a variant and a stage of it,
such as `1 replay`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.errors import BackendError, InputError, SeerError
from seer.fuzz.findings import UNSCHEDULED, Finding, Source, difference, shown
from seer.fuzz.legs import interpreted, loaded
from seer.fuzz.library import Case, original_library
from seer.fuzz.variants import VARIANTS, Variant, scheduled
from seer.schedule.check import static_faults
from seer.schedule.cycles import cycles
from seer.schedule.replay import replay
from seer.verify.vectors import Call, memory

__all__ = ["HardwareLegs"]

_REGISTERS = 0x5A5A5A5A
"""What registers hold before they are written, in replays."""


_Key = tuple[int, int]
"""A program and a variant, by their numbers."""


@dataclass(frozen=True)
class _Task:
    """What is to be simulated: the calls have their results."""

    variant: Variant
    calls: Sequence[Call]


@dataclass(frozen=True)
class HardwareLegs:
    """Runs each program on `calls` calls; with `leg`, only as far as that takes."""

    calls: int
    leg: str | None = None

    def seconds(self, programs: int) -> float:
        """How long so many programs may take."""
        return 300.0 + 60 * programs

    def __call__(
        self, folder: Path, sources: Sequence[Source], started: Callable[[str], None] = lambda _: None
    ) -> list[Finding]:
        """What is wrong with the programs of `sources`, by their number, the first fault of each."""
        cases, findings = loaded(sources, self.calls, started)
        kept = list(cases.items())
        started("original")
        try:
            original = original_library(folder, [case for _, case in kept])
        except SeerError as error:
            return [*findings, *(Finding(number, "failed", "original", str(error)) for number in cases)]
        jobs: dict[_Key, _Task] = {}
        for position, (number, case) in enumerate(kept):
            expected = [original.run(position, case.program, call) for call in case.calls]
            started("interpreter")
            found = self._interpreter(number, case, expected)
            calls = [replace(c, arrays_after=a) for c, a in zip(case.calls, expected, strict=True)]
            for variant in range(VARIANTS):
                if found is None and (self.leg is None or self.leg.startswith(f"{variant} ")):
                    started(f"{variant} replay")
                    made = _checked(number, variant, case, sources[number].seed, calls)
                    if isinstance(made, Finding):
                        found = made
                    elif self.leg is None or self.leg.endswith("rtl"):
                        jobs[number, variant] = _Task(made, calls)
            if found is not None:
                findings.append(found)
        faulty = {finding.number for finding in findings}
        jobs = {key: job for key, job in jobs.items() if key[0] not in faulty}
        started("rtl")
        for (number, variant), outcome in _simulated(jobs, folder).items():
            found = _outcome(number, f"{variant} rtl", jobs[number, variant], outcome)
            if found is not None and number not in faulty:
                faulty.add(number)
                findings.append(found)
        return findings

    def _interpreter(
        self, number: int, case: Case, expected: Sequence[Mapping[str, np.ndarray]]
    ) -> Finding | None:
        try:
            results = [interpreted(case, call) for call in case.calls]
        except Exception as error:
            return Finding(number, "failed", "interpreter", f"{type(error).__name__}: {error}")
        for call, wanted, got in zip(case.calls, expected, results, strict=True):
            found = difference(number, "interpreter", case.program, call, wanted, got)
            if found is not None:
                return found
        return None


def _checked(number: int, variant: int, case: Case, seed: str, calls: Sequence[Call]) -> Variant | Finding:
    """A schedule that passed the checks on paper and the replay, or what is wrong with it."""
    stage = f"{variant} schedule"
    try:
        made = scheduled(case.program, variant, seed)
        stage = f"{variant} check"
        faults = static_faults(made.schedule, made.target)
        if faults:
            return Finding(number, "differs", stage, f"{faults[0]} ({made})")
        stage = f"{variant} replay"
        for call in calls:
            found = _replayed(number, stage, case, made, call)
            if found is not None:
                return found
    except InputError as error:
        known = "has no unit for" in error.message
        return Finding(number, UNSCHEDULED if known else "refused", stage, str(error))
    except Exception as error:
        return Finding(number, "failed", stage, f"{type(error).__name__}: {error}")
    return made


def _replayed(number: int, stage: str, case: Case, made: Variant, call: Call) -> Finding | None:
    contents = {name: [int(v) for v in values] for name, values in call.arrays_before.items()}
    result = replay(made.schedule, contents, call.params, registers=_REGISTERS)
    if result.faults:
        return Finding(number, "differs", stage, f"{result.faults[0]} ({made})", shown(call))
    predicted = cycles(made.schedule, call)
    if result.cycles != predicted:
        message = f"takes {result.cycles} cycles, not {predicted} ({made})"
        return Finding(number, "differs", stage, message, shown(call))
    got = {a.name: memory(a.type.width, result.arrays[a.name]) for a in case.program.arrays}
    found = difference(number, stage, case.program, call, call.arrays_after, got)
    return None if found is None else replace(found, message=f"{found.message} ({made})")


def _simulated(tasks: Mapping[_Key, _Task], folder: Path) -> dict[_Key, Simulation | Exception]:
    """All tasks in one program, or, if that cannot be compiled, each alone."""
    if not tasks:
        return {}
    try:
        jobs = [Job(task.variant.schedule, task.calls) for task in tasks.values()]
        return dict(zip(tasks, simulate_batch(jobs, folder / "rtl"), strict=True))
    except BackendError as error:
        if len(tasks) == 1:
            return dict.fromkeys(tasks, error)
    return {key: _simulated({key: task}, folder)[key] for key, task in tasks.items()}


def _outcome(number: int, leg: str, task: _Task, outcome: Simulation | Exception) -> Finding | None:
    """What is wrong with a simulation."""
    made = task.variant
    if isinstance(outcome, Exception):
        return Finding(number, "failed", leg, f"{type(outcome).__name__}: {outcome} ({made})")
    for position, (call, result) in enumerate(zip(task.calls, outcome.calls, strict=True)):
        if result.mismatches:
            example = next((e for e in outcome.examples if e.call == position), "a memory differs")
            return Finding(number, "differs", leg, f"{example} ({made})", shown(call))
        predicted = cycles(made.schedule, call)
        if result.cycles != predicted:
            message = f"takes {result.cycles} cycles, not {predicted} ({made})"
            return Finding(number, "differs", leg, message, shown(call))
    return None
