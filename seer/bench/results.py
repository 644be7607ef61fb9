"""results.json of a suite: figures, ratios and means, and how they are compared with those recorded.

The file holds nothing that differs between two runs of the same sources and options.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seer.bench.suite import DESIGN_FIGURES, Suite
from seer.driver.result import DESIGNS
from seer.errors import InputError

__all__ = [
    "BASELINES",
    "SCHEMA",
    "Worse",
    "assembled",
    "compared",
    "geometric_mean",
    "merged",
    "read_results",
    "to_published",
]

SCHEMA = 1
BASELINES = ("input", "auto_pipelined")
RATIOS = ("cycles", "area", "time_us")


@dataclass(frozen=True)
class Worse:
    """A figure that got worse than the suite tolerates, or a kernel that no longer ends with a result."""

    kernel: str
    figure: str
    recorded: float | str
    found: float | str
    tolerance: float = 0.0

    def __str__(self) -> str:
        if isinstance(self.recorded, str) or isinstance(self.found, str):
            return f"{self.kernel}: {self.figure}: {_shown(self.recorded)} recorded, now {_shown(self.found)}"
        growth = f"{self.found / self.recorded - 1:+.1%}" if self.recorded else "from nothing"
        return (
            f"{self.kernel}: {self.figure}: {_shown(self.recorded)} recorded, now {_shown(self.found)} "
            f"({growth}, tolerated {self.tolerance:.1%})"
        )


def assembled(
    suite: Suite, version: str, runs: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    """results.json of the figures of each kernel, by setting and kernel."""
    return {
        "schema": SCHEMA,
        "suite": suite.name,
        "title": suite.title,
        "seer": version,
        "settings": {
            setting.name: {
                "title": setting.title,
                "options": {**suite.options, **setting.options},
                "kernels": {name: _with_ratios(found) for name, found in runs[setting.name].items()},
                "geometric_means": _means(runs[setting.name].values()),
            }
            for setting in suite.settings
            if setting.name in runs
        },
    }


def merged(
    suite: Suite, recorded: Mapping[str, Any] | None, runs: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The figures of `runs` over those recorded, without kernels that failed and those that the suite no
    longer has."""
    old = recorded["settings"] if recorded else {}
    result: dict[str, dict[str, Mapping[str, Any]]] = {}
    for setting in suite.settings:
        before = old.get(setting.name, {}).get("kernels", {})
        now = runs.get(setting.name, {})
        for kernel in suite.kernels_of(setting):
            found = now.get(kernel.name, {"failed": None})
            if "failed" in found:
                found = before.get(kernel.name)
            if found is not None:
                plain = {key: value for key, value in found.items() if key != "ratios"}
                result.setdefault(setting.name, {})[kernel.name] = plain
    return result


def read_results(path: Path) -> dict[str, Any]:
    """A results.json. Raises InputError where there is none of this schema."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"the recorded results {path} cannot be read: {error}", hint="record them with --update"
        ) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InputError(f"{path} is not of schema {SCHEMA}", hint="record the results anew with --update")
    return data


def compared(suite: Suite, recorded: Mapping[str, Any], found: Mapping[str, Any]) -> list[Worse]:
    """What of `found` is worse than recorded; only kernels that ran are looked at."""
    worse: list[Worse] = []
    for setting, now in found["settings"].items():
        before = recorded["settings"].get(setting, {}).get("kernels", {})
        for name, kernel in now["kernels"].items():
            if name in before:
                worse += _worse(f"{setting}/{name}", suite.tolerance, before[name], kernel)
    return worse


def _worse(
    name: str, tolerance: Mapping[str, float], before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterable[Worse]:
    if "failed" in now:
        yield Worse(name, "result", "a result", f"failed: {now['failed']['message']}")
        return
    for design in DESIGNS:
        for figure in DESIGN_FIGURES:
            old, new = before["designs"][design][figure], now["designs"][design][figure]
            if new > old * (1 + tolerance[figure]):
                yield Worse(name, f"{figure} of {design}", old, new, tolerance[figure])


def _with_ratios(kernel: Mapping[str, Any]) -> dict[str, Any]:
    if "failed" in kernel:
        return dict(kernel)
    ratios = {
        f"to_{base}": {figure: _rounded(_ratio(kernel, base, figure)) for figure in RATIOS}
        for base in BASELINES
    }
    return {**kernel, "ratios": ratios}


def _ratio(kernel: Mapping[str, Any], base: str, figure: str) -> float | None:
    """Of the result to a baseline; None where one of the two is not known or nothing."""
    mine, other = kernel["designs"]["seer"][figure], kernel["designs"][base][figure]
    return mine / other if mine and other else None


def _means(kernels: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Geometric means of the ratios, over the kernels that have them, and how many kernels that are."""
    whole = [kernel for kernel in kernels if "failed" not in kernel]
    means: dict[str, Any] = {"kernels": len(whole)}
    for base in BASELINES:
        means[f"to_{base}"] = {
            figure: _rounded(geometric_mean([_ratio(kernel, base, figure) for kernel in whole]))
            for figure in RATIOS
        }
    return means


def to_published(ratios: Mapping[str, Any], published: Mapping[str, float], figure: str) -> float | None:
    """How a kernel's figure, as a ratio to its input, stands to the published one; None where none is."""
    mine, theirs = ratios["to_input"].get(figure), published.get(figure)
    return mine / theirs if mine and theirs else None


def geometric_mean(ratios: Sequence[float | None]) -> float | None:
    """Of the ratios that are known; None where none is."""
    known = [ratio for ratio in ratios if ratio is not None]
    return math.exp(math.fsum(map(math.log, known)) / len(known)) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.0f}" if value >= 100 else f"{value:g}"
