"""Designs simulated together give what each gives alone, large units and all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, simulate
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.errors import BackendError
from seer.schedule import Target, auto_pipelined, schedule

TEXT = """
int divide(int a[4], int b[4]) {
    int sum = 0;
    for (int i = 0; i < 4; i++) { a[i] = a[i] / ((b[i] & 7) + 1); sum += a[i] % ((b[i] & 3) + 1); }
    return sum;
}
float scale(float x[3], int n) { for (int i = 0; i < 3; i++) x[i] = x[i] * 1.5f + n; return x[0] / 3.0f; }
"""


def table(folder: Path, factor: int) -> Job:
    """A function that reads a large table; only the contents say which."""
    values = ", ".join(str(factor * n) for n in range(200))
    text = f"static const int t[200] = {{{values}}};\nint get(unsigned char n) {{ return t[n % 200]; }}\n"
    file = folder / f"table{factor}.c"
    file.write_text(text)
    program = frontend.load([file], "get")
    calls = calls_of(program, Source((file,)), 3, 3)
    return Job(schedule(program, frozenset(), Target.load("xc7")), calls)


def test_large_modules_of_one_name_and_different_contents(tmp_path: Path) -> None:
    outcomes = simulate_batch([table(tmp_path, 3), table(tmp_path, 5)], tmp_path / "batch")
    assert [outcome.mismatches for outcome in outcomes if isinstance(outcome, Simulation)] == [0, 0]


def jobs(folder: Path) -> list[Job]:
    """Two functions, each pipelined and not."""
    file = folder / "units.c"
    file.write_text(TEXT)
    made = []
    for top in ("divide", "scale"):
        program = frontend.load([file], top)
        calls = calls_of(program, Source((file,)), 3, 3)
        for loops in (frozenset(), auto_pipelined(program)):
            made.append(Job(schedule(program, loops, Target.load("xc7")), calls))
    return made


def test_as_alone(tmp_path: Path) -> None:
    made = jobs(tmp_path)
    together = simulate_batch(made, tmp_path / "batch")
    alone = [simulate(j.schedule, generate(j.schedule), j.calls, tmp_path / "alone") for j in made[::3]]
    assert together[::3] == alone
    for outcome in together:
        assert isinstance(outcome, Simulation)
        assert outcome.examples == ()
        assert outcome.cycles > 0


def test_a_wrong_result_is_seen(tmp_path: Path) -> None:
    job = jobs(tmp_path)[1]
    call = job.calls[1]
    wrong = replace(call, arrays_after={**call.arrays_after, "a": call.arrays_after["a"] ^ 1})  # type: ignore[type-var]
    (outcome,) = simulate_batch([Job(job.schedule, [job.calls[0], wrong])], tmp_path / "batch")
    assert isinstance(outcome, Simulation)
    assert [result.mismatches for result in outcome.calls] == [0, 4]
    assert all(example.call == 1 and example.array == "a" for example in outcome.examples)


def test_what_cannot_be_compiled_is_the_error_of_its_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = jobs(tmp_path)[3:]
    monkeypatch.setenv("CXX", "false")
    (outcome,) = simulate_batch([job], tmp_path / "batch")
    assert isinstance(outcome, BackendError)
    assert "compiling the unit seer_" in outcome.message
