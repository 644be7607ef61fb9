"""a · b + c, rounded once: small formats against rational arithmetic, float and double against libm."""

from __future__ import annotations

import ctypes
import ctypes.util
import struct
from pathlib import Path

import numpy as np
import pytest

from seer import frontend
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.floating.formats import Format
from seer.backends.rtl.floating.units import operator_builds, unit_text
from seer.backends.rtl.simulate import Simulation
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.errors import InputError
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from tests.backends.rtl.floating.exact import Model
from tests.backends.rtl.floating.harness import Unit, Words, results
from tests.backends.rtl.floating.operands import floats, special_pairs

LIBM = ctypes.CDLL(ctypes.util.find_library("m"))
NAN = {32: 0x7FC00000, 64: 0x7FF8000000000000}


@pytest.mark.parametrize(("exponent", "fraction"), [(4, 3), (5, 2), (3, 4)])
def test_small_formats(exponent: int, fraction: int, tmp_path: Path) -> None:
    form, model = Format(exponent, fraction), Model(exponent, fraction)
    drawn = np.random.default_rng(exponent).integers(0, 256, (3, 6000), dtype=np.uint64)
    units = [
        Unit(f"fma_{k}", unit_text(f"fma_{k}", operator_builds("fma", form), k, "fma"), (8, 8, 8), 8, k)
        for k in (0, 3, 9)
    ]
    expected = [model.fused(int(a), int(b), int(c)) for a, b, c in drawn.T]
    for found in results(units, drawn[0], drawn[1], tmp_path, drawn[2]):
        wrong = np.nonzero(found != np.array(expected, dtype=np.uint64))[0]
        shown = [
            (*(hex(int(v)) for v in drawn[:, i]), hex(int(found[i])), hex(expected[i])) for i in wrong[:5]
        ]
        assert not len(wrong), f"{len(wrong)} wrong: {shown}"


def host(width: int, a: Words, b: Words, c: Words) -> Words:
    """libm's, NaNs canonical."""
    function, kind = (LIBM.fmaf, ctypes.c_float) if width == 32 else (LIBM.fma, ctypes.c_double)
    function.argtypes, function.restype = [kind] * 3, kind
    dtype, unsigned = (np.float32, np.uint32) if width == 32 else (np.float64, np.uint64)
    columns = [words.astype(unsigned).view(dtype).tolist() for words in (a, b, c)]
    found = np.array([function(*each) for each in zip(*columns, strict=True)], dtype=dtype)
    return np.where(np.isnan(found), np.uint64(NAN[width]), found.view(unsigned).astype(np.uint64))


def near_cancelling(width: int, a: Words, b: Words, c: Words) -> Words:
    """Addends close to −a·b in every other place, by up to a few bits."""
    dtype, unsigned = (np.float32, np.uint32) if width == 32 else (np.float64, np.uint64)
    with np.errstate(all="ignore"):
        product = -(a.astype(unsigned).view(dtype) * b.astype(unsigned).view(dtype))
    close = product.view(unsigned).astype(np.uint64) ^ (c & np.uint64(7))
    return np.where(np.arange(len(a)) % 2 == 0, close, c)


def compared(width: int, latencies: tuple[int, ...], count: int, seed: int, folder: Path) -> None:
    pairs = zip(special_pairs(width), floats(width, count, seed), strict=True)
    a, b = (np.concatenate(each) for each in pairs)
    c = np.roll(np.random.default_rng(seed).permutation(a), 1)
    c = near_cancelling(width, a, b, c)
    units = [
        Unit(*float_unit("fma", width, width, latency), (width,) * 3, width, latency) for latency in latencies
    ]
    expected = host(width, a, b, c)
    for found in results(units, a, b, folder, c):
        wrong = np.nonzero(found != expected)[0]
        shown = [[hex(int(v[i])) for v in (a, b, c, found, expected)] for i in wrong[:5]]
        assert not len(wrong), f"{len(wrong)} wrong: {shown}"


@pytest.mark.parametrize("width", [32, 64])
def test_sample(width: int, tmp_path: Path) -> None:
    compared(width, (5, 14), 20_000, width, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("width", [32, 64])
def test_a_million(width: int, tmp_path: Path) -> None:
    """Also at the latency at which designs for xc7 have it."""
    shipped = Target.load("xc7", clock_ns=6).unit("fma", width).latency
    compared(width, (0, shipped), 1_000_000, 7 + width, tmp_path)


def test_the_reference_rounds_once() -> None:
    """(1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴, which a product rounded to float loses."""
    one, two = (struct.unpack("<I", struct.pack("<f", value))[0] for value in (1 + 2**-12, -(1 + 2**-11)))
    (found,) = host(32, *(np.array([bits], dtype=np.uint64) for bits in (one, one, two)))
    assert struct.unpack("<f", struct.pack("<I", int(found)))[0] == 2**-24


KERNEL = """
#include <math.h>
float horner(float x[8], float c[4]) {
    float last = 0;
    for (int i = 0; i < 8; i++) last = x[i] = fmaf(fmaf(c[3], x[i], c[2]), x[i], fma(c[1], 0.5f, c[0]));
    return last;
}
double dot(double x[8], double y[8]) {
    double s = 0;
    for (int i = 0; i < 8; i++) s = fma(x[i], y[i], s);
    return s;
}
"""


def test_in_a_design(tmp_path: Path) -> None:
    """Against the compiled C; sums of doubles need more than 5 ns."""
    file = tmp_path / "kernel.c"
    file.write_text(KERNEL)
    jobs: list[Job] = []
    for top in ("horner", "dot"):
        program = frontend.load([file], top)
        calls = calls_of(program, Source((file,)), 4, 3)
        design = schedule(program, auto_pipelined(program), Target.load("xc7", clock_ns=6))
        assert static_faults(design, Target.load("xc7", clock_ns=6)) == []
        jobs.append(Job(design, calls))
    for job, outcome in zip(jobs, simulate_batch(jobs, tmp_path / "batch"), strict=True):
        assert isinstance(outcome, Simulation) and not outcome.mismatches
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, call) for call in job.calls]
    with pytest.raises(InputError, match="no 64-bit fma"):
        schedule(jobs[1].schedule.program, frozenset(), Target.load("xc7"))
