"""`seer bench` as a script sees it: files, exit codes, messages."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seer.cli.main import main

SUITE = """title = "Three"
[settings.one]
options = { backend = "none", rules = "none" }
[settings.two]
options = { backend = "none", rules = "none", memory-ports = 1 }
kernels = ["fill"]
[[kernels]]
name = "sum"
[[kernels]]
name = "broken"
[[kernels]]
name = "fill"
sources = "fill.c"
"""
FILL = "void fill(int a[8], int b[8]) { for (int i = 0; i < 8; i++) a[i] = b[i] * 3; }\n"


def seer(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seer", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
    )


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "three")


def write_suite(folder: Path) -> Path:
    folder.mkdir()
    (folder / "suite.toml").write_text(SUITE)
    (folder / "sum.c").write_text(
        "int sum(int x[16]) { int s = 0; for (int i = 0; i < 16; i++) s += x[i]; return s; }\n"
    )
    (folder / "broken.c").write_text("void broken(int a[4]) { a[0] = ; }\n")
    (folder / "fill.c").write_text(FILL)
    return folder


def test_a_kernel_that_fails_does_not_stop_the_others_and_what_is_recorded_is_guarded(suite: Path) -> None:
    out = suite.parent / "out"
    done = seer(suite, "--jobs", 2, "--update", "-o", out, cwd=suite.parent)
    assert done.returncode == 2, done.stderr
    assert "failed: one/broken: " in done.stderr and "broken.c:1:32" in done.stderr
    found = json.loads((out / "results.json").read_text())["settings"]
    assert list(found["one"]["kernels"]) == ["sum", "broken", "fill"]
    assert list(found["two"]["kernels"]) == ["fill"]
    assert found["one"]["kernels"]["broken"]["failed"]["exit_code"] == 2
    fill = found["one"]["kernels"]["fill"]
    cycles = {name: design["cycles"] for name, design in fill["designs"].items()}
    assert cycles["seer"] <= cycles["auto_pipelined"] < cycles["input"]
    assert fill["designs"]["input"]["hot_loop"]["share"] == 1.0
    assert fill["designs"]["auto_pipelined"]["hot_loop"]["ii"] == 1
    times = json.loads((out / "timings.json").read_text())["seconds"]
    assert times["two"]["fill"]["total"] > times["two"]["fill"]["exploration"] > 0
    assert f"| fill | {cycles['input']} | {cycles['auto_pipelined']} |" in (out / "results.md").read_text()
    assert "<table>" in (out / "results.html").read_text()

    # What failed is not recorded, and nothing else runs here.
    recorded = suite / "results.json"
    data = json.loads(recorded.read_text())
    assert list(data["settings"]["one"]["kernels"]) == ["sum", "fill"]
    data["settings"]["one"]["kernels"]["sum"]["designs"]["seer"]["cycles"] -= 1
    recorded.write_text(json.dumps(data))
    done = seer(suite, "--check", "--kernel", "fill", "-o", "again", cwd=suite.parent)
    assert done.returncode == 0, done.stderr
    assert "nothing got worse" in done.stdout
    again = json.loads((suite.parent / "again" / "results.json").read_text())["settings"]
    assert json.dumps(again["one"]["kernels"]["fill"]) == json.dumps(fill)
    done = seer(suite, "--check", "--kernel", "sum", "-o", "again", cwd=suite.parent)
    assert done.returncode == 1
    now = found["one"]["kernels"]["sum"]["designs"]["seer"]["cycles"]
    assert f"worse: one/sum: cycles of seer: {now - 1} recorded, now {now} (" in done.stderr


PAIR = """void pair(int a[16], int b[16], int c[16])
{
    for (int i = 0; i < 16; i++) b[i] = a[i] * 3;
    for (int i = 0; i < 16; i++) c[i] = b[i] + 1;
}
"""
GUARDED = """title = "Guarded"
[settings.small]
options = { backend = "none", rules = "control", memory-ports = 1 }
[[kernels]]
name = "pair"
"""


def test_a_rule_that_does_nothing_any_more_is_found_by_the_kernel_that_needs_it(tmp_path: Path) -> None:
    folder = tmp_path / "guarded"
    folder.mkdir()
    (folder / "pair.c").write_text(PAIR)
    (folder / "suite.toml").write_text(GUARDED)
    done = seer(folder, "--update", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "results.json").read_text())["settings"]["small"]["kernels"]["pair"]
    assert "fusion" in found["rules"]
    broken = 'without-rule = ["fusion", "shifted_fusion", "unroll"], backend'
    (folder / "suite.toml").write_text(GUARDED.replace("backend", broken, 1))
    done = seer(folder, "--check", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    before = found["designs"]["seer"]["cycles"]
    after = json.loads((tmp_path / "out" / "results.json").read_text())["settings"]["small"]["kernels"]
    now = after["pair"]["designs"]["seer"]["cycles"]
    assert now > before
    assert f"worse: small/pair: cycles of seer: {before} recorded, now {now} (" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "arguments", "message"),
    [
        ("memory-ports = 1", "memory-port = 1.5", (), "two/fill: "),
        ("memory-ports = 1", 'memory-prots = "1"', (), "memory-prots"),
        ("memory-ports = 1", "jobs = 3", (), "'jobs' is not for a suite to set"),
        ("", "", ("--kernel", "fil"), "no kernel 'fil'"),
        ("", "", ("--setting", "two", "--kernel", "sum"), "no such kernel in such a setting"),
        ("", "", ("--check",), "record them with --update"),
    ],
)
def test_what_is_wrong_ends_with_code_two_before_anything_runs(
    suite: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    (suite / "suite.toml").write_text(SUITE.replace(old, new))
    monkeypatch.chdir(suite.parent)
    with pytest.raises(SystemExit) as ended:
        main(["bench", str(suite), *arguments])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert not (suite.parent / "out").exists()


def test_the_suite_of_the_repository_is_known_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["bench", "seer", "--kernel", "nothing"])
    assert ended.value.code == 2
    errors = capsys.readouterr().err
    assert "seer has no kernel 'nothing'" in errors and "gemm_ncubed" in errors


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_run_and_writes_what_there_is(suite: Path, ending: signal.Signals) -> None:
    # The bench never ends, so the run is still recording when it is interrupted.
    (suite / "suite.toml").write_text(SUITE.replace('name = "sum"', 'name = "sum"\nbench = "endless.c"'))
    (suite / "endless.c").write_text("int main(void) { for (;;); }\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "seer", "bench", "three", "--kernel", "sum", "-o", "out"],
        cwd=suite.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = suite.parent / "out" / "one" / "sum" / "run.log"
    while not log.exists():
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(ending)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert json.loads((suite.parent / "out" / "results.json").read_text())["settings"] == {}
