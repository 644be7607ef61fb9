"""Damaged kernels: what the C compilers reject is refused with its place, what they take behaves as they have
it, or is refused in words of docs/c_support.md; no traceback, whatever the file holds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from seer.errors import InputError
from seer.fuzz.children import apart
from tests.frontend.batches import Kernel
from tests.frontend.kernels import KERNELS
from tests.frontend.mutant_runs import Verdict, judge
from tests.frontend.mutants import mutant

HERE = Path(__file__).parent
FILES = {path.stem: path for folder in ("corpus", "objects") for path in sorted((HERE / folder).glob("*.c*"))}
SECONDS = 240.0
SAMPLE = (
    ("blocked_gemm", 0),
    ("boolean", 36),
    ("bubble", 19),
    ("sobel", 30),
    ("bitwise", 151),
    ("bitwise", 160),
    ("counters", 165),
)


Chosen = tuple[str, int]
"""The kernel that a mutant is made of, and a number."""


def chosen(number: int) -> Chosen:
    """One of the mutants; a new kernel in the corpus replaces few of them."""
    return min(FILES, key=lambda name: random.Random(f"{name} {number}").random()), number


def damaged(folder: Path, which: Chosen) -> Kernel:
    """A mutant, written into `folder`."""
    original = FILES[which[0]]
    draw = random.Random(f"{which[0]} {which[1]}")
    draw.random()  # it chose the kernel
    path = folder / original.name
    path.write_text(mutant(draw, original.read_text(encoding="utf-8")), encoding="utf-8")
    return Kernel(original.stem, (path,), ranges=KERNELS[original.stem].ranges)


def judged(folder: Path, mutants: Iterable[Chosen]) -> list[Verdict]:
    """The verdicts, none of which may find a fault."""
    verdicts = []
    for which in mutants:
        kernel = damaged(folder, which)
        verdict, step = apart(partial(judge, kernel), SECONDS)
        assert verdict is not None, f"mutant {which}: lost in the step {step!r}"
        assert not verdict.fault, f"mutant {which}: {verdict.fault}"
        verdicts.append(verdict)
    return verdicts


def outcomes(verdicts: Iterable[Verdict]) -> Counter[str]:
    return Counter(verdict.outcome for verdict in verdicts)


def test_mutants_are_taken_or_refused_with_a_place(tmp_path: Path) -> None:
    refused = 0
    for number in range(25):
        kernel = damaged(tmp_path, chosen(number))
        try:
            kernel.load()
        except InputError as error:
            refused += 1
            # A file that defines no such function any more has no place to show.
            absent = error.message.startswith(f"no function `{kernel.name}`")
            assert error.location is not None or absent, f"{number}: {error}"
        except Exception as error:
            raise AssertionError(f"mutant {number} of {kernel.name}") from error
    assert refused > 5


def test_a_sample_behaves_as_compiled(tmp_path: Path) -> None:
    verdicts = judged(tmp_path, SAMPLE)
    assert outcomes(verdicts).keys() == {"rejected", "unsupported", "taken"}
    assert sum(verdict.calls.get("equal", 0) for verdict in verdicts) > 8


@pytest.mark.soak
def test_three_hundred_mutants(tmp_path: Path) -> None:
    verdicts = judged(tmp_path, map(chosen, range(300)))
    found = outcomes(verdicts)
    assert found["taken"] > 60 and found["unsupported"] > 1
    assert sum(verdict.calls.get("equal", 0) for verdict in verdicts) > 400
