"""Units that several designs have are mapped once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from seer.backends.rtl import mapped
from seer.backends.rtl.library import product, unit
from seer.backends.rtl.mapped import separate

UNIT = "module unit_a(input clk);\nendmodule\n"


def test_runs_at_one_time_map_a_unit_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEER_CACHE_DIR", str(tmp_path / "cache"))
    runs: list[str] = []

    def run_script(script: str, work: Path, logfile: Path) -> None:
        runs.append(script)
        time.sleep(0.1)
        (work / "area0.json").write_text("{}")
        (work / "mapped0.il").write_text(f"netlist {len(runs)}")

    monkeypatch.setattr(mapped, "run_script", run_script)
    monkeypatch.setattr(mapped, "area_of", lambda text, settings: {"lut": 3, "ff": 0, "dsp": 0, "bram": 0})
    settings = {"synthesis": "synth -top {top}", "cells": {}}
    found: list[mapped.MappedModule] = []

    def run() -> None:
        modules = mapped.mapped_modules("unit_a u (clk);", {"unit_a": UNIT}, settings, tmp_path / "log")
        found.append(modules["unit_a"])

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert [module.netlist for module in found] == ["netlist 1"] * 3


TOP = "// a design\n`default_nettype none\n\nmodule top (\n    input wire [7:0] x\n);\nendmodule\n"


def test_what_is_mapped_with_the_design_stays_with_it() -> None:
    (narrow, product_text), (square, square_text) = (
        product(32, (16, True), (8, False)),
        product(16, (16, False), (16, False)),
    )
    (divider, divider_text), (staged, staged_text) = unit("udiv", 8, 8), unit("mul", 32, 2)
    assert narrow == "seer_mul_w32_l0_s16_u8" and square == "seer_mul_w16_l0"
    design, modules = separate("\n".join([TOP, divider_text, staged_text, product_text, square_text]), "top")
    assert sorted(modules) == sorted([divider, staged])
    assert modules[divider].strip() == divider_text.strip()
    assert (
        design.startswith("// a design") and product_text.strip() in design and square_text.strip() in design
    )
    assert design.count("endmodule") == 3
