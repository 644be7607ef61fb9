"""Kernels of the corpus as hardware: what the interpreter leaves in memory, in the cycles of the schedule.

That the interpreter leaves what the compiled C does is tests/frontend/test_corpus.py's to show. Designs are
simulated many to a program, as compiling them dominates.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.source import Source
from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.program import Program
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.verify.vectors import Call, memory
from tests.frontend.kernels import KERNELS

REFUSED = {
    "math_more": "64-bit fmod",
    "mix": "64-bit fmod",
    "multiply_modulo": "128-bit urem",
    "wide_constants": "128-bit sitofp",
    "wide_words": "128-bit uitofp",
}
"""Kernels that cannot become hardware yet, and why."""
TAKEN = [name for name in KERNELS if name not in REFUSED]
BATCH = 12
FAULTY = ("tables_elsewhere",)
"""Kernels that were once wrong: constants of no dimension were registers that nothing writes."""
SAMPLE = sorted({*FAULTY, *random.Random(20).sample(TAKEN, 8)})
CALLS = 2


@dataclass(frozen=True)
class Variant:
    """A way to schedule a kernel."""

    name: str
    pipelined: bool
    ports: int
    share: str


SEQUENTIAL = Variant("sequential", False, 2, "all")
PIPELINED = Variant("pipelined", True, 2, "all")
NARROW = Variant("pipelined, one port, unshared", True, 1, "none")


def interpreted(program: Program, call: Call) -> Call:
    """The call with what it leaves in memory."""
    before = {name: [int(value) for value in contents] for name, contents in call.arrays_before.items()}
    after = interpreter.run(program, before, call.params)
    widths = {array.name: array.type.width for array in program.arrays}
    return replace(call, arrays_after={name: memory(widths[name], after[name]) for name in before})


def check(names: Sequence[str], variants: Sequence[Variant], folder: Path) -> None:
    """Simulate the kernels in all variants and compare memories and cycles."""
    jobs: dict[tuple[str, str], Job] = {}
    for name in names:
        program = KERNELS[name].load()
        calls = [interpreted(program, call) for call in KERNELS[name].calls(program, CALLS)]
        assert calls, name
        for variant in variants:
            target = Target.load("xc7", memory_ports=variant.ports)
            loops = auto_pipelined(program) if variant.pipelined else frozenset()
            made = schedule(program, loops, target, share=variant.share)
            jobs[name, variant.name] = Job(made, calls)
    for key, outcome in zip(jobs, simulate_batch(list(jobs.values()), folder), strict=True):
        assert isinstance(outcome, Simulation), (key, outcome)
        assert not outcome.mismatches, (key, outcome.examples)
        predicted = [cycles(jobs[key].schedule, call) for call in jobs[key].calls]
        assert [call.cycles for call in outcome.calls] == predicted, key


def test_a_sample_of_the_corpus(tmp_path: Path) -> None:
    check(SAMPLE, (SEQUENTIAL, PIPELINED), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, len(TAKEN), BATCH))
def test_the_whole_corpus(tmp_path: Path, first: int) -> None:
    check(TAKEN[first : first + BATCH], (SEQUENTIAL, PIPELINED, NARROW), tmp_path)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_become_hardware_yet_is_named(name: str) -> None:
    program = KERNELS[name].load()
    for loops in (frozenset(), auto_pipelined(program)):
        with pytest.raises(InputError, match=REFUSED[name]) as caught:
            schedule(program, loops, Target.load("xc7"))
        assert caught.value.location is not None
        assert caught.value.location.file == str(KERNELS[name].files[0])
        assert caught.value.hint


def test_few_kernels_cannot_become_hardware() -> None:
    assert len(REFUSED) <= 5
    assert set(REFUSED) <= set(KERNELS)


def whole_way(name: str, folder: Path, **options: object) -> None:
    """`optimize` itself refuses a result whose memories or cycles are not those of the C and the schedule."""
    kernel = KERNELS[name]
    source = Source(kernel.files, kernel.include_dirs, kernel.defines, (), kernel.asserted())
    result = optimize(kernel.load(), source, Options(jobs=1, **options), folder)  # type: ignore[arg-type]
    assert len(result.designs) == 3
    for design in result.designs.values():
        assert design.simulated_cycles == design.predicted_cycles > 0


def test_the_whole_way_of_a_kernel(tmp_path: Path) -> None:
    whole_way("breaks", tmp_path, rules="none")


@pytest.mark.soak
@pytest.mark.parametrize("name", TAKEN)
def test_the_whole_way_with_rules(tmp_path: Path, name: str) -> None:
    whole_way(name, tmp_path, rules="all", time_limit=10.0)
