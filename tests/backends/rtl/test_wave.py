"""Waves: the file is there, and the source's names are in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seer import frontend
from seer.backends.rtl import generate, write_wave
from seer.backends.rtl.names import KEYWORDS
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.model import Schedule
from tests.backends.rtl.fst import end_time, signals

DESIGNS = Path(__file__).parent / "designs"


@dataclass(frozen=True)
class Recorded:
    params: dict[str, int]
    arrays_before: dict[str, Any]
    arrays_after: dict[str, Any] = field(default_factory=dict)


def design(name: str) -> Schedule:
    program = frontend.load((DESIGNS / f"{name}.c",), name)
    return schedule(program, auto_pipelined(program), Target.load("xc7"), share="all")


def test_variables_labels_and_lines_are_in_the_wave(tmp_path):
    found = design("insertion")
    values = np.arange(64, 0, -1).astype(np.uint16)
    file = write_wave(found, generate(found), [Recorded({}, {"v": values})], tmp_path)
    assert file == tmp_path / "wave.fst"
    widths = {name.split()[0].rpartition(".")[2]: width for name, width in signals(file).items()}
    scopes = {name.rpartition(".")[0] for name in signals(file)}
    assert any(scope.endswith("design_") for scope in scopes)
    # Variables of the source, the loops' counters and states, an operation of line 8, the memory's port.
    assert {"key": 16, "j": 32, "outer_i": 6, "shift_v": 3, "v_address0": 6}.items() <= widths.items()
    assert any(re.fullmatch(r"shift_sub_l8_\d+", name) for name in widths)
    # All of it: 63 · 64 / 2 moves of three cycles each, at 5 ns.
    assert 2016 * 3 < end_time(file) / 5000 < 2016 * 3 + 500


def test_a_wave_ends_with_its_cycles(tmp_path):
    found = design("insertion")
    call = Recorded({}, {"v": np.arange(64, 0, -1).astype(np.uint16)})
    file = write_wave(found, generate(found), [call, call], tmp_path, most=100)
    assert end_time(file) == 100 * 5000 - 2500


@pytest.mark.parametrize("name", ["insertion", "modes", "filters"])
def test_names_are_stable_legal_and_unique(name: str) -> None:
    found = design(name)
    verilog = generate(found)
    assert generate(found) == verilog == generate(design(name))
    top = verilog[: verilog.index("endmodule")]
    declared = re.findall(
        r"^ *(?:\(\*.*?\*\) )?(?:reg|wire) (?:\[\d+:0\] )?(\S+?)(?: =|;)", top, re.MULTILINE
    )
    assert len(declared) > 30 and len(set(declared)) == len(declared)
    assert all(re.fullmatch(r"[A-Za-z]\w*", one) and one not in KEYWORDS for one in declared)
    places = set(re.findall(rf'src = "([^"]*{name}\.c:\d+)"', verilog))
    assert len(places) > 3
