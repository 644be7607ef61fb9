"""The choice of a design in a run: by estimates, then on what hardware it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seer.driver.budgets import Figures, worst_interval
from seer.driver.choose import Candidate, Chooser
from seer.driver.hardware import Workshop
from seer.driver.infeasible import infeasible
from seer.driver.result import Choice, Design
from seer.driver.run import Run
from seer.egraph.derivation import Step
from seer.schedule.area import Area
from seer.verify.vectors import Call

__all__ = ["Selected", "Selection"]


@dataclass(frozen=True)
class Selected:
    """The chosen design, its derivation, and how it was chosen."""

    design: Design
    steps: tuple[Step, ...]
    choice: Choice


class Selection:
    """The candidates of a run: the program as it came, and the front. `front` are the latter's designs,
    counted on `calls`."""

    def __init__(self, run: Run, baselines: Mapping[str, Design], calls: Sequence[Call]) -> None:
        self._run = run
        self._baselines = baselines
        self.front: list[Design] = []
        candidates = [self._candidate(design) for design in baselines.values()]
        for position, found in enumerate(run.best.front if run.best else ()):
            design = run.design(found.point, calls)
            # What runs side by side shares less, too.
            figures = self._candidate(design).figures if run.options.parallel else found.figures
            self.front.append(design)
            for number, known in enumerate(candidates):
                if _equal(known.design, design):
                    candidates[number] = Candidate(known.design, known.figures, (), position)
                    break
            else:
                candidates.append(Candidate(design, figures, found.steps, position))
        options, target = run.options, run.target
        limit = max(options.limits.syntheses, len(baselines) + 1)
        self._chooser = Chooser(
            candidates, options.objective, options.budgets, lambda area: area.weighted(target), limit
        )

    @property
    def limits_hit(self) -> tuple[str, ...]:
        return ("syntheses",) if self._chooser.limit_hit else ()

    def by_estimates(self) -> Selected:
        """The choice without synthesis. Raises InputError where no design keeps the budgets."""
        return self._selected(self._chooser.choose(), "model")

    def in_hardware(self, workshop: Workshop) -> tuple[Selected, dict[str, Design]]:
        """The choice on what synthesis says, and the three designs, simulated and synthesised."""
        selected = self.by_synthesis(workshop, simulate=True)
        designs = {**self._baselines, "seer": selected.design}
        return selected, {name: workshop.measured(name, design) for name, design in designs.items()}

    def by_synthesis(self, workshop: Workshop, simulate: bool = False) -> Selected:
        """The choice on what synthesis says; the program as it came may be simulated meanwhile."""
        chooser = self._chooser
        if not chooser.possible:
            raise infeasible(chooser, self._run.target)
        waiting = [workshop.synthesis(name, design) for name, design in self._baselines.items()]
        if simulate:
            for name, design in self._baselines.items():
                workshop.simulation(name, design)
        if not self._run.options.budgets.max_area:
            # What comes next depends on nothing that is still being measured.
            first = chooser.choose()
            if first is not None and first >= len(waiting):
                workshop.synthesis("seer", chooser.candidates[first].design)
        for position, future in enumerate(waiting):
            chooser.note(position, future.result().area)

        def synthesise(position: int) -> Area:
            candidate = chooser.candidates[position]
            cycles = f"{candidate.design.predicted_cycles:,}"
            self._run.say(f"synthesising the design of {cycles} cycles")
            return workshop.synthesis("seer", candidate.design).result().area

        return self._selected(chooser.choose(synthesise), "yosys")

    def after_interrupt(self) -> Selected:
        """The best by what is known, be it within the budgets or not."""
        position = self._chooser.best_known()
        source = "yosys" if position in self._chooser.measured else "model"
        return self._selected(position, source)

    def _selected(self, position: int | None, source: str) -> Selected:
        chooser = self._chooser
        if position is None:
            raise infeasible(chooser, self._run.target)
        candidate = chooser.candidates[position]
        better = sorted(chooser.rejected.items(), key=lambda item: chooser.key(item[0]))
        rejected = tuple(breach for p, breach in better if chooser.key(p) < chooser.key(position))
        choice = Choice(
            chooser.objective,
            tuple(bound.option for bound in chooser.bounds),
            source,
            candidate.front,
            rejected,
            chooser.keeps(position),
        )
        return Selected(candidate.design, candidate.steps, choice)

    def _candidate(self, design: Design) -> Candidate:
        labels = self._run.options.budgets.labels
        intervals = tuple(worst_interval(design.schedule, label) for label in labels)
        weighted = design.area.weighted(self._run.target)
        return Candidate(design, Figures(design.predicted_cycles, design.area, weighted, intervals))


def _equal(one: Design, other: Design) -> bool:
    """Whether two designs are one."""
    same = (one.program.body, one.pipelined) == (other.program.body, other.pipelined)
    return same and one.schedule.partitions == other.schedule.partitions
