"""Test vectors of a run: the user's own bench in place of generated calls."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.reference import calls_of, results
from seer.driver.source import Source
from seer.errors import InputError
from seer.verify.vectors import Vectors

KERNEL = "void add(int a[4], int b[4], int n) { for (int i = 0; i < 4; i++) a[i] = a[i] + b[i] * n; }\n"
BENCH = """#include "kernel.c"
int main() {
    int a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8};
    for (int n = 0; n < 30; n++) add(a, b, n);
    return 0;
}
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "kernel.c").write_text(KERNEL)
    (tmp_path / "bench.c").write_text(BENCH)
    return Source((tmp_path / "kernel.c",), benches=(tmp_path / "bench.c",))


def test_recorded_calls_replace_generated_ones(source: Source, tmp_path: Path) -> None:
    program = frontend.load(source.files, "add")
    result = optimize(program, source, Options(backend="none", rules="none"), tmp_path / "out")
    assert result.cpp_vectors == 30
    calls = Vectors.load(tmp_path / "out" / "vectors.npz").calls
    assert [call.params["n"] for call in calls] == list(range(30))
    assert np.array_equal(calls[-1].arrays_before["b"], [5, 6, 7, 8])
    # All of these calls fit the limit of cycles, so all are counted.
    data = json.loads(json.dumps(result.to_json()))
    assert data["equivalence"]["cpp_vectors"] == 30
    one = optimize(program, Source(source.files), Options(backend="none", rules="none"), tmp_path / "o")
    assert result.designs["input"].predicted_cycles * 4 == one.designs["input"].predicted_cycles * 30


def test_recorded_results_are_those_of_the_original(source: Source) -> None:
    program = frontend.load(source.files, "add")
    calls = calls_of(program, source, seed=0, count=3)
    again = results(program, Source(source.files), [type(c)(c.params, c.arrays_before) for c in calls])
    assert again.calls == calls


def test_mlir_has_no_bench(source: Source, tmp_path: Path) -> None:
    program = frontend.load(source.files, "add")
    with pytest.raises(InputError, match="--tb is for C"):
        calls_of(program, Source((tmp_path / "k.mlir",), benches=source.benches), seed=0, count=3)


def test_a_wrong_bench_is_the_users_error(source: Source, tmp_path: Path) -> None:
    source.benches[0].write_text(BENCH.replace("add(a, b, n)", "add(a, a, n)"))
    program = frontend.load(source.files, "add")
    with pytest.raises(InputError, match="`a` and `b` that overlap"):
        calls_of(program, source, seed=0, count=3)


LONG = "void f(int a[4], int n) { for (int i = 0; i < n; i++) a[i & 3] += i; }\n"
UNTIL = "void f(int a[4], int n) { for (int i = 0; i < n; i++) a[i & 3] += i; while (a[3] < 0) a[3]++; }\n"
"""The same, but how long it takes depends on the array."""


@pytest.mark.parametrize(("text", "counted"), [(LONG, 6), (UNTIL, 1)])
def test_a_bench_counts_whole_where_cycles_need_no_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, counted: int
) -> None:
    kernel, bench = tmp_path / "kernel.c", tmp_path / "bench.c"
    iterations = 1_500_000 if counted > 1 else 5_000
    kernel.write_text(text)
    calls = f"for (int n = 0; n < 6; n++) f(a, {iterations});"
    bench.write_text(f'#include "kernel.c"\nint main() {{ int a[4] = {{0}}; {calls} return 0; }}\n')
    program = frontend.load([kernel], "f")
    with pytest.MonkeyPatch.context() as patch, caplog.at_level("WARNING", "seer"):
        patch.setattr("seer.driver.counted._RTL_CYCLES", 20_000)
        options = Options(backend="none", rules="none")
        result = optimize(program, Source((kernel,), benches=(bench,)), options, tmp_path / "out")
    cycles = result.designs["auto_pipelined"].predicted_cycles
    assert counted * iterations <= cycles < (counted + 1) * 2 * iterations
    assert ("of 6 calls of the test bench count" in caplog.text) == (counted < 6)
