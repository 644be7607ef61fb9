"""What is recorded of the repository's suites: simulated, proved, and of kernels that there are."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from seer.bench.bench import RESULTS
from seer.bench.results import compared, read_results
from seer.bench.suite import load_suite

ROOT = Path(__file__).parents[2]
RECORDED = sorted(ROOT.glob(f"benchmarks/*/{RESULTS}"))


def test_the_paper_s_kernels_are_recorded() -> None:
    assert "seer" in [path.parent.name for path in RECORDED]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parent.name)
def test_recorded_figures_are_those_of_hardware(path: Path) -> None:
    suite, recorded = load_suite(path.parent), read_results(path)
    settings = {setting.name: setting for setting in suite.settings}
    assert recorded["settings"].keys() <= settings.keys()
    first = suite.settings[0]
    names = [kernel.name for kernel in suite.kernels_of(first)]
    assert list(recorded["settings"][first.name]["kernels"]) == names
    for setting, found in recorded["settings"].items():
        for name, kernel in found["kernels"].items():
            assert name in [known.name for known in suite.kernels_of(settings[setting])]
            designs = kernel["designs"]
            own = settings[setting].own.get(name, {})
            if {**settings[setting].options, **own}.get("backend") != "none":
                assert all(d["simulated"] and d["area_source"] == "yosys" for d in designs.values()), name
                assert kernel["vectors"]["rtl"] >= 1
            assert (
                designs["seer"]["cycles"] <= designs["auto_pipelined"]["cycles"] <= designs["input"]["cycles"]
            )
            assert kernel["proof"]["assumed"] == 0
    assert compared(suite, recorded, recorded) == []


def test_the_readme_shows_what_is_recorded() -> None:
    """If not: python benchmarks/readme_table.py"""
    spec = spec_from_file_location("readme_table", ROOT / "benchmarks" / "readme_table.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = module.with_tables(text)
    assert made == text and "| seq_loops |" in made and "| geometric mean |" in made
