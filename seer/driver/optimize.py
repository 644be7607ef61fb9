"""`optimize`: from a program to a result that was proved, compiled, simulated and synthesised."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from seer import __version__
from seer.driver import cpp, hardware
from seer.driver.explore import Best, Finished, Request
from seer.driver.options import Options
from seer.driver.output import clear, write_certificate, write_json
from seer.driver.reference import calls_of
from seer.driver.result import PROOF_KINDS, Design, Result
from seer.driver.source import Source
from seer.driver.worker import Failure, Progress, explore_in_worker
from seer.egraph.derivation import Step
from seer.errors import BackendError, EquivalenceError
from seer.lang.program import Program
from seer.lang.terms import Loop
from seer.schedule import Target, area_estimate, cycles, data_dependent, schedule
from seer.schedule.model import Schedule
from seer.schedule.spent import loop_cycles
from seer.verify.replay import replay
from seer.verify.vectors import Call

__all__ = ["optimize"]

_log = logging.getLogger(__name__)

_CPP_CALLS = 24
_RTL_CALLS = 4
_RTL_CYCLES = 4_000_000
"""Generated calls through the C++ and through the RTL; of the latter as many as need no more cycles, at least
one. Of those that a test bench makes the same, where cycles depend on data."""

_BENCH_CYCLES = 100_000_000
"""The same for a test bench's calls where they do not, so that predictions cost nothing."""

_INTERPRETED_CYCLES = 200_000
"""The same for calls whose results the interpreter has to find."""


@dataclass
class _Run:
    """The state of one run, so that an interrupt finds what is there."""

    program: Program
    target: Target
    options: Options
    progress: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    best: Best | None = None
    finished: Finished | None = None
    interrupted: bool = False

    @property
    def share(self) -> str:
        """Which operators are shared."""
        return self.options.share_on(self.target)

    @contextmanager
    def stage(self, name: str, text: str) -> Iterator[None]:
        """Times a stage, and tells the user and the log what is being done."""
        _log.info("%s", text)
        self.progress(text)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - started, 3)


