"""The names of a program's arrays and of their banks, and which arrays a partition means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seer.lang.program import Origin, Program
from seer.lang.terms import Array, Load, Local, LocalArray, Store, Table
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.partition import Banks, Partition, Ring, all_banks, layout_of

__all__ = ["arrays_called", "banks_of", "memory_names", "with_bank_names"]


def memory_names(program: Program) -> dict[Array, str]:
    """A unique name for each array: that of the argument, or of a local's first origin."""
    names: dict[Array, str] = {array: array.name for array in program.arrays}
    taken = {argument.name for argument in program.arguments}

    def name(array: Array, origin: Origin) -> None:
        if array in names:
            return
        level = array.level if isinstance(array, LocalArray) else 0
        plain = "table" if isinstance(array, Table) else f"local{level}"
        base = origin.names[0] if origin.names else plain
        unique, count = base, 1
        while unique in taken:
            count += 1
            unique = f"{base}_{count}"
        taken.add(unique)
        names[array] = unique

    for statement in statements(program.body):
        if isinstance(statement, Local):
            name(statement.array, program.origins.get(statement, Origin()))
    # A fragment of a program may use locals that are bound outside of it.
    for statement in statements(program.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                name(node.array, program.origins.get(node.array, Origin()))
        if isinstance(statement, Store):
            name(statement.array, Origin())
    return names


def with_bank_names(names: Mapping[Array, str], banks: Banks) -> dict[Array, str]:
    """The names of all arrays with those of their banks: NAME_0, NAME_1, …; a ring has its array's."""
    found = dict(names)
    found.update((Ring.of(array, words), names[array]) for array, words in banks.rings if array in names)
    taken = set(names.values())
    for array, layout in banks.layouts:
        if array not in names:
            continue
        for bank in all_banks(array, layout):
            base = unique = f"{names[array]}{bank.suffix}"
            count = 1
            while unique in taken:
                count += 1
                unique = f"{base}_b{count}"
            taken.add(unique)
            found[bank] = unique
    return found


def arrays_called(program: Program, variable: str) -> list[Array]:
    """The arrays of a program, or of a fragment of one, that have this name in the source, or else as
    memories."""
    found: dict[Array, None] = {}
    for array in program.arrays:
        # The members of structs are arrays of their own: p.x of p.
        if array.name == variable or array.name.startswith(f"{variable}."):
            found[array] = None
    for term, origin in program.origins.items():
        if variable in origin.names:
            if isinstance(term, Local):
                found[term.array] = None
            elif isinstance(term, Array):
                found[term] = None
    if not found:
        found.update((array, None) for array, name in memory_names(program).items() if name == variable)
    return [array for array in found if array.type.shape != ()]


def banks_of(program: Program, partitions: Sequence[Partition]) -> Banks:
    """The arrays that are partitioned; partitions of arrays that the program does not have are left out.
    Raises InputError for partitions that are impossible."""
    asked: dict[Array, list[Partition]] = {}
    for partition in partitions:
        for array in partition.arrays or arrays_called(program, partition.variable):
            asked.setdefault(array, []).append(partition)
    layouts = ((array, layout_of(array, found)) for array, found in asked.items())
    return Banks(tuple((array, layout) for array, layout in layouts if layout is not None))
