"""`#pragma HLS ARRAY_PARTITION`: read as partitions, or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seer.lang.pragma import Pragma
from seer.lang.program import Program
from seer.lang.terms import Array, TopArray
from seer.schedule.naming import arrays_called
from seer.schedule.partition import KINDS, Partition, problem_of

__all__ = ["partition_of", "partitions_asked"]


def partitions_asked(
    program: Program, pragmas: Sequence[Pragma]
) -> tuple[tuple[Partition, ...], list[tuple[Pragma, str]]]:
    """The partitions that pragmas ask for, and the pragmas that cannot be honoured, each with a reason."""
    found: dict[Partition, None] = {}
    refused: list[tuple[Pragma, str]] = []
    for pragma in pragmas:
        if pragma.kind == "ARRAY_PARTITION":
            partition = partition_of(pragma)
            bound = partition if isinstance(partition, str) else _bound(program, pragma, partition)
            if isinstance(bound, str):
                refused.append((pragma, bound))
            else:
                found[bound] = None
    return tuple(found), refused


def partition_of(pragma: Pragma) -> Partition | str:
    """The partition as the pragma states it, in the old spelling (`cyclic`) or the new (`type=cyclic`); a
    reason where it states none. Without a kind it is complete, without a dimension that of dimension 1."""
    options = {name.lower(): value for name, value in pragma.options}
    if pragma.off:
        return "there is nothing to turn off"
    kinds = [kind for kind in KINDS if kind in options]
    if "type" in options:
        kinds.append(options["type"].lower())
    if len(kinds) > 1:
        return "it names more than one kind"
    kind = kinds[0] if kinds else "complete"
    variable = options.get("variable", "")
    if not variable:
        return "it names no variable"
    if kind != "complete" and "factor" not in options:
        return "it has no factor"
    numbers: list[int] = []
    for name, without in (("factor", "0"), ("dim", "1")):
        text = options.get(name, without)
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            return f"its {name} `{text}` is not a number"
        numbers.append(int(text))
    factor, dim = numbers
    return Partition(variable, kind, 0 if kind == "complete" else factor, dim)


def _bound(program: Program, pragma: Pragma, partition: Partition) -> Partition | str:
    """The partition with the arrays that it is about, or why it is impossible."""
    arrays: Sequence[Array] = arrays_called(program, partition.variable)
    if pragma.function != program.name:
        # What is a parameter there has another name here.
        arrays = [array for array in arrays if not isinstance(array, TopArray)]
    if not arrays and pragma.function != program.name:
        return f"of another function than {program.name} only local arrays and tables of its calls can be cut"
    if not arrays:
        return f"{program.name} has no array {partition.variable}"
    problems = (problem for array in arrays if (problem := problem_of(partition, array)) is not None)
    return next(problems, None) or replace(partition, arrays=tuple(arrays))
