"""`seer rules profile`: what the datapath rules do on a kernel, and what they cost."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from seer import frontend
from seer.cli.common import source_options
from seer.egraph.explore import EGraph
from seer.egraph.limits import Limits
from seer.egraph.profile import Profile
from seer.egraph.rules import library

__all__ = ["command"]

_WIDTH = 110


@click.command("profile")
@source_options
@click.option("--steps", type=click.IntRange(1), default=8, show_default=True, help="Steps of exploration.")
@click.option("--nodes", type=click.IntRange(1), default=40_000, show_default=True, help="E-nodes at most.")
@click.option(
    "--rules-file",
    "rule_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Rules of this file besides those that come with seer.",
)
def command(
    files: tuple[Path, ...],
    top: str,
    include_dirs: tuple[Path, ...],
    defines: tuple[str, ...],
    benches: tuple[Path, ...],
    params: dict[str, int],
    shapes: dict[str, tuple[int, ...]],
    steps: int,
    nodes: int,
    rule_files: tuple[Path, ...],
) -> None:
    """Explore the function TOP of FILES with datapath rules alone; show matches, seconds and e-nodes by rule.

    Rules that say nothing new on this program are left out, but for their seconds in the last line.
    """
    program = frontend.load(files, top, include_dirs, defines, params, shapes)
    profile = Profile()
    egraph = EGraph(library(tuple(rule_files)), Limits(nodes=nodes), profile=profile)
    egraph.add(program)
    before = egraph.step([]).nodes
    reports = egraph.run(steps)
    console = Console(width=_WIDTH, highlight=False, markup=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("rule")
    for column in ("matches", "seconds", "e-nodes"):
        table.add_column(column, justify="right")
    costs = sorted(profile.rules.items(), key=lambda item: (-item[1].nodes, -item[1].matches, item[0]))
    for name, cost in costs:
        if cost.matches:
            table.add_row(name, f"{cost.matches:,}", f"{cost.seconds:.3f}", f"{cost.nodes:,}")
    idle = [cost for _, cost in costs if not cost.matches]
    console.print(table)
    after = sum(map(len, egraph.snapshot().classes.values()))
    hit = f"; limits hit: {', '.join(egraph.limits_hit)}" if egraph.limits_hit else ""
    console.print(
        f"\n{len(reports)} steps, {before:,} e-nodes before, {after:,} after; "
        f"{len(idle)} rules without a match, {sum(cost.seconds for cost in idle):.3f} s{hit}"
    )
