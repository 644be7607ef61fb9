"""Targets: numbers come from the file, units suit the clock, and bad files are refused."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from seer.errors import InputError
from seer.schedule import Area, Target


def xc7_text() -> str:
    return (resources.files("seer") / "targets" / "xc7.toml").read_text(encoding="utf-8")


def test_measured_points_and_between() -> None:
    target = Target.load("xc7")
    assert target.clock_ns == 5.0 and target.memory_ports == 2
    add8, add16, add12 = (target.unit("add", w) for w in (8, 16, 12))
    assert (add8.input_ns, add8.area.lut) == (1.1, 8)
    assert add8.input_ns < add12.input_ns < add16.input_ns and add12.area.lut == 12
    assert target.unit("add", 1).area.lut == 1


def test_multiplier_suits_the_clock() -> None:
    assert Target.load("xc7", 5.0).unit("mul", 32).latency == 2
    slow = Target.load("xc7", 10.0).unit("mul", 32)
    assert slow.latency == 0 and slow.area == Area(dsp=3)
    assert Target.load("xc7", 5.0).unit("mul", 16).latency == 0


def test_product_of_narrow_factors_takes_one_dsp() -> None:
    assert Target.load("xc7").unit("mul", 32, operand_width=16).area.dsp == 1


def test_floats_take_the_least_latency_that_meets_the_clock() -> None:
    latencies = [Target.load("xc7", clock).unit("fadd", 32).latency for clock in (4.0, 5.0, 10.0)]
    assert latencies == sorted(latencies, reverse=True) and latencies[0] > latencies[1]
    assert Target.load("xc7").unit("fneg", 64).latency == 0
    with pytest.raises(InputError, match="no unit for a 16-bit fadd"):
        Target.load("xc7").unit("fadd", 16)


def test_conversions_have_two_widths() -> None:
    target = Target.load("xc7")
    assert target.unit("sitofp", 20, result_width=32) == target.unit("sitofp", 32, result_width=32)
    assert target.unit("sitofp", 33, result_width=32) == target.unit("sitofp", 64, result_width=32)
    assert target.unit("fptoui", 32, result_width=9) == target.unit("fptosi", 32, result_width=32)
    assert target.unit("fpext", 32, result_width=64).latency > 0
    with pytest.raises(InputError, match="no unit for a 100-bit sitofp to 32 bits"):
        target.unit("sitofp", 100, result_width=32)


def test_a_clock_that_is_too_fast() -> None:
    with pytest.raises(InputError, match="too fast for the memories"):
        Target.load("xc7", 2.0)
    with pytest.raises(InputError, match="64-bit mul"):
        Target.load("xc7", 3.5).unit("mul", 64)


def test_weights() -> None:
    assert Area(10, 4, 2, 1).weighted(Target.load("xc7")) == 10 + 2 + 200 + 200


def test_equal_targets_are_interchangeable() -> None:
    assert Target.load("xc7") == Target.load("xc7", 5.0)
    assert hash(Target.load("xc7")) == hash(Target.load("xc7", 5.0))
    assert Target.load("xc7") != Target.load("xc7", memory_ports=1)


def test_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(xc7_text().replace('name = "xc7"', 'name = "mine"', 1))
    assert Target.load(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("read_ns", "reed_ns", "'read_ns' is missing"),
        ("setup_ns = 0.737", "setup_ns = 0.737\nhold_ns = 1.0", "unknown key 'hold_ns'"),
        ("default_ns = 5.0", 'default_ns = "fast"', "wrong type"),
        ("default_ns = 5.0", "default_ns = -5.0", "negative"),
        ('kinds = ["sub"]', 'kinds = ["minus"]', "'minus' is no operator"),
        ('kinds = ["sub"]', 'kinds = ["sub", "fsub"]', "computes on integers"),
        ("result = 64, ", "", "'result' is missing"),
        ("[clock]", "[clock", "target file"),
        ("width = 8, ns = 1.1", "width = 8", "'ns' is missing"),
    ],
)
def test_schema(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = xc7_text()
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        Target.load(str(path))


def test_unknown_target_names_the_known() -> None:
    with pytest.raises(InputError) as caught:
        Target.load("xc9")
    assert caught.value.hint is not None and "xc7" in caught.value.hint


def test_unreadable_file() -> None:
    with pytest.raises(InputError, match="cannot read"):
        Target.load("/nowhere/x.toml")
