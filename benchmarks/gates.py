"""Gates of the datapath kernels' inputs and results, beside the savings that ROVER publishes.

    python benchmarks/gates.py [NAME]…

Runs `seer opt` on each kernel of benchmarks/datapath with the options of its suite and maps the RTL of the
input and of the result to gates. Results come from the cache where nothing has changed.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from pathlib import Path

from seer import optimize
from seer.backends.rtl.gates import Gates, gates
from seer.driver.options import Options

FOLDER = Path(__file__).parent / "datapath"
PUBLISHED = {
    "media_kernel": 0.50,
    "weight_calculation": 0.23,
    "fir8": 0.22,
    "adpcm": 0.09,
    "shifted_fma": 0.18,
    "shift_mult": 0.63,
}
"""Shares of the area that ROVER saves on its kernels of these names (its inputs are its own)."""


def measured(name: str, folder: Path) -> tuple[Gates, Gates, int]:
    """Gates of input and result, and how many points the front has."""
    options = Options(clock_ns=20, objective="area")
    result = optimize([FOLDER / f"{name}.c"], name, options, output=folder / name)
    found = []
    for design in ("input", "seer"):
        text = (folder / name / "rtl" / design / f"{name}.v").read_text()
        found.append(gates(text, name, folder / f"{name}_{design}.log"))
    return found[0], found[1], len(result.front)


def main() -> None:
    suite = tomllib.loads((FOLDER / "suite.toml").read_text())
    names = sys.argv[1:] or [kernel["name"] for kernel in suite["kernels"]]
    print(
        f"{'kernel':24}{'input':>9}{'result':>9}{'saved':>8}{'published':>11}{'flip-flops':>14}{'front':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            before, after, points = measured(name, Path(folder))
            saved = 1 - after.gates / before.gates
            published = f"{PUBLISHED[name]:.0%}" if name in PUBLISHED else "-"
            flip_flops = f"{before.flip_flops} → {after.flip_flops}"
            print(
                f"{name:24}{before.gates:9,.0f}{after.gates:9,.0f}{saved:8.1%}{published:>11}{flip_flops:>14}"
                f"{points:7}",
                flush=True,
            )


if __name__ == "__main__":
    main()
