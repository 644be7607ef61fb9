"""`synthesise`: area and a clock estimate of generated Verilog, from Yosys.

Modules behind the top (units and memories) are mapped once each (`mapped.py`) and count as black boxes in the
design. For paths, their netlists take the boxes' places. With `flat`, one run maps everything, across the
borders of modules.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seer.backends.rtl.delays import delay_model
from seer.backends.rtl.mapped import MappedModule, mapped_modules, separate
from seer.backends.rtl.names import identifier
from seer.backends.rtl.timing import longest_path
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

    `min_clock_ns` is an estimate, see docs/rtl.md: the longest path through cells and wires, units included;
    `arrival_ns` is what of that path are cells. Both are None where no path is timed.
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
    model = delay_model(family)
    delays = "" if model is None else json.dumps(model.data)
    script = _script(top, settings, (), model is not None)
    key = digest("paths", verilog, top, str(flat), json.dumps(settings), script, delays, yosys_version())
    entry = cache_folder("yosys") / key
    result, transcript = entry.with_suffix(".json"), entry.with_suffix(".log")
    if not (result.exists() and transcript.exists()):
        with tempfile.TemporaryDirectory(prefix="seer_yosys_") as name:
            work = Path(name)
            synthesis = _synthesise(verilog, top, work, family, flat, folder / "synthesis.log")
            publish((work / "yosys.log").read_bytes(), transcript)
            publish(json.dumps(asdict(synthesis), indent=1).encode() + b"\n", result)
    (folder / "synthesis.log").write_text(transcript.read_text())
    (folder / "synthesis.json").write_text(result.read_text())
    return Synthesis(**json.loads(result.read_text()))


def _script(top: str, settings: Mapping[str, Any], boxes: Sequence[str], timed: bool) -> str:
    """Reading and mapping, and the netlist without modules; `boxes` are the files of mapped modules."""
    mapping = (
        "read_verilog -lib modules.v\nread_verilog design.v\nsetattr -mod -unset keep_hierarchy *\n"
        f"{settings['synthesis'].format(top=top)}\ntee -q -o area.json stat -json\n"
    )
    if not timed:
        return mapping
    inside = "".join(f"read_rtlil -overwrite {file}\n" for file in boxes)
    # Each mapped module was the top when it was mapped.
    inside += f"setattr -mod -unset top *\nsetattr -mod -set top 1 {top}\n"
    return f"{mapping}{inside}flatten\nopt_clean -purge\nwrite_json netlist.json\n"


def _synthesise(verilog: str, top: str, work: Path, family: str, flat: bool, logfile: Path) -> Synthesis:
    settings = family_settings(family)
    design, modules = (verilog, {}) if flat else separate(verilog, top)
    mapped = mapped_modules(design, modules, settings, logfile)
    (work / "design.v").write_text(design)
    (work / "modules.v").write_text("\n".join(modules.values()))
    boxes = tuple(f"mapped{number}.il" for number in range(len(mapped)))
    for file, module in zip(boxes, mapped.values(), strict=True):
        (work / file).write_text(module.netlist)
    model = delay_model(family)
    _log.info("synthesising %s with Yosys", top)
    script = _script(top, settings, boxes, model is not None)
    run_script(script, work, logfile)
    report = (work / "area.json").read_text()
    path = None
    if model is not None:
        path = longest_path(json.loads((work / "netlist.json").read_text()), top, model)
    (work / "yosys.log").write_text(f"{script}\n{_listing(top, report, mapped)}\n{path or ''}")
    area = _with_modules(report, settings, mapped)
    period, arrival = (path.period_ns, path.cells_ns) if path else (None, None)
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
