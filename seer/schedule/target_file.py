"""A target file (TOML) as read. docs/targets.md describes each key, `target_schema.py` checks them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seer.schedule.area import Area
from seer.schedule.control import ControlCosts
from seer.schedule.multiplexer import MultiplexerPoint, Multiplexers
from seer.schedule.target_check import parse_target_file

__all__ = ["MemoryData", "Point", "TargetFile", "UnitTable", "Weights", "read_target_file"]


@dataclass(frozen=True)
class Point:
    """What is known of a unit at one width (bits); delays in ns, latency in cycles.

    `width` is that of the operands; a conversion has a `result` width, too (0 elsewhere).
    Where `clock_ns` is given nothing else is known of delays: at that clock period and longer ones, up to
    that of the next such point of this width, an operation takes latency + 1 whole cycles.
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
    clock_ns: float | None = None


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
class MemoryData:
    """Memories of a device: ports, cycles from address to data, delays in ns, and what goes where.

    `lane_bits` are those of a block memory's word that one write enable is for, 0 where it has but one.
    """

    ports: int
    read_latency: int
    read_ns: float
    setup_ns: float
    lut_read_ns: float
    lut_setup_ns: float
    register_bits: int
    register_words: int
    distributed_bits: int
    distributed_words: int
    lut_words: int
    block_bits: int
    block_width: int
    lane_bits: int


@dataclass(frozen=True)
class TargetFile:
    """A target file as read; `digest` identifies its values.

    `family` names the settings with which Yosys measures designs for it, "" if there are none;
    `share` says which operators are shared where the user does not; `pipeline_above` is the threshold of
    `seer.schedule.policy`, 0 where the tool has no such policy. `capacity` is what the device
    has, 0 where that is not limited.
    """

    name: str
    description: str
    family: str
    share: str
    default_clock_ns: float
    uncertainty_ns: float
    uncertainty_share: float
    routing_ns: float
    register_ns: float
    lut_ns: float
    memory: MemoryData
    control: ControlCosts
    pipeline_above: int
    weights: Weights
    capacity: Area
    units: tuple[UnitTable, ...]
    multiplexers: Multiplexers | None
    digest: str


def read_target_file(text: str, source: str, known: Mapping[str, str]) -> TargetFile:
    """The target that a TOML text describes; `source` names it in errors, `known` are the texts of the
    targets that come with seer. Raises InputError."""
    data = parse_target_file(text, source, known)
    clock, timing = data["clock"], data["timing"]
    return TargetFile(
        name=data["name"],
        description=data["description"],
        family=data["family"],
        share=data["share"],
        default_clock_ns=clock["default_ns"],
        uncertainty_ns=clock["uncertainty_ns"],
        uncertainty_share=clock["uncertainty_share"],
        routing_ns=timing["routing_ns"],
        register_ns=timing["register_ns"],
        lut_ns=timing["lut_ns"],
        memory=MemoryData(**data["memory"]),
        control=ControlCosts(**data["control"]),
        pipeline_above=data["loops"]["pipeline_above"],
        weights=Weights(**data["area_weights"]),
        capacity=Area(**data["capacity"]),
        units=tuple(_unit(unit) for unit in data["units"]),
        multiplexers=_multiplexers(data["multiplexers"]),
        digest=hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16],
    )


def _multiplexers(data: Sequence[Mapping[str, Any]]) -> Multiplexers | None:
    return Multiplexers(tuple(MultiplexerPoint(**point) for point in data)) if data else None


def _unit(data: Mapping[str, Any]) -> UnitTable:
    points = tuple(_point(point) for point in data["points"])
    return UnitTable(data["name"], tuple(data["kinds"]), points, data["max_width"], data["limit"] or None)


def _point(data: Mapping[str, Any]) -> Point:
    same = {key: data[key] for key in ("width", "lut", "ff", "dsp")} | {"result": data.get("result", 0)}
    if "clock_ns" in data:
        return Point(
            latency=data["stages"] - 1,
            input_ns=0.0,
            stage_ns=0.0,
            output_ns=0.0,
            clock_ns=data["clock_ns"],
            **same,
        )
    if "latency" in data:
        delays = {key: data[key] for key in ("input_ns", "stage_ns", "output_ns")}
        return Point(latency=data["latency"], **delays, **same)
    return Point(latency=0, input_ns=data["ns"], stage_ns=0.0, output_ns=data["ns"], **same)
