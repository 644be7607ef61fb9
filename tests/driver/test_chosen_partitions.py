"""`--partition`: arrays in banks where that saves cycles, in the schedule, the C++ and the hardware alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.backends.rtl.batch import Job, simulate_batch
from seer.cli.common import wished
from seer.driver.optimize import optimize
from seer.driver.options import Limits, Options
from seer.driver.result import Result
from seer.driver.source import Source
from seer.schedule import cycles
from seer.verify.generate import generate_vectors

KERNEL = """void f(int a[32], int b[32]) {
    int row[32];
    for (int i = 0; i < 32; i++) row[i] = 3 * a[i];
    for (int i = 0; i < 32; i += 2) b[i] = row[i] + row[31 - i];
    for (int i = 1; i < 32; i += 2) b[i] = row[i] - row[31 - i];
}
"""


def run(folder: Path, partition: str) -> Result:
    file = folder / "k.c"
    file.write_text(KERNEL)
    loaded = wished([file], "f", (), (), {}, {}, False)
    options = Options(
        backend="none", rules="none", partition=partition, memory_ports=2, limits=Limits(rounds=1)
    )
    return optimize(loaded.program, Source((file,)), options, folder / partition)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Result]:
    return {kind: run(folder, kind) for kind in ("none", "locals", "all")}


def test_only_what_may_be_cut_is(results: dict[str, Result]) -> None:
    for kind, allowed in (("none", set()), ("locals", {"row"}), ("all", {"row", "a", "b"})):
        for design in results[kind].front:
            assert set(design.to_json()["partitions"]) <= allowed
        for name in ("input", "auto_pipelined"):
            assert results[kind].designs[name].to_json()["partitions"] == {}


def test_banks_save_cycles(results: dict[str, Result]) -> None:
    fewest = {kind: found.designs["seer"].cycles for kind, found in results.items()}
    assert fewest["locals"] < fewest["none"]
    assert fewest["all"] <= fewest["locals"]
    assert results["locals"].designs["seer"].to_json()["partitions"]


def test_what_takes_less_area_without_banks_stays_on_the_front(results: dict[str, Result]) -> None:
    front = results["locals"].front
    whole = [design for design in front if not design.to_json()["partitions"]]
    assert whole and min(d.cycles for d in whole) > front[0].cycles


def test_the_code_says_how(results: dict[str, Result], folder: Path) -> None:
    lines = {kind: (folder / kind / "f_seer.cpp").read_text().splitlines() for kind in results}
    assert "#pragma HLS ARRAY_PARTITION variable=row cyclic factor=2 dim=1" in lines["locals"]
    assert not any("ARRAY_PARTITION" in line for line in lines["none"])


def test_hardware_takes_as_many_cycles_as_predicted(results: dict[str, Result], tmp_path: Path) -> None:
    jobs = []
    for found in results.values():
        design = found.designs["seer"]
        jobs.append(Job(design.schedule, generate_vectors(design.program, 1, 2)))
    for job, outcome in zip(jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert not isinstance(outcome, Exception), outcome
        assert outcome.mismatches == 0, outcome.examples
        assert outcome.cycles == sum(cycles(job.schedule, call) for call in job.calls)
