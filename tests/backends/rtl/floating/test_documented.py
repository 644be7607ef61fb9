"""The table of units in docs/rtl.md: what designs for xc7 get, beside what Vitis HLS reports."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from seer.schedule import Target

DOCS = Path(__file__).parents[4] / "docs"
XC7 = Target.load("xc7")
ROWS = {
    "`fadd` `fsub`": [("fadd", 32, 32), ("fadd", 64, 64)],
    "`fmul`": [("fmul", 32, 32), ("fmul", 64, 64)],
    "`fdiv`": [("fdiv", 32, 32), ("fdiv", 64, 64)],
    "`fsqrt`": [("fsqrt", 32, 32), ("fsqrt", 64, 64)],
    "comparisons": [("fle", 32, 1), ("fle", 64, 1)],
    "`fneg` `fabs` `fcopysign`": [("fneg", 32, 32), ("fneg", 64, 64)],
    "`ffloor` and its like": [("froundeven", 32, 32), ("froundeven", 64, 64)],
    "from integers of 32 bits": [("sitofp", 32, 32), ("sitofp", 32, 64)],
    "to integers of 32 bits": [("fptosi", 32, 32), ("fptosi", 64, 32)],
    "to the other format": [("fpext", 32, 64), ("fptrunc", 64, 32)],
}
VITIS = {
    "`fadd` `fsub`": ("fadd_32ns_32ns_32_5_full_dsp", "dadd_64ns_64ns_64_5_full_dsp"),
    "`fmul`": ("fmul_32ns_32ns_32_4_max_dsp", "dmul_64ns_64ns_64_5_max_dsp"),
    "`fdiv`": (None, "ddiv_64ns_64ns_64_22_no_dsp"),
    "`fsqrt`": (None, "dsqrt_64ns_64ns_64_17_no_dsp"),
    "comparisons": ("fcmp_32ns_32ns_1_2_no_dsp", "dcmp_64ns_64ns_1_2_no_dsp"),
    "from integers of 32 bits": (None, "sitodp_32ns_64_4_no_dsp"),
}


def ours(kind: str, width: int, result: int) -> str:
    """Latency, LUT, FF and DSP."""
    found = XC7.unit(kind, width, result_width=result)
    return f"{found.latency}, {found.area.lut}, {found.area.ff}, {found.area.dsp}"


def vitis(name: str | None) -> str:
    """Its name ends in the cycles that a unit takes, and in how far it uses DSP blocks."""
    if name is None:
        return "-"
    with (DOCS / "data" / "vitis_float_units.csv").open() as file:
        row = next(row for row in csv.DictReader(file) if row["unit"] == name)
    cycles = name.split("_")[-3]
    return f"{cycles}, {row['LUT']}, {row['FF']}, {row['DSP']}" if row["LUT"] else cycles


def lines() -> list[str]:
    found: list[str] = []
    for name, (single, double) in ROWS.items():
        theirs = [vitis(each) for each in VITIS.get(name, (None, None))]
        found.append(f"| {' | '.join([name, ours(*single), ours(*double), *theirs])} |")
    return found


def test_the_table_is_the_target_file() -> None:
    text = (DOCS / "rtl.md").read_text()
    missing = [line for line in lines() if line not in text]
    assert not missing, "\n".join(["docs/rtl.md should say:", *missing])


def test_every_row_of_a_unit_is_measured() -> None:
    rows = [line for line in Target.text("xc7").split("\n") if "width = " in line and "lut = " in line]
    assert len(rows) > 60 and not [row for row in rows if "estimated" in row]


@pytest.mark.parametrize(
    ("kind", "width", "lut", "dsp"),
    [("fadd", 32, 480, 0), ("fadd", 64, 1050, 0), ("fmul", 32, 1 << 20, 3), ("fmul", 64, 1 << 20, 10)],
)
def test_the_sizes_of_sums_and_products(kind: str, width: int, lut: int, dsp: int) -> None:
    area = XC7.unit(kind, width).area
    assert area.lut <= lut and area.dsp <= dsp
