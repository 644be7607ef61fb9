"""What `seer opt` prints at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from seer.driver.result import Design, Result, loop_reports
from seer.driver.tally import RuleCount
from seer.egraph.derivation import Step
from seer.lang.terms import Expr, Statement
from seer.report.spelling import spell
from seer.schedule.target import Target
from seer.verify.places import at

__all__ = ["show_json", "show_table", "show_trace"]

_TITLES = {"input": "input", "auto_pipelined": "auto-pipelined", "seer": "seer"}
_WIDTH = 110
_REASONS = 4
"""Reasons, and places, that the trace names for each rule."""


def show_json(result: Result) -> None:
    """Print what result.json holds."""
    click.echo(json.dumps(result.to_json(), indent=1))


def show_table(result: Result, target: Target, folder: Path) -> None:
    """Print the three designs, the ratios, what was proved, the front, and the files written."""
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{result.top} on {result.target}, {result.clock_ns:g} ns")
    placed = ("placed ns",) if result.designs["seer"].placement else ()
    for column in ("cycles", "II", "LUT", "FF", "DSP", "BRAM", "clock ns", *placed):
        table.add_column(column, justify="right")
    table.add_column("")
    for name, title in _TITLES.items():
        design = result.designs[name]
        table.add_row(title, *_cells(design), _source(design))
    console = Console(width=_WIDTH, highlight=False)
    console.print(table)
    console.print()
    for line in _summary(result, target):
        console.print(line, soft_wrap=True)
    if result.front:
        console.print()
        console.print(_front(result, target))
        console.print()
    console.print("written:")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        console.print(f"  {path}", soft_wrap=True)


def show_trace(result: Result) -> None:
    """Print what came of each rule, and the derivation step by step: the rule, its proof, and the fragment
    before and after."""
    console = Console(width=_WIDTH, highlight=False, markup=False)
    if result.rules:
        console.print(_rules(result.rules))
        console.print()
    for number, step in enumerate(result.steps, 1):
        direction = "" if step.forward else " (read from right to left)"
        console.print(f"step {number}: {step.rule}{direction}, {step.proof.kind}: {_about(step)}")
        console.print(f"    - {_fragment(step.before, step)}", soft_wrap=True)
        console.print(f"    + {_fragment(step.after, step)}", soft_wrap=True)


def _rules(counts: Sequence[RuleCount]) -> Table:
    """A line for each rule, and one for each of the most frequent reasons for refusals."""
    table = Table(box=None, pad_edge=False)
    table.add_column("rule")
    for column in ("matched", "offered", "refused", "united"):
        table.add_column(column, justify="right")
    table.add_column("where, or why not")
    for count in counts:
        refused = sum(times for _, times in count.refused)
        numbers = (count.matched, count.offered, refused, count.united)
        table.add_row(count.rule, *(f"{n:,}" for n in numbers), _several(count.places, "; "))
        for reason, times in count.refused[:_REASONS]:
            table.add_row("", "", "", f"{times:,}", "", f"refused: {reason}")
        others = count.refused[_REASONS:]
        if others:
            rest = sum(times for _, times in others)
            table.add_row("", "", "", f"{rest:,}", "", f"refused for {len(others)} other reasons")
    return table


def _several(places: Sequence[tuple[str, int]], separator: str) -> str:
    shown = [place if times == 1 else f"{place} ({times:,})" for place, times in places[:_REASONS]]
    return separator.join([*shown, *(["…"] if len(places) > _REASONS else [])])


def _about(step: Step) -> str:
    text = step.proof.obligation
    return text if len(text) <= 200 else f"{text[:200]}…"


def _fragment(term: object, step: Step) -> str:
    part = at(term, step.path)
    return spell(part) if isinstance(part, (Expr, Statement, tuple)) else str(part)


def _cells(design: Design) -> list[str]:
    intervals = {report.ii: None for report in loop_reports(design.schedule) if report.ii is not None}
    area = design.area
    return [
        f"{design.cycles:,}",
        "/".join(map(str, intervals)) or "-",
        *(f"{figure:,}" for figure in (area.lut, area.ff, area.dsp, area.bram)),
        "-" if design.min_clock_ns is None else f"{design.min_clock_ns:.2f}",
        *([] if design.placement is None else [f"{design.placement.clock_ns:.2f}"]),
    ]


def _source(design: Design) -> str:
    cycles = "predicted" if design.simulated_cycles is None else "simulated"
    return f"({cycles}; area {'synthesised' if design.area_source == 'yosys' else 'estimated'})"


def _summary(result: Result, target: Target) -> list[str]:
    source, auto, best = (result.designs[name] for name in _TITLES)
    base = source.area.weighted(target)
    area = f"{best.area.weighted(target) / base:.2f}×" if base else "n/a"
    tested, assumed = result.proof["executed"], result.proof["assumed"]
    counted = f"{tested} tested" + (f", {assumed} assumed (--fp-reassociate)" if assumed else "")
    same = "equal to the source up to rounding" if assumed else "equal to the source"
    calls = result.rtl_vectors or "none"
    lines = [
        f"{_ratio(source.cycles, best.cycles)} than the input, {_ratio(auto.cycles, best.cycles)} than "
        f"auto-pipelined; area {area} of the input",
        f"{result.proof['steps'] - tested - assumed} steps proved, {counted}; {same} on "
        f"{result.cpp_vectors} calls through the C++ and {calls} through the RTL",
    ]
    if result.egraph["limits_hit"]:
        lines.append(f"limits hit: {', '.join(result.egraph['limits_hit'])}")
    if result.interrupted:
        lines.append("interrupted: this is the best design found so far")
    return [*lines, *_choice(result)]


def _ratio(cycles: int, best: int) -> str:
    """How the best compares: `slower` where the objective or a budget wanted less area."""
    return f"{cycles / best:.2f}× faster" if best <= cycles else f"{best / cycles:.2f}× slower"


def _choice(result: Result) -> Iterator[str]:
    """What the budgets did."""
    choice = result.choice
    for breach in choice.rejected:
        yield (
            f"the design of {breach.cycles:,} cycles does not keep {breach.option}: synthesised it takes "
            f"{breach.taken:,.6g} of {breach.allowed:,.6g}; the next one that does was taken"
        )
    if not choice.budgets:
        return
    budgets = ", ".join(choice.budgets)
    if not choice.kept:
        yield f"not kept by anything found so far: {budgets}"
    else:
        yield f"kept, by {'synthesis' if choice.source == 'yosys' else 'the estimate only'}: {budgets}"


def _front(result: Result, target: Target) -> Table:
    """The points of the front, and which of them was chosen."""
    table = Table(box=None, pad_edge=False)
    table.add_column("the front, area estimated")
    for column in ("cycles", "II", "LUT", "FF", "DSP", "BRAM", "weighted"):
        table.add_column(column, justify="right")
    for position, design in enumerate(result.front):
        chosen = "seer" if position == result.choice.front else ""
        table.add_row(chosen, *_cells(design)[:-1], f"{design.area.weighted(target):,.0f}")
    return table
