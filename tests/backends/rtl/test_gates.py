"""Designs counted in gates."""

from __future__ import annotations

from pathlib import Path

from seer.backends.rtl.gates import Gates, gates


def module(body: str) -> str:
    return f"""module f (input wire clk, input wire [7:0] a, input wire [7:0] b, output {body} endmodule
"""


def test_gates_of_small_designs(tmp_path: Path):
    def count(body: str) -> Gates:
        return gates(module(body), "f", tmp_path / "log")

    assert count("wire [7:0] y); assign y = ~(a & b);") == Gates(8.0, 0)
    assert count("wire [7:0] y); assign y = ~a;") == Gates(4.0, 0)
    registered = count("reg [7:0] y); always @(posedge clk) y <= a;")
    assert registered == Gates(0.0, 8)
    adder = count("wire [7:0] y); assign y = a + b;")
    narrower = count("wire [7:0] y); assign y = a[5:0] + b[5:0];")
    assert 40 < narrower.gates < adder.gates < 200
