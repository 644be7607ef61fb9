"""The longest path of netlists small enough to add up by hand."""

from __future__ import annotations

from typing import Any

import pytest

from seer.backends.rtl.delays import DelayModel, delay_model
from seer.backends.rtl.timing import longest_path

MODEL = DelayModel(
    {
        "wires": {
            "doubling_ns": 0.1,
            "drivers": {"logic": 1.0, "register": 2.0, "memory": 4.0},
            "sinks": {"logic": 0.0, "register": 0.0, "memory": 3.0},
        },
        "classes": {"register": ["FF"]},
        "near": {"CARRY.CO": {"CARRY.CI": 0.0}, "LUT.O": {"FF.D": 0.25}},
        "leaving": {"CARRY.CO": 0.5},
        "cells": {
            "LUT": {"arcs": [["I", "O", 0.125]]},
            "CARRY": {"arcs": [["A CI", "CO", 0.75]]},
            "FF": {"clock_to": {"Q": 0.5}, "set_up": {"D": 0.0625, "CE": 8.0}},
            "MUL": {
                "arcs": [],
                "forms": [
                    {"where": {"REG": [0]}, "arcs": [["A", "P", 20.0]]},
                    {"where": {"REG": [1]}, "clock_to": {"P": 1.0}, "set_up": {"A": 1.5}},
                ],
            },
        },
        "ports": {"clock_to_ns": 6.0, "set_up_ns": 0.75, "class": "memory"},
    }
)


def cell(type_: str, outputs: str, parameters: dict[str, str] | None = None, **pins: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "parameters": parameters or {},
        "port_directions": {pin: "output" if pin in outputs.split() else "input" for pin in pins},
        "connections": {pin: [bit] for pin, bit in pins.items()},
    }


def module(cells: list[dict[str, Any]], **ports: Any) -> dict[str, Any]:
    return {
        "ports": {name: {"direction": d, "bits": bits} for name, (d, bits, _) in ports.items()},
        "netnames": {
            name: {"hide_name": 0, "bits": bits, "attributes": {a: "1" for a in attributes}}
            for name, (_, bits, attributes) in ports.items()
        },
        "cells": {f"c{number}": one for number, one in enumerate(cells)},
    }


def test_wires_and_cells_are_added_up() -> None:
    """Register, wire of fan-out 2, look-up table, its register's own wire."""
    cells = [
        cell("FF", "Q", Q=2, D=4),
        cell("LUT", "O", I=2, O=3),
        cell("LUT", "O", I=2, O=9),
        cell("FF", "Q", Q=4, D=3),
    ]
    found = longest_path({"modules": {"t": module(cells)}}, "t", MODEL)
    assert found is not None
    # The register behind the second one has a longer wire: 0.5 + 2.0 + 0.0625.
    first = 0.5 + 2.0 + 0.1 + 0.125 + 0.25 + 0.0625
    assert found.period_ns == pytest.approx(first, abs=1e-3)
    assert found.cells_ns == pytest.approx(0.5 + 0.125 + 0.0625, abs=1e-3)
    assert [step.cell for step in found.steps] == ["FF.Q", "LUT.O", "FF.D"]


def test_chains_and_what_leaves_them() -> None:
    cells = [
        cell("FF", "Q", Q=2, D=9),
        cell("CARRY", "CO", A=2, CI="0", CO=3),
        cell("CARRY", "CO", A="1", CI=3, CO=4),
        cell("FF", "Q", Q=5, D=4),
    ]
    found = longest_path({"modules": {"t": module(cells)}}, "t", MODEL)
    assert found is not None
    assert found.period_ns == pytest.approx(0.5 + 2.0 + 0.75 + 0.75 + 1.0 + 0.5 + 0.0625, abs=1e-3)


def test_memories_behind_ports_begin_and_end_paths() -> None:
    cells = [cell("LUT", "O", I=2, O=3)]
    ports = {"q": ("input", [2], ["seer_memory_output"]), "a": ("output", [3], ["seer_memory_input"])}
    found = longest_path({"modules": {"t": module(cells, **ports)}}, "t", MODEL)
    assert found is not None
    assert found.period_ns == pytest.approx(6.0 + 4.0 + 0.125 + 1.0 + 3.0 + 0.75, abs=1e-3)
    assert [step.cell for step in found.steps] == ["memory", "LUT.O", "memory"]
    # Other ports are not timed.
    plain = {"q": ("input", [2], []), "a": ("output", [3], [])}
    assert longest_path({"modules": {"t": module(cells, **plain)}}, "t", MODEL) is None


def test_modules_are_dissolved_and_parameters_choose_the_form() -> None:
    for register, expected in (("0", 0.5 + 2.0 + 20.0 + 1.0 + 0.0625), ("1", 1.0 + 1.0 + 0.0625)):
        inner = module(
            [cell("MUL", "P", {"REG": register}, A=7, P=8)], a=("input", [7], []), p=("output", [8], [])
        )
        cells = [
            cell("FF", "Q", Q=2, D="0"),
            cell("unit", "p", a=2, p=3),
            cell("FF", "Q", Q=9, D=3),
        ]
        found = longest_path({"modules": {"t": module(cells), "unit": inner}}, "t", MODEL)
        assert found is not None
        worst = max(expected, 0.5 + 2.0 + 1.5) if register == "1" else expected
        assert found.period_ns == pytest.approx(worst, abs=1e-3)


def test_a_loop_without_a_clock_ends() -> None:
    cells = [
        cell("FF", "Q", Q=2, D=5),
        cell("CARRY", "CO", A=2, CI=4, CO=3),
        cell("LUT", "O", I=3, O=4),
        cell("LUT", "O", I=4, O=5),
    ]
    found = longest_path({"modules": {"t": module(cells)}}, "t", MODEL)
    assert found is not None and 3 < found.period_ns < 12


@pytest.mark.parametrize("family", ["xc7", "ecp5"])
def test_the_families_delays_are_whole(family: str) -> None:
    """Each class has its wires, each near wire its cells, each cell something to say."""
    model = delay_model(family)
    assert model is not None
    data = model.data
    classes = {"logic", "register", "multiplier", "memory"}
    assert set(data["wires"]["drivers"]) == set(data["wires"]["sinks"]) == classes
    assert set(data["classes"]) == classes - {"logic"} and data["ports"]["class"] in classes
    assert all(model.knows(type_) for types in data["classes"].values() for type_ in types)
    for driver, sinks in data["near"].items():
        assert all(model.knows(pin.split(".")[0]) for pin in (driver, *sinks))
    for type_, table in data["cells"].items():
        assert table.keys() & {"arcs", "clock_to"}, type_
        found = model.cell(type_, {})
        assert all(ns >= 0 for _, _, ns in found.arcs)
    assert delay_model("unheard_of") is None


def test_an_inverter_in_front_of_a_carry_chain_stands_beside_it() -> None:
    """Yosys leaves inverters as cells of their own; on 7-series they are look-up tables of the same slice."""
    model = delay_model("xc7")
    assert model is not None
    cells = [
        cell("FDRE", "Q", Q=2, D=9),
        cell("INV", "O", I=2, O=3),
        cell("CARRY4", "O", O=4),
        cell("FDRE", "Q", Q=5, D=4),
    ]
    cells[2]["connections"]["S"] = [3, "0", "0", "0"]
    cells[2]["port_directions"]["S"] = "input"
    found = longest_path({"modules": {"t": module(cells)}}, "t", model)
    assert found is not None
    wires = {step.cell: step.wire_ns for step in found.steps}
    assert wires["CARRY4.O"] == 0.0 and wires["INV.O"] > 0.3
