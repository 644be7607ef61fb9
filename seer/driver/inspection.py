"""What a run does with its designs where asked: place and route them, write their waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from seer.backends import rtl
from seer.driver.result import Design
from seer.errors import InputError
from seer.schedule.target import Target
from seer.verify.vectors import Call

__all__ = ["placed", "require_inspection", "write_waves"]


def require_inspection(backend: str, target: Target, pnr: bool, wave: bool) -> None:
    """Raises InputError where what is asked for cannot be had with these options, BackendError where the
    tool for it is missing."""
    for asked, option in ((pnr, "--pnr"), (wave, "--wave")):
        if asked and backend != "rtl":
            raise InputError(f"{option} needs hardware", hint="leave out --backend, or say --backend rtl")
    if pnr:
        rtl.require_placer(target.file.family)


def placed(designs: Mapping[str, Design], target: Target, jobs: int, folder: Path) -> dict[str, Design]:
    """The designs with the clocks at which they were placed and routed, each in the folder of its name;
    `jobs` tools run at a time. Raises BackendError when one fails."""
    sources = {name: rtl.generate(design.schedule) for name, design in designs.items()}
    names: dict[str, str] = {}
    for name, source in sources.items():
        names.setdefault(source, name)

    def place(name: str) -> rtl.Placement:
        return rtl.place(designs[name].schedule, sources[name], folder / name, target.file.family)

    pool = ThreadPoolExecutor(jobs)
    try:
        # Equal designs are placed once; the others' files then come from the cache.
        list(pool.map(place, names.values()))
        return {name: replace(design, placement=place(name)) for name, design in designs.items()}
    finally:
        # An interrupt need not wait for what still runs.
        pool.shutdown(wait=False, cancel_futures=True)


def write_waves(designs: Mapping[str, Design], calls: Sequence[Call], folder: Path) -> None:
    """A wave of each design's first cycles on these calls, in the folder of its name. Raises BackendError
    when a tool fails."""
    for name, design in designs.items():
        rtl.write_wave(design.schedule, rtl.generate(design.schedule), calls, folder / name)