def optimize(
    program: Program,
    source: Source,
    options: Options,
    folder: Path,
    progress: Callable[[str], None] = lambda text: None,
) -> Result:
    """The best design found for `program`, with its baselines; writes all files but result.json to `folder`.

    An interrupt (Ctrl-C) ends the stage it meets: the result is then the best design so far, checked as
    C++ but perhaps not simulated, and says so. Raises EquivalenceError when any check of the result fails
    (nothing is a result then) and BackendError when a tool is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = Target.load(options.target, options.clock_ns, options.memory_ports)
    options = options.on(target)
    run = _Run(program, target, options, progress)
    if options.backend == "rtl":
        hardware.require_tools(target)
    clear(folder, program.name)
    with run.stage("baselines", "scheduling the program as it is"):
        calls = calls_of(program, source, options.seed, _CPP_CALLS)
        written = options.wishes.as_written(program)
        as_written = schedule(program, written, target, share=run.share)
        if not source.compiles:
            calls = _within(as_written, calls, _INTERPRETED_CYCLES)
        counted = _counted(as_written, calls, bool(source.benches))
        designs = {
            "input": _design(program, written, target, run.share, counted),
            "auto_pipelined": _design(
                program, options.wishes.auto_pipelined(program), target, run.share, counted
            ),
        }
    _explore(run, counted, designs["auto_pipelined"])
    designs["seer"] = _chosen(run, counted, designs)
    steps = run.best.steps if run.best and designs["seer"].program.body == run.best.body else ()
    with run.stage("replay", f"checking {len(steps)} steps of the derivation again"):
        failures = replay(program.body, designs["seer"].program.body, steps)
        if failures:
            raise EquivalenceError(f"a step of the derivation does not hold: {failures[0]}")
    write_certificate(program, designs["seer"].program, steps, folder / "certificate.json")
    checked = _check_cpp(run, designs["seer"], source, calls, folder)
    rtl_vectors = 0
    if options.backend == "rtl" and not run.interrupted:
        try:
            with run.stage("rtl", "simulating and synthesising three designs"):
                designs = hardware.measure(
                    designs, checked[: len(counted)], target, options.jobs, folder / "rtl"
                )
            rtl_vectors = len(counted)
        except KeyboardInterrupt:
            run.interrupted = True
    cpp.write(program, designs["seer"], source, checked, options, folder)
    write_json(folder / "timings.json", {"seconds": run.seconds})
    return _result(run, designs, counted, steps, len(checked), rtl_vectors)


def _counted(as_written: Schedule, calls: Sequence[Call], recorded: bool) -> tuple[Call, ...]:
    """The calls whose cycles are predicted and simulated."""
    if not recorded:
        return _within(as_written, calls[:_RTL_CALLS], _RTL_CYCLES)
    limit = _RTL_CYCLES if data_dependent(as_written.body) else _BENCH_CYCLES
    counted = _within(as_written, calls, limit)
    if len(counted) < len(calls):
        text = (
            "the first %d of %d calls of the test bench count; all would take more than %s cycles as written"
        )
        _log.warning(text, len(counted), len(calls), f"{limit:,}")
    return counted


def _within(as_written: Schedule, calls: Sequence[Call], limit: int) -> tuple[Call, ...]:
    """The first calls that take no more cycles than `limit` in all, at least one."""
    total, taken = 0, 0
    for call in calls:
        total += cycles(as_written, call)
        if taken and total > limit:
            break
        taken += 1
    return tuple(calls[:taken])


def _design(
    program: Program, pipelined: frozenset[Loop], target: Target, share: str, calls: Sequence[Call]
) -> Design:
    found = schedule(program, pipelined, target, share=share)
    total = sum(cycles(found, call) for call in calls)
    return Design(program, pipelined, found, total, area_estimate(found, target))


def _explore(run: _Run, calls: Sequence[Call], auto: Design) -> None:
    """Explore in the worker until it ends, the time limit bites, or the user interrupts."""
    # The scalars of a call are enough where no count depends on the contents of arrays.
    whole = data_dependent(auto.schedule.body)
    counted = tuple(call if whole else dict(call.params) for call in calls)
    request = Request(run.program, run.options, counted)
    messages = explore_in_worker(request, run.options.time_limit)
    with run.stage("exploration", "exploring"):
        try:
            for message in messages:
                match message:
                    case Progress():
                        text = message.text
                    case Best():
                        run.best = message
                        ratio = auto.predicted_cycles / max(1, message.cycles)
                        text = f"best so far {message.cycles:,} cycles ({ratio:.2f}× auto-pipelined)"
                    case Finished():
                        run.finished = message
                        text = f"{message.nodes:,} e-nodes in {message.classes:,} classes"
                        for line in message.trace:
                            _log.info("%s", line)
                    case Failure(error=None):
                        raise BackendError(message.text, hint="the log is in run.log")
                    case Failure():
                        assert message.error is not None
                        raise message.error
                    case _:
                        raise TypeError(type(message).__name__)
                _log.info("%s", text)
                run.progress(text)
        except KeyboardInterrupt:
            run.interrupted = True
        finally:
            messages.close()


def _chosen(run: _Run, calls: Sequence[Call], designs: Mapping[str, Design]) -> Design:
    """The least cycles, then the least area; the program as it came in is always among the choices."""
    candidates = [designs["auto_pipelined"], designs["input"]]
    if run.best is not None:
        rewritten = replace(run.program, body=run.best.body, origins=run.best.origins)
        candidates.insert(0, _design(rewritten, run.best.pipelined, run.target, run.share, calls))
    return min(candidates, key=lambda d: (d.predicted_cycles, d.area.weighted(run.target)))


def _check_cpp(
    run: _Run, design: Design, source: Source, calls: Sequence[Call], folder: Path
) -> tuple[Call, ...]:
    """The calls on which the emitted C++ was found equal to the source; none where it could not be run."""
    try:
        with run.stage("cpp", "running the original and the emitted C++"):
            return cpp.check(run.program, design, source, calls, run.options, folder)
    except KeyboardInterrupt:
        run.interrupted = True
    except BackendError as error:
        # Predictions need no compiler; hardware does, and has asked for one already.
        if run.options.backend != "none":
            raise
        _log.warning("the emitted C++ was not run: %s", error)
    return ()


def _result(
    run: _Run,
    designs: Mapping[str, Design],
    calls: Sequence[Call],
    steps: Sequence[Step],
    cpp_vectors: int,
    rtl_vectors: int,
) -> Result:
    front = [
        _design(
            replace(run.program, body=p.body, origins=p.origins),
            p.pipelined,
            run.target,
            run.share,
            calls,
        )
        for p in (run.best.front if run.best else ())
    ]
    finished, sizes = run.finished, run.finished or run.best
    proof = {"steps": len(steps), **dict.fromkeys(PROOF_KINDS, 0), "assumed": 0}
    for step in steps:
        proof[step.proof.kind] += 1
    return Result(
        top=run.program.name,
        target=run.target.name,
        clock_ns=run.target.clock_ns,
        options=run.options.to_json(),
        designs={
            name: replace(design, loop_cycles=loop_cycles(design.schedule, calls))
            for name, design in designs.items()
        },
        front=tuple(front),
        proof=proof,
        cpp_vectors=cpp_vectors,
        rtl_vectors=rtl_vectors,
        mismatches=0,
        egraph={
            "nodes": sizes.nodes if sizes else 0,
            "classes": sizes.classes if sizes else 0,
            "iterations": sizes.iterations if sizes else 0,
            "limits_hit": list(finished.limits_hit) if finished else ["seconds"],
        },
        reproducible=finished is not None and finished.reproducible and not run.interrupted,
        version=__version__,
        interrupted=run.interrupted,
        steps=tuple(steps),
    )
