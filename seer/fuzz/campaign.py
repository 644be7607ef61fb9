"""A campaign: random C programs of one seed in batches, each faulty one made small and written down."""

from __future__ import annotations

import random
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from seer.fuzz.findings import UNSCHEDULED, Finding, Source
from seer.fuzz.kernels import Kernel, random_kernel
from seer.fuzz.shrink import shrink
from seer.fuzz.tree import Node

__all__ = ["CALLS", "Campaign", "Report", "kernel_of"]

CALLS = 3
"""Calls of each program."""


@dataclass(frozen=True)
class Report:
    """A faulty program: its number in the campaign, what is wrong with it, and where it was written."""

    number: int
    finding: Finding
    file: Path


def kernel_of(seed: int, number: int, bit_int: bool = False) -> Kernel:
    """Program `number` of the campaign `seed`; it depends on nothing else."""
    draw = random.Random(f"{seed}:{number}")
    return random_kernel(draw, f"k{number}_", draw.choice((1, 2, 2, 3)), bit_int)


@dataclass(frozen=True)
class Campaign(ABC):
    """`count` programs of `seed`, from number `first` on, in `jobs` processes."""

    count: int
    seed: int = 0
    jobs: int = 1
    attempts: int = 300
    first: int = 0

    @property
    @abstractmethod
    def batch(self) -> int:
        """How many programs share a process and its compiler calls."""

    @abstractmethod
    def kernel(self, number: int) -> Kernel:
        """A program of the campaign."""

    @abstractmethod
    def check(self, sources: Sequence[Source], leg: str | None = None) -> list[Finding]:
        """What is wrong with these programs; with `leg`, as far as that alone can tell."""

    def run(
        self,
        folder: Path,
        progress: Callable[[int, int], None] = lambda done, wrong: None,
        unscheduled: Callable[[str], None] = lambda message: None,
    ) -> list[Report]:
        """All faulty programs, made small and written into `folder`. `progress` is told of finished ones,
        `unscheduled` of each that the hardware has no unit for."""
        last = self.first + self.count
        batches = [range(n, min(n + self.batch, last)) for n in range(self.first, last, self.batch)]
        reports: list[Report] = []
        done = 0
        with ThreadPoolExecutor(self.jobs) as pool:
            for numbers, findings in zip(batches, pool.map(self._batch, batches), strict=True):
                for finding in findings:
                    if finding.kind == UNSCHEDULED:
                        unscheduled(finding.message)
                    else:
                        reports.append(self._written(folder, numbers[finding.number], finding))
                done += len(numbers)
                progress(done, len(reports))
        return reports

    def _batch(self, numbers: Sequence[int]) -> list[Finding]:
        with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as name:
            sources = []
            for number in numbers:
                kernel = self.kernel(number)
                sources.append(self._source(Path(name), number, kernel.text, kernel.top))
            return self.check(sources)

    def _source(self, folder: Path, number: int, text: str, top: str) -> Source:
        path = folder / f"{top}.c"
        path.write_text(text, encoding="utf-8")
        return Source(path, top, f"{self.seed}:{number}")

    def _written(self, folder: Path, number: int, finding: Finding) -> Report:
        """The report on a program, after it was made small."""
        kernel = self.kernel(number)
        last = finding
        with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as name:

            def fails(tree: Node) -> bool:
                nonlocal last
                smaller = replace(kernel, tree=tree)
                source = self._source(Path(name), number, smaller.text, kernel.top)
                for found in self.check([source], finding.leg):
                    if found.same(finding):
                        last = found
                        return True
                return False

            small = replace(kernel, tree=shrink(kernel.tree, fails, self.attempts))
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.seed}_{number}.c"
        file.write_text(small.text, encoding="utf-8")
        (folder / f"{self.seed}_{number}_whole.c").write_text(kernel.text, encoding="utf-8")
        described = [
            f"{last.kind}: {last.leg}: {last.message}",
            f"top: {kernel.top}",
            last.call,
            last.memories,
        ]
        text = "\n\n".join(part for part in described if part)
        (folder / f"{self.seed}_{number}.txt").write_text(text + "\n", encoding="utf-8")
        return Report(number, last, file)
