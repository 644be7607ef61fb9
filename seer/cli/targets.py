"""`seer targets`: the devices that schedules can be made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from seer.backends import rtl
from seer.errors import InputError
from seer.schedule import Target
from seer.schedule.target_file import UnitTable

__all__ = ["command"]

_WIDTH = 110


class _Targets(click.Command):
    """A command of which `measure` as the first name is another."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["measure"]:
            return _measure.make_context(f"{info_name} measure", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command()
@click.argument("name", default="", metavar="[NAME|FILE]")
@click.option("--family", help="The device family to synthesise for; the file's own if not given.")
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="Only this unit (repeatable).")
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the file here, not to stdout.",
)
def _measure(name: str, family: str | None, units: tuple[str, ...], output: Path | None) -> None:
    """Measure the units of a target (by default the family's own, xc7) by synthesis of what the rtl backend
    generates, and write its file with their figures. Measured units are kept in the cache."""
    name = name or family or "xc7"
    rtl.require_yosys()
    progress = Console(stderr=True, highlight=False, markup=False)
    text = rtl.measured_target(
        Target.text(name), name, units, family, lambda point: progress.print(point, soft_wrap=True)
    )
    if output is None:
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")


@click.command("targets", cls=_Targets)
@click.argument("names", nargs=-1, metavar="[NAME|FILE]…")
@click.option("--clock", type=click.FloatRange(min=0, min_open=True), help="Clock period in ns.")
def command(names: tuple[str, ...], clock: float | None) -> None:
    """List the targets; with NAMEs or TOML FILEs, check each and show its memories and units at its clock.

    `seer targets measure [NAME|FILE]` measures a target's units by synthesis (see its --help).
    """
    console = Console(width=_WIDTH, highlight=False, markup=False, soft_wrap=True)
    if not names:
        console.print(_overview([Target.load(name, clock) for name in Target.names()]))
        return
    for number, name in enumerate(names):
        if number:
            console.print()
        _show(Target.load(name, clock), console)


def _overview(targets: list[Target]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("target", "clock ns", "ports", "read latency", "share", "backends", "device"):
        table.add_column(
            column, justify="right" if column in ("clock ns", "ports", "read latency") else "left"
        )
    for target in targets:
        memory = target.file.memory
        table.add_row(
            target.name,
            f"{target.clock_ns:g}",
            str(target.memory_ports),
            str(memory.read_latency),
            target.file.share,
            ", ".join(_backends(target)),
            target.file.description,
        )
    return table


def _backends(target: Target) -> list[str]:
    try:
        rtl.require_target(target)
    except InputError:
        return ["none"]
    return ["rtl", "none"]


def _show(target: Target, console: Console) -> None:
    file, memory = target.file, target.file.memory
    console.print(f"{target.name}: {file.description}" if file.description else target.name)
    console.print(
        f"  clock {target.clock_ns:g} ns, of which paths may take {target.budget_ns:.2f}; wiring "
        f"{target.routing_ns:g}, register {target.register_ns:g}"
    )
    ports = f"{target.memory_ports} port{'s' if target.memory_ports > 1 else ''}"
    console.print(
        f"  memories: {ports}, read latency {memory.read_latency} ({memory.read_ns:g} ns), blocks of "
        f"{memory.block_bits:,} bits; local arrays up to {memory.register_bits} bits in registers, up to "
        f"{memory.distributed_bits} in LUT RAM"
    )
    console.print(f"  operators shared: {file.share}; backends: {', '.join(_backends(target))}")
    table = Table(box=None, pad_edge=False)
    for column in ("  unit", "operators", "bits", "cycles", "LUT", "FF", "DSP"):
        table.add_column(column, justify="right" if column not in ("  unit", "operators") else "left")
    for unit in file.units:
        for row in _rows(unit, target):
            table.add_row(*row)
    console.print(table)


def _rows(unit: UnitTable, target: Target) -> list[tuple[str, ...]]:
    """A row for each width at which something is known of a unit and the clock is met."""
    rows: list[tuple[str, ...]] = []
    for point in {(p.width, p.result): p for p in unit.points}.values():
        found = target.unit_of(unit, unit.kinds[0], point.width, point.result)
        if found is not None:
            area = found.area
            widths = f"{point.width} → {point.result}" if point.result else str(point.width)
            figures = (found.latency, area.lut, area.ff, area.dsp)
            rows.append(("", "", widths, *map(str, figures)))
    if not rows:
        rows.append(("", "", "-", "too slow", "", "", ""))
    limit = f" (at most {unit.limit} a cycle)" if unit.limit else ""
    return [(f"  {unit.name}", ", ".join(unit.kinds) + limit, *rows[0][2:]), *rows[1:]]
