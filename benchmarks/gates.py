"""Gates of the datapath kernels' inputs and results, beside the savings that ROVER publishes.

    python benchmarks/gates.py [--into FOLDER] [NAME]…

Runs `seer opt` on each kernel of benchmarks/datapath with the options of its suite and maps the RTL of the
input and of the result to gates. What is measured is kept in FOLDER (by default `out/gates`), so that a run
that was broken off goes on where it ended; remove a kernel's file there to measure it again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from seer import optimize
from seer.backends.rtl.gates import gates
from seer.driver.options import Options
from seer.schedule.area import Area

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


@dataclass(frozen=True)
class Measured:
    """Gates and flip-flops, LUTs and DSP blocks of input and result; points of the front."""

    gates: tuple[float, float]
    flip_flops: tuple[int, int]
    luts: tuple[int, int]
    dsps: tuple[int, int]
    front: int

    @property
    def saved(self) -> float:
        """The share of the input's gates that the result does without."""
        return 1 - self.gates[1] / self.gates[0]

    def row(self, name: str) -> str:
        published = f"{PUBLISHED[name]:.0%}" if name in PUBLISHED else "-"
        flip_flops, luts, dsps = (f"{a} → {b}" for a, b in (self.flip_flops, self.luts, self.dsps))
        return (
            f"{name:24}{self.gates[0]:9,.0f}{self.gates[1]:9,.0f}{self.saved:8.1%}{published:>11}{flip_flops:>14}"
            f"{luts:>14}{dsps:>10}{self.front:7}"
        )


def measured(name: str, folder: Path) -> Measured:
    """What `seer opt` makes of a kernel, in gates."""
    result = optimize(
        [FOLDER / f"{name}.c"], name, Options(clock_ns=20, objective="area"), output=folder / name
    )
    found = []
    for design in ("input", "seer"):
        text = (folder / name / "rtl" / design / f"{name}.v").read_text()
        found.append(gates(text, name, folder / f"{name}_{design}.log"))
    before, after = found
    areas: list[Area] = [result.designs[design].area for design in ("input", "seer")]
    return Measured(
        (before.gates, after.gates),
        (before.flip_flops, after.flip_flops),
        (areas[0].lut, areas[1].lut),
        (areas[0].dsp, areas[1].dsp),
        len(result.front),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--into", type=Path, default=Path("out/gates"))
    given = parser.parse_args()
    suite = tomllib.loads((FOLDER / "suite.toml").read_text())
    names: list[str] = given.names or [kernel["name"] for kernel in suite["kernels"]]
    given.into.mkdir(parents=True, exist_ok=True)
    print(
        f"{'kernel':24}{'input':>9}{'result':>9}{'saved':>8}{'published':>11}{'flip-flops':>14}{'LUTs':>14}"
        f"{'DSPs':>10}{'front':>7}"
    )
    for name in names:
        kept = given.into / f"{name}.json"
        if not kept.exists():
            kept.write_text(json.dumps(asdict(measured(name, given.into))))
        sys.stdout.write(Measured(**json.loads(kept.read_text())).row(name) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
