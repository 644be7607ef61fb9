"""`optimize`: from a program to a result that was proved, compiled, simulated and synthesised."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seer import __version__
from seer.backends import rtl
from seer.driver.explore import Best, Finished, Request
from seer.driver.options import Options
from seer.driver.output import write_certificate, write_json, write_sources
from seer.driver.result import PROOF_KINDS, Design, Result
from seer.driver.source import Source
from seer.driver.worker import Failure, Progress, explore_in_worker
from seer.errors import BackendError, EquivalenceError
from seer.lang.program import Program
from seer.schedule import area_estimate, auto_pipelined, cycles, schedule
from seer.schedule.target import Target
from seer.verify.execute import compare, record
from seer.verify.generate import generate_vectors
from seer.verify.replay import replay
from seer.verify.vectors import Call, Vectors

__all__ = ["optimize"]

_log = logging.getLogger(__name__)
_CPP_CALLS = 24
_RTL_CALLS = 4
_RTL_CYCLES = 4_000_000
"""Calls through the C++ and through the RTL; of the latter as many as stay within these cycles, at least one."""


@dataclass
class _Found:
    """What the worker has sent so far."""

    best: Best | None = None
    finished: Finished | None = None
    interrupted: bool = False


class _Timings:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 3)


def optimize(
    program: Program,
    source: Source,
    options: Options,
    folder: Path,
    progress: Callable[[str], None] = lambda text: None,
) -> Result:
    """The best design found for `program`, with its baselines; writes every file but result.json to `folder`.

    An interrupt (Ctrl-C) ends the stage it meets: the result is then the best design so far, checked as
    C++ but perhaps not simulated, and says so. Raises EquivalenceError when any check of the result fails
    (nothing is a result then) and BackendError when a tool is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    timings = _Timings()
    target = Target.load(options.target, options.clock_ns, options.memory_ports)
    if options.backend == "rtl":
        rtl.require_tools()
    calls = generate_vectors(program, options.seed, _CPP_CALLS)
    with timings.stage("baselines"):
        designs = _baselines(program, target, calls)
    counted = _counted_calls(designs["input"], calls)
    designs = {name: _counted(design, counted) for name, design in designs.items()}

    found = _explore(program, options, counted, designs["auto_pipelined"], timings, progress)
    designs["seer"] = _chosen(program, target, found.best, counted, designs)
    interrupted = found.interrupted
    steps = found.best.steps if found.best and designs["seer"].program.body == found.best.body else ()
    with timings.stage("replay"):
        progress("re-checking the derivation")
        failures = replay(program.body, designs["seer"].program.body, steps)
        if failures:
            raise EquivalenceError(f"a step of the derivation does not hold: {failures[0]}")

    vectors = _check_cpp(program, source, designs["seer"], calls, options, folder, timings, progress)
    simulated = 0
    if options.backend == "rtl" and not interrupted:
        try:
            designs = _hardware(designs, vectors.calls[: len(counted)], options, folder, timings, progress)
            simulated = len(counted)
        except KeyboardInterrupt:
            interrupted = True
    write_certificate(program, steps, folder)
    write_sources(designs["seer"], vectors, options, folder)
    write_json(folder / "timings.json", {"seconds": timings.seconds})
    finished = found.finished
    limits_hit = list(finished.limits_hit) if finished else ["seconds"]
    return Result(
        top=program.name,
        target=target.name,
        clock_ns=target.clock_ns,
        options=_options_json(options),
        designs=designs,
        front=tuple(_front(program, target, found.best, counted)),
        proof=_proof_counts(steps),
        cpp_vectors=len(vectors.calls),
        rtl_vectors=simulated,
        mismatches=0,
        egraph=_egraph_json(found, limits_hit),
        reproducible=finished is not None and finished.reproducible and not interrupted,
        version=__version__,
        interrupted=interrupted,
    )


def _baselines(program: Program, target: Target, calls: tuple[Call, ...]) -> dict[str, Design]:
    choices = {"input": frozenset(), "auto_pipelined": auto_pipelined(program)}
    return {name: _design(program, chosen, target, calls) for name, chosen in choices.items()}


def _design(program: Program, pipelined: frozenset, target: Target, calls: tuple[Call, ...]) -> Design:
    found = schedule(program, pipelined, target)
    total = sum(cycles(found, call.params) for call in calls)
    return Design(program, pipelined, found, total, area_estimate(found, target))


def _counted(design: Design, calls: tuple[Call, ...]) -> Design:
    return replace(design, predicted_cycles=sum(cycles(design.schedule, call.params) for call in calls))


