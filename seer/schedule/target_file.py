"""The schema of a target file (TOML), and its reader. docs/schedule.md describes each key."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seer.errors import InputError
from seer.lang.operators import OPERATORS

__all__ = ["Point", "TargetFile", "UnitTable", "Weights", "read_target_file"]


@dataclass(frozen=True)
class Point:
    """What was measured of a unit at one width (bits); delays in ns, latency in cycles.

    `width` is that of the operands; a conversion has a `result` width, too (0 elsewhere).
    """

    width: int
    latency: int
    input_ns: float
    stage_ns: float
    output_ns: float
    lut: int
    ff: int
    dsp: int
    result: int = 0


@dataclass(frozen=True)
class UnitTable:
    """A kind of unit: the operators it computes and its measured points, narrow to wide.

    At most `limit` of them start an operation in one cycle (None: any number).
    Units for floats may have several points of one width, with different latencies.
    """

    name: str
    kinds: tuple[str, ...]
    points: tuple[Point, ...]
    max_width: int
    limit: int | None = None


@dataclass(frozen=True)
class Weights:
    """Weights of the one area figure."""

    lut: float
    ff: float
    dsp: float
    bram: float


@dataclass(frozen=True)
class TargetFile:
    """A target file as read; `digest` identifies its text."""

    name: str
    default_clock_ns: float
    uncertainty_ns: float
    routing_ns: float
    register_ns: float
    memory_read_ns: float
    memory_setup_ns: float
    lut_memory_setup_ns: float
    register_bits: int
    distributed_bits: int
    weights: Weights
    units: tuple[UnitTable, ...]
    digest: str


_NUMBER = (int, float)
_SCHEMA: dict[str, Any] = {
    "name": str,
    "clock": {"default_ns": _NUMBER, "uncertainty_ns": _NUMBER},
    "timing": {"routing_ns": _NUMBER, "register_ns": _NUMBER},
    "memory": {
        "read_ns": _NUMBER,
        "setup_ns": _NUMBER,
        "lut_setup_ns": _NUMBER,
        "register_bits": int,
        "distributed_bits": int,
    },
    "area_weights": {"lut": _NUMBER, "ff": _NUMBER, "dsp": _NUMBER, "bram": _NUMBER},
    "units": list,
}
_UNIT_SCHEMA: dict[str, Any] = {"name": str, "kinds": list, "points": list}
_UNIT_OPTIONAL: dict[str, Any] = {"max_width": int, "limit": int}
_COMBINATIONAL_POINT: dict[str, Any] = {"width": int, "ns": _NUMBER, "lut": int, "ff": int, "dsp": int}
_PIPELINED_POINT: dict[str, Any] = {
    "width": int,
    "latency": int,
    "input_ns": _NUMBER,
    "stage_ns": _NUMBER,
    "output_ns": _NUMBER,
    "lut": int,
    "ff": int,
    "dsp": int,
}


def read_target_file(text: str, source: str) -> TargetFile:
    """The target that a TOML text describes; `source` names it in errors.

    Raises InputError on bad TOML and on every key that is missing, unknown or of the wrong type.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"target file {source}: {error}") from None
    _check(data, _SCHEMA, {}, source)
    units = tuple(_unit(unit, f"{source}: units[{i}]") for i, unit in enumerate(data["units"]))
    return TargetFile(
        name=data["name"],
        default_clock_ns=float(data["clock"]["default_ns"]),
        uncertainty_ns=float(data["clock"]["uncertainty_ns"]),
        routing_ns=float(data["timing"]["routing_ns"]),
        register_ns=float(data["timing"]["register_ns"]),
        memory_read_ns=float(data["memory"]["read_ns"]),
        memory_setup_ns=float(data["memory"]["setup_ns"]),
        lut_memory_setup_ns=float(data["memory"]["lut_setup_ns"]),
        register_bits=data["memory"]["register_bits"],
        distributed_bits=data["memory"]["distributed_bits"],
        weights=Weights(**{key: float(value) for key, value in data["area_weights"].items()}),
        units=units,
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _unit(data: Any, where: str) -> UnitTable:
    _check(data, _UNIT_SCHEMA, _UNIT_OPTIONAL, where)
    for kind in data["kinds"]:
        if kind not in OPERATORS:
            raise InputError(f"target file {where}: {kind!r} is no operator")
    shapes = {(OPERATORS[kind].is_float, OPERATORS[kind].shape == "convert") for kind in data["kinds"]}
    if len(shapes) != 1:
        raise InputError(f"target file {where}: one unit computes on integers, on floats, or converts")
    converts = shapes == {(True, True)}
    points = tuple(_point(point, converts, f"{where}.points[{i}]") for i, point in enumerate(data["points"]))
    if not points or list(points) != sorted(points, key=lambda point: point.width):
        raise InputError(f"target file {where}: points must be given, in order of width")
    limit = data.get("limit")
    if limit == 0:
        raise InputError(f"target file {where}: a limit of 0 leaves no unit", hint="the least limit is 1")
    return UnitTable(data["name"], tuple(data["kinds"]), points, data.get("max_width", 128), limit)


def _point(data: Any, converts: bool, where: str) -> Point:
    result = {"result": int} if converts else {}
    if isinstance(data, Mapping) and "latency" in data:
        _check(data, _PIPELINED_POINT | result, {}, where)
        return Point(**data)
    _check(data, _COMBINATIONAL_POINT | result, {}, where)
    amounts = {key: data[key] for key in ("width", "lut", "ff", "dsp", *result)}
    return Point(latency=0, input_ns=data["ns"], stage_ns=0.0, output_ns=data["ns"], **amounts)


def _check(data: Any, required: dict[str, Any], optional: dict[str, Any], where: str) -> None:
    if not isinstance(data, Mapping):
        raise InputError(f"target file {where}: expected a table")
    for key in required:
        if key not in data:
            raise InputError(f"target file {where}: key {key!r} is missing")
    for key, value in data.items():
        expected = required.get(key, optional.get(key))
        if expected is None:
            known = ", ".join([*required, *optional])
            raise InputError(f"target file {where}: unknown key {key!r}", hint=f"known keys: {known}")
        if isinstance(expected, dict):
            _check(value, expected, {}, f"{where}: {key}")
        elif not isinstance(value, expected) or isinstance(value, bool):
            raise InputError(f"target file {where}: {key!r} has the wrong type ({type(value).__name__})")
        elif isinstance(value, (int, float)) and value < 0:
            raise InputError(f"target file {where}: {key!r} is negative")
