"""What --pnr and --wave do with designs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seer import frontend
from seer.backends import rtl
from seer.cli.main import main
from seer.driver.inspection import placed, require_inspection
from seer.driver.result import Design
from seer.errors import InputError
from seer.schedule import Target, area_estimate, auto_pipelined, schedule

KERNEL = """
int small(const short a[16], short b[16]) {
    int acc = 0;
    scan: for (int i = 0; i < 16; i++) {
        acc += a[i];
        b[i] = acc;
    }
    return acc;
}
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    file = tmp_path / "small.c"
    file.write_text(KERNEL)
    return file


def test_equal_designs_are_placed_once(kernel, tmp_path, monkeypatch):
    target = Target.load("ecp5")
    program = frontend.load((kernel,), "small")
    ways = {"input": frozenset(), "auto_pipelined": auto_pipelined(program), "seer": auto_pipelined(program)}
    schedules = {name: schedule(program, way, target) for name, way in ways.items()}
    designs = {
        name: Design(program, ways[name], found, 0, area_estimate(found, target))
        for name, found in schedules.items()
    }
    runs: list[str] = []
    known: dict[str, rtl.Placement] = {}

    def place(found, verilog, folder, family):
        if verilog not in known:
            runs.append(folder.name)
            known[verilog] = rtl.Placement("25k", (1,), (float(len(known) + 7),))
        return known[verilog]

    monkeypatch.setattr(rtl, "place", place)
    found = placed(designs, target, 1, tmp_path)
    assert runs == ["input", "auto_pipelined"]
    clocks = [design.to_json()["placed"]["clock_ns"] for design in found.values()]
    assert list(found) == ["input", "auto_pipelined", "seer"] and clocks == [7.0, 8.0, 8.0]
    assert designs["seer"].to_json()["placed"] is None


def test_what_needs_hardware_is_refused_without(kernel, tmp_path, capsys):
    ecp5 = Target.load("ecp5")
    for pnr, wave in ((True, False), (False, True)):
        with pytest.raises(InputError, match="needs hardware"):
            require_inspection("none", ecp5, pnr, wave)
    require_inspection("none", ecp5, False, False)
    with pytest.raises(InputError, match="nothing can be placed"):
        require_inspection("rtl", Target.load("xc7"), True, False)


@pytest.mark.soak
def test_the_whole_way_with_placed_clocks_and_waves(kernel, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    options = ["--top", "small", "--target", "ecp5", "--pnr", "--wave", "--rules", "none", "-o", "out"]
    with pytest.raises(SystemExit) as ended:
        main(["opt", str(kernel), *options])
    assert ended.value.code == 0
    assert "placed ns" in capsys.readouterr().out
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    for name, design in result["designs"].items():
        seeds = design["placed"]["seeds"]
        assert list(seeds) == ["1", "2", "3"] and design["placed"]["clock_ns"] in seeds.values()
        assert 0.7 < design["min_clock_ns"] / design["placed"]["clock_ns"] < 1.3
        assert (tmp_path / "out" / "rtl" / name / rtl.WAVE_FILE).stat().st_size > 1000