def _counted_calls(design: Design, calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """The calls that are simulated and whose cycles are counted."""
    total, taken = 0, 0
    for call in calls[:_RTL_CALLS]:
        total += cycles(design.schedule, call.params)
        if taken and total > _RTL_CYCLES:
            break
        taken += 1
    return calls[:taken]


def _explore(
    program: Program,
    options: Options,
    calls: tuple[Call, ...],
    auto: Design,
    timings: _Timings,
    progress: Callable[[str], None],
) -> _Found:
    found = _Found()
    request = Request(program, options, tuple(dict(call.params) for call in calls))
    messages = explore_in_worker(request, options.time_limit)
    with timings.stage("exploration"):
        try:
            for message in messages:
                match message:
                    case Progress():
                        _log.info("%s", message.text)
                        progress(message.text)
                    case Best():
                        found.best = message
                        ratio = auto.predicted_cycles / max(1, message.cycles)
                        text = f"best so far {message.cycles:,} cycles ({ratio:.2f}× auto-pipelined)"
                        _log.info("%s", text)
                        progress(text)
                    case Finished():
                        found.finished = message
                    case Failure(error=None):
                        raise BackendError(message.text, hint="the log is in run.log")
                    case Failure():
                        assert message.error is not None
                        raise message.error
        except KeyboardInterrupt:
            found.interrupted = True
        finally:
            messages.close()
    return found


def _chosen(
    program: Program,
    target: Target,
    best: Best | None,
    calls: tuple[Call, ...],
    designs: Mapping[str, Design],
) -> Design:
    """The least cycles, then the least area; the program as it came in is always among the choices."""
    candidates = [designs["auto_pipelined"], designs["input"]]
    if best is not None:
        rewritten = replace(program, body=best.body, origins=best.origins)
        candidates.insert(0, _design(rewritten, best.pipelined, target, calls))
    return min(candidates, key=lambda d: (d.predicted_cycles, d.area.weighted(target)))


def _front(program: Program, target: Target, best: Best | None, calls: tuple[Call, ...]) -> Iterator[Design]:
    for point in best.front if best else ():
        yield _design(replace(program, body=point.body), point.pipelined, target, calls)


def _check_cpp(
    program: Program,
    source: Source,
    design: Design,
    calls: tuple[Call, ...],
    options: Options,
    folder: Path,
    timings: _Timings,
    progress: Callable[[str], None],
) -> Vectors:
    with timings.stage("cpp"):
        progress("running the original and the emitted C++")
        vectors = record(source, program, calls)
        text = write_sources(design, vectors, options, folder)
        comparison = compare(text, program, vectors)
    if comparison.mismatches:
        raise EquivalenceError(f"the emitted C++ differs from the original: {comparison.first}")
    return vectors


def _hardware(
    designs: Mapping[str, Design],
    calls: tuple[Call, ...],
    options: Options,
    folder: Path,
    timings: _Timings,
    progress: Callable[[str], None],
) -> dict[str, Design]:
    """The designs with simulated cycles and synthesised area, `options.jobs` tools at a time."""
    sources = {name: rtl.generate(design.schedule) for name, design in designs.items()}
    with timings.stage("rtl"), ThreadPoolExecutor(options.jobs) as pool:
        progress("simulating and synthesising three designs")
        simulations = {
            name: pool.submit(rtl.simulate, design.schedule, sources[name], calls, folder / "rtl" / name)
            for name, design in designs.items()
        }
        areas = {
            name: pool.submit(rtl.synthesise, sources[name], design.program.name, folder / "rtl" / name)
            for name, design in designs.items()
        }
        measured: dict[str, Design] = {}
        for name, design in designs.items():
            simulation = simulations[name].result()
            if simulation.mismatches:
                raise EquivalenceError(
                    f"the RTL of {name} differs from the C: {simulation.examples[0]}",
                    hint=f"see {folder / 'rtl' / name / 'sim.log'}",
                )
            if simulation.cycles != design.predicted_cycles:
                raise EquivalenceError(
                    f"the RTL of {name} took {simulation.cycles} cycles, its schedule says "
                    f"{design.predicted_cycles}"
                )
            synthesis = areas[name].result()
            measured[name] = replace(
                design,
                simulated_cycles=simulation.cycles,
                area=synthesis.area,
                area_source="yosys",
                min_clock_ns=synthesis.min_clock_ns,
            )
    return measured


def _proof_counts(steps: tuple) -> dict[str, int]:
    counts = {"steps": len(steps), **{kind: 0 for kind in PROOF_KINDS}, "assumed": 0}
    for step in steps:
        counts[step.proof.kind] += 1
    return counts


def _egraph_json(found: _Found, limits_hit: list[str]) -> dict[str, object]:
    finished = found.finished
    sizes = finished or found.best
    return {
        "nodes": sizes.nodes if sizes else 0,
        "classes": sizes.classes if sizes else 0,
        "iterations": sizes.iterations if sizes else 0,
        "limits_hit": limits_hit,
    }


def _options_json(options: Options) -> dict[str, object]:
    return {
        "target": options.target,
        "clock_ns": options.clock_ns,
        "memory_ports": options.memory_ports,
        "backend": options.backend,
        "rules": options.rules,
        "time_limit": options.time_limit,
        "seed": options.seed,
        "limits": vars(options.limits),
    }
