"""Kernels in the style of the field's suites load as they are, and compute what the compiled original does,
on generated calls and on those of their own harness."""

from __future__ import annotations

import re

import numpy as np
import pytest

from seer.errors import InputError
from seer.frontend import assertions_of, load
from seer.lang.interpreter import run
from seer.lang.program import Program
from seer.verify.agreement import differing, float_arrays
from seer.verify.execute import record
from seer.verify.generate import generate_vectors
from seer.verify.record import record_bench
from seer.verify.vectors import Call
from tests.frontend.suite_kernels import KERNELS, SUITES, SuiteKernel

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


REFUSED = [
    ("xilinx/fir_static.c", "fir", {}, (), "xilinx/fir_static.c:14:17: variable `shift_reg` that outlives"),
    ("xilinx/vadd.cpp", "vadd", {"in1": (8,), "in2": (8,)}, (), "pointer `out_r` to an unknown number"),
    ("xilinx/vadd.cpp", "vadd", {"in3": (8,)}, (), "--shape: `vadd` has no argument `in3`"),
    (
        "xilinx/vadd.cpp",
        "vadd",
        {"in1": (8,), "in2": (8,), "out_r": (8,), "size": (8,)},
        (),
        "--shape: `size` is no pointer, and no array without",
    ),
    ("xilinx/loop_reorder.cpp", "mmult", {"in1": (8, 4)}, (), "contradicts the rows of `in1`"),
    ("hls4ml/myproject.cpp", "myproject", {}, ("USE_FIXED", "__SYNTHESIS__"), "fixed-point type `ap_fixed"),
]


@pytest.mark.parametrize(("file", "top", "shapes", "defines", "message"), REFUSED)
def test_what_is_refused_says_where(
    file: str, top: str, shapes: dict[str, tuple[int, ...]], defines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        load([SUITES / file], top, [], defines, None, shapes)
    assert caught.value.location is not None and caught.value.hint


@pytest.mark.soak
@pytest.mark.parametrize("kernel", [k for k in KERNELS if k.benches and k.calls], ids=_name)
def test_generated_calls_too(kernel: SuiteKernel) -> None:
    _generated(kernel)
