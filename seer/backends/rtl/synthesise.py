"""`synthesise`: area and a clock estimate of generated Verilog, from Yosys.

Modules behind the top (units and memories) are mapped once each (`mapped.py`) and count as black boxes in the
design. For paths, their netlists take the boxes' places. With `flat`, one run maps everything, across the
borders of modules.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seer.backends.rtl.mapped import MappedModule, mapped_modules, separate
from seer.backends.rtl.names import identifier
from seer.backends.rtl.yosys import (
    area_of,
    cells_of,
    families,
    family_settings,
    require_yosys,
    run_script,
    warm_yosys,
    yosys_version,
)
from seer.cache import cache_folder, digest, publish
from seer.schedule.area import Area

__all__ = [
    "Synthesis",
    "area_of",
    "families",
    "family_settings",
    "longest_path",
    "require_yosys",
    "run_script",
    "synthesise",
    "warm_yosys",
    "yosys_version",
]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Synthesis:
    """What synthesis says of a design, its top-level memories not counted.

    `arrival_ns` is the longest path through cells, units included, as Yosys' sta adds it up; `min_clock_ns`
    adds what Yosys does not know (registers, wiring): an estimate, see docs/rtl.md. Both are None where the
    design has no path through cells that Yosys has delays for.
    """

    lut: int
    ff: int
    dsp: int
    bram: int
    min_clock_ns: float | None
    arrival_ns: float | None

    @property
    def area(self) -> Area:
        return Area(lut=self.lut, ff=self.ff, dsp=self.dsp, bram=self.bram)


def synthesise(verilog: str, top: str, folder: Path, family: str = "xc7", flat: bool = False) -> Synthesis:
    """Area and clock estimate of the design of program `top`, as `generate` writes it.

    Writes synthesis.json and synthesis.log into `folder`. Results are cached by content. Raises
    BackendError when Yosys is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    top = identifier(top)
    settings = family_settings(family)
    key = digest(verilog, top, str(flat), json.dumps(settings), *_scripts(top, settings, ()), yosys_version())
    entry = cache_folder("yosys") / key
    result, transcript = entry.with_suffix(".json"), entry.with_suffix(".log")
    if not (result.exists() and transcript.exists()):
        with tempfile.TemporaryDirectory(prefix="seer_yosys_") as name:
            work = Path(name)
            synthesis = _synthesise(verilog, top, work, settings, flat, folder / "synthesis.log")
            publish((work / "yosys.log").read_bytes(), transcript)
            publish(json.dumps(asdict(synthesis), indent=1).encode() + b"\n", result)
    (folder / "synthesis.log").write_text(transcript.read_text())
    (folder / "synthesis.json").write_text(result.read_text())
    return Synthesis(**json.loads(result.read_text()))


# Paths out of a memory behind the top's ports begin with its clock-to-out time: after area is counted, each
# bit of such a port gets a buffer of that delay. Flip-flops are taken out, so that paths end at them.
_TIMING = """
flatten
read_verilog -lib -specify memory.v {timing_cells}
setattr -set iopad_external_pin 1 x:*
setattr -unset iopad_external_pin a:seer_memory_output
iopadmap -bits -inpad seer_memory_output O:I
delete {starts}
setundef -undriven -expose
tee -q -o timing.txt sta
"""

_MEMORY = """(* blackbox *) module seer_memory_output (output O, input I);
    specify (I => O) = {picoseconds}; endspecify
endmodule
"""


def _scripts(top: str, settings: Mapping[str, Any], boxes: tuple[str, ...]) -> tuple[str, str]:
    """Reading and mapping, and finding the longest path; `boxes` are the files of mapped modules."""
    area = f"{settings['synthesis'].format(top=top)}\ntee -q -o area.json stat -json\n"
    mapping = (
        f"read_verilog -lib modules.v\nread_verilog design.v\nsetattr -mod -unset keep_hierarchy *\n{area}"
    )
    if "timing_cells" not in settings:
        return mapping, ""
    starts = " ".join(f"t:{pattern}" for pattern in settings["timing_starts"])
    inside = "".join(f"read_rtlil -overwrite {file}\n" for file in boxes)
    return mapping, inside + _TIMING.format(timing_cells=settings["timing_cells"], starts=starts)


def _synthesise(
    verilog: str, top: str, work: Path, settings: Mapping[str, Any], flat: bool, logfile: Path
) -> Synthesis:
    design, modules = (verilog, {}) if flat else separate(verilog, top)
    mapped = mapped_modules(design, modules, settings, logfile)
    (work / "design.v").write_text(design)
    (work / "modules.v").write_text("\n".join(modules.values()))
    boxes = tuple(f"mapped{number}.il" for number in range(len(mapped)))
    for file, module in zip(boxes, mapped.values(), strict=True):
        (work / file).write_text(module.netlist)
    timed = "timing_cells" in settings
    picoseconds = round(1000 * settings["memory_output_ns"]) if timed else 0
    (work / "memory.v").write_text(_MEMORY.format(picoseconds=picoseconds))
    _log.info("synthesising %s with Yosys", top)
    script = "".join(_scripts(top, settings, boxes))
    run_script(script, work, logfile)
    report = (work / "area.json").read_text()
    timing = (work / "timing.txt").read_text() if timed else ""
    period, arrival = longest_path(timing, settings) if timed else (None, None)
    (work / "yosys.log").write_text(f"{script}\n{_listing(top, report, mapped)}\n{timing}")
    area = _with_modules(report, settings, mapped)
    return Synthesis(**asdict(area), min_clock_ns=period, arrival_ns=arrival)


def _with_modules(report: str, settings: Mapping[str, Any], mapped: Mapping[str, MappedModule]) -> Area:
    """The design's own cells and those of each module as often as it stands there."""
    total = Area(**area_of(report, settings))
    for cell, count in cells_of(report).items():
        for _ in range(count if cell in mapped else 0):
            total += mapped[cell].area
    return total


def _listing(top: str, report: str, mapped: Mapping[str, MappedModule]) -> str:
    lines = [f"cells of {top}:"]
    for cell, count in sorted(cells_of(report).items()):
        each = f"  each {asdict(mapped[cell].area)}" if cell in mapped else ""
        lines.append(f"{count:7d} {cell}{each}")
    return "\n".join([*lines, ""])


_ARRIVAL = re.compile(r"^Latest arrival time in '.*' is (\d+):", re.MULTILINE)
_STEP = re.compile(r"^ +\d+ .*\((\w+)\.(\w+)(->\w+)?\)$", re.MULTILINE)


def longest_path(report: str, settings: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Minimum clock period and arrival in ns of the longest path in sta's report, its end listed first."""
    found = _ARRIVAL.search(report)
    if found is None or found[1] == "0":
        return None, None
    arrival = int(found[1]) / 1000
    steps = _STEP.findall(report[found.end() : report.find("Arrival histogram")])
    if not steps:
        return None, None
    # Cells with a clock bring their own clock-to-out and set-up times, and no wire leads into their clock.
    clocked = steps[-1][1] in ("CLK", "C", "WCLK") or steps[-1][0] == "seer_memory_output"
    set_up = not steps[0][2]
    wires = sum(
        f"{cell}.{pin}" not in settings["adjacent_pins"]
        for cell, pin, _ in (steps[:-1] if clocked else steps)
    )
    period = arrival + wires * settings["routing_ns"]
    period += 0 if clocked else settings["register_ns"]
    period += 0 if set_up else settings["setup_ns"]
    return round(period, 3), arrival
