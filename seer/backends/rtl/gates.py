"""`gates`: the area of a design in gates, as a standard-cell flow without a library sees it.

Everything is mapped to NAND, NOR and inverters, multipliers and adders included (Yosys' own architectures,
sums of several operands as carry-save). A gate is a NAND of two inputs, four transistors; an inverter is half
of one. Flip-flops are counted apart. Memories are left out.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from seer.backends.rtl.names import identifier
from seer.backends.rtl.yosys import run_script, yosys_version
from seer.cache import cache_folder, digest, publish

__all__ = ["Gates", "gates"]

_SCRIPT = """read_verilog design.v
setattr -mod -unset keep_hierarchy *
hierarchy -top {top}
synth -flatten -top {top}
abc -g cmos2
opt_clean -purge
tee -q -o gates.json stat -json
"""
_HALVES = {"$_NAND_": 2, "$_NOR_": 2, "$_NOT_": 1}
"""Half gates of each cell."""


@dataclass(frozen=True)
class Gates:
    """NAND equivalents of the logic, and flip-flops."""

    gates: float
    flip_flops: int


def gates(verilog: str, top: str, logfile: Path) -> Gates:
    """The gates of the design of program `top`, as `generate` writes it. Results are cached by content.

    Raises BackendError when Yosys is missing or fails.
    """
    script = _SCRIPT.format(top=identifier(top))
    entry = (cache_folder("yosys") / digest("gates", verilog, script, yosys_version())).with_suffix(".json")
    if not entry.exists():
        with tempfile.TemporaryDirectory(prefix="seer_yosys_") as name:
            work = Path(name)
            (work / "design.v").write_text(verilog)
            run_script(script, work, logfile)
            counted = _counted((work / "gates.json").read_text())
        publish(json.dumps(asdict(counted)).encode(), entry)
    return Gates(**json.loads(entry.read_text()))


def _counted(report: str) -> Gates:
    cells: dict[str, int] = json.loads(report)["design"]["num_cells_by_type"]
    halves = sum(_HALVES.get(cell, 0) * count for cell, count in cells.items())
    return Gates(halves / 2, sum(count for cell, count in cells.items() if "DFF" in cell))
