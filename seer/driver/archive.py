"""The points of all rounds of an exploration that no other beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from seer.driver.budgets import Figures, worst_interval
from seer.egraph.derivation import Step
from seer.extract.front import Point
from seer.lang.program import Program
from seer.lang.terms import Block
from seer.schedule import Target, schedule
from seer.schedule.partition import Partition

__all__ = ["Archive", "Found"]


@dataclass(frozen=True)
class Found:
    """A point, what budgets look at, and its derivation from the input."""

    point: Point
    figures: Figures
    steps: tuple[Step, ...]


class Archive:
    """What was found so far: a later extraction may lose a point that an earlier one had.

    A point is beaten by one that is no worse in cycles, area, DSP blocks, block RAMs and the intervals of
    `labels`, and better in one of them or found before.
    """

    def __init__(
        self,
        program: Program,
        target: Target,
        share: str,
        partitions: Sequence[Partition],
        labels: Sequence[str],
        explain: Callable[[Block], tuple[Step, ...]],
    ) -> None:
        self._program = program
        self._target = target
        self._share = share
        self._partitions = partitions
        self._labels = labels
        self._explain = explain
        self._met: set[Point] = set()
        self._derivations: dict[Block, tuple[Step, ...]] = {}
        """Those of designs on the front; one may stand there with several choices of loops to pipeline."""
        self.front: tuple[Found, ...] = ()

    def add(self, points: Sequence[Point]) -> bool:
        """Take in the points of a round; whether the front has changed."""
        fresh = [point for point in points if point not in self._met]
        self._met.update(fresh)
        found = [(point, self._figures(point)) for point in fresh]
        front = list(self.front)
        for point, figures in sorted(found, key=lambda f: _order(f[1])):
            if any(_no_worse(known.figures, figures) for known in front):
                continue
            front = [known for known in front if not _no_worse(figures, known.figures)]
            front.append(Found(point, figures, self._derivation(point.body)))
        self._derivations = {known.point.body: known.steps for known in front}
        front.sort(key=lambda known: _order(known.figures))
        changed = tuple(front) != self.front
        self.front = tuple(front)
        return changed

    def _derivation(self, body: Block) -> tuple[Step, ...]:
        if body not in self._derivations:
            self._derivations[body] = self._explain(body)
        return self._derivations[body]

    def _figures(self, point: Point) -> Figures:
        intervals: tuple[float, ...] = ()
        if self._labels:
            program = replace(self._program, body=point.body, origins=point.origins)
            partitions = (*self._partitions, *point.partitions)
            found = schedule(program, point.pipelined, self._target, share=self._share, partitions=partitions)
            intervals = tuple(worst_interval(found, label) for label in self._labels)
        return Figures(point.cycles, point.estimate, point.area, intervals)


def _order(figures: Figures) -> tuple[float, ...]:
    return figures.cycles, figures.weighted, figures.area.dsp, figures.area.bram, *figures.intervals


def _no_worse(one: Figures, other: Figures) -> bool:
    return all(a <= b for a, b in zip(_order(one), _order(other), strict=True))
