"""A quotient and the remainder of the same operands come out of one divider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.schedule import Target, area_estimate, auto_pipelined, schedule
from seer.schedule.cycles import cycles
from seer.schedule.model import Schedule, regions
from seer.schedule.units import divided_together

TEXT = """
#include <stdint.h>
#define F(name, type) void name(type a[16], type b[16], type q[16], type r[16]) { \\
    for (int i = 0; i < 16; i++) { q[i] = a[i] / (b[i] | 1); r[i] = a[i] % (b[i] | 1); } }
F(unsigned_bytes, uint8_t)
F(unsigned_words, uint32_t)
F(signed_words, int32_t)
void apart(uint16_t a[16], uint16_t b[16], uint16_t q[16], uint16_t r[16]) {
    for (int i = 0; i < 16; i++) { q[i] = a[i] / (b[i] | 1); r[i] = b[i] % (a[i] | 1); }
}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("divisions") / "divisions.c"
    file.write_text(TEXT)
    return file


def made(source: Path, top: str, clock_ns: float = 5, share: str = "all") -> Schedule:
    program = frontend.load([source], top)
    target = Target.load("xc7", clock_ns=clock_ns)
    return schedule(program, auto_pipelined(program), target, share=share)


def pairs(found: Schedule) -> int:
    return sum(len(divided_together(region.operations, lambda op: True)) for region in regions(found.body))


@pytest.mark.parametrize(
    ("top", "clock"),
    [("unsigned_bytes", 5), ("unsigned_words", 5), ("signed_words", 5), ("unsigned_bytes", 40)],
)
def test_one_divider_gives_both(top: str, clock: float, source: Path, tmp_path: Path) -> None:
    found = made(source, top, clock)
    verilog = generate(found)
    assert pairs(found) == 1
    assert verilog.count("module seer_") == verilog.count("divrem_w") / 2 == 1
    lint(verilog, top, tmp_path / "lint.log")
    calls = calls_of(found.program, Source((source,)), 3, 3)
    simulation = simulate(found, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [call.cycles for call in simulation.calls] == [cycles(found, call) for call in calls]


def test_different_operands_are_divided_apart(source: Path) -> None:
    found = made(source, "apart", share="none")
    assert pairs(found) == 0
    assert "divrem" not in generate(found)


def test_the_estimate_counts_one(source: Path) -> None:
    target = Target.load("xc7")
    found = made(source, "unsigned_words")
    (region,) = regions(found.body)
    (remainder,) = divided_together(region.operations, lambda op: True)
    moved = tuple(
        replace(op, start_cycle=op.start_cycle + 1) if op.id == remainder else op for op in region.operations
    )
    (loop,) = found.body
    apart = replace(found, body=(replace(loop, region=replace(region, operations=moved)),))
    luts = [area_estimate(each, target).lut for each in (found, apart)]
    assert luts[1] - luts[0] > target.unit("urem", 32).area.lut * 0.9
