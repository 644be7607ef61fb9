"""Many small designs simulated by one program.

Most of the time that small designs take goes into C++: the headers of Verilator's runtime, and the large
units (dividers, floating point). So all designs of a batch are one translation unit, and each large unit is
a library of its own (`verilator --lib-create`), compiled once and kept by the content of its source.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seer.backends.rtl.generate import generate_modules
from seer.backends.rtl.interface import Interface
from seer.backends.rtl.simulate import Call, Simulation, compare, execute, inputs, longest
from seer.backends.rtl.testbench import BENCH, Bench
from seer.backends.rtl.verilator import (
    OPTIONS,
    cpp_compiler,
    include_options,
    run_tool,
    tool_versions,
    verilator_root,
    warm_runtime,
)
from seer.cache import cache_folder, digest, publish
from seer.errors import SeerError
from seer.schedule.cycles import cycles
from seer.schedule.model import Schedule

__all__ = ["Job", "simulate_batch"]

_LIBRARY_CHARACTERS = 3000
"""Units of at least so much text become libraries."""


@dataclass(frozen=True)
class Job:
    """A design, and its calls with their results."""

    schedule: Schedule
    calls: Sequence[Call]


def simulate_batch(jobs: Sequence[Job], folder: Path) -> list[Simulation | Exception]:
    """What `simulate` gives for each job, or what went wrong with it; log files go into `folder`.

    Raises BackendError where the simulator of all of them cannot be compiled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results: list[Simulation | Exception | None] = [None] * len(jobs)
    benches: dict[int, Bench] = {}
    with tempfile.TemporaryDirectory(prefix="seer_verilator_") as name:
        build = _Build(Path(name), folder / "build.log")
        for number, job in enumerate(jobs):
            try:
                bench = Bench(Interface.of(job.schedule))
                build.add(number, job.schedule, bench)
                benches[number] = bench
            except (SeerError, ValueError, KeyError) as error:
                results[number] = error
        program = build.program() if benches else Path()
        for number, bench in benches.items():
            job = jobs[number]
            try:
                limit = longest(cycles(job.schedule, call) for call in job.calls)
                data, log = inputs(bench, job.calls), folder / f"{number}.log"
                output = execute(program, data, len(job.calls), limit, log, number)
                results[number] = compare(bench, job.schedule, job.calls, output, limit)
            except SeerError as error:
                results[number] = error
    return [result for result in results if result is not None]


class _Build:
    """One program from several models: model n is the class `Vsim<n>`, run by the main in `design_<n>`."""

    def __init__(self, folder: Path, logfile: Path) -> None:
        self._folder = folder
        self._logfile = logfile
        self._compiler = cpp_compiler()
        self._libraries: dict[str, str] = {}
        self._objects: dict[str, Path] = {}
        self._headers = ["#include <cstdint>", "#include <cstdio>", "#include <cstdlib>", "#include <vector>"]
        self._headers.append('#include "verilated.h"')
        self._mains: list[str] = []
        self._sources: list[str] = []
        self._numbers: list[int] = []

    def add(self, number: int, schedule: Schedule, bench: Bench) -> None:
        """Verilate a design."""
        top, units = generate_modules(schedule)
        wrappers, small = [], []
        for unit in sorted(units):
            text = units[unit]
            # One program has one library of a name; tables of different contents may share theirs.
            if len(text) < _LIBRARY_CHARACTERS or self._libraries.setdefault(unit, text) != text:
                small.append(text)
                continue
            wrapper, compiled = self._library(unit, text)
            wrappers.append(str(wrapper))
            self._objects[unit] = compiled
        source, prefix = f"sim{number}.v", f"Vsim{number}"
        (self._folder / source).write_text("\n".join([top, *small, bench.verilog()]))
        self._verilate(prefix, BENCH, f"obj{number}", [*wrappers, source])
        self._headers += [f'#include "{prefix}.h"', f'#include "{prefix}___024root.h"']
        self._mains.append(f"namespace design_{number} {{\n{bench.main(prefix)}\n}}\n")
        # Each model's own header wants to be the only one that is precompiled; none is.
        self._sources += ["#undef VL_PCH_INCLUDED", *self._compiled_by_inclusion(f"obj{number}")]
        self._numbers.append(number)

    def program(self) -> Path:
        """Compile all of them: PROGRAM INPUT OUTPUT CALLS LIMIT MODEL."""
        cases = "".join(f"case {n}: return design_{n}::main(5, argv);\n" for n in self._numbers)
        main = f"if (argc != 6) return 2;\nswitch (atol(argv[5])) {{\n{cases}}}\nreturn 2;"
        text = [*self._headers, "double sc_time_stamp() { return 0; }", *self._mains, *self._sources]
        text.append(f"int main(int argc, char** argv) {{\n{main}\n}}\n")
        (self._folder / "all.cc").write_text("\n".join(text))
        folders = [f"-Iobj{number}" for number in self._numbers]
        objects = [*map(str, self._objects.values()), *map(str, warm_runtime())]
        command = [self._compiler, "-O0", "-std=c++17", *folders, *include_options(verilator_root())]
        run_tool(
            [*command, "all.cc", *objects, "-o", "sim", "-lpthread"],
            self._folder,
            self._logfile,
            "compiling the simulator",
        )
        return self._folder / "sim"

    def _library(self, name: str, text: str) -> tuple[Path, Path]:
        """A unit as a module that calls compiled code, and that code."""
        key = digest("library", name, text, *OPTIONS, *tool_versions(self._compiler))
        wrapper = cache_folder("verilator") / f"library-{key}.sv"
        compiled = wrapper.with_suffix(".o")
        if not (wrapper.exists() and compiled.exists()):
            folder = f"library_{name}"
            (self._folder / f"{name}.v").write_text(text)
            self._verilate(f"V{name}", name, folder, ["--lib-create", name, f"{name}.v"])
            unit = self._folder / f"{folder}.cc"
            unit.write_text("\n".join(self._compiled_by_inclusion(folder)) + "\n")
            command = [self._compiler, "-O1", "-std=c++17", f"-I{folder}", *include_options(verilator_root())]
            command += ["-c", unit.name, "-o", f"{folder}.o"]
            run_tool(command, self._folder, self._logfile, f"compiling the unit {name}")
            publish((self._folder / f"{folder}.o").read_bytes(), compiled)
            publish((self._folder / folder / f"{name}.sv").read_bytes(), wrapper)
        return wrapper, compiled

    def _verilate(self, prefix: str, top: str, folder: str, arguments: Sequence[str]) -> None:
        command = [str(verilator_root() / "bin" / "verilator_bin"), "--cc", *OPTIONS, "-Mdir", folder]
        command += ["--prefix", prefix, "--top-module", top, *arguments]
        run_tool(command, self._folder, self._logfile, "Verilator")

    def _compiled_by_inclusion(self, folder: str) -> list[str]:
        sources = sorted((self._folder / folder).glob("*.cpp"))
        return [f'#include "{folder}/{source.name}"' for source in sources]
