"""The corpus: kernels of our own writing, in files of their names or, where they have several, in folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.frontend.batches import Kernel

__all__ = ["KERNELS"]

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "corpus", _HERE / "objects")
_BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"

_RANGES: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "counters": {"n": (-3, 40)},
    "int_bounds": {"n": (-5, 30), "m": (-5, 30)},
}
"""Scalar arguments that say how often a loop runs stay in ranges that an interpreter can walk."""
_DEFINES: Mapping[str, tuple[str, ...]] = {"linked": ("SIZE=10", "SAMPLE=short")}


def _kernels() -> dict[str, Kernel]:
    found: dict[str, tuple[Path, ...]] = {"seq_loops": (_BENCHMARKS / "seq_loops.c",)}
    for folder in _FOLDERS:
        for path in sorted(folder.iterdir()):
            files = sorted(path.glob("*.c*")) if path.is_dir() else [path]
            assert path.stem not in found, f"two kernels are called {path.stem}"
            # The one that is called as the kernel comes first.
            found[path.stem] = tuple(sorted(files, key=lambda file: file.stem != path.stem))
    return {
        name: Kernel(
            name,
            files,
            tuple(file.parent / "include" for file in files[:1] if (file.parent / "include").is_dir()),
            _DEFINES.get(name, ()),
            _RANGES.get(name, {}),
        )
        for name, files in found.items()
    }


KERNELS = _kernels()
"""By name, in a fixed order."""
