"""`seer rules prove`, `seer rules profile` and `--rules-file`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seer.cli.main import main

KERNEL = """void f(int a[8], int b[8]) {
    for (int i = 0; i < 8; i++) b[i] = a[i] ^ (a[i] & b[i]) ^ (b[i] | 12);
}
"""
RIGHT = """; a ^ (a & b) = a & ¬b
(rewrite (Xor w a (And w a b)) (And w a (Xor w b (Num w (- (<< (bigint 1) w) (bigint 1))))) :name "mine")
"""
WRONG = """; a ^ (a & b) = a & b
(rewrite (Xor w a (And w a b)) (And w a b) :name "mine")
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    output = capsys.readouterr()
    return int(caught.value.code or 0), output.out, output.err


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    paths = {}
    for name, text in {"kernel.c": KERNEL, "right.egg": RIGHT, "wrong.egg": WRONG}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        paths[name] = str(tmp_path / name)
    return paths


def test_proves_the_rules_of_a_file(files: dict[str, str], capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "rules", "prove", "--rules-file", files["right.egg"])
    assert code == 0
    assert out.splitlines()[1].split() == ["mine", "right", "exhaustive", "smt", "smt", "smt", "smt"]
    assert "1 rules proved at all widths up to 4" in out


def test_a_wrong_rule_is_shown_with_its_counterexample(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    code, _, err = run(capsys, "rules", "prove", "--rules-file", files["wrong.egg"])
    told = " ".join(err.split())
    assert code == 2 and "wrong.egg:2:1" in told.replace("\n", "")
    assert "mine: the sides differ at w = 1, a = 1, b = 0: left side 1, right side 0" in told


def test_opt_refuses_a_wrong_rule(files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    where = ["--backend", "none", "-o", str(tmp_path / "out"), "--rules-file", files["wrong.egg"]]
    code, _, err = run(capsys, "opt", files["kernel.c"], "--top", "f", *where)
    assert code == 2 and "the sides differ" in err


def test_opt_takes_a_rule_of_the_users_own(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    where = ["--backend", "none", "-o", str(tmp_path / "out"), "--rules", "datapath"]
    given = ["--rules-file", files["right.egg"]]
    assert run(capsys, "opt", files["kernel.c"], "--top", "f", *where, *given)[0] == 0
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert result["options"]["rule_files"] == [files["right.egg"]]


def test_profiles_a_kernel(files: dict[str, str], capsys: pytest.CaptureFixture[str]):
    given = ["--rules-file", files["right.egg"]]
    code, out, _ = run(capsys, "rules", "profile", files["kernel.c"], "--top", "f", *given)
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}
    assert code == 0 and rows["rule"] == ["matches", "seconds", "e-nodes"]
    assert rows["mine"][0] == "1" and int(rows["mine"][2]) >= 2
