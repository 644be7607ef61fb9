"""`seer schedule`: the schedule of a program as it stands, and what bounds its loops."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from seer.cli.common import source_options, target_options, wished
from seer.driver.law_table import LawTable, law_table
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.driver.wishes import Wishes
from seer.errors import InputError
from seer.lang.program import Program
from seer.lang.terms import Loop
from seer.report.chart import chart
from seer.schedule import (
    Target,
    area_estimate,
    cycles,
    drain_free,
    pipelined_by_trip_count,
    schedule,
)
from seer.schedule.banks import banked_arrays, ring_arrays
from seer.schedule.explain import Explanation, explain
from seer.schedule.formula import Part, parts
from seer.schedule.model import Branch, PipelinedLoop, PipelinedWhile, Region, Schedule, WhileLoop

__all__ = ["command"]

_WIDTH = 110
_WAYS = ("auto", "nests", "written", "none", "tool")


@click.command("schedule")
@source_options
@target_options
@click.option(
    "--pipeline",
    type=click.Choice(_WAYS),
    default="auto",
    show_default=True,
    help="Pipeline innermost loops and perfect nests, the same with the loops around them going on without "
    "draining, only what pragmas ask for, nothing, or what the "
    "target's own tool pipelines (it unrolls the rest).",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="UNIT=N",
    help="At most N operations of the target's UNIT start in one cycle.",
)
@click.option("--ignore-pragmas", is_flag=True, help="Do not read the HLS pragmas of the source.")
@click.option(
    "--parallel",
    is_flag=True,
    help="Outside of loops, run side by side what is independent, and consumers with their producers.",
)
@click.option("--chart/--no-chart", default=True, help="Draw the operations of each part against its cycles.")
@click.option("--laws", is_flag=True, help="Instead: the SEER paper's laws against schedules of variants.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
def command(
    files: tuple[Path, ...],
    top: str,
    include_dirs: tuple[Path, ...],
    defines: tuple[str, ...],
    benches: tuple[Path, ...],
    params: dict[str, int],
    shapes: dict[str, tuple[int, ...]],
    target: str,
    clock: float | None,
    memory_ports: int | None,
    share: str | None,
    pipeline: str,
    limits: tuple[str, ...],
    ignore_pragmas: bool,
    parallel: bool,
    chart: bool,
    laws: bool,
    as_json: bool,
) -> int:
    """Schedule the function TOP of FILES without changing it.

    Prints its loops with initiation interval, depth, cycles as a formula and what bounds them, and each
    part's operations by cycle. With --tb also the cycles of the recorded calls. With --laws it unrolls, fuses
    and pipelines the loops and compares each variant's cycles by the paper's laws with those of its schedule.
    """
    loaded = wished(files, top, include_dirs, defines, params, shapes, ignore_pragmas)
    program = loaded.program
    for report in loaded.reports:
        click.echo(f"note: {report}", err=True)
    device = Target.load(target, clock, memory_ports)
    if laws:
        return _laws(law_table(program, device), as_json)
    program, pipelined = _chosen(program, loaded.wishes, pipeline, device)
    found = schedule(
        program,
        pipelined,
        device,
        _limits(limits),
        share=share or device.file.share,
        partitions=loaded.wishes.partitions,
        parallel=parallel,
    )
    total = _cycles(found, Source(files, include_dirs, defines, benches))
    explained = explain(found, device)
    if as_json:
        click.echo(json.dumps(_as_json(found, device, explained, total), indent=1, ensure_ascii=False))
        return 0
    console = Console(width=_WIDTH, highlight=False, markup=False)
    console.print(_table(found, device))
    for line in _summary(found, device, total):
        console.print(line, soft_wrap=True)
    for explanation in explained:
        _show(console, explanation, found)
    if chart:
        _show_charts(console, found)
    return 0


def _laws(found: LawTable, as_json: bool) -> int:
    if as_json:
        rows = [{"variant": v.name, "law": v.law, "schedule": v.scheduled} for v in found.variants]
        summary = {"mean_error": found.mean_error, "rank_correlation": found.correlation}
        click.echo(json.dumps({"schema": 1, "top": found.program, **summary, "variants": rows}, indent=1))
        return 0
    table = Table(box=None, pad_edge=False)
    table.add_column(found.program)
    for column in ("law", "schedule", "error"):
        table.add_column(column, justify="right")
    for variant in found.variants:
        table.add_row(variant.name, f"{variant.law:,}", f"{variant.scheduled:,}", f"{variant.error:+.1%}")
    console = Console(width=_WIDTH, highlight=False, markup=False)
    console.print(table)
    correlation = "none" if found.correlation is None else f"{found.correlation:.3f}"
    console.print(f"mean error {found.mean_error:.1%}; rank correlation (Spearman) {correlation}")
    return 0


def _chosen(
    program: Program, wishes: Wishes, pipeline: str, target: Target
) -> tuple[Program, frozenset[Loop]]:
    """The program to schedule, and the loops to pipeline in it."""
    match pipeline:
        case "none":
            return program, frozenset()
        case "auto":
            return program, wishes.auto_pipelined(program)
        case "nests":
            return program, drain_free(program, wishes.auto_pipelined(program))
        case "tool":
            if not target.file.pipeline_above:
                raise InputError(
                    f"target {target.name} has no tool that pipelines by itself",
                    hint="vitis_u55c has; in a file of your own, the key `loops.pipeline_above` says so",
                )
            changed, loops = pipelined_by_trip_count(program, target.file.pipeline_above)
            return changed, frozenset[Loop](loops)
        case _:
            return program, wishes.as_written(program)


def _limits(given: Sequence[str]) -> dict[str, int]:
    limits: dict[str, int] = {}
    for text in given:
        unit, _, number = text.partition("=")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise InputError(f"--limit {text!r} is not of the form UNIT=N", hint="for instance --limit mul=2")
        limits[unit] = int(number)
    return limits


def _cycles(found: Schedule, source: Source) -> tuple[int, int] | None:
    """Cycles and the number of calls that they are summed over; None where only data or arguments tell."""
    if source.benches:
        calls = calls_of(found.program, source, 0, 0)
        return sum(cycles(found, call) for call in calls), len(calls)
    fixed = all(part.trips.isdecimal() for part in parts(found) if part.trips)
    data = any(isinstance(part.node, (Branch, WhileLoop, PipelinedWhile)) for part in parts(found))
    return (cycles(found, {}), 1) if fixed and not data else None


def _interval(part: Part) -> tuple[int, int] | None:
    """Initiation interval and depth of a pipelined loop."""
    match part.node:
        case PipelinedLoop():
            return part.node.initiation_interval, part.node.region.length
        case PipelinedWhile():
            return part.node.initiation_interval, part.node.body.length
        case _:
            return None


def _table(found: Schedule, target: Target) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{found.program.name} on {target.name}, {target.clock_ns:g} ns")
    for column in ("at", "", "trips", "II", "depth", "cycles"):
        table.add_column(column, justify="right" if column in ("trips", "II", "depth") else "left")
    for part in parts(found):
        if isinstance(part.node, Region) and part.depth:
            continue  # its cycles stand in the formula of what is around it
        interval, depth = _interval(part) or ("", "")
        row = ("  " * part.depth + part.name, part.place, part.what, part.trips)
        table.add_row(*row, str(interval), str(depth), part.cycles)
    return table


def _summary(found: Schedule, target: Target, total: tuple[int, int] | None) -> list[str]:
    area = area_estimate(found, target)
    lines = [""]
    if total is None:
        lines.append("cycles: by the formulas above (N and the arguments are known when it runs)")
    else:
        calls = "" if total[1] == 1 else f" in {total[1]} calls"
        lines.append(f"cycles: {total[0]:,}{calls}")
    lines.append(f"area (estimated): {area.lut:,} LUT, {area.ff:,} FF, {area.dsp:,} DSP, {area.bram:,} BRAM")
    for array in banked_arrays(found):
        words = "/".join(str(count) for count in dict.fromkeys(array.words))
        text = f"{array.name}: {len(array.words)} banks ({array.cut}) of {words} words, {array.kind}"
        lines.append(f"{text}, {array.ports} port(s) each")
    for ring in ring_arrays(found):
        text = f"{ring.name}: {ring.words} words in turn for {ring.elements} elements, {ring.kind}"
        lines.append(text)
    return lines


def _show(console: Console, explanation: Explanation, found: Schedule) -> None:
    (part,) = [part for part in parts(found) if part.node is explanation.loop]
    place = f" ({part.place})" if part.place else ""
    console.print()
    interval = explanation.loop.initiation_interval
    console.print(f"{part.name}{place}: II {interval}, because {explanation.because}", soft_wrap=True)
    for line in explanation.path:
        console.print(f"    {line}", soft_wrap=True)
    console.print(f"    what would lift it: {explanation.lift}", soft_wrap=True)


def _show_charts(console: Console, found: Schedule) -> None:
    for part in parts(found):
        for title, region, interval in _regions(part):
            console.print()
            console.print(f"{title}:")
            for line in chart(region, found.program, interval):
                console.print(f"  {line}", soft_wrap=True)


def _regions(part: Part) -> list[tuple[str, Region, int | None]]:
    match part.node:
        case Region():
            return [(part.name, part.node, None)]
        case PipelinedLoop():
            return [(part.name, part.node.region, part.node.initiation_interval)]
        case PipelinedWhile():
            condition = (f"{part.name}, first condition", part.node.condition, None)
            return [condition, (part.name, part.node.body, part.node.initiation_interval)]
        case Branch():
            return [(f"{part.name}, condition", part.node.condition, None)]
        case WhileLoop():
            found: list[tuple[str, Region, int | None]] = []
            found.append((f"{part.name}, first condition", part.node.condition, None))
            if part.node.tail is not None:
                found.append((f"{part.name}, end and condition", part.node.tail, None))
            return found
        case _:
            return []


def _as_json(
    found: Schedule, target: Target, explained: Sequence[Explanation], total: tuple[int, int] | None
) -> dict[str, Any]:
    area = area_estimate(found, target)
    bounds = {id(explanation.loop): explanation for explanation in explained}
    loops: list[dict[str, Any]] = []
    for part in parts(found):
        interval, depth = _interval(part) or (None, None)
        why = bounds.get(id(part.node))
        loops.append(
            {
                "name": part.name,
                "location": part.place,
                "level": part.depth,
                "kind": part.what,
                "trip_count": int(part.trips) if part.trips.isdecimal() else part.trips or None,
                "ii": interval,
                "depth": depth,
                "cycles": part.cycles,
                "bound": None
                if why is None
                else {"kind": why.kind, "because": why.because, "path": list(why.path), "lift": why.lift},
            }
        )
    return {
        "schema": 1,
        "top": found.program.name,
        "target": target.name,
        "clock_ns": target.clock_ns,
        "share": found.share,
        "cycles": None if total is None else {"predicted": total[0], "calls": total[1]},
        "area": {"lut": area.lut, "ff": area.ff, "dsp": area.dsp, "bram": area.bram, "source": "model"},
        "banks": [
            {
                "array": array.name,
                "layout": array.cut,
                "words": list(array.words),
                "kind": array.kind,
                "ports": array.ports,
            }
            for array in banked_arrays(found)
        ],
        "rings": [
            {"array": ring.name, "elements": ring.elements, "words": ring.words, "kind": ring.kind}
            for ring in ring_arrays(found)
        ],
        "parts": loops,
    }
