"""`seer opt --parallel`: all three designs run side by side what may be, simulated as predicted."""

from __future__ import annotations

from pathlib import Path

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.source import Source

TEXT = """
void f(int a[24], int b[24], int c[24]) {
    int t[24];
    for (int i = 0; i < 24; i++) t[i] = a[i] * 3;
    for (int i = 0; i < 24; i++) b[i] = t[i] + t[i / 2];
    for (int i = 0; i < 24; i++) c[i] = c[i] * 5;
}
"""


def test_all_designs_gain(tmp_path: Path) -> None:
    source = tmp_path / "f.c"
    source.write_text(TEXT)
    cycles: dict[bool, dict[str, int]] = {}
    for parallel in (False, True):
        options = Options(parallel=parallel, rules="none", jobs=1, backend="rtl" if parallel else "none")
        result = optimize(frontend.load([source], "f"), Source((source,)), options, tmp_path / str(parallel))
        assert result.options["parallel"] == parallel
        for design in result.designs.values():
            assert not parallel or design.simulated_cycles == design.predicted_cycles
        cycles[parallel] = {name: design.predicted_cycles for name, design in result.designs.items()}
        assert cycles[parallel]["seer"] <= cycles[parallel]["auto_pipelined"]
    for name in cycles[True]:
        assert cycles[True][name] < cycles[False][name]
