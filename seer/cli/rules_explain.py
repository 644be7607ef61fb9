"""`seer rules explain`: one rule on one screen."""

from __future__ import annotations

import click
from rich.console import Console

from seer.egraph.rules import library
from seer.errors import InputError
from seer.report.rules import control_summaries, explain_control, explain_datapath

__all__ = ["command"]

_WIDTH = 110


@click.command("explain")
@click.argument("name")
def command(name: str) -> None:
    """Explain the rule NAME: what it changes and when, an example, and how it is checked."""
    console = Console(width=_WIDTH, highlight=False, markup=False)
    control = {rule.name: rule for rule in control_summaries()}
    if name in control:
        text = explain_control(control[name])
    elif name in library():
        text = explain_datapath(library()[name])
    else:
        near = [known for known in (*control, *library().names) if name in known]
        hint = f"is it {', '.join(near[:6])}?" if near else "`seer rules` lists them"
        raise InputError(f"there is no rule {name!r}", hint=hint)
    for line in text:
        console.print(line, soft_wrap=True)
