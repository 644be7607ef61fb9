"""The tables of a suite's results, and their forms: Markdown and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, select_autoescape

from seer.bench.plots import Plot
from seer.bench.results import geometric_mean, to_published
from seer.bench.suite import DESIGN_FIGURES, Suite
from seer.driver.result import DESIGNS, PROOF_KINDS

__all__ = ["Table", "front_table", "markdown", "page", "tables_of"]

_TITLES = {"input": "input", "auto_pipelined": "auto", "seer": "seer"}
_RATIOS = {"to_input": "/ input", "to_auto_pipelined": "/ auto"}
_OF = {"to_input": "of the input", "to_auto_pipelined": "of the auto-pipelined input"}
_NONE = "–"
_NARROW = frozenset(
    {
        "kernel",
        *(f"cycles {title}" for title in _TITLES.values()),
        *(f"{figure} {base}" for figure in ("cycles", "area") for base in _RATIOS.values()),
        "hot loop",
        *("LUT", "FF", "DSP", "BRAM", "clock ns seer", "µs seer"),
    }
)

_Seconds = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Seconds by setting, kernel and stage."""

_Goals = Mapping[str, Mapping[str, float]]
"""What is wanted of a setting's kernels, see `seer.bench.suite.Setting`."""


@dataclass
class Table:
    """A table of texts. The columns `texts` are words, the others numbers; `narrow` are those for a terminal;
    `last` are rows that sum up those above; `notes` stand below. A row's first cell leads to the folder of
    that name in `folder`."""

    title: str
    folder: str
    columns: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)
    last: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    texts: frozenset[str] = frozenset({"kernel"})
    narrow: frozenset[str] = frozenset()

    def is_text(self, column: str) -> bool:
        return column in self.texts


def tables_of(suite: Suite, results: Mapping[str, Any], seconds: _Seconds) -> list[Table]:
    """For each setting a table of the hardware and one of the search."""
    found: list[Table] = []
    for name, setting in results["settings"].items():
        options = " ".join(f"--{key} {value}" for key, value in setting["options"].items())
        title = f"{setting['title']}" + (f" ({options})" if options else "")
        goals = next((one.goals for one in suite.settings if one.name == name), {})
        found.append(_hardware(suite, title, name, setting, goals))
        found.append(_search(f"{setting['title']}: the search", name, setting, seconds.get(name, {})))
    return found


def _hardware(suite: Suite, title: str, folder: str, setting: Mapping[str, Any], goals: _Goals) -> Table:
    published = {k.name: k.published for k in suite.kernels if k.published}
    shown = [figure for figure in DESIGN_FIGURES if any(figure in ratios for ratios in published.values())]
    columns = ["kernel", *(f"cycles {_TITLES[name]}" for name in DESIGNS)]
    columns += [f"cycles {_RATIOS[base]}" for base in _RATIOS]
    columns += ["hot loop", *(f"area {_TITLES[name]}" for name in DESIGNS)]
    columns += [f"area {_RATIOS[base]}" for base in _RATIOS]
    columns += ["LUT", "FF", "DSP", "BRAM", "clock ns input", "clock ns seer"]
    columns += [*(f"µs {_TITLES[name]}" for name in DESIGNS), *(f"µs {_RATIOS[base]}" for base in _RATIOS)]
    columns += [f"published {figure} / input" for figure in shown]
    columns += [f"{figure} / published" for figure in shown]
    table = Table(title, folder, tuple(columns), texts=frozenset({"kernel", "hot loop"}), narrow=_NARROW)
    for name, kernel in setting["kernels"].items():
        if "failed" in kernel:
            table.rows.append([name, *[_NONE] * (len(columns) - 1)])
            table.notes.append(f"{name} failed: {kernel['failed']['message']}")
            continue
        designs, ratios = kernel["designs"], kernel["ratios"]
        best = designs["seer"]
        row = [name, *(f"{designs[d]['cycles']:,}" for d in DESIGNS)]
        row += [_ratio(ratios[base]["cycles"]) for base in _RATIOS]
        row += [_loop(best["hot_loop"]), *(f"{designs[d]['area']:,.0f}" for d in DESIGNS)]
        row += [_ratio(ratios[base]["area"]) for base in _RATIOS]
        row += [f"{best[kind]:,}" for kind in ("lut", "ff", "dsp", "bram")]
        row += [_decimals(designs[d]["clock_ns"]) for d in ("input", "seer")]
        row += [_microseconds(designs[d]["time_us"]) for d in DESIGNS]
        row += [_ratio(ratios[base]["time_us"]) for base in _RATIOS]
        row += [_ratio(published.get(name, {}).get(figure)) for figure in shown]
        row += [_ratio(to_published(ratios, published.get(name, {}), figure)) for figure in shown]
        table.rows.append(row)
        table.notes += [f"{name}: {note}" for note in _remarks(kernel)]
        table.notes += _missed(name, kernel, goals.get(name, {}))
    means = setting["geometric_means"]
    cells = {
        f"{unit} {_RATIOS[base]}": _ratio(means[base][figure])
        for unit, figure in (("cycles", "cycles"), ("area", "area"), ("µs", "time_us"))
        for base in _RATIOS
    }
    for figure in shown:
        compared = [
            to_published(kernel["ratios"], published.get(name, {}), figure)
            for name, kernel in setting["kernels"].items()
            if "failed" not in kernel
        ]
        cells[f"{figure} / published"] = _ratio(geometric_mean(compared))
    table.last.append(["geometric mean", *(cells.get(column, "") for column in columns[1:])])
    return table


