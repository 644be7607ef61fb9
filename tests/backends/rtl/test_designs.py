"""Ten designs of different kinds, through the linter, Yosys for both families, and place and route.

Their sources stand in `designs/`; none of them was used to calibrate the estimate of the clock.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, place, synthesise
from seer.backends.rtl.verilator import LINT_WAIVERS, lint
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.model import Schedule

FOLDER = Path(__file__).parent / "designs"
SEQUENTIAL = ("filters", "horner", "insertion")
DESIGNS = sorted(file.stem for file in FOLDER.glob("*.c"))


def design(name: str, target: Target) -> Schedule:
    """Sequential designs with their loops one iteration after the other, the others pipelined."""
    program = frontend.load((FOLDER / f"{name}.c",), name)
    pipelined = frozenset() if name in SEQUENTIAL else auto_pipelined(program)
    return schedule(program, pipelined, target, share="all")


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("family", ["xc7", "ecp5"])
def test_designs_are_free_of_warnings(name: str, family: str, tmp_path: Path) -> None:
    lint(generate(design(name, Target.load(family))), name, tmp_path / "lint.log")


def test_waivers_are_few_and_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rtl.md").read_text()
    assert len(DESIGNS) == 10 and len(LINT_WAIVERS) <= 4
    assert all(f"`{waiver}`" in page for waiver in LINT_WAIVERS)


def synthesised(name: str, family: str, folder: Path) -> float:
    """The estimate of the clock."""
    found = synthesise(generate(design(name, Target.load(family))), name, folder, family)
    assert found.lut > 0 and found.ff > 0 and found.min_clock_ns is not None
    return found.min_clock_ns


@pytest.mark.parametrize("family", ["xc7", "ecp5"])
def test_a_design_passes_both_families(family: str, tmp_path: Path) -> None:
    assert 2 < synthesised("modes", family, tmp_path) < 20


@pytest.mark.soak
@pytest.mark.parametrize("name", DESIGNS)
def test_each_design_passes_both_families(name: str, tmp_path: Path) -> None:
    for family in ("xc7", "ecp5"):
        assert 2 < synthesised(name, family, tmp_path / family) < 30


@pytest.mark.soak
def test_the_clock_is_estimated_within_a_quarter_of_the_placed_one(tmp_path: Path) -> None:
    target, ratios = Target.load("ecp5"), dict[str, float]()
    for name in DESIGNS:
        found = design(name, target)
        placed = place(found, generate(found), tmp_path / name, "ecp5")
        ratios[name] = synthesised(name, "ecp5", tmp_path / name) / placed.clock_ns
    assert sum(0.75 <= ratio <= 1.25 for ratio in ratios.values()) >= 8, ratios
