"""What a unit costs at one latency, and how long its paths are, from synthesis of the unit alone.

Paths are measured apart: from the operands to the first register, between registers, and from the last
register to the result. Wires are cells here: a buffer of the family's wiring allowance stands at each cell
input that is reached through the routing fabric, one of a register's delay at each register's output, and
one longer than any path at the ports whose paths are looked for. So the longest path that Yosys' sta reports
is the longest one, wiring included. (Wires to the inputs of DSP blocks are left out.)
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seer.backends.rtl.synthesise import area_of, family_settings, run_script, yosys_version
from seer.cache import cache_folder, digest, publish

__all__ = ["Measurement", "measure"]

_FAR_PS = 1_000_000

_SCRIPT = """
read_verilog unit.v
setattr -mod -unset keep_hierarchy *
{synthesis}
tee -q -o area.json stat -json
techmap -max_iter 1 -map wires.v
read_verilog -lib -specify buffers.v {timing_cells}
delete {starts}
setundef -undriven -expose
setattr -set iopad_external_pin 1 x:*
design -save mapped
setattr -unset iopad_external_pin i:* w:clk %d
iopadmap -bits -inpad seer_register O:I
tee -q -o inner.txt sta
design -load mapped
setattr -unset iopad_external_pin {inputs}
iopadmap -bits -inpad seer_far O:I
tee -q -o input.txt sta
design -load mapped
setattr -unset iopad_external_pin i:* w:clk %d w:y
iopadmap -bits -inpad seer_register O:I -outpad seer_far I:O
tee -q -o output.txt sta
"""

_BUFFER = """(* blackbox *) module {name} (output O, input I);
    specify (I => O) = {picoseconds}; endspecify
endmodule
"""

_ARRIVAL = re.compile(r"^Latest arrival time in '.*' is (\d+):", re.MULTILINE)


@dataclass(frozen=True)
class Measurement:
    """Area, and delays in ns as a target file has them, with the wiring inside the unit; `stage_ns`, the
    longest of all, and `output_ns` contain the clock-to-out, all but `output_ns` a register's set-up."""

    lut: int
    ff: int
    dsp: int
    input_ns: float
    stage_ns: float
    output_ns: float


def measure(
    verilog: str, top: str, inputs: tuple[str, ...], latency: int, family: str = "xc7"
) -> Measurement:
    """Synthesise the module `top`, whose operands are `inputs` and whose result is y. Cached by content.

    Raises BackendError when Yosys is missing or fails, and where it knows no delays of the family.
    """
    settings = family_settings(family)
    script = _SCRIPT.format(
        synthesis=settings["synthesis"].format(top=top),
        timing_cells=settings["timing_cells"],
        starts=" ".join(f"t:{pattern}" for pattern in settings["timing_starts"]),
        inputs=" ".join(f"w:{port}" for port in inputs),
    )
    files = {"unit.v": verilog, "wires.v": _wires(), "buffers.v": _buffers(settings)}
    key = digest("measure", script, json.dumps(files), json.dumps(settings), yosys_version())
    entry = (cache_folder("yosys") / key).with_suffix(".measured.json")
    if not entry.exists():
        with tempfile.TemporaryDirectory(prefix="seer_measure_") as name:
            work = Path(name)
            for file, text in files.items():
                (work / file).write_text(text)
            run_script(script, work, work / "failed.log")
            area = area_of((work / "area.json").read_text(), settings)
            latest = {
                part: _latest((work / f"{part}.txt").read_text()) for part in ("inner", "input", "output")
            }
        publish(json.dumps({"area": area, "latest": latest}).encode(), entry)
    found = json.loads(entry.read_text())
    area, latest = found["area"], found["latest"]
    # Whoever drives a port pays for the wire to it: of the first look-up table's this is one too many.
    wire, setup = settings["routing_ns"], settings["setup_ns"]
    first = max(0.0, latest["input"] - _FAR_PS / 1000 - wire)
    if latency == 0:
        return Measurement(area["lut"], area["ff"], area["dsp"], round(first, 3), 0.0, round(first, 3))
    last = latest["output"] - _FAR_PS / 1000
    return Measurement(
        area["lut"],
        area["ff"],
        area["dsp"],
        round(first + setup, 3),
        round(latest["inner"] + setup, 3),
        round(last, 3),
    )


def _latest(report: str) -> float:
    found = _ARRIVAL.search(report)
    return 0.0 if found is None else int(found[1]) / 1000


def _buffers(settings: Mapping[str, Any]) -> str:
    delays = {
        "seer_wire": round(1000 * settings["routing_ns"]),
        "seer_register": round(1000 * settings["register_ns"]),
        "seer_far": _FAR_PS,
    }
    return "".join(_BUFFER.format(name=name, picoseconds=delay) for name, delay in delays.items())


def _wires() -> str:
    """A techmap file that puts wires in front of 7-series look-up tables, wide multiplexers and carries."""
    cells = [
        _wired(f"LUT{k}", [f"I{i}" for i in range(k)], [], "O", f"[{2**k - 1}:0] INIT") for k in range(1, 7)
    ]
    cells.append(_wired("INV", ["I"], [], "O", None))
    cells += [_wired(f"MUXF{k}", ["S"], ["I0", "I1"], "O", None) for k in (7, 8)]
    cells.append(
        """(* techmap_celltype = "CARRY4" *) module wired_CARRY4 (output [3:0] CO, output [3:0] O,
    input CI, input CYINIT, input [3:0] DI, input [3:0] S);
    wire [3:0] d; wire c;
    seer_wire w0 (.I(DI[0]), .O(d[0])); seer_wire w1 (.I(DI[1]), .O(d[1]));
    seer_wire w2 (.I(DI[2]), .O(d[2])); seer_wire w3 (.I(DI[3]), .O(d[3]));
    seer_wire w4 (.I(CYINIT), .O(c));
    CARRY4 _TECHMAP_REPLACE_ (.CO(CO), .O(O), .CI(CI), .CYINIT(c), .DI(d), .S(S));
endmodule
"""
    )
    return "".join(cells)


def _wired(cell: str, far: list[str], near: list[str], output: str, parameter: str | None) -> str:
    """`cell` behind wires at its `far` inputs."""
    ports = ", ".join([f"output {output}", *(f"input {port}" for port in (*far, *near))])
    wires = "".join(f"    wire {p}_w; seer_wire w_{p} (.I({p}), .O({p}_w));\n" for p in far)
    pins = [f".{output}({output})", *(f".{p}({p}_w)" for p in far), *(f".{p}({p})" for p in near)]
    declared = f"    parameter {parameter} = 0;\n" if parameter else ""
    passed = "#(.INIT(INIT)) " if parameter else ""
    head = f'(* techmap_celltype = "{cell}" *) module wired_{cell} ({ports});\n'
    return f"{head}{declared}{wires}    {cell} {passed}_TECHMAP_REPLACE_ ({', '.join(pins)});\nendmodule\n"
