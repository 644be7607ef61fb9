"""Limits of operators: how many units of a name may start an operation in one cycle.

A unit of latency L ≥ 1 is fully pipelined, so each of its operations takes it for the cycle in which it
starts; a combinational one is taken for that cycle anyway. Operations of all widths share a unit's limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from seer.errors import InputError
from seer.schedule.target import Target

__all__ = ["Limits", "limits_of"]

Limits = tuple[tuple[str, int], ...]
"""Units by name, in the order of their names, and how many of each may start in a cycle."""


def limits_of(target: Target, given: Mapping[str, int] | None = None) -> Limits:
    """The limits of the target file, each replaced by the one `given` for the unit if there is one.

    Raises InputError for a unit that the target does not have, and a limit below 1.
    """
    names = {table.name for table in target.file.units}
    limits = {table.name: table.limit for table in target.file.units if table.limit is not None}
    for name, limit in (given or {}).items():
        if name not in names:
            close = get_close_matches(name, sorted(names), 1)
            hint = f"did you mean {close[0]!r}?" if close else f"its units: {', '.join(sorted(names))}"
            raise InputError(f"target {target.name} has no unit {name!r} to limit", hint=hint)
        if limit < 1:
            raise InputError(f"a limit of {limit} leaves no unit {name!r}", hint="the least limit is 1")
        limits[name] = limit
    return tuple(sorted(limits.items()))
