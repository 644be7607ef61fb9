"""Programs that campaigns found, through all implementations, the emitted C++ without checks of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.fuzz.children import check
from seer.fuzz.findings import Source
from seer.fuzz.legs import Legs

FOLDER = Path(__file__).parents[1] / "frontend" / "objects"


@pytest.mark.parametrize("name", ["guarded_capture"])
def test_what_campaigns_found(name: str) -> None:
    assert check([Source(FOLDER / f"{name}.c", name, "0")], Legs(12)) == []


def test_what_the_c_compiler_or_seer_refuses_is_found(tmp_path: Path) -> None:
    (tmp_path / "f.c").write_text("int f(int x) { goto end; end: return x; }\n")
    (finding,) = check([Source(tmp_path / "f.c", "f", "0")], Legs(1))
    assert (finding.kind, finding.leg) == ("refused", "frontend")
    assert "goto" in finding.message
