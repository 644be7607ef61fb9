"""Measure the floating-point units of the rtl backend with Yosys, and print their rows for a target file.

    python benchmarks/measure_floats.py [FAMILY]

Takes some minutes for each point the first time; results are cached.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.measure import measure
from seer.lang.operators import OPERATORS


@dataclass(frozen=True)
class Table:
    """A unit's rows: `kind` is the operator that is measured, for all of `kinds`; `points` are widths of
    operand and result, and latencies."""

    name: str
    kinds: tuple[str, ...]
    kind: str
    points: Sequence[tuple[int, int, Sequence[int]]]


TABLES = [
    Table("fadd", ("fadd", "fsub"), "fadd", [(32, 32, (2, 3, 4, 6)), (64, 64, (2, 4, 6))]),
    Table("fmul", ("fmul",), "fmul", [(32, 32, (2, 4, 5)), (64, 64, (4, 8, 10))]),
    Table("fdiv", ("fdiv",), "fdiv", [(32, 32, (22, 28)), (64, 64, (64,))]),
    Table("fsqrt", ("fsqrt",), "fsqrt", [(32, 32, (16, 24)), (64, 64, (54, 60))]),
    Table("fcompare", ("feq", "fne", "flt", "fle"), "fle", [(32, 1, (0, 1)), (64, 1, (0, 1))]),
    Table("fsign", ("fabs", "fneg", "fcopysign"), "fneg", [(32, 32, (0,)), (64, 64, (0,))]),
    Table(
        "fround",
        ("ffloor", "fceil", "ftrunc", "fround", "froundeven"),
        "froundeven",
        [(32, 32, (2,)), (64, 64, (3, 4))],
    ),
    Table(
        "int_to_float",
        ("sitofp", "uitofp"),
        "sitofp",
        [(w, r, (1, 2, 3) if w < 64 else (3,)) for w in (16, 32, 64) for r in (32, 64)],
    ),
    Table(
        "float_to_int",
        ("fptosi", "fptoui"),
        "fptosi",
        [(w, r, (2, 3) if r == 64 else (2,)) for w in (32, 64) for r in (32, 64)],
    ),
    Table("float_to_float", ("fpext",), "fpext", [(32, 64, (1,))]),
    Table("float_to_float", ("fptrunc",), "fptrunc", [(64, 32, (2,))]),
]


def rows(table: Table, family: str) -> Iterable[str]:
    """The points of a table as a target file has them."""
    converts = OPERATORS[table.kind].shape == "convert"
    for width, result, latencies in table.points:
        for latency in latencies:
            name, text = float_unit(table.kind, width, result, latency)
            inputs = ("a", "b")[: OPERATORS[table.kind].arity]
            found = measure(text, name, inputs, latency, family)
            widths = f"width = {width}, " + (f"result = {result}, " if converts else "")
            times = f"ns = {found.input_ns}"
            if latency:
                times = f"latency = {latency}, input_ns = {found.input_ns}, stage_ns = {found.stage_ns}"
                times += f", output_ns = {found.output_ns}"
            yield f"  {{ {widths}{times}, lut = {found.lut}, ff = {found.ff}, dsp = {found.dsp} }},"


def main(family: str = "xc7", *names: str) -> None:
    """Print all tables, or those of these names."""
    for table in TABLES:
        if names and table.name not in names:
            continue
        kinds = ", ".join(f'"{kind}"' for kind in table.kinds)
        sys.stdout.write(f'[[units]]\nname = "{table.name}"\nkinds = [{kinds}]\npoints = [\n')
        for row in rows(table, family):
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
        sys.stdout.write("]\n\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
