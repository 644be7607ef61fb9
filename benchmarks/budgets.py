"""What budgets cost: python benchmarks/budgets.py [--results FILE] [--seconds S] [KERNEL]…

Explores each kernel of this repository once (those of benchmarks/seer on their test benches, at the sizes of
the setting `small`; nothing shared) and chooses without a budget, with `--max-area` 1.1x, 1.4x and 2x, and
with `--max-dsp` at what the input takes. Prints for each the cycles and the synthesised area of the choice,
how many designs were synthesised and rejected on the way, and which share of the unbounded speed-up over the
input it keeps. Ends with code 1 where a budget does not hold, or fewer cycles are chosen under a tighter one.

With `--results` what was measured is kept in FILE, and kernels that are in it are not measured again; no
kernel begins after S seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kernels import Kernel, kernels

from seer.driver.budgets import Budgets
from seer.driver.exploration import explore_in_run, first_answers
from seer.driver.hardware import Workshop
from seer.driver.interrupts import Interrupts
from seer.driver.options import Options
from seer.driver.quick_run import quick_run
from seer.driver.run import Run
from seer.driver.selection import Selection
from seer.driver.worker import Worker
from seer.errors import InputError, SeerError
from seer.schedule import Target
from seer.schedule.profile import profile_with

ROW = "{:30} {:14} {:>10} {:>7} {:>7} {:>4} {:>4} {:>9} {:>5} {:>7} {}"
AREAS = ("1.1x", "1.4x", "2x")


@dataclass(frozen=True)
class Row:
    """A choice: its area in the target's weighted figure; `kept` is the share of the unbounded speed-up."""

    budget: str
    cycles: int
    lut: int
    ff: int
    dsp: int
    bram: int
    weighted: float
    tried: int
    kept: float
    broken: bool


@dataclass(frozen=True)
class Outcome:
    """The rows of a kernel, the unbounded one first, or why there are none."""

    kernel: str
    rows: tuple[Row, ...] = ()
    refused: str = ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    given = parser.parse_args(arguments)
    profile_with(quick_run)
    known = _known(given.results)
    header = ("cycles", "LUT", "FF", "DSP", "BRAM", "weighted", "tried", "kept", "")
    print(ROW.format("kernel", "budget", *header))
    outcomes: list[Outcome] = []
    started = time.monotonic()
    for kernel in kernels(small=True):
        if given.names and kernel.name not in given.names:
            continue
        outcome = known.get(kernel.name)
        if outcome is None:
            if time.monotonic() - started > given.seconds:
                continue
            outcome = measured(kernel)
            if given.results is not None:
                with given.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(outcome)) + "\n")
        _show(outcome)
        outcomes.append(outcome)
    return _summary([outcome for outcome in outcomes if outcome.rows])


def measured(kernel: Kernel) -> Outcome:
    """The choices under all budgets, on what Yosys makes of them."""
    target = Target.load("xc7")
    try:
        run = Run(kernel.program(), target, Options(share="none").on(target), lambda text: None, Interrupts())
        _, counting, baselines = first_answers(run, kernel.source())
        with Worker() as worker:
            explore_in_run(run, worker, counting, baselines)
        with tempfile.TemporaryDirectory() as folder, Workshop((), target, 2, Path(folder)) as workshop:
            source = workshop.synthesis("input", baselines["input"]).result().area
            budgets = [Budgets(), *(Budgets(max_area=area) for area in AREAS), Budgets(max_dsp=source.dsp)]
            rows: list[Row] = []
            for budget in budgets:
                bounded = replace(run, options=replace(run.options, budgets=budget))
                selected = Selection(bounded, baselines, counting).by_synthesis(workshop)
                area = workshop.synthesis("seer", selected.design).result().area
                weighted, cycles = area.weighted(target), selected.design.predicted_cycles
                bounds = list(budget.bounds(source.weighted(target)))
                broken = any(
                    (weighted if bound.kind == "area" else area.dsp) > bound.allowed for bound in bounds
                )
                option = ", ".join(bound.option for bound in bounds) or "none"
                kept = rows[0].cycles / cycles if rows else 1.0
                tried = len(selected.choice.rejected) + 1
                rows.append(
                    Row(option, cycles, area.lut, area.ff, area.dsp, area.bram, weighted, tried, kept, broken)
                )
    except InputError as error:
        return Outcome(kernel.name, refused=error.message)
    except SeerError as error:
        return Outcome(kernel.name, refused=f"failed: {error.message}")
    return Outcome(kernel.name, tuple(rows))


def _show(outcome: Outcome) -> None:
    if not outcome.rows:
        print(f"{outcome.kernel:30} {outcome.refused}", flush=True)
    for row in outcome.rows:
        area = (row.lut, row.ff, row.dsp, row.bram, f"{row.weighted:,.0f}")
        mark = "broken" if row.broken else ""
        cells = (f"{row.cycles:,}", *area, row.tried, f"{row.kept:.1%}", mark)
        print(ROW.format(outcome.kernel, row.budget, *cells), flush=True)


def _summary(outcomes: list[Outcome]) -> int:
    """Prints the last lines; the code to end with."""
    broken = sum(row.broken for outcome in outcomes for row in outcome.rows)
    keeping = sum(outcome.rows[len(AREAS)].kept >= 0.9 for outcome in outcomes)
    falling = [outcome.kernel for outcome in outcomes if not _monotone(outcome)]
    print(f"budgets that do not hold: {broken} of {sum(len(outcome.rows) - 1 for outcome in outcomes)}")
    print(f"at 2x, {keeping} of {len(outcomes)} keep at least 90 % of the speed-up")
    print(f"more cycles under a larger budget: {', '.join(falling) or 'none'}")
    return 1 if broken or falling else 0


def _monotone(outcome: Outcome) -> bool:
    unbounded, *areas = (row.cycles for row in outcome.rows[: len(AREAS) + 1])
    ordered = [*areas, unbounded]
    return ordered == sorted(ordered, reverse=True)


def _known(results: Path | None) -> dict[str, Outcome]:
    return {outcome.kernel: outcome for outcome in _read(results)} if results and results.exists() else {}


def _read(results: Path) -> Iterator[Outcome]:
    for text in results.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        yield Outcome(line["kernel"], tuple(Row(**row) for row in line["rows"]), line["refused"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
