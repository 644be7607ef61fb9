"""Random control flow: what the frontend makes of it computes what gcc's code does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from seer.frontend import load
from seer.lang.operators import mask
from tests.frontend.control_programs import function

PROGRAMS = 60
CALLS = 4


@pytest.mark.parametrize("seed", [1, 2])
def test_random_control(compile_original: Any, tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    texts = {f"f{seed}_{number}": function(source, f"f{seed}_{number}") for number in range(PROGRAMS)}
    whole = tmp_path / "whole.c"
    whole.write_text("".join(texts.values()))
    original = compile_original([whole])
    for name, text in texts.items():
        path = tmp_path / f"{name}.c"
        path.write_text(text)
        program = load([path], name)
        for call in range(CALLS):
            params = {"x": source.randint(-9, 9) & mask(32), "y": source.randint(0, 9)}
            small = call % 2

            def fill(width: int, small: int = small) -> int:
                return source.randint(0, 7) if small else source.getrandbits(width)

            try:
                original.check(program, fill, params, call)
            except AssertionError as error:
                raise AssertionError(f"{text}\n{params}") from error
