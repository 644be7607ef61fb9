"""Exploration: datapath steps and control rules in turn, each round ending in an extraction.

This runs in the worker process; `send` streams progress and the best design so far to the parent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seer.driver.archive import Archive, Found
from seer.driver.choose import best_of
from seer.driver.control import ControlRound
from seer.driver.iteration_counts import measured_iterations
from seer.driver.options import Options
from seer.driver.quick_run import quick_run
from seer.driver.sum_round import SumRound
from seer.driver.table_round import TableRound
from seer.driver.tally import RuleCount, Tally
from seer.driver.worker import Progress
from seer.egraph.derivation import Step
from seer.egraph.explore import EGraph
from seer.egraph.limits import Limits as GraphLimits
from seer.egraph.rules import library
from seer.extract.front import Extraction, Point
from seer.lang.program import Program
from seer.lang.terms import Block, Loop
from seer.rewrites import sums
from seer.rewrites.control import control_rules
from seer.schedule.profile import Call, profile_with
from seer.schedule.target import Target

__all__ = ["Best", "Finished", "Request", "explore"]

_PASSES = 3
"""Passes of control rules in one round, at most."""


@dataclass(frozen=True)
class Request:
    """What the worker is to explore; `calls` are the counted calls, by their parameters alone where no
    count depends on the contents of arrays. `source_area` is the input's, weighted: what budgets refer to."""

    program: Program
    options: Options
    calls: tuple[Call | Mapping[str, int], ...]
    source_area: float = 0.0


@dataclass(frozen=True)
class Best:
    """The front so far, each point with its derivation, which of them would be chosen by estimates, and the
    e-graph's size."""

    front: tuple[Found, ...]
    position: int
    nodes: int
    classes: int
    iterations: int

    @property
    def chosen(self) -> Found:
        return self.front[self.position]

    @property
    def body(self) -> Block:
        return self.chosen.point.body

    @property
    def pipelined(self) -> frozenset[Loop]:
        return self.chosen.point.pipelined

    @property
    def cycles(self) -> int:
        return self.chosen.point.cycles

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.chosen.steps


@dataclass(frozen=True)
class Finished:
    """Exploration has ended by itself; `seconds` are those of its stages."""

    nodes: int
    classes: int
    iterations: int
    limits_hit: tuple[str, ...]
    reproducible: bool
    trace: tuple[str, ...]
    seconds: Mapping[str, float]
    rules: tuple[RuleCount, ...] = ()


def explore(request: Request, send: Callable[[Any], None]) -> None:
    """Explore until nothing changes or a limit is hit."""
    profile_with(quick_run)
    _Explorer(request, send).run()


