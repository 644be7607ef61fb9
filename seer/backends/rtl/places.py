"""Where in the source a signal comes from: part of its name, and an attribute that tools show.

A wave and a timing report know names only, so a signal made for a statement carries its line
(`outer_mul_l12_3` for an operation of line 12); the attribute `src`, which Yosys and nextpnr pass on, has
file and line of all places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seer.lang.program import Origin
from seer.lang.terms import Statement, Term

__all__ = ["line_tag", "source_attribute"]


def line_tag(origins: Mapping[Term, Origin], statement: Statement | None) -> str:
    """`_l12` for a statement whose first place is in line 12, nothing where no place is known."""
    places = origins.get(statement, Origin()).locations if statement is not None else ()
    return f"_l{places[0].line}" if places else ""


def source_attribute(origins: Mapping[Term, Origin], statements: Iterable[Statement | None]) -> str:
    """`(* src = "kernel.c:12" *) ` for what stands in front of a declaration, nothing where no place is
    known; several places are separated by `|`, as Yosys does."""
    places: dict[str, None] = {}
    for statement in dict.fromkeys(statements):
        if statement is not None:
            places |= dict.fromkeys(at.short for at in origins.get(statement, Origin()).locations)
    text = "|".join(places).replace("\\", "\\\\").replace('"', '\\"')
    return f'(* src = "{text}" *) ' if text else ""
