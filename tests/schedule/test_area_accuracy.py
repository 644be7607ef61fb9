"""The area estimate against synthesis of whole designs, by benchmarks/area_accuracy.py."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from seer.schedule import Target


def _benchmark() -> ModuleType:
    file = Path(__file__).parents[2] / "benchmarks" / "area_accuracy.py"
    spec = importlib.util.spec_from_file_location("area_accuracy", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()
TARGET = Target.load("xc7")


def test_no_design_is_judged_that_was_looked_at() -> None:
    judged = {case.file for case in BENCHMARK.EVALUATION}
    assert len(BENCHMARK.EVALUATION) == len(set(BENCHMARK.EVALUATION)) == 20
    assert judged.isdisjoint(case.file for case in BENCHMARK.CALIBRATION)
    assert all((BENCHMARK.ROOT / file).exists() for file in judged)


SMALL = ("bubble", "collatz", "several_counters", "histogram", "saxpy", "blend", "kmp")


def test_a_sample_is_near() -> None:
    """Two of the small designs."""
    small = [case for case in BENCHMARK.EVALUATION if Path(case.file).stem in SMALL]
    sample = random.Random(5).sample(small, 2)
    found = [BENCHMARK.measure(case, TARGET) for case in sample]
    assert all(each.near and each.blocks_exact for each in found), [each.line() for each in found]


@pytest.mark.soak
def test_most_designs_are_near() -> None:
    """LUTs and flip-flops within 15 % on at least 16 of 20, DSP blocks and block RAMs exact on all."""
    found = [BENCHMARK.measure(case, TARGET) for case in BENCHMARK.EVALUATION]
    shown = "\n".join(each.line() for each in found)
    assert sum(each.near for each in found) >= 16, shown
    assert all(each.blocks_exact for each in found), shown
