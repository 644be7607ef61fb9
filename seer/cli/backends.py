"""`seer backends`: which backends can run on this machine."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from seer.backends import rtl

__all__ = ["command"]


@click.command("backends")
@click.option("--warm", is_flag=True, help="Compile and cache what the simulator and synthesis need once.")
def command(warm: bool) -> None:
    """List the backends and the tools they found."""
    if warm:
        rtl.warm()
    table = Table(box=None)
    for column in ("backend", "tool", "found"):
        table.add_column(column)
    for tool, found in rtl.tools().items():
        table.add_row("rtl", tool, found)
    table.add_row("none", "", "always: predictions only")
    Console().print(table)
