"""Units in a simulator of their own: arrays of operands in, arrays of results out, one pair a cycle."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seer.backends.rtl.verilator import build, lint

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Unit:
    """A module under test: widths of its operands and of its result, in bits."""

    name: str
    text: str
    operands: tuple[int, ...]
    result: int
    latency: int


_MAIN = """
#include "Vsim.h"
#include "Vsim___024root.h"
#include <cstdio>
#include <vector>
int main(int argc, char **argv) {
    (void)argc;
    FILE *in = fopen(argv[1], "rb"), *out = fopen(argv[2], "wb");
    Vsim sim;
    uint64_t operands[3], result[@COUNT@];
    while (fread(operands, 8, 3, in) == 3) {
        sim.a = operands[0];
        sim.b = operands[1];
        sim.c = operands[2];
        sim.clk = 0;
        sim.eval();
        @READ@
        fwrite(result, 8, @COUNT@, out);
        sim.clk = 1;
        sim.eval();
    }
    sim.final();
    return fclose(out);
}
"""


def results(units: Sequence[Unit], a: Words, b: Words, folder: Path, c: Words | None = None) -> list[Words]:
    """What each unit gives for each pair or triple of operands (of which a unit takes the low bits)."""
    lines = ["module bench (input wire clk, input wire [63:0] a, input wire [63:0] b, input wire [63:0] c,"]
    lines += [f"    output wire [63:0] y{k}{',' if k < len(units) - 1 else ');'}" for k in range(len(units))]
    for k, unit in enumerate(units):
        ports = ", ".join(f".{x}({x}[{width - 1}:0])" for x, width in zip("abc", unit.operands, strict=False))
        lines.append(f"    wire [{unit.result - 1}:0] r{k};")
        lines.append(f"    {unit.name} u{k} (.clk(clk), {ports}, .y(r{k}));")
        lines.append(
            f"    assign y{k} = {{{64 - unit.result}'d0, r{k}}};"
            if unit.result < 64
            else f"    assign y{k} = r{k};"
        )
    verilog = "\n".join([*lines, "endmodule", "", *dict.fromkeys(unit.text for unit in units)])
    lint(verilog, "bench", folder / "lint.log")
    reads = " ".join(f"result[{k}] = sim.y{k};" for k in range(len(units)))
    main = _MAIN.replace("@COUNT@", str(len(units))).replace("@READ@", reads)
    program = build(verilog, "bench", main, folder / "build.log", optimise=1)
    deepest = max(unit.latency for unit in units)
    given = np.zeros((len(a) + deepest, 3), dtype=np.uint64)
    for column, words in enumerate((a, b) if c is None else (a, b, c)):
        given[: len(a), column] = words
    (folder / "in.bin").write_bytes(given.tobytes())
    subprocess.run([str(program), "in.bin", "out.bin"], cwd=folder, check=True)
    table = np.fromfile(folder / "out.bin", dtype=np.uint64).reshape(len(given), len(units))
    return [table[unit.latency : unit.latency + len(a), k].copy() for k, unit in enumerate(units)]
