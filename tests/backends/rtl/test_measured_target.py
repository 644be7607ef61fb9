"""`seer targets measure`: what it changes in a target file, and what it refuses."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from seer.backends.rtl import measured_target
from seer.cli.main import main
from seer.errors import BackendError, InputError
from seer.schedule import Target

FILE = """# A device.
base = "xc7"
name = "mine"
family = "xc7"

[[units]]
name = "fsign"
kinds = ["fabs", "fneg", "fcopysign"]
points = [
  { width = 32, ns = 0.0, lut = 0, ff = 0, dsp = 0 },  # kept
]

[[units]]
name = "slt"
kinds = ["slt", "sle"]
points = [
  { width = 8, ns = 0.0, lut = 0, ff = 0, dsp = 0 },
]

[[units]]
name = "mul_pipe"
kinds = ["mul"]
points = [
  { width = 9, latency = 1, input_ns = 0.0, stage_ns = 0.0, output_ns = 0.0, lut = 0, ff = 0, dsp = 0 },
]
"""


def test_figures_replace_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, output = tmp_path / "mine.toml", tmp_path / "new" / "mine.toml"
    file.write_text(FILE)
    with pytest.raises(SystemExit) as caught:
        main(["targets", "measure", str(file), "-o", str(output)])
    assert caught.value.code == 0
    assert capsys.readouterr().err.count("width = ") == 3
    text = output.read_text()
    sign, less, product = (table["points"][0] for table in tomllib.loads(text)["units"])
    assert list(sign) == ["width", "ns", "lut", "ff", "dsp"]
    assert sign["lut"] == 32 and sign["ns"] > 0.5
    assert 4 <= less["lut"] <= 16 and 0.5 < less["ns"] < 3.0
    assert product["dsp"] == 1 and product["latency"] == 1 and product["output_ns"] > 0
    # All else is as it was, the bytes are the same again, and it is a target.
    assert [line for line in text.split("\n") if "width" not in line] == [
        line for line in FILE.split("\n") if "width" not in line
    ]
    assert text.count("# kept") == 1
    assert measured_target(FILE, "mine") == text
    assert Target.load(str(output)).unit("mul", 9).area.dsp == 1


def test_floats_become_wider_and_narrower() -> None:
    """What a target file says of conversions between formats is what is measured of them."""
    text = Target.text("xc7")
    assert measured_target(text, "xc7", ["float_to_float"]) == text


def test_only_the_units_asked_for() -> None:
    text = measured_target(FILE, "mine", ["fsign"])
    assert "width = 8, ns = 0.0" in text and "width = 32, ns = 0.0" not in text


def test_refusals() -> None:
    with pytest.raises(InputError, match="no unit nothing"):
        measured_target(FILE, "mine", ["nothing"])
    with pytest.raises(InputError, match="names no device family"):
        measured_target(FILE.replace('family = "xc7"\n', ""), "mine")
    with pytest.raises(BackendError, match="not set up for device family"):
        measured_target(FILE, "mine", ["fsign"], "virtex")
    with pytest.raises(InputError, match=r"mine\.toml"):
        measured_target("units = [", "mine.toml")


def test_without_yosys(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    with pytest.raises(SystemExit) as caught:
        main(["targets", "measure", "xc7", "--unit", "fsign"])
    assert caught.value.code == 4
    assert "Yosys is not installed" in capsys.readouterr().err
