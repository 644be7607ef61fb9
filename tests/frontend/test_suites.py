"""Kernels in the style of the field's suites load as they are, and compute what the compiled original does,
on generated calls and on those of their own harness."""

from __future__ import annotations

import numpy as np
import pytest

from seer.frontend import assertions_of, load
from seer.lang.interpreter import run
from seer.lang.program import Program
from seer.verify.agreement import differing, float_arrays
from seer.verify.execute import record
from seer.verify.generate import generate_vectors
from seer.verify.record import record_bench
from seer.verify.vectors import Call
from tests.frontend.suite_kernels import KERNELS, SuiteKernel

BENCH_CALLS = 4


def _check(program: Program, call: Call, seed: int) -> None:
    before = {name: [int(value) for value in contents] for name, contents in call.arrays_before.items()}
    after = run(program, before, call.params, locals_seed=seed)
    floats = float_arrays(program.arguments)
    for name, expected in call.arrays_after.items():
        got = np.array(after[name], dtype=expected.dtype)
        places = differing(expected, got, name in floats)
        assert not len(places), f"{name} at {places[:3]}: {expected[places[:3]]}, got {got[places[:3]]}"


def _loaded(kernel: SuiteKernel) -> Program:
    files, includes = kernel.paths(kernel.files), kernel.paths(kernel.includes)
    return load(files, kernel.top, includes, kernel.defines, kernel.params, kernel.shapes)


def _generated(kernel: SuiteKernel) -> None:
    files, includes = kernel.paths(kernel.files), kernel.paths(kernel.includes)
    program = _loaded(kernel)
    asserted = assertions_of(files, kernel.top, includes, kernel.defines)
    made = generate_vectors(program, 0, kernel.calls, asserted=asserted)
    for number, call in enumerate(record(files, kernel.top, program, made, includes, kernel.defines).calls):
        _check(program, call, number)


def _name(kernel: SuiteKernel) -> str:
    return "-".join((kernel.suite, kernel.top, *kernel.defines))


@pytest.mark.parametrize("kernel", [k for k in KERNELS if k.benches], ids=_name)
def test_calls_of_its_harness(kernel: SuiteKernel) -> None:
    files, includes = kernel.paths(kernel.files), kernel.paths(kernel.includes)
    program = _loaded(kernel)
    calls = record_bench(kernel.paths(kernel.benches), files, program, includes, kernel.defines)
    for number, call in enumerate(calls[:BENCH_CALLS]):
        _check(program, call, number)


@pytest.mark.parametrize("kernel", [k for k in KERNELS if not k.benches], ids=_name)
def test_generated_calls(kernel: SuiteKernel) -> None:
    _generated(kernel)


@pytest.mark.soak
@pytest.mark.parametrize("kernel", [k for k in KERNELS if k.benches and k.calls], ids=_name)
def test_generated_calls_too(kernel: SuiteKernel) -> None:
    _generated(kernel)
