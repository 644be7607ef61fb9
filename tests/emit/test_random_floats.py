"""Random programs over floats: the emitted C++ computes what the interpreter does, NaNs aside."""

from __future__ import annotations

from random import Random

import pytest

from seer.lang.interpreter import run
from seer.verify.agreement import differing, float_arrays
from seer.verify.vectors import memory
from tests.emit.floating import random_float_inputs, random_float_program

PROGRAMS = 30
CALLS = 6


@pytest.mark.parametrize("seed", [1, 2])
def test_emitted_code_agrees_with_the_interpreter(run_all, seed: int) -> None:
    random = Random(seed)
    cases = []
    for number in range(PROGRAMS):
        program = random_float_program(random, f"kernel{number}")
        cases.append((program, [random_float_inputs(random, program) for _ in range(CALLS)]))
    for (program, inputs), results in zip(cases, run_all(cases), strict=True):
        floats = float_arrays(program.arguments)
        for (arrays, params), after in zip(inputs, results, strict=True):
            expected = run(program, arrays, params)
            for array in program.arrays:
                pair = [memory(array.type.width, found[array.name]) for found in (expected, after)]
                wrong = differing(pair[0], pair[1], array.name in floats)
                assert wrong.size == 0, (program.name, array.name, wrong)
