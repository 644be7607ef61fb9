"""What may stand in a target file: each key with its kind, its meaning and its default. docs/targets.md lists
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "MULTIPLEXER", "SCHEMA", "UNIT", "Key", "Table", "point_schema"]


@dataclass(frozen=True)
class Key:
    """A value: `kind` is number, count (a whole number), signed (one that may be negative), text or list.

    `default` None means that the key must be given.
    """

    kind: str
    meaning: str
    default: Any = None
    least: float = 0
    choices: tuple[Any, ...] = ()


Table = Mapping[str, "Key | Table"]
"""Keys, and tables of them, by name."""

_NO_CYCLES = 0
SCHEMA: Table = {
    "base": Key("text", "a target of seer's whose values hold where the file gives none", ""),
    "name": Key("text", "the target's name"),
    "description": Key("text", "one line about the device", ""),
    "family": Key("text", "the settings of Yosys that measure designs for it", ""),
    "share": Key(
        "text", "which operators are shared if the user does not say", "all", choices=("all", "loop", "none")
    ),
    "clock": {
        "default_ns": Key("number", "clock period in ns where the user gives none"),
        "uncertainty_ns": Key("number", "part of the period in ns that no path may use"),
        "uncertainty_share": Key("number", "the same as a share of the period, added to it", 0.0),
    },
    "timing": {
        "routing_ns": Key("number", "wiring in front of each operation and memory port, in ns"),
        "unit_wire_ns": Key(
            "number", "wiring in front of a unit that routing_ns leaves out: measured units contain it", 0.0
        ),
        "register_ns": Key("number", "clock-to-out of a register, in ns"),
        "lut_ns": Key("number", "delay of one look-up table, in ns: the least of a narrow operation"),
    },
    "memory": {
        "ports": Key("count", "ports of a memory, 1 or 2, where the user asks for no other", 2, 1, (1, 2)),
        "read_latency": Key("count", "cycles from an address to its data, 1 or 2", 1, 1, (1, 2)),
        "read_ns": Key("number", "clock to data of a block memory's output, in ns"),
        "setup_ns": Key("number", "set-up of a block memory's inputs, in ns"),
        "lut_read_ns": Key("number", "clock to data of a memory in LUTs or registers, in ns"),
        "lut_setup_ns": Key("number", "address to output register of such a memory, in ns"),
        "register_bits": Key("count", "local arrays of at most so many bits stand in registers"),
        "register_words": Key("count", "and so do those of at most so many elements", 0),
        "distributed_bits": Key("count", "local arrays of at most so many bits stand in LUT RAM"),
        "distributed_words": Key(
            "count", "and so do those of at most so many elements where it takes hardly more area", 0
        ),
        "lut_words": Key("count", "words of one bit that one look-up table holds", None, 1),
        "block_bits": Key("count", "bits of one block memory", None, 1),
        "block_width": Key("count", "bits of its widest word", None, 1),
        "lane_bits": Key("count", "bits of a word that are written alone; 0: only whole words", 0),
    },
    "control": {
        "call": Key("signed", "cycles added to each call", _NO_CYCLES),
        "pipelined_loop": Key("signed", "cycles added each time a pipelined loop is entered", _NO_CYCLES),
        "sequential_loop": Key("signed", "cycles added each time any other loop is entered", _NO_CYCLES),
        "sequential_iteration": Key("signed", "cycles added to each of its iterations", _NO_CYCLES),
        "branch": Key("signed", "cycles added to each branch that holds loops", _NO_CYCLES),
        "bounds": Key("signed", "cycles to evaluate bounds that are not constants", 1),
    },
    "loops": {
        "pipeline_above": Key(
            "count",
            "the tool pipelines loops of more iterations by itself, and unrolls smaller ones; 0: neither",
            0,
        ),
    },
    "capacity": {
        "lut": Key("count", "look-up tables of the device; 0: any number", 0),
        "ff": Key("count", "flip-flops of the device; 0: any number", 0),
        "dsp": Key("count", "DSP blocks of the device; 0: any number", 0),
        "bram": Key("count", "block memories of the device; 0: any number", 0),
    },
    "area_weights": {
        "lut": Key("number", "weight of a look-up table in the one area figure"),
        "ff": Key("number", "weight of a flip-flop"),
        "dsp": Key("number", "weight of a DSP block"),
        "bram": Key("number", "weight of a block memory"),
    },
    "multiplexers": Key("list", "multiplexers, by inputs; without them nothing is shared", ()),
    "units": Key("list", "the units, as [[units]] tables"),
}
MULTIPLEXER: Table = {
    "inputs": Key("count", "inputs, each with a select of its own", None, 2),
    "ns": Key("number", "delay from data and selects, in ns"),
    "lut": Key("number", "look-up tables for each bit"),
}
UNIT: Table = {
    "name": Key("text", "the unit's name"),
    "kinds": Key("list", "the operators that it computes"),
    "points": Key("list", "what is known of it, by width"),
    "max_width": Key("count", "the widest operands that it takes, in bits", 128, 1),
    "limit": Key("count", "how many of them may start an operation in one cycle", 0, 1),
}
_AREA: Table = {
    "lut": Key("count", "look-up tables"),
    "ff": Key("count", "flip-flops"),
    "dsp": Key("count", "DSP blocks"),
}
_WIDTH = Key("count", "width in bits", None, 1)
_RESULT = Key("count", "result width of a conversion in bits", None, 1)
_COMBINATIONAL: Table = {"width": _WIDTH, "ns": Key("number", "delay in ns"), **_AREA}
_PIPELINED: Table = {
    "width": _WIDTH,
    "latency": Key("count", "register stages", None, 1),
    "input_ns": Key("number", "operands to first register, in ns"),
    "stage_ns": Key("number", "slowest inner stage, in ns"),
    "output_ns": Key("number", "clock to result, in ns"),
    **_AREA,
}
_TABULATED: Table = {
    "width": _WIDTH,
    "clock_ns": Key("number", "the shortest clock period at which this holds, in ns"),
    "stages": Key("count", "cycles that an operation occupies, nothing being chained with it", None, 1),
    **_AREA,
}


def point_schema(keys: Iterable[str], converts: bool) -> Table:
    """The schema of a unit's point by the keys that it has; a conversion's has a result width."""
    form = _TABULATED if "clock_ns" in keys else _PIPELINED if "latency" in keys else _COMBINATIONAL
    return {"result": _RESULT, **form} if converts else form


KINDS = {
    "number": "a number",
    "count": "a whole number",
    "signed": "a whole number",
    "text": "a text",
    "list": "a list",
}
