"""The designs of a run as hardware: simulated, synthesised, and held to their schedules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Self

from seer.backends import rtl
from seer.driver.result import Design
from seer.errors import EquivalenceError
from seer.schedule.target import Target
from seer.verify.vectors import Call

__all__ = ["Workshop", "require_tools"]


def require_tools(target: Target) -> None:
    """Raises InputError if the target is not one that can be simulated and synthesised, BackendError if the
    simulator, the synthesis tool or a C++ compiler is missing."""
    rtl.require_target(target)
    rtl.require_tools()


class Workshop:
    """Builds designs, at most `jobs` tools at a time; leaving it with an exception drops what has not begun.

    Each design leaves its Verilog, sim.json and logs in the folder of its name. What has been asked for once
    is not done again. `own` says what a design has to make of the calls where that is not what the
    original makes of them.
    """

    def __init__(
        self,
        calls: Sequence[Call],
        target: Target,
        jobs: int,
        folder: Path,
        own: Callable[[Design, Sequence[Call]], Sequence[Call]] | None = None,
    ) -> None:
        self._calls = calls
        self._own = own
        self._target = target
        self._folder = folder
        self._pool = ThreadPoolExecutor(jobs)
        self._syntheses: dict[tuple[str, str], Future[rtl.Synthesis]] = {}
        self._simulations: dict[tuple[str, str], Future[rtl.Simulation]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def synthesis(self, name: str, design: Design) -> Future[rtl.Synthesis]:
        """The area and clock of a design, as soon as it is known."""
        source = rtl.generate(design.schedule)
        if (name, source) not in self._syntheses:
            folder, family = self._folder / name, self._target.file.family
            same = next((future for (_, text), future in self._syntheses.items() if text == source), None)
            self._syntheses[name, source] = self._pool.submit(
                _synthesised, same, source, design.program.name, folder, family
            )
        return self._syntheses[name, source]

    def simulation(self, name: str, design: Design) -> Future[rtl.Simulation]:
        """Its simulation on the calls, as soon as it is known."""
        source = rtl.generate(design.schedule)
        if (name, source) not in self._simulations:
            self._simulations[name, source] = self._pool.submit(
                rtl.simulate, design.schedule, source, self._expected(design), self._folder / name
            )
        return self._simulations[name, source]

    def _expected(self, design: Design) -> Sequence[Call]:
        """The calls with what a design has to make of them."""
        return self._calls if self._own is None else self._own(design, self._calls)

    def measured(self, name: str, design: Design) -> Design:
        """The design with simulated cycles and synthesised area. Raises EquivalenceError when a memory
        differs after a call or the cycles are not those of the schedule."""
        waiting = self.synthesis(name, design), self.simulation(name, design)
        synthesis, simulation = waiting[0].result(), waiting[1].result()
        if simulation.mismatches:
            raise EquivalenceError(
                f"the RTL of {name} differs from the C: {simulation.examples[0]}",
                hint=f"see {self._folder / name / 'sim.log'}",
            )
        if simulation.cycles != design.predicted_cycles:
            raise EquivalenceError(
                f"the RTL of {name} took {simulation.cycles} cycles, its schedule says "
                f"{design.predicted_cycles}"
            )
        return replace(
            design,
            simulated_cycles=simulation.cycles,
            area=synthesis.area,
            area_source="yosys",
            min_clock_ns=synthesis.min_clock_ns,
        )


def _synthesised(
    same: Future[rtl.Synthesis] | None, verilog: str, top: str, folder: Path, family: str
) -> rtl.Synthesis:
    """Synthesise, but not while the same text is: once that has ended, its outcome comes from the cache."""
    if same is not None:
        same.exception()
    return rtl.synthesise(verilog, top, folder, family)
