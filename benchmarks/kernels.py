"""The kernels of this repository, for the scripts beside this file: benchmarks and the frontend's corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seer import frontend
from seer.bench.suite import load_suite
from seer.driver.source import Source
from seer.lang.program import Program
from tests.frontend.kernels import KERNELS

__all__ = ["Kernel", "kernels"]

HERE = Path(__file__).parent
TOPS = {
    ("machsuite", "gemm_blocked"): "bbgemm",
    ("machsuite", "gemm_ncubed"): "gemm",
    ("machsuite", "stencil2d"): "stencil",
}
"""Functions that are not called like their files."""


@dataclass(frozen=True)
class Kernel:
    """A top-level function, how it is compiled, and the test benches whose calls count; without one calls are
    generated. `name` is that of the function, with its folder where that is not `seer`."""

    name: str
    files: tuple[Path, ...]
    top: str
    includes: tuple[Path, ...] = ()
    defines: tuple[str, ...] = ()
    benches: tuple[Path, ...] = ()

    def program(self) -> Program:
        """Read by the frontend. Raises InputError for what it refuses."""
        return frontend.load(self.files, self.top, self.includes, self.defines)

    def source(self) -> Source:
        """As the driver takes it."""
        asserted = frontend.assertions_of(self.files, self.top, self.includes, self.defines)
        return Source(self.files, self.includes, self.defines, self.benches, asserted)


def kernels(small: bool = False, corpus: bool = True) -> Iterator[Kernel]:
    """In a fixed order; `small` for the suite seer at the sizes of its setting `small`, where it has one."""
    suite = load_suite(HERE / "seer")
    sizes = next(setting for setting in suite.settings if setting.name == "small").own if small else {}
    for kernel in suite.kernels:
        files = tuple(suite.folder / name for name in kernel.sources)
        benches = tuple(suite.folder / name for name in kernel.bench)
        size = sizes.get(kernel.name, {}).get("D")
        yield Kernel(kernel.name, files, kernel.top, (), (str(size),) if size else (), benches)
    for folder in ("machsuite", "datapath", "area"):
        for path in sorted((HERE / folder).glob("*.c")):
            yield Kernel(f"{folder}/{path.stem}", (path,), TOPS.get((folder, path.stem), path.stem))
    for found in KERNELS.values() if corpus else ():
        if found.name != "seq_loops":
            yield Kernel(f"corpus/{found.name}", found.files, found.name, found.include_dirs, found.defines)
