"""The answer to budgets that no design keeps: what would do, and what bounds a loop."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seer.driver.budgets import Bound, is_of
from seer.driver.choose import Chooser
from seer.errors import InputError
from seer.lang.program import Origin, Program
from seer.lang.terms import For, Loop, While
from seer.lang.traverse import statements
from seer.schedule.explain import Explanation, explain
from seer.schedule.model import PipelinedLoop, Schedule
from seer.schedule.target import Target

__all__ = ["check_labels", "infeasible"]


def check_labels(program: Program, labels: Sequence[str]) -> None:
    """Raises InputError for a label of `--target-ii` that no loop of the program has."""
    loops = [s for s in statements(program.body) if isinstance(s, (For, While))]
    origins = [program.origins.get(loop, Origin()) for loop in loops]
    for label in labels:
        if any(is_of(origin, label) for origin in origins):
            continue
        known = dict.fromkeys(
            name
            for origin in origins
            for name in (origin.labels or tuple(place.short for place in origin.locations))
        )
        raise InputError(
            f"--target-ii: no loop has the label {label!r}",
            hint=f"the loops: {', '.join(known) or 'none'}",
        )


def infeasible(chooser: Chooser, target: Target) -> InputError:
    """What to tell the user when `chooser` has found nothing within the budgets."""
    bounds = chooser.bounds
    known = {p: chooser.figures(p) for p in range(len(chooser.candidates))}
    if chooser.measured and any(bound.synthesised for bound in bounds):
        # Beside a synthesised area an estimate says nothing about what is feasible.
        known = {p: figures for p, figures in known.items() if p in chooser.measured}
    source = chooser.figures(0).weighted
    told: list[str] = []
    hints: list[str] = []
    for bound in bounds:
        others = [other for other in bounds if other is not bound]
        pool = [p for p in known if all(other.kept(known[p]) for other in others)]
        together = bool(pool) and len(bounds) > 1
        pool = pool or list(known)
        least = min(pool, key=lambda p: bound.taken(known[p]))
        taken = bound.taken(known[least])
        if taken <= bound.allowed:
            continue
        beside = " beside the other budgets" if together else ""
        if bound.kind == "ii":
            text, hint = _interval(chooser.candidates[least].design.schedule, bound, taken, target)
        else:
            text, hint = _figure(bound, taken, source, bool(chooser.measured))
        told.append(f"no design keeps {bound.option}{beside}: {text}")
        hints.append(hint)
    if not told:
        told.append(f"no design keeps {' and '.join(bound.option for bound in bounds)} together")
    return InputError("; ".join(told), hint="; ".join(hints) or "allow more of one of them")


def _figure(bound: Bound, taken: float, source: float, synthesised: bool) -> tuple[str, str]:
    option, given = bound.option.split()
    how = "" if bound.kind == "cycles" else " (synthesised)" if synthesised else " (estimated)"
    if bound.kind == "area" and given.endswith("x"):
        # The next multiple of a hundredth that is enough.
        least = f"{math.ceil(taken / source * 100 - 1e-9) / 100:g}x"
        text = f"that is {bound.allowed:,.0f}, and the smallest takes {taken:,.0f}{how}"
        return text, f"the smallest feasible value is {option} {least}"
    least = f"{math.ceil(taken - 1e-9)}"
    unit = {"area": "of area", "dsp": "DSP blocks", "bram": "block RAMs", "cycles": "cycles"}[bound.kind]
    return f"the smallest takes {taken:,.6g} {unit}{how}", f"the smallest feasible value is {option} {least}"


def _interval(schedule: Schedule, bound: Bound, taken: float, target: Target) -> tuple[str, str]:
    label = bound.option.split(maxsplit=1)[1].rpartition("=")[0]
    if math.isinf(taken):
        return (
            f"a loop {label} cannot be pipelined",
            "only innermost loops are, and nests of constant bounds with nothing else between their loops",
        )
    for found in explain(schedule, target):
        if found.loop.initiation_interval == taken and _is_of(found, label, schedule.program):
            path = "".join(f"\n    {line}" for line in found.path)
            text = f"the least interval of {label} is {taken:.0f}, because {found.because}{path}"
            return text, f"what would lift it: {found.lift}"
    raise AssertionError("an interval that no loop has")


def _is_of(found: Explanation, label: str, program: Program) -> bool:
    loops: tuple[Loop, ...] = (
        found.loop.loops if isinstance(found.loop, PipelinedLoop) else (found.loop.loop,)
    )
    return any(is_of(program.origins.get(loop, Origin()), label) for loop in loops)
