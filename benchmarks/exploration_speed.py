"""Seconds of exploration: python benchmarks/exploration_speed.py [OPTION]… [KERNEL]…

Explores kernels of benchmarks/seer in the options of a setting (`--setting paper` unless told), here,
without simulation and synthesis, and prints for each the seconds of CPU time, e-nodes, fewest
cycles and the area there, a digest of the front that changes with any of its designs, the limits that were
hit, and the stages. `--limit NAME=N` sets a limit, `--profile FILE` writes a profile.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seer import frontend
from seer.bench.suite import Kernel, load_suite
from seer.driver import explore
from seer.driver.budgets import Budgets
from seer.driver.exploration import first_answers
from seer.driver.interrupts import Interrupts
from seer.driver.options import Limits, Options
from seer.driver.quick_run import quick_run
from seer.driver.run import Run
from seer.driver.source import Source
from seer.driver.worker import deeply
from seer.schedule import Target
from seer.schedule.profile import profile_with

SUITE = Path(__file__).parent / "seer"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kernels", nargs="*")
    parser.add_argument("--setting", default="paper")
    parser.add_argument("--limit", action="append", default=[])
    parser.add_argument("--profile")
    given = parser.parse_args(arguments)
    suite = load_suite(SUITE)
    setting = next(one for one in suite.settings if one.name == given.setting)
    limits = {name: int(value) for name, value in (one.split("=") for one in given.limit)}
    options = replace(_options(setting.options), limits=Limits(**limits))
    profile = cProfile.Profile() if given.profile else None
    profile_with(quick_run)
    total = 0.0
    for kernel in suite.kernels_of(setting):
        if not given.kernels or kernel.name in given.kernels:
            total += explored(kernel, options, profile)
    print(f"{total:.1f} s of CPU time in all")
    if profile is not None:
        profile.dump_stats(given.profile)


def _options(given: Mapping[str, Any]) -> Options:
    """The options of a setting that matter to an exploration."""
    budgets = Budgets(given.get("max-area"), given.get("max-dsp"), given.get("max-bram"))
    return Options(
        memory_ports=given.get("memory-ports"),
        share=given.get("share"),
        partition=given.get("partition", "none"),
        budgets=budgets,
    )


def explored(kernel: Kernel, options: Options, profile: cProfile.Profile | None) -> float:
    """Explore a kernel, print what it took, and return its seconds of CPU time."""
    files = tuple(SUITE / name for name in kernel.sources)
    program = frontend.load(files, kernel.top)
    source = Source(files, benches=tuple(SUITE / name for name in kernel.bench))
    target = Target.load(options.target, options.clock_ns, options.memory_ports)
    options = options.on(target)
    _, counting, baselines = first_answers(
        Run(program, target, options, lambda text: None, Interrupts()), source
    )
    area = baselines["input"].area.weighted(target)
    messages: list[object] = []
    started = time.process_time()
    if profile is not None:
        profile.enable()
    explore.explore(explore.Request(program, options, tuple(counting), area), messages.append)
    if profile is not None:
        profile.disable()
    spent = time.process_time() - started
    best = [message for message in messages if isinstance(message, explore.Best)][-1]
    end = messages[-1]
    assert isinstance(end, explore.Finished)
    digest = hashlib.sha256()
    for found in best.front:
        loops = [f"{loop.label} {loop.ii} {loop.depth}" for loop in found.point.loops]
        digest.update(f"{found.figures} {loops} {len(found.steps)}".encode())
    chosen = best.chosen.figures
    print(
        f"{kernel.name:18} {spent:6.1f} s {end.nodes:7,} e-nodes {chosen.cycles:11,} cycles "
        f"{chosen.weighted:9,.0f} area  {digest.hexdigest()[:12]} of {len(best.front)}  "
        f"limits: {', '.join(end.limits_hit) or 'none'}"
    )
    print("  " + "  ".join(f"{stage} {seconds:.1f}" for stage, seconds in end.seconds.items()), flush=True)
    return spent


if __name__ == "__main__":
    deeply(main, sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # an e-graph may be dropped in its own thread only, and that one has ended
