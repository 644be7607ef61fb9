"""What a simulation reports: mismatches, hanging designs, missing tools; and the top-level handshake."""

import json
import shutil
import subprocess

import pytest

from seer.backends.rtl import generate, require_tools, simulate
from seer.backends.rtl.verilator import build, warm_runtime
from seer.errors import BackendError, EquivalenceError


@pytest.fixture
def counting(handmade, region):
    """ap_return = the number of iterations of a loop of 6 cycles that adds `step` each time."""
    design = handmade("counting")
    design.param("step", 8)
    design.array("ap_return", 8)
    design.register("sum", 8)
    clear = region()
    clear("write", 8, clear("const", 8, value=0), memory="sum")
    body = region()
    total = body("add", 8, body("read", 8, memory="sum"), body("param", 8, symbol="step"))
    body("write", 8, total, memory="sum")
    finish = region()
    finish("write", 8, finish("read", 8, memory="sum"), memory="ap_return")
    loop = design.pipelined(1, body.region(1), design.counter(0, 0, 6))
    return design.schedule(clear.region(1), loop, finish.region(1))


def test_mismatches_are_counted_and_shown(counting, call, tmp_path):
    calls = [call({"step": 3}, {}, {"ap_return": [18]}), call({"step": 5}, {}, {"ap_return": [31]})]
    simulation = simulate(counting, generate(counting), calls, tmp_path)
    assert (simulation.cycles, simulation.mismatches) == (16, 1)
    assert str(simulation.examples[0]) == "call 1: ap_return[0] is 30, expected 31"
    written = json.loads((tmp_path / "sim.json").read_text())
    assert written["calls"] == [{"cycles": 8, "mismatches": 0}, {"cycles": 8, "mismatches": 1}]
    assert written["cycles"] == 16
    assert "call 1: 8 cycles, 1 mismatches" in (tmp_path / "sim.log").read_text()


def test_files_are_the_same_from_the_cache(counting, call, tmp_path, monkeypatch):
    # A cache with nothing but the compiled runtime, which takes seconds to make.
    runtime = warm_runtime()[0].parent
    shutil.copytree(runtime, tmp_path / "cache" / "verilator" / runtime.name)
    monkeypatch.setenv("SEER_CACHE_DIR", str(tmp_path / "cache"))
    calls = [call({"step": 3}, {}, {"ap_return": [18]})]
    simulate(counting, generate(counting), calls, tmp_path / "first")
    simulate(counting, generate(counting), calls, tmp_path / "second")
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()
    assert len(list((tmp_path / "cache" / "verilator").glob("sim-*"))) == 2


def test_a_design_that_does_not_end_is_reported(counting, call, tmp_path):
    calls = [call({"step": 3}, {}, {"ap_return": [18]})]
    with pytest.raises(EquivalenceError, match="did not end within 7 cycles"):
        simulate(counting, generate(counting), calls, tmp_path, limit=7)


def test_no_compiler_is_a_clear_error(monkeypatch, counting, call, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    for action in (require_tools, lambda: simulate(counting, generate(counting), [], tmp_path)):
        with pytest.raises(BackendError, match=r"no C\+\+ compiler") as caught:
            action()
        assert caught.value.exit_code == 4
        assert "apt-get install g++" in str(caught.value)


HANDSHAKE = """
#include <cstdio>
#include <string>
#include "verilated.h"
#include "Vsim.h"
double sc_time_stamp() { return 0; }
static Vsim top;
static std::string trace;
// One cycle, with start as given; notes i(dle), d(one), r(eady) or . as seen in the cycle before the edge.
static void tick(bool start, bool reset = false) {
    top.ap_start = start;
    top.ap_rst = reset;
    top.eval();
    if (top.ap_done != top.ap_ready || (top.ap_done && top.ap_idle)) trace += '?';
    trace += top.ap_done ? 'D' : top.ap_idle ? 'i' : '.';
    top.ap_clk = 1;
    top.eval();
    top.ap_clk = 0;
    top.eval();
}
int main() {
    top.step = 3;
    tick(false, true);
    trace.clear();
    tick(false);                            // idle
    for (int k = 0; k < 24; ++k) tick(true);  // start held: one run after the other
    for (int k = 0; k < 10; ++k) tick(false);
    trace += ' ';
    tick(true);                             // a pulse, then reset in the middle, then a full run
    tick(false);
    tick(false);
    tick(false, true);
    for (int k = 0; k < 12; ++k) tick(false);
    trace += ' ';
    tick(true);
    while (!top.ap_done) tick(false);
    trace += ' ' + std::to_string(top.ap_return);
    puts(trace.c_str());
}
"""


def test_handshake(counting, tmp_path):
    program = build(generate(counting), "counting", HANDSHAKE, tmp_path / "build.log")
    shown = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    run = "." * 8 + "D"
    held, reset, pulse, value = shown
    # The cycle that samples start already counts as not idle; then eight cycles, then done.
    assert held == "i" + ("." + run) * 3 + "i" * (1 + 24 + 10 - 1 - 30)
    assert reset == "...." + "i" * 12
    assert (pulse, value) == ("." + run[:-1], "18")


@pytest.mark.parametrize(("shift", "expected"), [("shl", 65025 << 14), ("lshr", 0xFEDCBA98 >> 14)])
def test_amounts_of_two_shifts_are_not_added_in_their_own_bits(
    handmade, region, call, tmp_path, shift, expected
):
    """Verilator's x << s << t with three bits of s and t."""
    design = handmade("twice")
    for name, width in (("x", 32), ("s", 8), ("t", 8)):
        design.param(name, width)
    design.array("ap_return", 32)
    body = region()
    value = body("param", 32, symbol="x")
    for name in ("s", "t"):
        amount = body("zext", 32, body("trunc", 3, body("param", 8, symbol=name)))
        value = body(shift, 32, value, amount)
    body("write", 32, value, memory="ap_return")
    schedule = design.schedule(body.region(1))
    x = 65025 if shift == "shl" else 0xFEDCBA98
    calls = [call({"x": x, "s": 255, "t": 255}, {}, {"ap_return": [expected]})]
    assert simulate(schedule, generate(schedule), calls, tmp_path).mismatches == 0
