"""`Source`: the user's files as they were given, for compiling the original program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seer.lang.terms import Range

__all__ = ["Source"]


@dataclass(frozen=True)
class Source:
    """The files of a program and how to compile them; `benches` are the user's own test bench, `asserted`
    the bounds that the source asserts of its arguments, by name.

    C files, or one `.mlir` file, for which there is no original to compile.
    """

    files: tuple[Path, ...]
    include_dirs: tuple[Path, ...] = ()
    defines: tuple[str, ...] = ()
    benches: tuple[Path, ...] = ()
    asserted: Mapping[str, Range] = field(default_factory=dict)

    @property
    def compiles(self) -> bool:
        """Whether the original is C or C++, which a compiler on this machine can run."""
        return all(file.suffix != ".mlir" for file in self.files)
