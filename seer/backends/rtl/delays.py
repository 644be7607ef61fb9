"""Delays of a device family's cells, and a model of the wires between them: what `timing` adds up.

The numbers are data, one file a family in `delays/`:

| key | meaning |
|---|---|
| `cells.TYPE.arcs` | input pins, output pins and the delay between them |
| `cells.TYPE.clock_to`, `.set_up` | by pin: clock to output; what an input needs before the clock |
| `cells.TYPE.forms` | the same keys, for cells whose parameters have the values of `where` |
| `wires` | `drivers` and `sinks` by class, `doubling_ns` for each doubling of the fan-out |
| `classes` | cell types of each class; others are `logic` |
| `near` | wires outside of the routing fabric, driver pin to sink pin, and their delay |
| `leaving`, `entering` | what a pin of a chain costs besides, where the fabric is met instead |
| `ports` | the memory behind ports with the attributes `seer_memory_output` and `seer_memory_input` |

A pin is a port (`Z`), a bit of it (`O[3]`), or a port's name without its number (`A` for `A0` to `A17`). All
times are in ns.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["CellDelays", "DelayModel", "Pin", "delay_model"]


@dataclass(frozen=True)
class Pin:
    """An input or output bit of a cell, by what the tables may call it, the most precise name first."""

    cell: int
    type: str
    names: tuple[str, ...]

    def find(self, table: Mapping[str, float]) -> float | None:
        """What the table says of this pin."""
        return next((table[name] for name in self.names if name in table), None)


@dataclass(frozen=True)
class CellDelays:
    """The delays of a cell type with certain parameters."""

    arcs: tuple[tuple[frozenset[str], frozenset[str], float], ...]
    clock_to: Mapping[str, float]
    set_up: Mapping[str, float]
    _found: dict[tuple[tuple[str, ...], tuple[str, ...]], float | None] = field(default_factory=dict)

    def arc_ns(self, source: Pin, output: Pin) -> float | None:
        """The longest arc between two pins."""
        key = source.names, output.names
        if key not in self._found:
            found = [
                ns
                for inputs, outputs, ns in self.arcs
                if not inputs.isdisjoint(source.names) and not outputs.isdisjoint(output.names)
            ]
            self._found[key] = max(found, default=None)
        return self._found[key]


@dataclass
class DelayModel:
    """The delays of a family; see the module's table."""

    data: Mapping[str, Any]
    _classes: dict[str, str] = field(default_factory=dict)
    _cells: dict[tuple[str, tuple[str, ...]], CellDelays] = field(default_factory=dict)
    _wires: dict[Any, tuple[float | None, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._classes = {type_: name for name, types in self.data["classes"].items() for type_ in types}

    def knows(self, type_: str) -> bool:
        """Whether there are delays of this cell type."""
        return type_ in self.data["cells"]

    def cell(self, type_: str, parameters: Mapping[str, Any]) -> CellDelays:
        """The delays of a cell with these parameters."""
        table = self.data["cells"][type_]
        forms = table.get("forms", [])
        chosen = tuple(_value(parameters.get(name, "")) for form in forms for name in form["where"])
        if (type_, chosen) not in self._cells:
            arcs: list[tuple[str, str, float]] = []
            clock_to: dict[str, float] = {}
            set_up: dict[str, float] = {}
            for part in (table, *(form for form in forms if _holds(form["where"], parameters))):
                arcs += part.get("arcs", [])
                clock_to |= part.get("clock_to", {})
                set_up |= part.get("set_up", {})
            by_pins = tuple((frozenset(a.split()), frozenset(b.split()), ns) for a, b, ns in arcs)
            self._cells[type_, chosen] = CellDelays(by_pins, clock_to, set_up)
        return self._cells[type_, chosen]

    @property
    def memory_clock_to_ns(self) -> float:
        """Clock to data of the memories behind the design's ports."""
        return self.data["ports"]["clock_to_ns"]

    @property
    def memory_set_up_ns(self) -> float:
        """Set-up of those memories' inputs."""
        return self.data["ports"]["set_up_ns"]

    def wire_ns(self, driver: Pin | None, sink: Pin | None, fanout: int) -> float:
        """The delay of a wire; None is a memory behind the design's ports."""
        key = driver and (driver.type, driver.names), sink and (sink.type, sink.names)
        if key not in self._wires:
            near = driver and sink and self._near(driver, sink)
            self._wires[key] = (near, 0.0) if near is not None else (None, self._far(driver, sink))
        near, far = self._wires[key]
        return far + self.data["wires"]["doubling_ns"] * math.log2(max(1, fanout)) if near is None else near

    def _near(self, driver: Pin, sink: Pin) -> float | None:
        """The delay of a wire that does not go through the fabric."""
        for name in driver.names:
            table = self.data["near"].get(f"{driver.type}.{name}", {})
            for other in sink.names:
                if f"{sink.type}.{other}" in table:
                    return table[f"{sink.type}.{other}"]
        return None

    def _far(self, driver: Pin | None, sink: Pin | None) -> float:
        """That of a wire through the fabric, at fan-out 1."""
        wires, behind = self.data["wires"], self.data["ports"]["class"]
        start = wires["drivers"][behind if driver is None else self._classes.get(driver.type, "logic")]
        end = wires["sinks"][behind if sink is None else self._classes.get(sink.type, "logic")]
        leaving = 0.0 if driver is None else self._chain("leaving", driver)
        entering = 0.0 if sink is None else self._chain("entering", sink)
        return start + end + leaving + entering

    def _chain(self, key: str, pin: Pin) -> float:
        table = self.data.get(key, {})
        return next((table[f"{pin.type}.{n}"] for n in pin.names if f"{pin.type}.{n}" in table), 0.0)


@cache
def delay_model(family: str) -> DelayModel | None:
    """The delays of a family of `families.toml`; None where they are not known."""
    file = resources.files("seer.backends.rtl").joinpath("delays").joinpath(f"{family}.toml")
    return DelayModel(tomllib.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def _value(text: Any) -> str:
    """A parameter as the tables write it: numbers in decimal, text as it is."""
    text = str(text).strip()
    return str(int(text, 2)) if text and set(text) <= {"0", "1"} else text


def _holds(where: Mapping[str, Any], parameters: Mapping[str, Any]) -> bool:
    return all(_value(parameters.get(name, "")) in map(str, values) for name, values in where.items())
