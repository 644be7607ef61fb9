"""What a unit costs at one latency, and how long its paths are, from synthesis of the unit alone.

Its mapped netlist is analysed like a design's (`timing.py`): paths from the operands to the first register,
between registers, and from the last register to the result.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from seer.backends.rtl.delays import delay_model
from seer.backends.rtl.timing import unit_paths
from seer.backends.rtl.yosys import area_of, family_settings, run_script, yosys_version
from seer.cache import cache_folder, digest, publish
from seer.errors import BackendError

__all__ = ["Measurement", "measure"]

_SCRIPT = """
read_verilog unit.v
setattr -mod -unset keep_hierarchy *
{synthesis}
tee -q -o area.json stat -json
write_json netlist.json
"""


@dataclass(frozen=True)
class Measurement:
    """Area, and delays in ns as a target file has them, wiring inside the unit included: `input_ns` up to the
    first register's set-up (without registers, as `output_ns`, up to the result), `stage_ns` and `output_ns`
    from a register's clock on."""

    lut: int
    ff: int
    dsp: int
    input_ns: float
    stage_ns: float
    output_ns: float


def measure(verilog: str, top: str, family: str = "xc7") -> Measurement:
    """Synthesise the module `top` with ports for operands, clk, and y. Cached by content.

    Raises BackendError when Yosys is missing or fails, and where no delays of the family are known.
    """
    settings, model = family_settings(family), delay_model(family)
    if model is None:
        raise BackendError(f"no delays are known of device family {family!r}")
    script = _SCRIPT.format(synthesis=settings["synthesis"].format(top=top))
    key = digest("unit", script, verilog, yosys_version())
    mapped = (cache_folder("yosys") / key).with_suffix(".unit.gz")
    if not mapped.exists():
        with tempfile.TemporaryDirectory(prefix="seer_measure_") as name:
            work = Path(name)
            (work / "unit.v").write_text(verilog)
            run_script(script, work, work / "failed.log")
            files = {"report": "area.json", "netlist": "netlist.json"}
            found = {what: (work / file).read_text() for what, file in files.items()}
        publish(gzip.compress(json.dumps(found).encode(), mtime=0), mapped)
    found = json.loads(gzip.decompress(mapped.read_bytes()))
    area = area_of(found["report"], settings)
    paths = unit_paths(json.loads(found["netlist"]), top, model)
    registers = paths.stage_ns > 0 or paths.output_ns > 0
    return Measurement(
        area["lut"],
        area["ff"],
        area["dsp"],
        paths.input_ns if registers else paths.through_ns,
        paths.stage_ns,
        paths.output_ns if registers else paths.through_ns,
    )
