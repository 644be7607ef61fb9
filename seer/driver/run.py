"""The state of a run, so that an interrupt finds what is there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from seer.driver.explore import Best, Finished
from seer.driver.interrupts import Interrupts
from seer.driver.options import Options
from seer.driver.result import Design
from seer.extract.front import Point
from seer.lang.program import Program
from seer.lang.terms import Loop, Table
from seer.schedule import Target, area_estimate, cycles, schedule
from seer.schedule.model import Schedule
from seer.schedule.partition import Partition
from seer.verify.vectors import Call

__all__ = ["Run"]

_log = logging.getLogger(__name__)


@dataclass
class Run:
    """What is to be done, and what has been found."""

    program: Program
    target: Target
    options: Options
    progress: Callable[[str], None]
    interrupts: Interrupts
    seconds: dict[str, float] = field(default_factory=dict)
    best: Best | None = None
    finished: Finished | None = None

    @property
    def interrupted(self) -> bool:
        """Whether the user has asked for an end."""
        return self.interrupts.noted

    @property
    def share(self) -> str:
        """Which operators are shared."""
        return self.options.share_on(self.target)

    def say(self, text: str) -> None:
        """Tell the user and the log."""
        _log.info("%s", text)
        self.progress(text)

    @contextmanager
    def stage(self, name: str, text: str) -> Iterator[None]:
        """Times a stage, and tells the user and the log what is being done."""
        self.say(text)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - started, 3)

    def schedule(
        self, program: Program, pipelined: frozenset[Loop], chosen: Sequence[Partition] = ()
    ) -> Schedule:
        """The program or what became of it, with the user's options and wishes, and these partitions."""
        partitions = (*self.options.wishes.partitions, *chosen)
        parallel = self.options.parallel
        return schedule(
            program, pipelined, self.target, share=self.share, partitions=partitions, parallel=parallel
        )

    def baseline(self, pipelined: frozenset[Loop], calls: Sequence[Call]) -> Design:
        """The program as it is, with these loops pipelined."""
        found = self.schedule(self.program, pipelined)
        total = sum(cycles(found, call) for call in calls)
        return Design(self.program, pipelined, found, total, area_estimate(found, self.target))

    def design(self, point: Point, calls: Sequence[Call]) -> Design:
        """A point of the exploration, scheduled; exploration has counted one part after the other."""
        # Tables are no statements: what they are called is not followed through the exploration.
        tables = {term: o for term, o in self.program.origins.items() if isinstance(term, Table)}
        program = replace(self.program, body=point.body, origins={**tables, **point.origins})
        found = self.schedule(program, point.pipelined, point.partitions)
        total = point.cycles
        if self.options.parallel:
            total = sum(cycles(found, call) for call in calls)
        return Design(program, point.pipelined, found, total, area_estimate(found, self.target))