def _search(
    title: str, folder: str, setting: Mapping[str, Any], seconds: Mapping[str, Mapping[str, float]]
) -> Table:
    kinds = tuple("tested" if kind == "executed" else kind for kind in PROOF_KINDS)
    columns = ("kernel", "exploration s", "in all s", "e-nodes", "rules", "steps", *kinds)
    words = ("rules applied", "limits hit")
    narrow = frozenset({*columns, "limits hit"})
    table = Table(title, folder, (*columns, *words), texts=frozenset({"kernel", *words}), narrow=narrow)
    for name, kernel in setting["kernels"].items():
        if "failed" in kernel:
            continue
        stages, proof, graph = seconds.get(name, {}), kernel["proof"], kernel["egraph"]
        row = [name, _tenths(stages.get("exploration")), _tenths(stages.get("total"))]
        row += [f"{graph['nodes']:,}", str(len(kernel["rules"])), str(proof["steps"])]
        row += [str(proof[kind]) for kind in PROOF_KINDS]
        applied = [rule if times == 1 else f"{rule} ×{times}" for rule, times in kernel["rules"].items()]
        row += [", ".join(applied) or _NONE, ", ".join(graph["limits_hit"]) or _NONE]
        table.rows.append(row)
    known = [one for name, one in seconds.items() if name in setting["kernels"]]
    sums = [_tenths(sum(one.get(stage, 0.0) for one in known)) for stage in ("exploration", "total")]
    table.last.append(["together", *sums, *[""] * (len(table.columns) - 3)])
    return table


def _missed(name: str, kernel: Mapping[str, Any], goals: Mapping[str, float]) -> list[str]:
    """A line for each goal that a result does not reach: by how much, what bounds it, what would lift it."""
    notes: list[str] = []
    best, ratios = kernel["designs"]["seer"], kernel["ratios"]
    for goal, wanted in goals.items():
        base = goal if goal in _RATIOS else None
        found = best["cycles"] if base is None else ratios[base]["cycles"]
        if found is None or found <= wanted:
            continue
        if base is None:
            text = f"{name}: {found:,} cycles, {wanted:,.0f} are wanted"
        else:
            text = f"{name}: {found:.3f} of the cycles {_OF[base]}, {wanted:g} is wanted"
        hot = best["hot_loop"]
        if hot is not None and "because" in hot:
            text += f"; {hot['name']} takes {hot['share']:.0%} of them: {hot['because']}"
            text += f"; what would lift it: {hot['lift']}"
        elif hot is not None:
            text += f"; {_loop(hot)}"
        notes.append(text)
    return notes


def front_table(results: Mapping[str, Any], setting: str, goals: _Goals | None = None) -> str:
    """The figures of one setting in Markdown, few enough for a front page, and below them which `goals` are
    missed and why."""
    found = results["settings"][setting]
    columns = ("kernel", "input", "auto-pipelined", "seer", "× input", "× auto-pipelined", "area / input")
    lines = [_line(columns), _line(["---", *["---:"] * (len(columns) - 1)])]
    for name, kernel in found["kernels"].items():
        ratios = kernel["ratios"]
        row = [name, *(f"{kernel['designs'][d]['cycles']:,}" for d in DESIGNS)]
        row += [_times(ratios[base]["cycles"]) for base in _RATIOS]
        lines.append(_line([*row, f"{ratios['to_input']['area']:.2f}"]))
    means = found["geometric_means"]
    speedups = [_times(means[base]["cycles"]) for base in _RATIOS]
    lines.append(_line(["geometric mean", "", "", "", *speedups, f"{means['to_input']['area']:.2f}"]))
    missed = [
        note
        for name, kernel in found["kernels"].items()
        for note in _missed(name, kernel, (goals or {}).get(name, {}))
    ]
    lines += ["", *(f"- {note}" for note in missed)] if missed else []
    return "\n".join(lines) + "\n"


def _times(ratio: float) -> str:
    return f"{1 / ratio:.2f}"


def _remarks(kernel: Mapping[str, Any]) -> list[str]:
    """What a reader must know before believing a row."""
    remarks = []
    if not all(design["simulated"] for design in kernel["designs"].values()):
        remarks.append("cycles are predicted, not simulated")
    if any(design["area_source"] != "yosys" for design in kernel["designs"].values()):
        remarks.append("area is estimated, not synthesised")
    if kernel["proof"]["assumed"]:
        remarks.append(f"{kernel['proof']['assumed']} steps are assumed")
    if not kernel["reproducible"]:
        remarks.append("a limit of seconds or memory was met: another run may differ")
    return remarks


def _loop(hot: Mapping[str, Any] | None) -> str:
    if hot is None:
        return _NONE
    if hot["ii"] is None:
        return f"{hot['name']}: not pipelined"
    return f"{hot['name']}: II {hot['ii']}, {hot['ii_bound_by']}"


def _ratio(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _decimals(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}"


def _microseconds(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.1f}"


def _tenths(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}"


def markdown(suite: Suite, tables: Sequence[Table]) -> str:
    """The tables as Markdown."""
    lines = [f"# {suite.title}", ""]
    for table in tables:
        lines += [f"## {table.title}", "", _line(table.columns)]
        lines.append(_line(["---" if table.is_text(column) else "---:" for column in table.columns]))
        lines += [_line(row) for row in (*table.rows, *table.last)]
        lines += ["", *(f"- {note}" for note in table.notes), *([""] if table.notes else [])]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def page(suite: Suite, version: str, tables: Sequence[Table], plots: Sequence[Plot] = ()) -> str:
    """The tables and plots as a page of HTML that needs nothing else."""
    text = resources.files("seer.bench").joinpath("templates/results.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=select_autoescape(default_for_string=True),
    )
    return environment.from_string(text).render(suite=suite, version=version, tables=tables, plots=plots)
