"""What budgets cost: python benchmarks/budgets.py [KERNEL]…

Explores each kernel of benchmarks/seer once, on its test bench, and chooses without a budget, with
`--max-area` 1.1x, 1.4x and 2x, and with `--max-dsp` at what the input takes. Prints for each the cycles and
the synthesised area of the choice, how many designs were synthesised and rejected on the way, and which share
of the unbounded speed-up over the input it keeps. Ends with code 1 where a budget does not hold.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from seer import frontend
from seer.bench.suite import Kernel, load_suite
from seer.driver.budgets import Budgets
from seer.driver.exploration import explore_in_run, first_answers
from seer.driver.hardware import Workshop
from seer.driver.interrupts import Interrupts
from seer.driver.options import Options
from seer.driver.quick_run import quick_run
from seer.driver.run import Run
from seer.driver.selection import Selection
from seer.driver.source import Source
from seer.errors import InputError
from seer.schedule import Target
from seer.schedule.profile import profile_with

SUITE = Path(__file__).parent / "seer"
ROW = "{:14} {:16} {:>11} {:>7} {:>7} {:>4} {:>4} {:>9} {:>6} {:>8}"


def main(names: list[str]) -> int:
    profile_with(quick_run)
    print(ROW.format("kernel", "budget", "cycles", "LUT", "FF", "DSP", "BRAM", "weighted", "tried", "kept"))
    broken, kept = 0, []
    for kernel in load_suite(SUITE).kernels:
        if not names or kernel.name in names:
            found, share = measured(kernel)
            broken += found
            kept.append(share)
    print(f"budgets that do not hold: {broken}")
    print(f"at 2x, {sum(share >= 0.9 for share in kept)} of {len(kept)} keep at least 90 % of the speed-up")
    return 1 if broken else 0


def measured(kernel: Kernel) -> tuple[int, float]:
    """How many budgets of a kernel do not hold, and the share of the speed-up that is left at 2x."""
    files = [SUITE / name for name in kernel.sources]
    program = frontend.load(files, kernel.top)
    source = Source(tuple(files), benches=tuple(SUITE / name for name in kernel.bench))
    target = Target.load("xc7")
    run = Run(program, target, Options().on(target), lambda text: None, Interrupts())
    _, counting, baselines = first_answers(run, source)
    explore_in_run(run, counting, baselines)
    broken, unbounded, share = 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder, Workshop((), target, 2, Path(folder)) as workshop:
        dsp = workshop.synthesis("input", baselines["input"]).result().dsp
        budgets = [
            Budgets(),
            *(Budgets(max_area=area) for area in ("1.1x", "1.4x", "2x")),
            Budgets(max_dsp=dsp),
        ]
        for budget in budgets:
            bounded = replace(run, options=replace(run.options, budgets=budget))
            selection = Selection(bounded, baselines)
            shown = ", ".join(bound.option for bound in budget.bounds(0.0)) or "none"
            try:
                selected = selection.by_synthesis(workshop)
            except InputError as error:
                print(f"{kernel.name:14} {shown:16} {error}")
                broken += 1
                continue
            area = workshop.synthesis("seer", selected.design).result().area
            cycles = selected.design.predicted_cycles
            unbounded = unbounded or cycles
            source_area = workshop.synthesis("input", baselines["input"]).result().area.weighted(target)
            for bound in budget.bounds(source_area):
                taken = area.weighted(target) if bound.kind == "area" else area.dsp
                broken += taken > bound.allowed
            if budget.max_area == "2x":
                share = unbounded / cycles
            figures = (area.lut, area.ff, area.dsp, area.bram, f"{area.weighted(target):,.0f}")
            row = (f"{cycles:,}", *figures, len(selected.choice.rejected) + 1, f"{unbounded / cycles:.1%}")
            print(ROW.format(kernel.name, shown, *row), flush=True)
    return broken, share


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
