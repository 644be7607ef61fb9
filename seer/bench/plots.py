"""Plots of a suite's results, as SVG: ratios of cycles by kernel, and the front of each kernel."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from seer.bench.suite import Suite

__all__ = ["Plot", "plots_of"]

_BAR, _LEFT, _WIDTH = 22, 130, 560
_SIDE, _MARGIN = 240, 46
_STYLE = 'font-family="system-ui, sans-serif" font-size="11"'
_COLOURS = {"to input": "#2b6cb0", "to auto-pipelined": "#90b4d8", "published, to input": "#c05621"}


@dataclass(frozen=True)
class Plot:
    """A drawing under a title; `wide` ones stand alone, the others side by side."""

    title: str
    svg: str
    wide: bool


def plots_of(suite: Suite, setting: Mapping[str, Any]) -> list[Plot]:
    """The ratios of all kernels of a setting in one drawing, and each front that has more than one point."""
    done = {name: kernel for name, kernel in setting["kernels"].items() if "failed" not in kernel}
    if not done:
        return []
    published = {kernel.name: kernel.published.get("cycles") for kernel in suite.kernels}
    rows = []
    for name, kernel in done.items():
        ratios = (
            kernel["ratios"]["to_input"]["cycles"],
            kernel["ratios"]["to_auto_pipelined"]["cycles"],
            published.get(name),
        )
        rows.append((name, ratios))
    title = setting["title"]
    plots = [Plot(f"{title}: cycles of the result, as ratios (shorter is better)", _bars(rows), wide=True)]
    for name, kernel in done.items():
        front = [(cycles, area) for cycles, area in kernel["front"] if cycles and area]
        if len(front) > 1:
            plots.append(Plot(f"{title}, {name}: cycles and area of the front", _scatter(front), wide=False))
    return plots


def _bars(rows: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    known = [ratio for _, ratios in rows for ratio in ratios if ratio]
    least = 10.0 ** math.floor(math.log10(min([*known, 0.5])))
    most = max([*known, 1.0])
    span = math.log(most / least)

    def across(ratio: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - 50) * math.log(max(ratio, least) / least) / span

    height = len(rows) * (_BAR * len(_COLOURS) // 2 + 12) + 50
    parts = []
    tick = least
    while tick <= most * 1.0001:
        x = across(tick)
        parts.append(f'<line x1="{x:.1f}" y1="24" x2="{x:.1f}" y2="{height - 22}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle">{tick:g}</text>')
        tick *= 10
    for number, (title, colour) in enumerate(_COLOURS.items()):
        x = _LEFT + 135 * number
        parts.append(f'<rect x="{x}" y="6" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 14}" y="15">{title}</text>')
    top = 28
    for name, ratios in rows:
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 19}" text-anchor="end">{escape(name)}</text>')
        for colour, ratio in zip(_COLOURS.values(), ratios, strict=True):
            if ratio:
                end = across(ratio)
                parts.append(
                    f'<rect x="{_LEFT}" y="{top}" width="{end - _LEFT:.1f}" height="9" fill="{colour}"/>'
                )
                parts.append(f'<text x="{end + 4:.1f}" y="{top + 9}">{ratio:.3g}</text>')
            top += _BAR // 2
        top += 12
    return _svg(_WIDTH, height, parts)


def _scatter(front: Sequence[tuple[float, float]]) -> str:
    """The front, both axes logarithmic: cycles to the right, area upwards."""
    xs, ys = _axis([c for c, _ in front]), _axis([a for _, a in front])
    inner = _SIDE - _MARGIN - 14

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            _MARGIN + inner * _share(point[0], xs),
            14 + inner * (1 - _share(point[1], ys)),
        )

    bottom = _SIDE - _MARGIN
    parts = [
        f'<path d="M{_MARGIN},14 V{bottom} H{_SIDE - 14}" fill="none" stroke="#888"/>',
        f'<text x="{_MARGIN}" y="{bottom + 16}">{xs[0]:,.0f}</text>',
        f'<text x="{_SIDE - 14}" y="{bottom + 16}" text-anchor="end">{xs[1]:,.0f} cycles</text>',
        f'<text x="{_MARGIN - 4}" y="{bottom}" text-anchor="end">{ys[0]:,.0f}</text>',
        f'<text x="{_MARGIN - 4}" y="20" text-anchor="end">{ys[1]:,.0f}</text>',
    ]
    parts += _steps([place(point) for point in sorted(front)])
    return _svg(_SIDE, _SIDE, parts)


def _steps(places: Sequence[tuple[float, float]]) -> Iterator[str]:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{line}" fill="none" stroke="#90b4d8"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#2b6cb0"/>'


def _axis(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _share(value: float, axis: tuple[float, float]) -> float:
    """Where a value stands between the ends of a logarithmic axis, from 0 to 1."""
    low, high = axis
    return math.log(value / low) / math.log(high / low) if high > low else 0.5


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" {_STYLE}>{body}</svg>'
    )
