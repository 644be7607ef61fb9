"""Targets that the generated Verilog cannot stand for are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.backends import rtl
from seer.errors import InputError
from seer.schedule import Target


@pytest.mark.parametrize("name", ["xc7", "ecp5", "paper"])
def test_targets_that_can_be_built(name: str) -> None:
    rtl.require_target(Target.load(name))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[memory]\nread_latency = 2\n", "memories of read latency 1"),
        ("[control]\ncall = 1\n", "another tool's control"),
        ('family = "ice40"\n', "names family 'ice40' for synthesis"),
        ('family = ""\n', "names no family for synthesis"),
    ],
)
def test_targets_that_cannot(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'base = "xc7"\nname = "own"\n{text}')
    with pytest.raises(InputError, match=message) as caught:
        rtl.require_target(Target.load(str(path)))
    assert "--backend none" in (caught.value.hint or "")
