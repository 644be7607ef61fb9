"""Loops before they are scheduled, as the fast bound sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from seer.extract.features import Features, iterations
from seer.extract.skeletons import Skeleton
from seer.lang.loop_bounds import reads_registers
from seer.lang.terms import For, Loop

__all__ = ["CRITERIA", "LoopForm"]


@dataclass(frozen=True)
class LoopForm:
    """A loop with the loops in it that are pipelined; the features of its straight code, and its body's
    skeleton. `typical` are its iterations where data decide them and more is known than nothing."""

    loop: Loop
    inner: frozenset[Loop]
    features: Features
    skeleton: Skeleton
    typical: int | None = None

    @cached_property
    def operations(self) -> int:
        """The size of the region that the loop becomes if it is pipelined, and of those in it."""
        return self.features.operations + sum(closed.operations for closed in self.skeleton.closed())

    @cached_property
    def trips(self) -> int:
        """Iterations, as far as they are known."""
        counted = isinstance(self.loop, For) and not reads_registers(self.loop)
        return iterations(self.loop) if counted else self.typical or iterations(self.loop)

    @property
    def sequential(self) -> float:
        """Cycles, one iteration after the other."""
        return self.trips * (self.features.length + self.skeleton.cycles)

    @property
    def pipelined(self) -> float:
        """Cycles where iterations overlap."""
        once = self.features.length + self.skeleton.cycles
        return self.features.interval * (self.trips - 1) + once

    @property
    def steady(self) -> float:
        """Cycles of all iterations one interval apart, flattened with the loop inside if there is one."""
        if any(True for _ in self.skeleton.closed()):
            return self.skeleton.steady * self.trips
        return float(self.features.interval * self.trips)

    @property
    def recurrence(self) -> float:
        """What is between an iteration and the next, in ns, so many times."""
        return self.features.recurrence_ns * self.trips

    @property
    def area(self) -> float:
        return self.features.area + self.skeleton.vector.total

    @property
    def accesses(self) -> int:
        return self.features.accesses * self.trips

    def is_no_worse(self, other: LoopForm) -> bool:
        """Whether no feature is better in the other."""
        return all(a <= b for a, b in zip(self._key, other._key, strict=True))

    def is_beaten(self, others: Iterable[LoopForm], overlaps: bool) -> bool:
        """Whether one of these, of the same statements, is no worse with (or without) iterations that
        overlap, and in area and accesses."""

        def key(form: LoopForm) -> tuple[float, ...]:
            cycles = (form.pipelined, form.recurrence) if overlaps else (form.sequential,)
            return *cycles, form.area, form.accesses

        mine, shape = key(self), self.skeleton.shape
        return any(
            other.skeleton.shape == shape and all(a <= b for a, b in zip(key(other), mine, strict=True))
            for other in others
        )

    @cached_property
    def _key(self) -> tuple[float, ...]:
        return self.pipelined, self.sequential, self.recurrence, self.area, self.accesses


CRITERIA: tuple[Callable[[LoopForm], tuple[float, ...]], ...] = (
    lambda form: (form.pipelined, form.recurrence, form.area),
    lambda form: (form.recurrence, form.pipelined, form.area),
    lambda form: (form.area, form.pipelined),
    lambda form: (form.sequential, form.area),
    lambda form: (form.accesses, form.pipelined, form.area),
)
"""By which the forms of a loop to schedule are chosen, in turn."""
