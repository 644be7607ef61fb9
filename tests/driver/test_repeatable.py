"""One worker or two: the same bytes. `test_optimize.py` has a benchmark to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

import seer
from seer import Budgets, Limits, Options

KERNELS = {
    "two": """void two(int a[16], int b[16], int c[16]) {
        for (int i = 0; i < 16; i++) b[i] = a[i] * 5 + 1;
        for (int i = 0; i < 16; i++) c[i] = b[i] - a[i];
    }""",
    "until": """int until(int a[16], int n) {
        int found = 0, i = 0;
        while (i < 16 && a[i] != n) { found += a[i]; i++; }
        for (int j = 0; j < 16; j++) a[j] = a[j] + found;
        return i;
    }""",
}


@pytest.mark.parametrize(
    ("name", "backend"),
    [("until", "none"), *(pytest.param(n, "rtl", marks=pytest.mark.soak) for n in KERNELS)],
)
def test_the_number_of_workers_changes_nothing(tmp_path: Path, name: str, backend: str) -> None:
    kernel = tmp_path / "k.c"
    kernel.write_text(KERNELS[name])
    budgets = Budgets(max_area="1.5x")
    limits = Limits(rounds=1, datapath_steps=2, unrolled_statements=8)
    folders = [tmp_path / str(jobs) for jobs in (1, 2)]
    for jobs, folder in enumerate(folders, 1):
        options = Options(backend=backend, budgets=budgets, limits=limits, jobs=jobs)
        assert seer.optimize(kernel, name, options, output=folder).reproducible
    files = [sorted(p.relative_to(f) for p in f.rglob("*") if p.is_file()) for f in folders]
    assert files[0] == files[1]
    for file in files[0]:
        if file.name not in ("timings.json", "run.log") and file.suffix != ".log":
            assert (folders[0] / file).read_bytes() == (folders[1] / file).read_bytes(), file
