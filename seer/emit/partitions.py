"""The pragmas of partitioned arrays: those of arguments and tables stand at the head of the function, those
of local arrays behind their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seer.emit.variables import Variables
from seer.lang.program import CObject, Program
from seer.lang.terms import Array, Load, LocalArray, Table, Term
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.naming import arrays_called
from seer.schedule.partition import Partition

__all__ = ["local_pragmas", "outer_pragmas"]


def local_pragmas(program: Program, partitions: Sequence[Partition]) -> dict[Array, list[str]]:
    """The options of the pragmas of each local array."""
    found: dict[Array, list[str]] = {}
    for partition in partitions:
        for array in partition.arrays or arrays_called(program, partition.variable):
            if isinstance(array, LocalArray):
                found.setdefault(array, []).append(partition.options)
    return found


def outer_pragmas(program: Program, partitions: Sequence[Partition], variables: Variables) -> Iterator[str]:
    """The pragmas of arguments and tables, whose variables have names by now, without `#pragma HLS`."""
    objects: dict[Term, CObject | None] = {a.term: a.object for a in program.arguments}
    used = {
        node.array
        for statement in statements(program.body)
        for node in subexpressions(*expressions(statement))
        if isinstance(node, Load)
    }
    for partition in partitions:
        names: dict[str, None] = {}
        for array in partition.arrays or arrays_called(program, partition.variable):
            held = objects.get(array)
            if held is not None:
                # A struct is cut as a whole.
                names[held.name] = None
            elif array in objects or (isinstance(array, Table) and array in used):
                names[variables.variable(array).name] = None
        for name in names:
            yield f"ARRAY_PARTITION variable={name} {partition.options}"
