"""Units and memories mapped once for each family: their areas, and their netlists for paths through them.

The modules behind a design's top are synthesised alone and kept in the cache by their text, so that a design
takes no longer for the units in it, and a unit counts the same in every design.
"""

from __future__ import annotations

import gzip
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seer.backends.rtl.library import INLINE
from seer.backends.rtl.yosys import area_of, run_script, yosys_version
from seer.cache import cache_folder, digest, locked, publish
from seer.schedule.area import Area

__all__ = ["MappedModule", "mapped_modules", "separate"]

_log = logging.getLogger(__name__)

_SCRIPT = """
design -reset
read_verilog module{number}.v
setattr -mod -unset keep_hierarchy *
{synthesis}
tee -q -o area{number}.json stat -json
select {name}
write_rtlil -selected mapped{number}.il
select -clear
"""


@dataclass(frozen=True)
class MappedModule:
    """A module's area, and Yosys' text of its netlist."""

    name: str
    area: Area
    netlist: str


def separate(verilog: str, top: str) -> tuple[str, dict[str, str]]:
    """The text of module `top` with those marked `INLINE`, and of the others by name, from Verilog as
    `generate` writes it: `module` and `endmodule` begin lines, attributes and comments stand in front."""
    modules: dict[str, str] = {}
    name, lines = "", list[str]()
    for line in verilog.split("\n"):
        lines.append(line)
        if line.startswith("module "):
            name = line.split()[1].rstrip("(;")
        elif line == "endmodule":
            modules[name] = "\n".join([*lines, ""])
            lines = []
    marked = [other for other, text in modules.items() if text.lstrip().startswith(INLINE)]
    design = [modules.pop(each) for each in (top, *marked)]
    return "\n".join(design), modules


def mapped_modules(
    design: str, modules: Mapping[str, str], settings: Mapping[str, Any], logfile: Path
) -> dict[str, MappedModule]:
    """Those of `modules` that stand in `design`, each mapped alone with what it contains dissolved in it.

    One run of Yosys maps those that are not in the cache. Raises BackendError when that fails, its log in
    `logfile`.
    """
    words = set(design.split())
    texts = {name: _with_parts(name, modules) for name in sorted(modules) if name in words}
    entries = {name: _entry(name, text, settings) for name, text in texts.items()}
    missing = [name for name, entry in entries.items() if not entry.exists()]
    if missing:
        with locked(entries[name] for name in missing):
            # Another run may have made them while this one waited.
            missing = [name for name in missing if not entries[name].exists()]
            if missing:
                _map(missing, texts, entries, settings, logfile)
    found: dict[str, MappedModule] = {}
    for name, entry in entries.items():
        content = json.loads(gzip.decompress(entry.read_bytes()))
        found[name] = MappedModule(name, Area(**content["area"]), content["netlist"])
    return found


def _map(
    names: Sequence[str],
    texts: Mapping[str, str],
    entries: Mapping[str, Path],
    settings: Mapping[str, Any],
    logfile: Path,
) -> None:
    """Map modules of these texts, in one run of Yosys, and keep them."""
    _log.info("synthesising %d units with Yosys: %s", len(names), ", ".join(names))
    with tempfile.TemporaryDirectory(prefix="seer_yosys_") as folder:
        work = Path(folder)
        for number, name in enumerate(names):
            (work / f"module{number}.v").write_text(texts[name])
        script = "".join(_script(name, number, settings) for number, name in enumerate(names))
        run_script(script, work, logfile)
        for number, name in enumerate(names):
            area = area_of((work / f"area{number}.json").read_text(), settings)
            netlist = (work / f"mapped{number}.il").read_text()
            text = json.dumps({"area": area, "netlist": netlist})
            publish(gzip.compress(text.encode(), mtime=0), entries[name])


def _script(name: str, number: int, settings: Mapping[str, Any]) -> str:
    return _SCRIPT.format(name=name, number=number, synthesis=settings["synthesis"].format(top=name))


def _entry(name: str, text: str, settings: Mapping[str, Any]) -> Path:
    key = digest("module", text, json.dumps(settings["cells"]), _script(name, 0, settings), yosys_version())
    return (cache_folder("yosys") / key).with_suffix(".module.gz")


def _with_parts(name: str, modules: Mapping[str, str]) -> str:
    """The text of a module and of those that it contains."""
    parts: dict[str, None] = {}
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part not in parts:
            parts[part] = None
            words = set(modules[part].split())
            waiting += [other for other in modules if other in words]
    return "\n".join(modules[part] for part in (name, *sorted(part for part in parts if part != name)))
