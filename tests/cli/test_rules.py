"""`seer rules`: what it lists and explains."""

from __future__ import annotations

import pytest

from seer.cli.main import main
from seer.egraph.rules import library
from seer.rewrites.control import control_rules

CONTROL = list(dict.fromkeys(rule.name for rule in control_rules()))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["rules", *arguments])
    output = capsys.readouterr()
    return int(caught.value.code or 0), output.out, output.err


def test_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys)
    first = [line.split()[0] for line in out.splitlines() if line and not line.startswith(" ")]
    assert code == 0
    assert first == ["control", *CONTROL, "datapath", *library().names]


def test_lists_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "--control")[1]
    assert "unroll" in out and "mul-one" not in out and "factor = 2, 4, 8, in full" in out
    out = run(capsys, "--datapath")[1]
    assert "urem-below" in out and "(< h l)" in out and "perfection" not in out


@pytest.mark.parametrize("name", CONTROL)
def test_explains_a_control_rule_by_its_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", name)
    assert code == 0 and out.startswith(f"{name}\n")
    before, after = out[out.index("Before:") : out.index("After:")], out[out.index("After:") :]
    assert before.splitlines()[1:] != after.splitlines()[1:]
    assert "-->" in out and "Every offer is proved" in after


@pytest.mark.parametrize("name", ["mul-one", "urem-below", "select-same"])
def test_explains_a_datapath_rule_by_an_instance(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", name)
    assert code == 0
    assert library()[name].summary in out and library()[name].text in out and "Example: " in out


def test_a_rule_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "explain", "interchang")
    assert code == 2 and "there is no rule 'interchang'" in err and "is it interchange?" in err


def test_a_rule_about_floats_says_how_it_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "narrow-fadd")
    assert code == 0 and "(float)((double)a +. (double)b) = (a +. b)" in out
    assert "small formats" in out and "executed" in out
    listed = run(capsys, "--datapath")[1]
    assert "exhaustive, smt, executed" in listed and "exhaustive, ring, smt" in listed
