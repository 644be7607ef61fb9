"""`optimize`: from a program to a result that was proved, compiled, simulated and synthesised."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from seer import __version__
from seer.driver import cpp, hardware
from seer.driver.exploration import explore_in_run, first_answers
from seer.driver.hardware import Workshop
from seer.driver.infeasible import check_labels
from seer.driver.inspection import placed, require_inspection, write_waves
from seer.driver.interrupts import Interrupts
from seer.driver.options import Options
from seer.driver.output import clear, write_certificate, write_json
from seer.driver.quick_run import quick_run
from seer.driver.reference import blame_undefined, results
from seer.driver.result import PROOF_KINDS, Design, Result
from seer.driver.rule_names import check_rule_names
from seer.driver.run import Run
from seer.driver.selection import Selected, Selection
from seer.driver.source import Source
from seer.driver.worker import Worker
from seer.egraph.proof import Prover
from seer.egraph.rules import library, library_files, reassociation_files
from seer.errors import BackendError, EquivalenceError, InputError
from seer.lang.program import Program
from seer.schedule import Target
from seer.schedule.hot_loop import hot_loop
from seer.schedule.profile import profile_with
from seer.schedule.spent import loop_cycles
from seer.verify.replay import replay
from seer.verify.vectors import Call

__all__ = ["optimize"]

_log = logging.getLogger(__name__)


def optimize(
    program: Program,
    source: Source,
    options: Options,
    folder: Path,
    progress: Callable[[str], None] = lambda text: None,
    interrupts: Interrupts | None = None,
) -> Result:
    """The best design found for `program`, with its baselines; writes all files but result.json to `folder`.

    An interrupt (Ctrl-C) ends the stage it meets: the result is then the best design so far, checked as
    C++ but perhaps not simulated, and says so. Raises InputError when no design keeps the budgets,
    EquivalenceError when any check of the result fails (nothing is a result then) and BackendError when a
    tool is missing or fails.
    """
    profile_with(quick_run)
    folder.mkdir(parents=True, exist_ok=True)
    target = Target.load(options.target, options.clock_ns, options.memory_ports)
    options = options.on(target)
    run = Run(program, target, options, progress, interrupts or Interrupts())
    require_inspection(options.backend, target, options.pnr, options.wave)
    if options.backend == "rtl":
        hardware.require_tools(target)
    check_labels(program, options.budgets.labels)
    check_rule_names(options)
    if options.rule_files:
        Prover().admit(library(tuple(map(Path, options.rule_files)), options.fp_reassociate))
    clear(folder, program.name)
    with run.interrupts:
        return _optimize(run, source, folder)


def _optimize(run: Run, source: Source, folder: Path) -> Result:
    # It gets ready while the baselines are scheduled.
    with Worker() as worker:
        calls, counting, baselines = first_answers(run, source)
        try:
            explore_in_run(run, worker, counting, baselines)
            return _answered(run, source, folder, calls, counting, baselines)
        except EquivalenceError:
            blame_undefined(run.program, source, calls)
            raise


def _answered(
    run: Run,
    source: Source,
    folder: Path,
    calls: tuple[Call, ...],
    counting: Sequence[Call],
    baselines: dict[str, Design],
) -> Result:
    selection = Selection(run, baselines, counting)
    selected, designs = _selected(run, selection, source, calls[: len(counting)], baselines, folder)
    simulated = designs["seer"].simulated_cycles is not None
    if simulated:
        designs = _inspected(run, designs, source, calls[: len(counting)], folder / "rtl")
    _replay(run, selected, folder)
    checked = _check_cpp(run, selected.design, source, calls, folder)
    cpp.write(run.program, designs["seer"], source, checked, run.options, folder)
    exploration = dict(run.finished.seconds) if run.finished else {}
    write_json(folder / "timings.json", {"seconds": run.seconds, "exploration": exploration})
    vectors = len(checked), len(counting) if simulated else 0
    return _result(run, designs, selection, selected, counting, vectors)


def _selected(
    run: Run,
    selection: Selection,
    source: Source,
    calls: Sequence[Call],
    baselines: Mapping[str, Design],
    folder: Path,
) -> tuple[Selected, dict[str, Design]]:
    """The choice, and the three designs: as hardware, unless that is not wanted or is interrupted."""
    if run.options.backend == "rtl" and not run.interrupted:
        try:
            with run.interrupts.stoppable(), run.stage("rtl", "synthesising and simulating"):
                known = results(run.program, source, calls).calls
                own = _own_results(run.program) if run.options.fp_reassociate else None
                with Workshop(known, run.target, run.options.jobs, folder / "rtl", own) as workshop:
                    return selection.in_hardware(workshop)
        except KeyboardInterrupt:
            run.interrupts.noted = True
    selected = selection.after_interrupt() if run.interrupted else selection.by_estimates()
    return selected, {**baselines, "seer": selected.design}


def _own_results(source: Program) -> Callable[[Design, Sequence[Call]], Sequence[Call]]:
    """What a design has to make of calls: where sums may have been reassociated, what its own C++ makes of
    them, bit by bit; the C++ is held to the source, up to rounding."""

    def own(design: Design, calls: Sequence[Call]) -> Sequence[Call]:
        return calls if design.program.body == source.body else cpp.own_results(design, calls)

    return own


def _inspected(
    run: Run, designs: dict[str, Design], source: Source, calls: Sequence[Call], folder: Path
) -> dict[str, Design]:
    """The designs as hardware, with waves and placed clocks where these are asked for; an interrupt leaves
    out what is missing."""
    options = run.options
    try:
        with run.interrupts.stoppable():
            if options.wave:
                with run.stage("wave", "writing waves"):
                    write_waves(designs, results(run.program, source, calls).calls, folder)
            if options.pnr:
                with run.stage("pnr", "placing and routing"):
                    return placed(designs, run.target, options.jobs, folder)
    except KeyboardInterrupt:
        run.interrupts.noted = True
    return designs


def _replay(run: Run, selected: Selected, folder: Path) -> None:
    """Check the derivation again, without the e-graph, and write it down."""
    body, steps = selected.design.program.body, selected.steps
    with run.stage("replay", f"checking {len(steps)} steps of the derivation again"):
        rule_files = [*library_files(), *map(Path, run.options.rule_files)]
        assumed = reassociation_files() if run.options.fp_reassociate else ()
        failures = replay(run.program.body, body, steps, rule_files, assumed_files=assumed)
        if failures:
            raise EquivalenceError(f"a step of the derivation does not hold: {failures[0]}")
    write_certificate(run.program, selected.design.program, steps, folder / "certificate.json")


def _check_cpp(
    run: Run, design: Design, source: Source, calls: Sequence[Call], folder: Path
) -> tuple[Call, ...]:
    """The calls on which the emitted C++ was found equal to the source; none where it could not be run."""
    try:
        with (
            run.interrupts.stoppable(all_the_same=True),
            run.stage("cpp", "running the original and the emitted C++"),
        ):
            return cpp.check(run.program, design, source, calls, run.options, folder)
    except KeyboardInterrupt:
        run.interrupts.noted = True
    except (BackendError, InputError) as error:
        # Predictions need no compiler; hardware does, and has asked for one already.
        if not run.interrupted and (run.options.backend != "none" or isinstance(error, InputError)):
            raise
        _log.warning("the emitted C++ was not run: %s", error)
    return ()


def _result(
    run: Run,
    designs: Mapping[str, Design],
    selection: Selection,
    selected: Selected,
    calls: Sequence[Call],
    vectors: tuple[int, int],
) -> Result:
    steps = selected.steps
    finished, sizes = run.finished, run.finished or run.best
    proof = {"steps": len(steps), **dict.fromkeys(PROOF_KINDS, 0), "assumed": 0}
    for step in steps:
        proof[step.proof.kind] += 1
    counted = {
        name: replace(design, loop_cycles=loop_cycles(design.schedule, calls))
        for name, design in designs.items()
    }
    return Result(
        top=run.program.name,
        target=run.target.name,
        clock_ns=run.target.clock_ns,
        options=run.options.to_json(),
        designs=counted,
        front=tuple(selection.front),
        choice=selected.choice,
        proof=proof,
        cpp_vectors=vectors[0],
        rtl_vectors=vectors[1],
        mismatches=0,
        egraph={
            "nodes": sizes.nodes if sizes else 0,
            "classes": sizes.classes if sizes else 0,
            "iterations": sizes.iterations if sizes else 0,
            "limits_hit": [*(finished.limits_hit if finished else ["seconds"]), *selection.limits_hit],
        },
        reproducible=finished is not None and finished.reproducible and not run.interrupted,
        version=__version__,
        interrupted=run.interrupted,
        steps=steps,
        rules=finished.rules if finished else (),
        hot_loop=hot_loop(counted["seer"].schedule, counted["seer"].loop_cycles, run.target),
    )
