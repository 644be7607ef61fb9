"""Targets: numbers come from the file, units suit the clock, and bad files are refused."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from seer.errors import InputError
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Load, Store
from seer.schedule import Area, Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from tests.schedule.programs import array, counter, loop, op, program


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
    latencies = [Target.load("xc7", clock).unit("fadd", 32).latency for clock in (5.0, 7.0, 10.0)]
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


def test_the_widest_unit_of_floats_is_one_that_there_is() -> None:
    with pytest.raises(InputError, match="no unit for a 64-bit fdiv; its widest has 32 bits"):
        Target.load("ecp5").unit("fdiv", 64)


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
    ("old", "new", "message", "hint"),
    [
        ("read_ns", "reed_ns", "unknown key 'reed_ns' in memory", "did you mean 'read_ns'?"),
        ("\nread_ns = 2.454", "", "the key 'read_ns' is missing in memory", "add it: clock to data"),
        (
            "setup_ns = 0.737",
            "setup_ns = 0.737\nhold_ns = 1.0",
            "unknown key 'hold_ns' in memory",
            "known keys",
        ),
        (
            "default_ns = 5.0",
            'default_ns = "fast"',
            "must be a number, found the text 'fast'",
            "clock period",
        ),
        ("default_ns = 5.0", "default_ns = -5.0", "clock.default_ns must be at least 0, found -5.0", ""),
        ("default_ns = 5.0", "default_ns = true", "must be a number, found true", ""),
        ("read_latency = 1", "read_latency = 3", "must be 1 or 2, found 3", "cycles from an address"),
        ("register_bits = 64", "register_bits = 6.5", "must be a whole number, found 6.5", ""),
        ('kinds = ["sub"]', 'kinds = ["minus"]', "'minus' in kinds of units[1] is no operator", ""),
        ('name = "sub"', 'name = "add"', "two units are named 'add'", ""),
        ('kinds = ["sub"]', 'kinds = ["sub", "fsub"]', "computes on integers, on floats, or converts", ""),
        ("result = 64, ", "", "'result' is missing", "result width"),
        ("[clock]", "[clock", "target file: ", "valid TOML"),
        ("width = 8, ns = 1.1", "width = 8", "'ns' is missing in units[0].points[0]", "delay in ns"),
        ("width = 16, ns = 1.33", "width = 4, ns = 1.33", "points in order of width", ""),
        ("[timing]", "[timings]", "unknown key 'timings' in the file", "did you mean 'timing'?"),
    ],
)
def test_schema(tmp_path: Path, old: str, new: str, message: str, hint: str) -> None:
    text = xc7_text()
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        Target.load(str(path))
    assert hint in (caught.value.hint or "")
    place = caught.value.location
    assert place is not None and place.file == str(path) and place.line >= 1


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("default_ns = 5.0", "default_ns = -5.0", "default_ns = -5.0"),
        ("read_latency = 1", "read_latency = 7", "read_latency = 7"),
        ('kinds = ["ult", "ule"]', 'kinds = ["ult", "lt"]', 'kinds = ["ult", "lt"]'),
        (
            "width = 17, ns = 2.97",
            "width = 17, ns = -1",
            "{ width = 17, ns = -1, lut = 0, ff = 0, dsp = 1 },",
        ),
        ("[clock]", "[clock", "[clock"),
        ("lut = 1.0", "lut = ", "lut ="),
        ("[memory]\n", "[memory]\nspeed = 1\n", "speed = 1"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, old: str, new: str, shown: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(xc7_text().replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        Target.load(str(path))
    place = caught.value.location
    assert place is not None
    assert path.read_text().splitlines()[place.line - 1].strip() == shown


TABULATED = """
[[units]]
name = "fixed"
kinds = ["udiv"]
max_width = 64
points = [
  { width = 32, clock_ns = 4.0, stages = 9, lut = 3, ff = 4, dsp = 0 },
  { width = 32, clock_ns = 5.0, stages = 5, lut = 1, ff = 2, dsp = 0 },
  { width = 64, clock_ns = 5.0, stages = 1, lut = 7, ff = 0, dsp = 0 },
]
"""


def test_latency_as_a_table_over_the_clock(tmp_path: Path) -> None:
    """Of the points of a width that of the longest period within the clock holds, and nothing chains."""
    path = tmp_path / "own.toml"
    path.write_text(xc7_text().replace('kinds = ["udiv", "urem"]', 'kinds = ["urem"]', 1) + TABULATED)
    units = {clock: Target.load(str(path), clock).unit("udiv", 20) for clock in (4.0, 4.9, 5.0, 8.0)}
    assert {clock: unit.latency for clock, unit in units.items()} == {4.0: 8, 4.9: 8, 5.0: 4, 8.0: 4}
    assert units[5.0].area == Area(1, 2, 0)
    target = Target.load(str(path), 5.0)
    assert units[5.0].output_ns == target.budget_ns
    one = target.unit("udiv", 33)
    assert one.latency == 0
    assert target.register_ns + target.routing_ns + one.input_ns == pytest.approx(target.budget_ns)
    with pytest.raises(InputError, match=r"meets a clock of 4\.0 ns"):
        Target.load(str(path), 4.0).unit("udiv", 64)


def test_read_latency_is_the_target_s(tmp_path: Path) -> None:
    """With an output register behind block memories a load takes two cycles, and the checker agrees."""
    path = tmp_path / "slow.toml"
    path.write_text(xc7_text().replace("read_latency = 1", "read_latency = 2", 1))
    a, b = array("a", 32, 16), array("b", 32, 16)
    i = counter(0, 16)
    copy = program((a, b), loop(i, Store(b, (i,), op("add", Load(a, (i,)), 1))))
    found = {}
    for name in ("xc7", str(path)):
        s = schedule(copy, auto_pipelined(copy), Target.load(name))
        assert not static_faults(s, Target.load(name))
        found[name] = cycles(s, {})
    assert found[str(path)] == found["xc7"] + 1


def test_control_costs_are_added(tmp_path: Path) -> None:
    """Each constant of [control] counts as often as its docstring says."""
    a = array("a", 32, 16)
    i, j = counter(0, 3), counter(1, 5)
    inside = loop(j, Store(a, (j,), op("add", Load(a, (j,)), Load(a, (i,)))))
    nest = program((a,), loop(i, Store(a, (i,), Const(32, 1)), inside))
    path = tmp_path / "control.toml"
    inner = auto_pipelined(nest)

    def taken(**costs: int) -> int:
        text = "[control]\n" + "".join(f"{key} = {value}\n" for key, value in costs.items())
        path.write_text(xc7_text().replace("[area_weights]", f"{text}\n[area_weights]", 1))
        return cycles(schedule(nest, inner, Target.load(str(path))), {})

    plain = taken()
    assert taken(call=5) == plain + 5
    assert taken(pipelined_loop=-1) == plain - 3
    assert taken(sequential_loop=7) == plain + 7
    assert taken(sequential_iteration=2) == plain + 6


def test_unknown_target_names_the_known() -> None:
    with pytest.raises(InputError) as caught:
        Target.load("xc9")
    assert caught.value.hint is not None and "xc7" in caught.value.hint


def test_unreadable_file() -> None:
    with pytest.raises(InputError, match="cannot read"):
        Target.load("/nowhere/x.toml")


def test_base_gives_what_a_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'base = "paper"\nname = "own"\n[clock]\ndefault_ns = 8.0\n'
        '[[units]]\nname = "add"\nkinds = ["add"]\n'
        "points = [{ width = 32, ns = 3.0, lut = 1, ff = 0, dsp = 0 }]\n"
    )
    own, paper = Target.load(str(path)), Target.load("paper")
    assert (own.name, own.clock_ns, own.memory_ports) == ("own", 8.0, 1)
    assert own.file.share == "none" and own.file.memory == paper.file.memory
    assert own.unit("add", 32).area.lut == 1
    assert own.unit("sub", 32) == paper.unit("sub", 32)
    path.write_text('base = "xc9"\nname = "own"\n')
    with pytest.raises(InputError, match="there is no target 'xc9' to start from"):
        Target.load(str(path))


@pytest.mark.parametrize("name", Target.names())
def test_every_target_computes_integers(name: str) -> None:
    """At its own clock each has units for all operators on 8 to 64 bits."""
    target = Target.load(name)
    for kind, operator in OPERATORS.items():
        if operator.is_float or operator.shape in ("widen", "narrow"):
            continue
        for width in (1, 8, 17, 32, 64):
            assert target.unit(kind, width).output_ns <= target.budget_ns
