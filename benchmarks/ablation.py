"""What each half of the rules gives: python benchmarks/ablation.py [--into FOLDER] [--corpus] [KERNEL]…

Explores each kernel of benchmarks/ (with `--corpus` those of the frontend's tests, too) in the setting of the
SEER paper (one port a memory, nothing shared, at most 1.4 times the input's area), without simulation
and synthesis,

- with the control rules only,
- with the datapath rules only,
- with one after the other, in both orders: what the first found best goes into the second,
- with both in one e-graph,

and prints the cycles and the estimated area of what would be chosen. `!` marks where both together are better
than the better of both orders: fewer cycles, or as many and less area. Each exploration is kept in FOLDER (by
default `out/ablation`), so that a run that was broken off goes on where it ended; no exploration begins
after `--seconds` of CPU time. The kernels of benchmarks/seer have their test benches' calls, at the sizes
of its setting `small` (where it has one), all others generated calls.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from kernels import Kernel, kernels

from seer.driver import explore
from seer.driver.budgets import Budgets
from seer.driver.exploration import first_answers
from seer.driver.interrupts import Interrupts
from seer.driver.options import Limits, Options
from seer.driver.quick_run import quick_run
from seer.driver.run import Run
from seer.driver.worker import deeply
from seer.errors import SeerError
from seer.lang.program import Program
from seer.schedule import Target
from seer.schedule.profile import profile_with
from seer.verify.vectors import Call

LIMITS = Limits(rounds=4, e_nodes=20_000, loop_rewrites=60)
MODES = ("control", "datapath", "control, then datapath", "datapath, then control", "all")


@dataclass(frozen=True)
class Explored:
    """What would be chosen: cycles over the counted calls, weighted area by estimate, and the program."""

    cycles: int
    area: float
    program: Program = field(compare=False)

    @property
    def key(self) -> tuple[int, float]:
        return self.cycles, self.area


class Ablation:
    """The explorations of one kernel, each made once."""

    def __init__(self, kernel: Kernel, folder: Path) -> None:
        self._kernel = kernel
        self._folder = folder
        self._known: tuple[Options, Target, tuple[Call, ...], float] | None = None
        self._loaded: Program | None = None

    def kept(self, mode: str) -> Path:
        return self._folder / _file(f"{self._kernel.name} {mode}.pickle")

    def result(self, mode: str) -> Explored:
        """What an exploration gives. Raises SeerError for what seer does not take."""
        path = self.kept(mode)
        if not path.exists():
            first, _, then = mode.partition(", then ")
            program = self.result(first).program if then else self._program()
            found = self._explored(program, then or first)
            path.write_bytes(pickle.dumps(found))
        return pickle.loads(path.read_bytes())

    def _program(self) -> Program:
        if self._loaded is None:
            self._loaded = self._kernel.program()
        return self._loaded

    def _prepared(self) -> tuple[Options, Target, tuple[Call, ...], float]:
        """What does not depend on the rules: it comes from the program as it was written."""
        if self._known is None:
            program = self._program()
            options = Options(memory_ports=1, share="none", budgets=Budgets("1.4x"), limits=LIMITS)
            target = Target.load(options.target, options.clock_ns, options.memory_ports)
            options = options.on(target)
            run = Run(program, target, options, lambda text: None, Interrupts())
            _, calls, baselines = first_answers(run, self._kernel.source())
            self._known = options, target, calls, baselines["input"].area.weighted(target)
        return self._known

    def _explored(self, program: Program, rules: str) -> Explored:
        options, _, calls, area = self._prepared()
        best: list[explore.Best] = []

        def note(message: object) -> None:
            if isinstance(message, explore.Best):
                best.append(message)

        counting = tuple(Call(call.params, call.arrays_before) for call in calls)
        explore.explore(explore.Request(program, replace(options, rules=rules), counting, area), note)
        chosen = best[-1].chosen
        made = replace(program, body=chosen.point.body, origins=chosen.point.origins)
        return Explored(chosen.figures.cycles, chosen.figures.weighted, made)


def _file(name: str) -> str:
    return name.replace("/", "_").replace(" ", "_")


def line(name: str, results: Mapping[str, Explored]) -> str:
    control, datapath, one, other, both = (results[mode] for mode in MODES)
    sequence = min(one, other, key=lambda result: result.key)
    mark = "!" if both.key < sequence.key else "worse" if both.key > sequence.key else ""
    cells = (f"{r.cycles:12,} {r.area:8,.0f}" for r in (control, datapath, sequence, both))
    return f"{name:34}" + " |".join(cells) + f" {mark}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--into", type=Path, default=Path("out/ablation"))
    parser.add_argument("--corpus", action="store_true")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    given = parser.parse_args(arguments)
    given.into.mkdir(parents=True, exist_ok=True)
    profile_with(quick_run)
    say = partial(print, flush=True)
    say(f"{'kernel':34}{'control':>21} |{'datapath':>21} |{'in sequence':>21} |{'together':>21}")
    lines: list[str] = []
    for kernel in kernels(small=True, corpus=given.corpus):
        if given.names and not any(name in kernel.name for name in given.names):
            continue
        ablation = Ablation(kernel, given.into)
        refused = given.into / _file(f"{kernel.name}.refused")
        try:
            for mode in MODES:
                if refused.exists() or (
                    not ablation.kept(mode).exists() and time.process_time() > given.seconds
                ):
                    break
                ablation.result(mode)
            else:
                lines.append(line(kernel.name, {mode: ablation.result(mode) for mode in MODES}))
                say(lines[-1])
        except SeerError as error:
            refused.write_text(error.message)
        if refused.exists():
            say(f"{kernel.name:34} {refused.read_text()}")
    better = sum(one.endswith("!") for one in lines)
    worse = sum(one.endswith("worse") for one in lines)
    say(f"together beats in sequence on {better} of {len(lines)} kernels and is worse on {worse}")


if __name__ == "__main__":
    deeply(main, sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # an e-graph may be dropped in its own thread only, and that one has ended
