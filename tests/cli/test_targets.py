"""`seer targets`: what it lists, and how it refuses files."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.cli.main import main
from seer.schedule import Target


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["targets", *arguments])
    output = capsys.readouterr()
    return int(caught.value.code or 0), output.out, output.err


def test_lists_every_target(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys)
    lines = {line.split()[0]: line for line in out.splitlines()[1:] if line and not line.startswith(" ")}
    assert code == 0 and sorted(lines) == Target.names()
    assert "rtl, none" in lines["xc7"] and "rtl" not in lines["vitis_u55c"]
    assert lines["paper"].split()[2:5] == ["1", "1", "none"]


@pytest.mark.parametrize("name", Target.names())
def test_shows_each(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, name)
    target = Target.load(name)
    assert code == 0 and f"clock {target.clock_ns:g} ns" in out
    for unit in target.file.units:
        assert f"  {unit.name} " in out


def test_units_at_another_clock(capsys: pytest.CaptureFixture[str]) -> None:
    def product(clock: str) -> list[str]:
        out = run(capsys, "ecp5", "--clock", clock)[1]
        return next(line for line in out.splitlines() if line.startswith("  fmul")).split()

    assert product("8")[-2:] == ["too", "slow"]
    assert product("12.5")[2:4] == ["32", "4"]


def test_a_file_that_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "xc7"\nname = "mine"\n\n[memory]\nport = 1\n')
    code, _, err = run(capsys, str(path))
    assert code == 2
    assert f"{path}:5:1: target file: unknown key 'port' in memory" in err and "did you mean 'ports'?" in err
