"""The package's own face: what it exports, and the example of its page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import seer
from seer.errors import InputError

PAGE = Path(__file__).parents[1] / "docs" / "choices.md"


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    exec(compile(found[1], str(PAGE), "exec"), {"__name__": "example"})
    printed = capsys.readouterr().out.splitlines()
    data = json.loads((tmp_path / "out" / "result.json").read_text())
    before, after = (data["designs"][name]["cycles"]["predicted"] for name in ("input", "seer"))
    assert printed[0] == f"{before} cycles as written, {after} now" and after < before
    assert len(printed) == 1 + len(data["front"])
    assert data["options"]["max_area"] == "2x" and data["options"]["limits"]["rounds"] == 2


def test_everything_that_is_exported_is_there() -> None:
    for name in seer.__all__:
        assert getattr(seer, name) is not None
    with pytest.raises(AttributeError):
        seer.nothing  # noqa: B018


def test_the_package_itself_loads_nothing() -> None:
    command = "import seer, sys; print(sum(name.startswith('seer.') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_what_the_user_gets_wrong_is_an_input_error(tmp_path: Path) -> None:
    file = tmp_path / "k.c"
    file.write_text("void f(int a[4]) { a[0] = 1; }\n")
    with pytest.raises(InputError):
        seer.optimize(file, "g", output=tmp_path / "out")
    with pytest.raises(InputError, match="'speed' is none of latency, balanced, area"):
        seer.Options(objective="speed")
    with pytest.raises(InputError, match="no loop has the label"):
        options = seer.Options(backend="none", budgets=seer.Budgets(target_ii=(("L", 1),)))
        seer.optimize([file], "f", options, output=tmp_path / "out")
