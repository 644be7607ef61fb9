"""The designs of a run as hardware: simulated, synthesised, and held to their schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from seer.backends import rtl
from seer.driver.result import Design
from seer.errors import EquivalenceError
from seer.schedule.target import Target
from seer.verify.vectors import Call

__all__ = ["measure", "require_tools"]


def require_tools(target: Target) -> None:
    """Raises InputError if the target is not one that can be simulated and synthesised, BackendError if the
    simulator, the synthesis tool or a C++ compiler is missing."""
    rtl.require_target(target)
    rtl.require_tools()


def measure(
    designs: Mapping[str, Design], calls: Sequence[Call], target: Target, jobs: int, folder: Path
) -> dict[str, Design]:
    """The designs with simulated cycles and synthesised area; `jobs` tools run at a time.

    Each design leaves its Verilog, sim.json and logs in a folder of its name. Raises EquivalenceError when
    a memory differs after a call or the cycles are not those of the schedule.
    """
    sources = {name: rtl.generate(design.schedule) for name, design in designs.items()}
    with ThreadPoolExecutor(jobs) as pool:
        simulations = {
            name: pool.submit(rtl.simulate, design.schedule, sources[name], calls, folder / name)
            for name, design in designs.items()
        }
        syntheses: dict[str, Future[rtl.Synthesis]] = {}
        first: dict[str, Future[rtl.Synthesis]] = {}
        for name, design in designs.items():
            arguments = (sources[name], design.program.name, folder / name, target.file.family)
            syntheses[name] = pool.submit(_synthesised, first.get(sources[name]), *arguments)
            first.setdefault(sources[name], syntheses[name])
        try:
            return {
                name: _measured(name, design, simulations[name].result(), syntheses[name].result(), folder)
                for name, design in designs.items()
            }
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _synthesised(
    same: Future[rtl.Synthesis] | None, verilog: str, top: str, folder: Path, family: str
) -> rtl.Synthesis:
    """Synthesise, but not while the same text is: once that has ended, its outcome comes from the cache."""
    if same is not None:
        same.exception()
    return rtl.synthesise(verilog, top, folder, family)


def _measured(
    name: str, design: Design, simulation: rtl.Simulation, synthesis: rtl.Synthesis, folder: Path
) -> Design:
    if simulation.mismatches:
        raise EquivalenceError(
            f"the RTL of {name} differs from the C: {simulation.examples[0]}",
            hint=f"see {folder / name / 'sim.log'}",
        )
    if simulation.cycles != design.predicted_cycles:
        raise EquivalenceError(
            f"the RTL of {name} took {simulation.cycles} cycles, its schedule says {design.predicted_cycles}"
        )
    return replace(
        design,
        simulated_cycles=simulation.cycles,
        area=synthesis.area,
        area_source="yosys",
        min_clock_ns=synthesis.min_clock_ns,
    )
