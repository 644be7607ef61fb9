"""Which design of the front it is: least by the objective among those that keep the budgets.

What the schedule says (cycles, intervals) is exact; area is an estimate until a design has been synthesised.
Designs are taken in the order of the objective, by estimates that are scaled by what the input turned out
to take; each is synthesised and either kept or rejected, until no other can be better by its estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from seer.driver.budgets import Bound, Budgets, Figures, Key, objective_key
from seer.driver.result import Breach, Design
from seer.egraph.derivation import Step
from seer.schedule.area import Area

__all__ = ["Candidate", "Chooser", "best_of", "excess"]

_SLACK = 1.25
"""An estimate beyond a budget by more than this is only tried when nothing else keeps the budget."""

_LATE = 3
"""How many of these are tried, those nearest to the budgets first."""


@dataclass(frozen=True)
class Candidate:
    """A design with what is known of it, and its derivation; `front` is its position there."""

    design: Design
    figures: Figures
    steps: tuple[Step, ...] = ()
    front: int | None = None


def excess(figures: Figures, bounds: Sequence[Bound]) -> float:
    """By how much budgets are broken, as a fraction of them; 0 where all are kept."""
    return sum(max(0.0, bound.taken(figures) - bound.allowed) / max(1.0, bound.allowed) for bound in bounds)


def best_of(figures: Sequence[Figures], objective: str, bounds: Sequence[Bound]) -> int:
    """The position of the best: within the budgets, or else nearest to them, then by the objective."""

    def key(position: int) -> tuple[float, Key]:
        found = figures[position]
        return excess(found, bounds), objective_key(objective, found.cycles, found.weighted)

    return min(range(len(figures)), key=key)


@dataclass
class Chooser:
    """Chooses among candidates, of which the first is the input.

    `choose` without a way to synthesise goes by estimates. Its state stays valid when it is interrupted:
    `best_known` then says what is best by what is known.
    """

    candidates: Sequence[Candidate]
    objective: str
    budgets: Budgets
    weigh: Callable[[Area], float]
    limit: int
    measured: dict[int, Figures] = field(default_factory=dict)
    rejected: dict[int, Breach] = field(default_factory=dict)
    limit_hit: bool = False

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The budgets as numbers; the input's own area is the synthesised one once it is known."""
        return self.budgets.bounds(self._known(0).weighted)

    @property
    def possible(self) -> list[int]:
        """The candidates that keep the budgets which no synthesis has to tell."""
        exact = [bound for bound in self.bounds if not bound.synthesised]
        return [p for p, c in enumerate(self.candidates) if all(bound.kept(c.figures) for bound in exact)]

    def choose(self, synthesise: Callable[[int], Area] | None = None) -> int | None:
        """The position of the best candidate within the budgets; None if there is none."""
        if synthesise is None:
            known = [p for p in range(len(self.candidates)) if not self._breach(p)]
            return min(known, key=self.key, default=None)
        possible = self.possible
        late: list[int] = []
        for position in sorted(possible, key=self.key):
            best = self._best_measured(possible)
            if best is not None and self.key(best) <= self.key(position):
                break
            if self._far(position):
                late.append(position)
            else:
                self._measure(position, synthesise)
        if self._best_measured(possible) is not None:
            late = []
        for position in sorted(late, key=lambda p: excess(self._known(p), self.bounds))[:_LATE]:
            if self._best_measured(possible) is not None:
                break
            self._measure(position, synthesise)
        return self._best_measured(possible)

    def best_known(self) -> int:
        """The best by what is known, be it within the budgets or next to them."""
        return best_of([self._known(p) for p in range(len(self.candidates))], self.objective, self.bounds)

    def key(self, position: int) -> Key:
        """What the objective says of a candidate, by what is known of it."""
        known = self._known(position)
        return objective_key(self.objective, known.cycles, known.weighted)

    def keeps(self, position: int) -> bool:
        """Whether a candidate keeps the budgets, by what is known of it."""
        return self._breach(position) is None

    def figures(self, position: int) -> Figures:
        """Measured figures where there are some, else the estimates as they are."""
        return self.measured.get(position, self.candidates[position].figures)

    def note(self, position: int, area: Area) -> None:
        """Take notice of a synthesised area."""
        found = self.candidates[position].figures
        self.measured[position] = replace(found, area=area, weighted=self.weigh(area))

    def _measure(self, position: int, synthesise: Callable[[int], Area]) -> None:
        if position not in self.measured:
            if len(self.measured) >= self.limit:
                self.limit_hit = True
                return
            self.note(position, synthesise(position))
        breach = self._breach(position)
        if breach is not None:
            self.rejected[position] = breach

    def _best_measured(self, possible: Sequence[int]) -> int | None:
        kept = [p for p in possible if p in self.measured and not self._breach(p)]
        return min(kept, key=self.key, default=None)

    def _known(self, position: int) -> Figures:
        """Measured figures, or estimates scaled by what the input turned out to take."""
        if position in self.measured:
            return self.measured[position]
        found = self.candidates[position].figures
        estimated = self.candidates[0].figures.weighted
        if 0 not in self.measured or not estimated:
            return found
        return replace(found, weighted=found.weighted * self.measured[0].weighted / estimated)

    def _breach(self, position: int) -> Breach | None:
        known = self._known(position)
        for bound in self.bounds:
            if not bound.kept(known):
                return Breach(known.cycles, bound.option, bound.allowed, bound.taken(known))
        return None

    def _far(self, position: int) -> bool:
        if position in self.measured:
            return False
        known = self._known(position)
        return any(
            bound.synthesised and bound.taken(known) > _SLACK * max(1.0, bound.allowed)
            for bound in self.bounds
        )
