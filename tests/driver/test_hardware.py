"""Designs of a run as hardware."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from seer.backends import rtl
from seer.driver import hardware
from seer.driver.result import Design
from seer.lang.terms import Store
from seer.schedule import Area, Target, auto_pipelined, cycles, schedule
from tests.schedule.programs import array, const, counter, loop, program


def test_equal_designs_are_not_synthesised_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target.load("xc7")
    i, a = counter(0, 8), array("a", 32, 8)
    made = program([a], loop(i, Store(a, (i,), const(1))))
    pipelined = auto_pipelined(made)
    designs = {}
    for name, loops in {"input": frozenset(), "auto_pipelined": pipelined, "seer": pipelined}.items():
        found = schedule(made, loops, target)
        designs[name] = Design(made, loops, found, cycles(found, {}), Area())
    running: list[str] = []
    clashes: list[str] = []
    lock = threading.Lock()

    def synthesise(verilog: str, top: str, folder: Path, family: str) -> rtl.Synthesis:
        with lock:
            clashes.extend(text for text in running if text == verilog)
            running.append(verilog)
        time.sleep(0.05)
        with lock:
            running.remove(verilog)
        return rtl.Synthesis(len(verilog), 0, 0, 0, 1.0, 1.0)

    def simulate(found, verilog, calls, folder):
        return rtl.Simulation((rtl.CallResult(cycles(found, {}), 0),), ())

    monkeypatch.setattr(rtl, "synthesise", synthesise)
    monkeypatch.setattr(rtl, "simulate", simulate)
    with hardware.Workshop([], target, 4, tmp_path) as workshop:
        for name, design in designs.items():
            workshop.synthesis(name, design)
        measured = {name: workshop.measured(name, design) for name, design in designs.items()}
    assert clashes == []
    assert measured["seer"].area == measured["auto_pipelined"].area != measured["input"].area
