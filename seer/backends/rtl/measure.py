"""What a unit costs at one latency, and how long its paths are, from synthesis of the unit alone.

Paths are measured apart: from the operands to the first register, between registers, and from the last
register to the result. Ports get buffers whose delay is longer than any path, so that the longest path that
Yosys' sta reports is one through them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from seer.backends.rtl.synthesise import area_of, family_settings, longest_path, run_script

__all__ = ["Measurement", "measure"]

_BUFFER_NS = 1000.0
_BUFFER = """(* blackbox *) module seer_memory_output (output O, input I);
    specify (I => O) = {picoseconds}; endspecify
endmodule
"""

_SCRIPT = """
read_verilog unit.v
setattr -mod -unset keep_hierarchy *
{synthesis}
tee -q -o area.json stat -json
read_verilog -lib -specify buffer.v {timing_cells}
delete {starts}
setundef -undriven -expose
design -save mapped
tee -q -o inner.txt sta
setattr -set iopad_external_pin 1 x:*
setattr -unset iopad_external_pin {inputs}
iopadmap -bits -inpad seer_memory_output O:I
tee -q -o input.txt sta
design -load mapped
setattr -set iopad_external_pin 1 x:*
setattr -unset iopad_external_pin w:y
iopadmap -bits -outpad seer_memory_output I:O
tee -q -o output.txt sta
"""


@dataclass(frozen=True)
class Measurement:
    """Area, and delays in ns as a target file has them: `stage_ns` is 0 where no path leads from register to
    register. All contain the wiring inside the unit; `stage_ns` and `output_ns` the clock-to-out, too."""

    lut: int
    ff: int
    dsp: int
    input_ns: float
    stage_ns: float
    output_ns: float


def measure(
    verilog: str, top: str, inputs: tuple[str, ...], latency: int, family: str = "xc7"
) -> Measurement:
    """Synthesise the module `top`, whose operands are `inputs` and whose result is y.

    Raises BackendError when Yosys is missing or fails.
    """
    settings = family_settings(family)
    with tempfile.TemporaryDirectory(prefix="seer_measure_") as name:
        work = Path(name)
        (work / "unit.v").write_text(verilog)
        (work / "buffer.v").write_text(_BUFFER.format(picoseconds=round(1000 * _BUFFER_NS)))
        script = _SCRIPT.format(
            synthesis=settings["synthesis"].format(top=top),
            timing_cells=settings["timing_cells"],
            starts=" ".join(f"t:{pattern}" for pattern in settings["timing_starts"]),
            inputs=" ".join(f"w:{port}" for port in inputs),
        )
        run_script(script, work, work / "failed.log")
        area = area_of((work / "area.json").read_text(), settings)
        reports = {part: (work / f"{part}.txt").read_text() for part in ("inner", "input", "output")}
    # Whoever drives a port pays for the wire to it; a result is not set up here.
    wire, setup = settings["routing_ns"], settings["setup_ns"]
    entering = (longest_path(reports["input"], settings)[0] or _BUFFER_NS) - _BUFFER_NS - wire
    leaving = (longest_path(reports["output"], settings)[0] or _BUFFER_NS) - _BUFFER_NS - wire - setup
    inner = longest_path(reports["inner"], settings)[0] or 0.0
    return Measurement(
        area["lut"],
        area["ff"],
        area["dsp"],
        round(max(0.0, entering if latency else entering - setup), 3),
        round(inner, 3) if latency else 0.0,
        round(leaving if latency else entering - setup, 3),
    )
