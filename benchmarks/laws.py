"""How far the paper's laws are from schedules: python benchmarks/laws.py [NAME]…, from the repository's root.

Prints, for each kernel of benchmarks/ and of the suites among the tests (or those whose name holds one of
the NAMEs), the number of variants, the laws' mean, median and greatest error in cycles, and their rank
correlation; then the same by kind of variant, and over all kernels.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from seer import frontend
from seer.driver.law_table import LawTable, Variant, law_table
from seer.errors import SeerError
from seer.lang.program import Program
from seer.schedule import Target
from tests.frontend.suite_kernels import KERNELS

HERE = Path(__file__).parent
TOPS = {"gemm_ncubed": "gemm", "gemm_blocked": "bbgemm", "stencil2d": "stencil"}
VARIANTS, STATEMENTS = 30, 128


def kernels(names: list[str]) -> Iterator[tuple[str, Program]]:
    """The programs, each with its suite and name; those that cannot be read are said to be."""

    def wanted(name: str) -> bool:
        return not names or any(part in name for part in names)

    for folder in ("seer", "machsuite"):
        for path in sorted((HERE / folder).glob("*.c")):
            top = TOPS.get(path.stem, path.stem) if folder == "machsuite" else path.stem
            name = f"{folder}/{path.stem}"
            if wanted(name) and not path.stem.endswith("_tb"):
                yield name, frontend.load((path,), top)
    for kernel in KERNELS:
        name = f"{kernel.suite}/{kernel.top}"
        if wanted(name):
            files, includes = kernel.paths(kernel.files), kernel.paths(kernel.includes)
            options = kernel.defines, kernel.params, kernel.shapes
            yield name, frontend.load(files, kernel.top, includes, *options)


def kind(variant: Variant) -> str:
    """What was done, without the number of the loop."""
    what, way = variant.name.rsplit(", ", 1)
    if "fusion" in what:
        done = "fused and unrolled" if "unrolled" in what else "fused"
    else:
        done = "unrolled in full" if "in full" in what else "unrolled" if "unrolled" in what else "as it is"
    return f"{done}, {way}"


def line(name: str, variants: list[Variant], correlation: float | None) -> str:
    errors = [abs(v.error) for v in variants]
    worst = max(variants, key=lambda v: abs(v.error))
    rank = "   -" if correlation is None else f"{correlation:.2f}"
    return (
        f"{name:34} {len(variants):4} {statistics.mean(errors):8.1%} {statistics.median(errors):8.1%} "
        f"{worst.error:+9.1%} {rank:>5}  {worst.name}"
    )


def main(names: list[str]) -> None:
    target = Target.load("xc7")
    tables: list[LawTable] = []
    seen: set[str] = set()
    print(f"{'kernel':34} {'n':>4} {'mean':>8} {'median':>8} {'greatest':>9} {'rank':>5}  at")
    for name, program in kernels(names):
        if name in seen:
            continue
        seen.add(name)
        try:
            table = law_table(program, target, VARIANTS, STATEMENTS)
        except SeerError as error:
            print(f"{name:34} {error.message}", flush=True)
            continue
        tables.append(table)
        print(line(name, list(table.variants), table.correlation), flush=True)
    together = [v for table in tables for v in table.variants]
    print()
    for what in sorted({kind(v) for v in together}):
        print(line(what, [v for v in together if kind(v) == what], None))
    ranks = [table.correlation for table in tables if table.correlation is not None]
    print(line("all", together, statistics.median(ranks) if ranks else None))
    print(f"rank correlation by kernel: median {statistics.median(ranks):.2f}, least {min(ranks):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
