"""Every kernel of the corpus, four ways: the user's source compiled by clang, its Program in the reference
interpreter and in MLIR's just-in-time compiler, and the C++ emitted for it. All leave the same memories,
NaNs apart, whose sign and payload C leaves open.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seer.lang.interpreter import run
from seer.verify.agreement import differing, float_arrays
from seer.verify.jit import JitProgram
from seer.verify.vectors import memory
from tests.frontend.batches import Batch, Memories
from tests.frontend.kernels import KERNELS

CALLS = 10
BATCH = 12
NAMES = list(KERNELS)

Batches = Callable[[str], Batch]


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Batches:
    """The batch of a kernel, made when its first kernel is asked for."""
    made: dict[int, Batch] = {}

    def batch_of(name: str) -> Batch:
        number = NAMES.index(name) // BATCH
        if number not in made:
            kernels = [KERNELS[other] for other in NAMES[number * BATCH : (number + 1) * BATCH]]
            made[number] = Batch(kernels, tmp_path_factory.mktemp("batch"), CALLS)
        return made[number]

    return batch_of


@pytest.mark.parametrize("name", NAMES)
def test_kernel(batches: Batches, name: str) -> None:
    batch = batches(name)
    program, calls = batch.programs[name], batch.calls[name]
    assert len(calls) >= 5
    widths = {array.name: array.type.width for array in program.arrays}
    floats = float_arrays(program.arguments)
    compiled = JitProgram(program)
    for number, call in enumerate(calls):
        expected = batch.original[name][number]

        def check(leg: str, got: Memories, expected: Memories = expected, number: int = number) -> None:
            assert got.keys() == expected.keys()
            for array, contents in expected.items():
                places = differing(contents, got[array], array in floats)
                assert not len(places), f"{leg}, call {number}, {array}[{places[0]}]"

        before = {array: [int(value) for value in contents] for array, contents in call.arrays_before.items()}
        after = run(program, before, call.params, locals_seed=number)
        check("interpreter", {array: memory(widths[array], contents) for array, contents in after.items()})
        check("JIT", compiled.run(call, locals_seed=number))
        check("emitted C++", batch.emitted[name][number])


def test_corpus_is_large_enough() -> None:
    assert len(KERNELS) >= 60
