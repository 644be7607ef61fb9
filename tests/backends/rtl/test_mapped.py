"""Units that several designs have are mapped once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from seer.backends.rtl import mapped

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
