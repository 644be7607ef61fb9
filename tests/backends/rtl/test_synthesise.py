"""Area and clock estimate, with the real Yosys (one run: each takes seconds)."""

import json

import pytest

from seer.backends.rtl import generate, synthesise
from seer.errors import BackendError
from seer.schedule.area import Area


def test_a_multiplier_behind_a_memory(handmade, region, tmp_path):
    """y[i] = x[i] * x[i+1 mod 16]: 3 DSPs; the path from the memory to the first register counts too."""
    design, body = handmade("products"), region()
    design.array("x", 32, 16)
    design.array("y", 32, 16)
    i = body("iv", 4, level=0)
    a = body("load", 32, i, memory="x", port=0)
    b = body("load", 32, body("add", 4, i, body("const", 4, value=1)), memory="x", port=1)
    inverse = body("xor", 32, body("add", 32, a, b, at=1), body("const", 32, value=0x0F0F0F0F), at=1)
    product = body("mul", 32, inverse, b, at=2, latency=2)
    body("store", 32, i, product, at=4, memory="y", port=0)
    schedule = design.schedule(design.pipelined(1, body.region(5), design.counter(0, 0, 16)))
    result = synthesise(generate(schedule), "products", tmp_path)
    assert result.area == Area(result.lut, result.ff, 3, 0)
    assert 50 <= result.lut <= 120
    # Registers behind the products are the DSPs' own, those in front of the module stand outside of it.
    assert 74 <= result.ff <= 104
    assert result.arrival_ns is not None and result.min_clock_ns is not None
    # Memory 2.454 ns, an adder of 32 bits 1.78 ns, wires, set-up.
    assert result.arrival_ns == pytest.approx(2.454 + 1.78, abs=0.3)
    assert result.arrival_ns + 0.5 <= result.min_clock_ns <= result.arrival_ns + 2
    assert json.loads((tmp_path / "synthesis.json").read_text())["dsp"] == 3
    assert "1 seer_mul_w32_l2  each {'lut': 15, 'ff': 0, 'dsp': 3" in (tmp_path / "synthesis.log").read_text()
    # In one piece the DSPs take the registers in front, too.
    flat = synthesise(generate(schedule), "products", tmp_path, flat=True)
    assert (flat.dsp, flat.bram, flat.ff) == (3, 0, result.ff - 64)
    assert abs(flat.lut - result.lut) <= 5
    assert flat.arrival_ns == pytest.approx(result.arrival_ns, abs=0.4)


def test_modules_count_as_often_as_they_stand_there_and_paths_lead_through_them(tmp_path):
    """A product and two sums behind it, each in a module of its own with a module inside."""
    inner = (
        "module inner (input wire [31:0] a, output wire [31:0] y);\nassign y = a - 32'd99999;\nendmodule\n"
    )
    outer = "\n".join(
        [
            "module outer (input wire [31:0] a, input wire [31:0] b, output wire [31:0] y);",
            "wire [31:0] t;",
            "inner i (.a(a), .y(t));",
            "assign y = t ^ b;",
            "endmodule",
            "",
        ]
    )
    product = "module product (input wire [31:0] a, output wire [31:0] y);\nassign y = a * a;\nendmodule\n"
    top = "\n".join(
        [
            "module through (input wire clk, input wire [31:0] i, output reg [31:0] z);",
            "reg [31:0] x;",
            "wire [31:0] p, s, y;",
            "product f (.a(x), .y(p));",
            "outer o (.a(p), .b(x), .y(s));",
            "outer q (.a(s), .b(x), .y(y));",
            "always @(posedge clk) begin x <= i; z <= y; end",
            "endmodule",
            "",
        ]
    )
    found = synthesise(product + top + outer + inner, "through", tmp_path)
    assert found.dsp == 3 and found.ff == 64 and found.lut == 64
    assert "2 outer  each {'lut': " in (tmp_path / "synthesis.log").read_text()
    # A square of 32 bits takes 5.5 ns, a chain of 32 bits 1.8 ns; the chains' low bits come first.
    assert found.arrival_ns is not None and 7 <= found.arrival_ns <= 9.1


def test_unknown_family_is_refused(tmp_path):
    with pytest.raises(BackendError, match="known: xc7"):
        synthesise("", "t", tmp_path, family="stratix")


def test_another_family(handmade, region, tmp_path):
    """ECP5: a product of 16 bits is one multiplier, on the path from memory to memory."""
    design, body = handmade("squares"), region()
    design.array("x", 16, 16)
    design.array("y", 16, 16)
    i = body("iv", 4, level=0)
    a = body("load", 16, i, memory="x", port=0)
    square = body("mul", 16, a, a, at=1)
    body("store", 16, i, square, at=1, memory="y", port=0)
    schedule = design.schedule(design.pipelined(1, body.region(2), design.counter(0, 0, 16)))
    result = synthesise(generate(schedule), "squares", tmp_path, family="ecp5")
    assert (result.dsp, result.bram) == (1, 0)
    assert 5 <= result.lut <= 60 and 5 <= result.ff <= 40
    # Memory 5.8 ns, multiplier 3.9 ns, set-up 0.3 ns, and two wires of 1 to 3 ns.
    assert result.arrival_ns is not None and result.min_clock_ns is not None
    assert result.arrival_ns == pytest.approx(10.1, abs=0.1)
    assert result.arrival_ns + 2 <= result.min_clock_ns <= result.arrival_ns + 6
    assert "MULT18X18D" in (tmp_path / "synthesis.log").read_text()
