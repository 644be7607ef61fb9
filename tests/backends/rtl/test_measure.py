"""Measurements of units alone: paths in, inside and out of a small pipeline."""

from __future__ import annotations

from seer.backends.rtl.delays import DelayModel
from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.measure import measure
from seer.backends.rtl.timing import UnitPaths, unit_paths


def test_paths_are_told_apart() -> None:
    name, text = float_unit("sitofp", 8, 32, 1)
    found = measure(text, name)
    assert found.lut > 8 and found.dsp == 0 and 8 < found.ff < 40
    # On either side of the register a carry chain and some look-up tables, and nothing between registers.
    assert 1.5 < found.input_ns < 4.0 and 1.5 < found.output_ns < 4.5 and found.stage_ns == 0.0


def test_what_has_no_registers_is_one_path() -> None:
    name, text = float_unit("fneg", 32, 32, 0)
    found = measure(text, name)
    assert found.ff == 0 and found.stage_ns == 0.0
    assert found.input_ns == found.output_ns > 0.9


def test_paths_of_a_netlist_by_hand() -> None:
    """a → buffer → register → buffer → register → y, beside b → buffer → z."""
    model = DelayModel(
        {
            "cells": {
                "BUF": {"arcs": [["I", "O", 1.0]]},
                "REG": {"clock_to": {"Q": 0.25}, "set_up": {"D": 0.125}},
            },
            "wires": {"drivers": {"logic": 0.5, "memory": 8.0}, "sinks": {"logic": 0.0}, "doubling_ns": 0.0},
            "classes": {},
            "near": {},
            "ports": {"clock_to_ns": 9.0, "set_up_ns": 9.0, "class": "memory"},
        }
    )

    def buffer(source: int, result: int) -> dict[str, object]:
        return {
            "type": "BUF",
            "connections": {"I": [source], "O": [result]},
            "port_directions": {"I": "input", "O": "output"},
        }

    def register(source: int, result: int) -> dict[str, object]:
        return {
            "type": "REG",
            "connections": {"D": [source], "C": [0], "Q": [result]},
            "port_directions": {"D": "input", "C": "input", "Q": "output"},
        }

    ports = {
        "clk": ("input", 0),
        "a": ("input", 1),
        "b": ("input", 6),
        "y": ("output", 5),
        "z": ("output", 7),
    }
    unit = {
        "ports": {name: {"direction": way, "bits": [bit]} for name, (way, bit) in ports.items()},
        "netnames": {},
        "cells": {
            "b0": buffer(1, 2), "r0": register(2, 3), "b1": buffer(3, 4), "r1": register(4, 5),
            "b2": buffer(6, 7),
        },
    }  # fmt: skip
    found = unit_paths({"modules": {"unit": unit}}, "unit", model)
    # In: the wire from the port is not the unit's. Inside: 0.25, wire, buffer, wire, set-up.
    assert found == UnitPaths(1.0 + 0.5 + 0.125, 0.25 + 0.5 + 1.0 + 0.5 + 0.125, 0.25, 1.0)
