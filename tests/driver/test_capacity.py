"""A device has a size: what does not fit it is no candidate."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.result import Result
from seer.driver.source import Source
from seer.schedule.area import Area

KERNEL = "void f(int a[32], int b[32]) { for (int i = 0; i < 32; i++) b[i] = a[i] * a[i] + a[i] * b[i]; }\n"


def run(folder: Path, dsp: int) -> Result:
    source, device = folder / "f.c", folder / "small.toml"
    source.write_text(KERNEL)
    device.write_text(f'base = "xc7"\nname = "small"\nshare = "none"\n\n[capacity]\ndsp = {dsp}\n')
    options = Options(backend="none", target=str(device))
    return optimize(frontend.load([source], "f"), Source((source,)), options, folder / "out")


@pytest.mark.parametrize("dsp", [1, 7, 14])
def test_no_design_is_larger_than_the_device(tmp_path: Path, dsp: int) -> None:
    result = run(tmp_path, dsp)
    source, best = result.designs["input"], result.designs["seer"]
    # Two products of 32 bits: six blocks. The program as it came in is there whatever it takes.
    assert source.area.dsp == 6
    assert best.area.dsp <= max(dsp, source.area.dsp)
    assert best.predicted_cycles <= result.designs["auto_pipelined"].predicted_cycles


def test_nothing_given_is_no_limit() -> None:
    assert Area(10**9, 1, 1, 1).fits(Area())
    assert not Area(1, 1, 8, 1).fits(Area(dsp=7)) and Area(1, 1, 7, 1).fits(Area(dsp=7))
