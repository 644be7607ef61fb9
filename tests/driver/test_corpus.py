"""Kernels of the frontend's corpus as hardware: simulated cycles are the schedule's, to the cycle.

`optimize` itself refuses a result whose memories or cycles differ from those of the C and of the schedule.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.source import Source
from seer.errors import InputError
from seer.schedule import Target, schedule
from tests.frontend.kernels import KERNELS

SAMPLE = ("fir", "breaks", "wide_moves")
UNSCHEDULED = r"no unit|not (yet )?(scheduled|supported)|cannot be"
"""What the message of a kernel says that cannot become hardware yet."""


def check(name: str, folder: Path, **options: object) -> None:
    kernel = KERNELS[name]
    program = kernel.load()
    source = Source(kernel.files, kernel.include_dirs, kernel.defines, (), kernel.asserted())
    result = optimize(program, source, Options(jobs=1, **options), folder)  # type: ignore[arg-type]
    assert len(result.designs) == 3
    for design in result.designs.values():
        assert design.simulated_cycles == design.predicted_cycles > 0


@pytest.mark.parametrize("name", SAMPLE)
def test_simulated_cycles_are_those_predicted(tmp_path: Path, name: str) -> None:
    check(name, tmp_path, rules="none")


@pytest.mark.parametrize(("name", "construct"), [("wide_words", "uitofp"), ("math_more", "no unit")])
def test_what_cannot_become_hardware_yet_is_named(name: str, construct: str) -> None:
    with pytest.raises(InputError, match=construct) as caught:
        schedule(KERNELS[name].load(), frozenset(), Target.load("xc7"))
    assert caught.value.location is not None
    assert caught.value.location.file == str(KERNELS[name].files[0])
    assert caught.value.hint


@pytest.mark.soak
@pytest.mark.parametrize("rules", ["none", "all"])
@pytest.mark.parametrize("name", KERNELS)
def test_the_whole_corpus(tmp_path: Path, name: str, rules: str) -> None:
    try:
        check(name, tmp_path, rules=rules, time_limit=10.0)
    except InputError as error:
        with pytest.raises(InputError, match=UNSCHEDULED):
            raise error
        assert error.location is not None, "the construct has a place"
        pytest.skip(str(error))
