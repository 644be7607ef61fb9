"""`seer rules`: the rules that exploration applies; its commands stand in modules of their own."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from seer.cli.lazy import LazyGroup
from seer.egraph.floating import is_about_floats
from seer.egraph.rules import Rule, library
from seer.report.rules import ControlSummary, condition_of, control_summaries

__all__ = ["command"]

_WIDTH = 150
_COMMANDS = {
    "explain": "seer.cli.rules_explain",
    "profile": "seer.cli.rules_profile",
    "prove": "seer.cli.rules_prove",
}


@click.group("rules", cls=LazyGroup, modules=_COMMANDS, invoke_without_command=True)
@click.option("--control", "only", flag_value="control", help="Control rules only.")
@click.option("--datapath", "only", flag_value="datapath", help="Datapath rules only.")
@click.pass_context
def command(ctx: click.Context, only: str | None) -> None:
    """List the rules: what each changes, under which conditions, and what kind of proof stands behind it."""
    if ctx.invoked_subcommand is not None:
        return
    console = Console(width=_WIDTH, highlight=False, markup=False)
    if only != "datapath":
        console.print(_control(control_summaries()))
    if only is None:
        console.print()
    if only != "control":
        console.print(_datapath(library().rules))


def _control(rules: list[ControlSummary]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("control rule", "before --> after", "conditions", "options", "proof"):
        table.add_column(column)
    for rule in rules:
        table.add_row(rule.name, rule.summary, rule.conditions, rule.options, rule.proof)
    return table


def _datapath(rules: tuple[Rule, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("datapath rule", "family", "left = right", "where", "proof"):
        table.add_column(column)
    for rule in rules:
        # Every rule is proved at small widths when it loads, and at its own widths before it fires.
        kinds = "exhaustive, smt, executed" if is_about_floats(rule) else "exhaustive, ring, smt"
        table.add_row(rule.name, rule.family, rule.summary, condition_of(rule), kinds)
    return table
