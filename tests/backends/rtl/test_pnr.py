"""Placing and routing with the real nextpnr, of a design small enough to take seconds."""

from __future__ import annotations

import importlib.util
import json

import pytest

from seer.backends.rtl import generate, place, require_placer
from seer.backends.rtl.interface import Interface
from seer.backends.rtl.pnr import Placement, smallest_device
from seer.backends.rtl.verilator import lint
from seer.backends.rtl.wrapper import WRAPPER, wrapper
from seer.backends.rtl.yosys import family_settings
from seer.errors import BackendError, InputError
from seer.schedule.model import Schedule


@pytest.fixture
def schedule(handmade, region) -> Schedule:
    """y[i] = x[i] + k, with an address wider than the wrapper's memory."""
    design, body = handmade("sums"), region()
    design.array("x", 8, 4096)
    design.array("y", 8, 16)
    design.param("k", 8)
    i = body("iv", 12, level=0)
    a = body("load", 8, i, memory="x", port=0)
    total = body("add", 8, a, body("param", 8, symbol="k"), at=1)
    body("store", 8, body("trunc", 4, i, at=1), total, at=1, memory="y", port=0)
    return design.schedule(design.pipelined(1, body.region(2), design.counter(0, 0, 16)))


def test_a_design_is_placed_once_for_each_seed_and_kept(schedule, tmp_path):
    verilog = generate(schedule)
    placement = place(schedule, verilog, tmp_path / "one", "ecp5", seeds=(1, 2))
    assert placement.device == "25k" and placement.seeds == (1, 2)
    # Block memory to block memory: 5.8 ns and an adder, and wires.
    assert all(6.5 < clock < 14 for clock in placement.clocks_ns)
    assert json.loads((tmp_path / "one" / "placement.json").read_text()) == placement.to_json()
    assert "Max frequency" in (tmp_path / "one" / "placement.log").read_text()
    again = place(schedule, verilog, tmp_path / "two", "ecp5", seeds=(1, 2))
    assert again == placement
    logs = [(tmp_path / run / "placement.log").read_text() for run in ("one", "two")]
    assert logs[0] == logs[1]


def test_the_wrapper_is_clean_and_holds_the_memories(schedule, tmp_path):
    text = wrapper(Interface.of(schedule))
    lint(f"{generate(schedule)}\n{text}", WRAPPER, tmp_path / "lint.log")
    # The address bits above the memory's end in a register that is shown.
    assert "_mem [0:1023]" in text and "_mem [0:15]" in text
    assert "output wire [1:0] m0_0_above_shown" in text


def test_the_median_of_the_seeds_counts():
    placement = Placement("25k", (1, 2, 3), (9.0, 7.0, 8.0))
    assert placement.clock_ns == 8.0
    assert placement.to_json() == {
        "clock_ns": 8.0,
        "device": "25k",
        "seeds": {"1": 9.0, "2": 7.0, "3": 8.0},
    }


def test_families_without_a_placer_are_refused():
    for family in ("xc7", "", "stratix"):
        with pytest.raises(InputError, match="nothing can be placed") as error:
            require_placer(family)
        assert error.value.exit_code == 2 and "--target ecp5" in (error.value.hint or "")


def test_a_missing_tool_is_said(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BackendError, match="nextpnr, which is not installed") as error:
        require_placer("ecp5")
    assert error.value.exit_code == 4 and "pip install" in (error.value.hint or "")


@pytest.mark.parametrize(("count", "device"), [(28, "25k"), (29, "45k"), (156, "85k"), (157, None)])
def test_the_smallest_device_that_holds_the_design(count: int, device: str | None) -> None:
    cells = {f"m{k}": {"type": "MULT18X18D"} for k in range(count)}
    netlist = json.dumps({"modules": {"t": {"cells": cells}}})
    if device is not None:
        assert smallest_device(netlist, family_settings("ecp5")) == device
        return
    with pytest.raises(BackendError, match=r"no device .* 157 dsp"):
        smallest_device(netlist, family_settings("ecp5"))
