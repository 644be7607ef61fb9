"""Damaged kernels are taken or refused with a place: no traceback, whatever the file holds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seer.errors import InputError
from seer.frontend import load
from tests.frontend.mutants import mutant

HERE = Path(__file__).parent
FILES = sorted(path for folder in ("corpus", "objects") for path in (HERE / folder).glob("*.c*"))


def check(folder: Path, numbers: range) -> None:
    refused = 0
    for number in numbers:
        draw = random.Random(f"mutant {number}")
        original = draw.choice(FILES)
        path = folder / original.name
        path.write_text(mutant(draw, original.read_text(encoding="utf-8")), encoding="utf-8")
        try:
            load([path], original.stem)
        except InputError as error:
            refused += 1
            # A file that defines no such function any more has no place to show.
            assert error.location is not None or f"`{original.stem}`" in error.message, f"{number}: {error}"
        except Exception as error:
            raise AssertionError(f"mutant {number} of {original.name}") from error
    assert refused > len(numbers) // 4


def test_a_sample_of_mutants(tmp_path: Path) -> None:
    check(tmp_path, range(25))


@pytest.mark.soak
def test_three_hundred_mutants(tmp_path: Path) -> None:
    check(tmp_path, range(300))
