"""The campaign on the frontend: random C programs, each run by every implementation there is."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from seer.fuzz.children import check
from seer.fuzz.kernels import Kernel, random_kernel
from seer.fuzz.legs import LEGS, Finding, Source
from seer.fuzz.shrink import shrink
from seer.fuzz.tree import Node

__all__ = ["Campaign", "Report", "kernel_of"]

_BATCH = 20
"""Programs that share a process and its compiler calls."""
_CALLS = 3


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
class Campaign:
    """`count` programs of `seed` in `jobs` processes. `cc` compiles them; if empty, the compiler here."""

    count: int
    seed: int = 0
    jobs: int = 1
    cc: tuple[str, ...] = ()
    bit_int: bool = False
    attempts: int = 300

    def run(
        self, folder: Path, progress: Callable[[int, int], None] = lambda done, wrong: None
    ) -> list[Report]:
        """All faulty programs, made small and written into `folder`; `progress` is told of finished ones."""
        batches = [range(n, min(n + _BATCH, self.count)) for n in range(0, self.count, _BATCH)]
        reports: list[Report] = []
        done = 0
        with ThreadPoolExecutor(self.jobs) as pool:
            for numbers, findings in zip(batches, pool.map(self._batch, batches), strict=True):
                for finding in findings:
                    reports.append(self._written(folder, numbers[finding.number], finding))
                done += len(numbers)
                progress(done, len(reports))
        return reports

    def _batch(self, numbers: Sequence[int]) -> list[Finding]:
        with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as name:
            sources = []
            for number in numbers:
                kernel = kernel_of(self.seed, number, self.bit_int)
                sources.append(self._source(Path(name), number, kernel.text, kernel.top))
            return check(sources, _CALLS, self.cc)

    def _source(self, folder: Path, number: int, text: str, top: str) -> Source:
        path = folder / f"{top}.c"
        path.write_text(text, encoding="utf-8")
        return Source(path, top, f"{self.seed}:{number}")

    def _written(self, folder: Path, number: int, finding: Finding) -> Report:
        """The report on a program, after it was made small."""
        kernel = kernel_of(self.seed, number, self.bit_int)
        legs = [finding.leg] if finding.leg in LEGS else []
        last = finding
        with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as name:

            def fails(tree: Node) -> bool:
                nonlocal last
                smaller = replace(kernel, tree=tree)
                source = self._source(Path(name), number, smaller.text, kernel.top)
                for found in check([source], _CALLS, self.cc, legs):
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
