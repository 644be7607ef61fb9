"""The stages that find designs: the program as it came, and the exploration in its process."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

from seer.driver.counted import CPP_CALLS, counted, interpretable
from seer.driver.explore import Best, Finished, Request
from seer.driver.reference import calls_of
from seer.driver.result import Design
from seer.driver.run import Run
from seer.driver.source import Source
from seer.driver.worker import Failure, Progress, Worker
from seer.errors import BackendError
from seer.schedule import data_dependent
from seer.verify.generate import generate_vectors
from seer.verify.vectors import Call

__all__ = ["explore_in_run", "first_answers"]

_log = logging.getLogger(__name__)

_MOST_WORDS = 1 << 20
"""Contents of arrays that the worker is given although it may never need them."""


def first_answers(run: Run, source: Source) -> tuple[tuple[Call, ...], tuple[Call, ...], dict[str, Design]]:
    """The calls, those that count, and the program as it came: written, and auto-pipelined.

    An interrupt leaves one generated call, so that there is a first answer whatever the test bench takes.
    """
    program, options = run.program, run.options
    with run.stage("baselines", "scheduling the program as it is"):
        written = options.wishes.as_written(program)
        as_written = run.schedule(program, written)
        try:
            with run.interrupts.stoppable():
                calls = calls_of(program, source, options.seed, CPP_CALLS)
                if not source.compiles:
                    calls = interpretable(as_written, calls)
                counting = counted(as_written, calls, bool(source.benches))
        except KeyboardInterrupt:
            run.interrupts.noted = True
            calls = counting = generate_vectors(program, options.seed, 1, asserted=source.asserted)
        designs = {
            "input": run.baseline(written, counting),
            "auto_pipelined": run.baseline(options.wishes.auto_pipelined(program), counting),
        }
    first = min(design.predicted_cycles for design in designs.values())
    run.say(f"first answer: {first:,} cycles, the program as it came in")
    return tuple(calls), tuple(counting), designs


def explore_in_run(run: Run, worker: Worker, calls: Sequence[Call], baselines: Mapping[str, Design]) -> None:
    """Explore in the worker until it ends, the time limit bites, or the user interrupts."""
    if run.interrupted:
        return
    auto = baselines["auto_pipelined"]
    # The scalars of a call are enough as long as no count depends on the contents of arrays; a rule may
    # make one that does.
    words = sum(len(contents) for call in calls for contents in call.arrays_before.values())
    whole = words <= _MOST_WORDS or data_dependent(auto.schedule.body)
    counting = tuple(Call(c.params, c.arrays_before) if whole else dict(c.params) for c in calls)
    area = baselines["input"].area.weighted(run.target)
    request = Request(run.program, run.options, counting, area)
    messages = worker.explore(request, run.options.time_limit)
    with run.stage("exploration", "exploring"):
        try:
            with run.interrupts.stoppable():
                _follow(run, messages, auto)
        except KeyboardInterrupt:
            run.interrupts.noted = True
        finally:
            messages.close()


def _follow(run: Run, messages: Iterable[object], auto: Design) -> None:
    """Take in what the worker sends."""
    for message in messages:
        match message:
            case Progress():
                text = message.text
            case Best():
                run.best = message
                ratio = auto.predicted_cycles / max(1, message.cycles)
                area = message.chosen.figures.weighted
                text = (
                    f"best so far {message.cycles:,} cycles ({ratio:.2f}× auto-pipelined), area {area:,.0f}"
                )
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
        run.say(text)
