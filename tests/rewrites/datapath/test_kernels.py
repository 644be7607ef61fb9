"""The datapath kernels keep what the rules save on them; docs/datapath.md has the figures of all of them."""

import sys
from pathlib import Path

import pytest

from seer import optimize
from seer.driver.options import Options

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "benchmarks" / "datapath"


@pytest.mark.parametrize(("name", "most", "dsp"), [("shift_mult", 0.7, 1), ("shifted_fma", 0.6, 1)])
def test_the_estimated_area_of_a_kernel(name: str, most: float, dsp: int, tmp_path: Path):
    options = Options(clock_ns=20, objective="area", backend="none")
    designs = optimize([FOLDER / f"{name}.c"], name, options, output=tmp_path).designs
    before, after = (designs[which].area for which in ("input", "seer"))
    assert before.dsp > after.dsp == dsp
    assert after.lut + 100 * after.dsp <= most * (before.lut + 100 * before.dsp)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["shift_mult", "weight_calculation", "fir8", "shifted_fma"])
def test_half_of_the_published_savings_in_gates(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "gates", raising=False)
    import gates  # pyright: ignore[reportMissingImports]

    found = gates.measured(name, tmp_path)
    assert found.saved >= gates.PUBLISHED[name] / 2
