"""A target file's units measured anew: each point's figures from synthesis of the unit that it stands for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from seer.backends.rtl.floating import FLOAT_KINDS
from seer.backends.rtl.library import unit
from seer.backends.rtl.measure import Measurement, measure
from seer.backends.rtl.operators import COMBINATIONAL, Signal, expression, vector
from seer.errors import BackendError, InputError
from seer.lang.operators import OPERATORS

__all__ = ["measured_target"]

_COSTLIEST = ("fle", "froundeven", "fneg")
"""Of the operators that a unit has, the one that needs most; of other units the first that they name."""

_POINT = re.compile(r"^(\s*)(\{.*\})(,?)(\s*#.*)?$")
_FAMILY = re.compile(r'^family\s*=\s*"([^"]*)"', re.MULTILINE)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Unit:
    """What is read of a unit's table before its points."""

    name: str
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The operator that is measured."""
        return next((kind for kind in _COSTLIEST if kind in self.kinds), self.kinds[0])


def measured_target(
    text: str,
    source: str,
    names: Collection[str] = (),
    family: str | None = None,
    progress: Progress = lambda _: None,
) -> str:
    """The target file `text` with the points of all units, or of those called `names`, measured anew; what
    else it says, comments included, stays as it is.

    Each point stands in a line of its own. `family` is the one that it names, unless another is given;
    `progress` is told of each point before it is measured. Raises InputError where the file cannot be read so
    or has no such unit, BackendError where Yosys is missing or a point has no unit that could be synthesised.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{source}: {error}") from error
    units = [_Unit(table["name"], tuple(table["kinds"])) for table in data.get("units", ())]
    unknown = sorted(set(names) - {found.name for found in units})
    if unknown:
        raise InputError(
            f"{source} has no unit {', '.join(unknown)}", hint=f"it has {', '.join(u.name for u in units)}"
        )
    found = _FAMILY.search(text)
    chosen = family or (found[1] if found else "")
    if not chosen:
        raise InputError(f"{source} names no device family", hint="choose one (--family xc7)")
    wire = float(data.get("timing", {}).get("unit_wire_ns", 0.0))
    lines: list[str] = []
    waiting = iter(units)
    current: _Unit | None = None
    for line in text.split("\n"):
        if line.strip() == "[[units]]":
            current = next(waiting, None)
        elif line.startswith("["):
            current = None
        point = _POINT.match(line)
        if current is not None and point and (not names or current.name in names):
            progress(f"{current.name}: {point[2]}")
            line = f"{point[1]}{_measured(current, point[2], chosen, wire)}{point[3]}{point[4] or ''}"
        lines.append(line)
    return "\n".join(lines)


def _measured(table: _Unit, point: str, family: str, wire: float) -> str:
    """The inline table of a point with its figures anew, its keys in their order; `wire` is that in front."""
    values: dict[str, Any] = tomllib.loads(f"point = {point}")["point"]
    if "clock_ns" in values:
        raise BackendError(f"unit {table.name} is given by clock: nothing of it is synthesised here")
    narrows = "fptrunc" in table.kinds and values.get("result", 0) < values["width"]
    name, verilog = _verilog("fptrunc" if narrows else table.kind, values)
    fresh = {**values, **_figures(measure(verilog, name, family), values, wire)}
    return "{ " + ", ".join(f"{key} = {value}" for key, value in fresh.items()) + " }"


def _figures(found: Measurement, values: Mapping[str, Any], wire: float) -> dict[str, float]:
    inputs = round(found.input_ns + wire, 3)
    times = {"ns": inputs}
    if "latency" in values:
        times = {"input_ns": inputs, "stage_ns": found.stage_ns, "output_ns": found.output_ns}
    return {**times, "lut": found.lut, "ff": found.ff, "dsp": found.dsp}


def _verilog(kind: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Name and text of a module that is the unit of a point."""
    width, latency = int(values["width"]), int(values.get("latency", 0))
    if kind in FLOAT_KINDS:
        return unit(kind, int(values.get("result", width)), latency, width)
    if latency:
        return unit(kind, width, latency)
    if kind not in COMBINATIONAL:
        raise BackendError(f"there is no unit of the rtl backend for {kind} without registers")
    shape = OPERATORS[kind].shape
    widths = {"a": width, "b": width} if shape != "select" else {"c": 1, "a": width, "b": width}
    result = 1 if shape == "compare" else width
    name = f"seer_{kind}_w{width}_l0"
    ports = "".join(f"input wire {vector(bits)}{port}, " for port, bits in widths.items())
    value = expression(kind, result, [Signal(port, bits) for port, bits in widths.items()])
    return (
        name,
        f"module {name} ({ports}output wire {vector(result)}y);\n    assign y = {value};\nendmodule\n",
    )
