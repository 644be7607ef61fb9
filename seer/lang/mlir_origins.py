"""Locations, labels and names as they stand in MLIR, both ways, and the error that points at one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seer.errors import InputError, Location
from seer.lang.mlir_bindings import ir
from seer.lang.operators import to_signed
from seer.lang.program import Origin
from seer.lang.terms import For, Range, Term

__all__ = [
    "STATEMENT",
    "UnsupportedMLIR",
    "attributes_of",
    "integers",
    "name_attribute",
    "numbers",
    "origin_of",
    "range_attribute",
    "string_attribute",
    "strings",
    "to_location",
]

LABEL = "seer.label"
STATEMENT = "seer.name"
"""The attribute that holds the source names of what is no For."""


class UnsupportedMLIR(InputError):
    """MLIR that has no meaning in SeerLang (yet); the message names the operation."""

    def __init__(self, message: str, operation: Any, hint: str | None = None) -> None:
        found = _locations(operation.location)
        super().__init__(message, found[0] if found else None, hint)


def _locations(location: ir.Location) -> list[Location]:
    if isinstance(location, ir.FileLineColLoc):
        return [Location(location.filename, location.start_line, location.start_col)]
    if isinstance(location, ir.FusedLoc):
        return [place for part in location.locations for place in _locations(part)]
    if isinstance(location, ir.NameLoc):
        return _locations(location.child_loc)
    if isinstance(location, ir.CallSiteLoc):
        return _locations(location.callee)
    return []


def strings(operation: Any, attribute: str) -> tuple[str, ...]:
    """The value of a string attribute or of an array of strings; () where it is absent."""
    if attribute not in operation.attributes:
        return ()
    value = operation.attributes[attribute]
    parts = list(value) if isinstance(value, ir.ArrayAttr) else [value]
    return tuple(part.value for part in parts if isinstance(part, ir.StringAttr))


def integers(attribute: Any) -> tuple[int, ...]:
    """The numbers of an array of integer attributes of any width, read signed."""
    values = [(int(part.value), part.type) for part in attribute]
    return tuple(to_signed(value, type.width) if hasattr(type, "width") else value for value, type in values)


def origin_of(operation: Any, name_attribute: str) -> Origin | None:
    """The origin that an operation's attributes and location state; None if they say nothing."""
    origin = Origin(
        tuple(sorted(set(strings(operation, LABEL)))),
        tuple(sorted(set(strings(operation, name_attribute)))),
        tuple(sorted(set(_locations(operation.location)))),
    )
    return origin if origin != Origin() else None


def name_attribute(statement: Term) -> str:
    """The attribute that holds the source names of a statement or table."""
    return "seer.iv" if isinstance(statement, For) else STATEMENT


def range_attribute(content: Range | None) -> dict[str, ir.Attribute]:
    """The attribute that states a declared content range."""
    return {} if content is None else {"seer.range": numbers((content.lower, content.upper))}


def numbers(values: Iterable[int]) -> ir.Attribute:
    """An array of integer attributes; 128 bits hold the unsigned and the signed range of all of C's."""
    type = ir.IntegerType.get_signless(128)
    return ir.ArrayAttr.get([ir.IntegerAttr.get(type, value) for value in values])


def to_location(origin: Origin | None) -> ir.Location:
    """The MLIR location of an origin: one place, several fused, or unknown."""
    places = [ir.Location.file(p.file, p.line, p.column) for p in (origin.locations if origin else ())]
    if not places:
        return ir.Location.unknown()
    return places[0] if len(places) == 1 else ir.Location.fused(places)


def attributes_of(origin: Origin | None, names: str) -> dict[str, ir.Attribute]:
    """The attributes that state an origin's labels and names, the latter under the key `names`."""
    given = {LABEL: origin.labels, names: origin.names} if origin else {}
    return {key: string_attribute(values) for key, values in given.items() if values}


def string_attribute(values: tuple[str, ...]) -> ir.Attribute:
    """One string, or an array of several."""
    parts = [ir.StringAttr.get(value) for value in values]
    return parts[0] if len(parts) == 1 else ir.ArrayAttr.get(parts)
