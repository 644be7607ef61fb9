"""Arrays in banks as hardware: every kind of partition of every kind of array, simulated against the C."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.interface import Interface
from seer.backends.rtl.simulate import Simulation
from seer.backends.rtl.verilator import lint
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.model import Schedule
from seer.schedule.partition import Partition

TEXT = """
void stencil(int a[50], int b[50]) {
    for (int i = 0; i < 45; i++) b[i] = a[i] + 3 * a[i + 1] - a[i + 2] + a[i + 4];
}
void in_place(short a[40], short n) {
    for (int i = 0; i < 39; i++) if (a[i] > n) a[i + 1] = a[i + 1] + a[i];
}
int matrix(int m[6][10], long long wide[10]) {
    int total = 0;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 10; j++) { total += m[i][j] * m[5 - i][9 - j]; wide[j] += m[i][j]; }
    return total;
}
void histogram(unsigned char a[32], int bins[21]) {
    for (int i = 0; i < 32; i++) bins[a[i] % 21]++;
}
void tables(unsigned char a[16], int b[16]) {
    static const int t[23] = {5, 3, 8, 1, 9, 2, 7, 4, 6, 0, 11, 13, 12, 19, 17, 18, 15, 16, 14, 10, 22};
    int local[16], square[4][4];
    for (int i = 0; i < 16; i++) local[15 - i] = t[a[i] % 23] - t[i];
    for (int i = 0; i < 16; i++) square[i % 4][i / 4] = local[i] + local[a[i] & 15];
    for (int i = 0; i < 16; i++) b[i] = square[i / 4][i % 4];
}
void search(int a[20], int b[20], int key) {
    int i = 0;
    while (i < 20 && a[i] != key) { b[i] = a[(i + 3) % 20]; i++; }
}
"""

CASES = [
    ("stencil", [("a", "cyclic", 2, 1)]),
    ("stencil", [("a", "cyclic", 3, 1), ("b", "block", 4, 1)]),
    ("stencil", [("a", "cyclic", 4, 1), ("b", "complete", 0, 1)]),
    ("stencil", [("a", "block", 3, 1), ("b", "cyclic", 7, 1)]),
    ("in_place", [("a", "cyclic", 2, 1)]),
    ("in_place", [("a", "cyclic", 3, 1)]),
    ("in_place", [("a", "block", 6, 1)]),
    ("matrix", [("m", "cyclic", 2, 1), ("wide", "cyclic", 3, 1)]),
    ("matrix", [("m", "cyclic", 3, 0), ("wide", "block", 2, 1)]),
    ("matrix", [("m", "complete", 0, 1), ("m", "cyclic", 4, 2)]),
    ("matrix", [("m", "block", 3, 2), ("wide", "complete", 0, 1)]),
    ("histogram", [("bins", "cyclic", 2, 1), ("a", "cyclic", 4, 1)]),
    ("histogram", [("bins", "cyclic", 5, 1)]),
    ("histogram", [("bins", "block", 4, 1)]),
    ("histogram", [("bins", "complete", 0, 1)]),
    ("tables", [("t", "cyclic", 3, 1), ("local", "cyclic", 3, 1), ("square", "complete", 0, 0)]),
    ("tables", [("t", "block", 4, 1), ("local", "block", 3, 1), ("square", "cyclic", 3, 2)]),
    ("tables", [("t", "complete", 0, 1), ("local", "complete", 0, 1), ("square", "block", 2, 0)]),
    ("search", [("a", "cyclic", 4, 1), ("b", "cyclic", 3, 1)]),
    ("search", [("a", "block", 3, 1)]),
]


def made(source: Path, top: str, partitions: list[tuple[str, str, int, int]], number: int) -> Schedule:
    """One design: with one or two memory ports, pipelined or not."""
    program = frontend.load([source], top)
    target = Target.load("xc7", memory_ports=1 + number % 2)
    loops = auto_pipelined(program) if number % 3 else frozenset()
    return schedule(program, loops, target, partitions=[Partition(*one) for one in partitions])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("banks") / "k.c"
    file.write_text(TEXT)
    return file


def test_banks_compute_what_the_program_does(source: Path, tmp_path: Path) -> None:
    jobs = []
    for number, (top, partitions) in enumerate(CASES, 1):
        design = made(source, top, partitions, number)
        for name in {partition[0] for partition in partitions}:
            assert sum(memory.name.startswith(f"{name}_") for memory in design.memories) > 1
        jobs.append(Job(design, calls_of(design.program, Source((source,)), 5, 3)))
    for case, job, outcome in zip(CASES, jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert isinstance(outcome, Simulation), (case, outcome)
        assert outcome.examples == (), case
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, c) for c in job.calls], case


def test_ports_are_those_of_the_banks(source: Path, tmp_path: Path) -> None:
    design = made(source, "matrix", [("m", "cyclic", 2, 0), ("wide", "cyclic", 3, 1)], 1)
    ports = Interface.of(design).memories
    assert {port.memory.name for port in ports} == {f"m_{i}_{j}" for i in (0, 1) for j in (0, 1)} | {
        f"wide_{k}" for k in range(3)
    }
    words = {port.memory.name: port.memory.words for port in ports}
    assert words["m_1_0"] == 15 and [words[f"wide_{k}"] for k in range(3)] == [4, 3, 3]
    assert any(port.address == "wide_2_address0" for port in ports)
    lint(generate(design), "matrix", tmp_path / "lint.log")
