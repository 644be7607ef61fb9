"""The table that ends `seer opt`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from seer.driver.result import Design, Result
from seer.schedule.target import Target

__all__ = ["show"]

_TITLES = {"input": "input", "auto_pipelined": "auto-pipelined", "seer": "seer"}


def show(result: Result, target: Target, folder: Path, as_json: bool) -> None:
    """Print the three designs, the ratios, what was proved, and the files written."""
    if as_json:
        click.echo(json.dumps(result.to_json(), indent=1))
        return
    table = Table(
        box=None, title=f"{result.top} on {result.target} at {result.clock_ns} ns", title_justify="left"
    )
    table.add_column("design")
    for column in ("cycles", "II", "LUT", "FF", "DSP", "BRAM", "clock ns"):
        table.add_column(column, justify="right")
    table.add_column("")
    for name, title in _TITLES.items():
        design = result.designs[name]
        table.add_row(title, *_cells(design), _source(design))
    console = Console(width=max(100, Console().width), highlight=False)
    console.print(table)
    for line in _summary(result, target):
        console.print(line)
    for name in result.files:
        console.print(f"  {folder / name}")


def _cells(design: Design) -> list[str]:
    cycles = design.predicted_cycles if design.simulated_cycles is None else design.simulated_cycles
    intervals = sorted({report["ii"] for report in design.to_json()["loops"] if report["ii"] is not None})
    area = design.area
    return [
        f"{cycles:,}",
        "/".join(map(str, intervals)) or "-",
        *(f"{figure:,}" for figure in (area.lut, area.ff, area.dsp, area.bram)),
        "-" if design.min_clock_ns is None else f"{design.min_clock_ns:.2f}",
    ]


def _source(design: Design) -> str:
    cycles = "predicted" if design.simulated_cycles is None else "simulated"
    return f"({cycles}, area {'synthesised' if design.area_source == 'yosys' else 'estimated'})"


def _summary(result: Result, target: Target) -> list[str]:
    source, auto, best = (result.designs[name] for name in _TITLES)
    base = source.area.weighted(target)
    area = f"{best.area.weighted(target) / base:.2f}×" if base else "n/a"
    proof = result.proof
    tested = proof["executed"]
    lines = [
        f"{_cycles(source) / _cycles(best):.2f}× fewer cycles than input, "
        f"{_cycles(auto) / _cycles(best):.2f}× fewer than auto-pipelined, area {area} of input; "
        f"{proof['steps'] - tested} steps proved, {tested} tested",
        f"equivalence: {result.cpp_vectors} vectors through the C++, {result.rtl_vectors} through each RTL, "
        f"{result.mismatches} mismatches",
    ]
    if result.egraph["limits_hit"]:
        lines.append(f"limits hit: {', '.join(result.egraph['limits_hit'])}")
    if result.interrupted:
        lines.append("interrupted: this is the best design found so far")
    return [*lines, "written:"]


def _cycles(design: Design) -> int:
    return design.predicted_cycles if design.simulated_cycles is None else design.simulated_cycles