class _Explorer:
    def __init__(self, request: Request, send: Callable[[Any], None]) -> None:
        options = request.options
        self._request = request
        self._limits = options.limits
        self._send = send
        self._target = Target.load(options.target, options.clock_ns, options.memory_ports)
        send(Progress("proving the datapath rules at small widths"))
        graph_limits = GraphLimits(nodes=self._limits.e_nodes)
        book = library(tuple(map(Path, options.rule_files)), options.fp_reassociate)
        self._egraph = egraph = EGraph(book, limits=graph_limits)
        self._egraph.add(request.program)
        self._origins = dict(request.program.origins)
        off = set(options.disabled_rules)
        datapath = options.rules in ("all", "datapath")
        self._switched_on = {sums.NAME} - off if datapath else set()
        self._datapath = [rule.name for rule in self._egraph.book if datapath and rule.name not in off]
        rules = control_rules(self._limits.unrolled_statements)
        control = options.rules in ("all", "control")
        banks = options.partition != "none"
        chosen = [rule for rule in rules if control and rule.name not in off]
        chosen = [rule for rule in chosen if banks or not rule.needs_banks]
        most = self._limits.loop_rewrites
        self._tally = Tally(rule.description for rule in chosen)
        self._control = ControlRound(self._egraph, chosen, self._origins, most, self._tally, banks)
        self._control.iterations.update(measured_iterations(request.program, request.calls))
        self._extraction = Extraction(
            request.program,
            self._target,
            request.calls,
            self._limits,
            replace(options.wishes, targets=options.budgets.labels),
            options.share_on(self._target),
            options.wishes.partitions,
            options.partition,
        )
        self._bounds = options.budgets.bounds(request.source_area)
        self._archive = Archive(
            request.program,
            self._target,
            options.share_on(self._target),
            options.wishes.partitions,
            options.budgets.labels,
            lambda body: tuple(egraph.explain(request.program.body, body)),
        )
        self._sums = SumRound(egraph, self._limits.loop_rewrites)
        self._tables = TableRound(egraph, request.program)
        self._iterations = 0
        self._undecided = False
        self._seconds = {"datapath rules": 0.0, "control rules": 0.0, "derivations": 0.0}

    def run(self) -> None:
        self._laws()
        self._extract()
        limits_hit: dict[str, None] = {}
        settled = False
        for number in range(self._limits.rounds):
            # Nests are put in order first: what is unrolled hides the loops that they are made of.
            everywhere = settled or 2 * number >= self._limits.rounds
            with self._timed("datapath rules"):
                changed = self._datapath_steps()
            united = self._control_passes(everywhere)
            nodes = sum(len(nodes) for nodes in self._egraph.snapshot().classes.values())
            self._send(Progress(f"round {number + 1}: {nodes:,} e-nodes, {united} loop rewrites united"))
            if changed or united:
                self._extract()
            elif everywhere:
                break
            else:
                settled = True
            if self._control.exhausted and not united:
                break  # what the last unions made has been simplified, and there will be no more
        else:
            limits_hit["rounds"] = None
            # What control rules made in the last round still stands as they made it.
            with self._timed("datapath rules"):
                changed = self._datapath_steps()
            if changed:
                self._extract()
        # Last, since control rules would try all that they know on each form of a body again.
        if self._rearranged_sums():
            self._extract()
        self._offer(self._extraction.refine(self._egraph.snapshot(), self._origins))
        if self._control.exhausted:
            limits_hit["loop_rewrites"] = None
        limits_hit.update(dict.fromkeys((*self._egraph.limits_hit, *self._extraction.limits_hit)))
        irreproducible = self._undecided or {"seconds", "memory"} & limits_hit.keys()
        nodes, classes = self._size()
        trace = tuple(self._control.trace)
        extraction = {f"extraction: {stage}": spent for stage, spent in self._extraction.seconds.items()}
        seconds = {stage: round(spent, 3) for stage, spent in (self._seconds | extraction).items()}
        hit = tuple(limits_hit)
        rules = self._tally.counts()
        reproducible = not irreproducible
        self._send(Finished(nodes, classes, self._iterations, hit, reproducible, trace, seconds, rules))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._seconds[stage] += time.perf_counter() - started

    def _control_passes(self, everywhere: bool) -> int:
        """How many offers of control rules were united. What one rule makes of a nest is often what another
        is waiting for, so it is looked at again."""
        united = 0
        for _ in range(_PASSES):
            with self._timed("control rules"):
                found = self._control.run(
                    self._worthwhile(everywhere),
                    everywhere,
                    self._extraction.promising and self._extraction.promising.terms,
                )
            with self._timed("datapath rules"):
                self._laws()
            united += found
            if not found:
                break
        return united

    def _worthwhile(self, everywhere: bool) -> list[Block]:
        """The designs whose loops are worth copying. Where arrays may be cut, ports do not end what copies
        gain: then those next to the fastest are, too, as long as nests are put in order."""
        bodies = [found.point.body for found in self._archive.front]
        if everywhere or self._request.options.partition == "none":
            return bodies
        return [*bodies, *self._extraction.near]

    def _datapath_steps(self) -> bool:
        changed = self._tables.run() > 0
        for _ in range(self._limits.datapath_steps):
            report = self._egraph.step(self._datapath)
            self._iterations += 1
            self._undecided |= report.undecided
            self._tally.step(report, self._datapath)
            changed |= report.changed
            if not report.changed and not report.banned:
                break
        return changed

    def _rearranged_sums(self) -> bool:
        """Sums of the designs so far, put together anew where the datapath rules take part."""
        if sums.NAME not in self._switched_on:
            return False
        with self._timed("datapath rules"):
            return self._sums.run([found.point.body for found in self._archive.front]) > 0

    def _laws(self) -> None:
        """Structural laws alone: control rules leave Groups, which extraction and fusion want opened."""
        while self._egraph.step([]).changed:
            self._iterations += 1

    def _extract(self) -> None:
        snapshot, control = self._egraph.snapshot(), self._control
        found = self._extraction.run(snapshot, self._origins, control.iterations, control.bounded_badly)
        self._offer(found)

    def _offer(self, points: Sequence[Point]) -> None:
        """Take points into the front, and tell the parent if it has changed."""
        with self._timed("derivations"):
            changed = self._archive.add(points)
        if not changed:
            return
        front = self._archive.front
        figures = [found.figures for found in front]
        position = best_of(figures, self._request.options.objective, self._bounds)
        self._send(Best(front, position, *self._size(), self._iterations))

    def _size(self) -> tuple[int, int]:
        classes = self._egraph.snapshot().classes
        return sum(len(nodes) for nodes in classes.values()), len(classes)
