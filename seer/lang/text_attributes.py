"""What of a program is no term, as attributes of the textual form and back: origins and signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
)
from xdsl.ir import Attribute

from seer.errors import Location
from seer.lang.program import Argument, CObject, Origin
from seer.lang.terms import Param

__all__ = [
    "I64",
    "describe",
    "described_object",
    "numbers",
    "origin_attributes",
    "read_numbers",
    "read_origin",
    "read_string",
]

I64 = IntegerType(64)
_OBJECT_STRINGS = ("name", "type", "passing", "access")


def numbers(*values: int) -> ArrayAttr[IntegerAttr]:
    """Numbers as an attribute that is wide enough for the bounds of every integer of C."""
    return ArrayAttr([IntegerAttr(value, IntegerType(128)) for value in values])


def read_numbers(attribute: Any) -> list[int]:
    """The numbers of an attribute."""
    return [entry.value.data for entry in attribute]


def read_string(attribute: StringAttr | BytesAttr) -> str:
    """A string; xDSL reads one with characters beyond ASCII as bytes."""
    data = attribute.data
    return data if isinstance(data, str) else data.decode()


def _strings(values: tuple[str, ...]) -> ArrayAttr[StringAttr]:
    return ArrayAttr([StringAttr(value) for value in values])


def origin_attributes(origin: Origin | None) -> dict[str, Attribute]:
    """The attributes of an operation that say where its term came from."""
    if origin is None:
        return {}
    places = [
        ArrayAttr([StringAttr(p.file), IntegerAttr(p.line, I64), IntegerAttr(p.column, I64)])
        for p in origin.locations
    ]
    attributes: dict[str, Attribute] = {
        "labels": _strings(origin.labels),
        "names": _strings(origin.names),
        "locations": ArrayAttr(places),
    }
    return {name: value for name, value in attributes.items() if len(getattr(origin, name))}


def read_origin(attributes: Mapping[str, Attribute]) -> Origin | None:
    """The origin that the attributes of an operation spell, if any."""
    found = [attributes.get(name) for name in ("labels", "names", "locations")]
    if not any(found):
        return None
    parts: list[Any] = [list(value) if isinstance(value, ArrayAttr) else [] for value in found]
    labels, names = (tuple(read_string(item) for item in part) for part in parts[:2])
    places = tuple(
        Location(read_string(file), line.value.data, column.value.data) for file, line, column in parts[2]
    )
    return Origin().merged(Origin(labels, names, places))


def describe(argument: Argument) -> DictionaryAttr:
    """All of an argument that its type does not say."""
    entries: dict[str, Attribute] = {
        "name": StringAttr(argument.name),
        "signed": IntegerAttr(int(argument.signed), IntegerType(1)),
        "c_type": StringAttr(argument.c_type),
    }
    if isinstance(argument.term, Param) and argument.term.content is not None:
        entries["range"] = numbers(argument.term.content.lower, argument.term.content.upper)
    if argument.object is not None:
        strings = {key: StringAttr(getattr(argument.object, key)) for key in _OBJECT_STRINGS}
        extents = ArrayAttr([IntegerAttr(extent, I64) for extent in argument.object.extents])
        entries["object"] = DictionaryAttr({**strings, "extents": extents})
    return DictionaryAttr(entries)


def described_object(described: DictionaryAttr) -> CObject | None:
    """The C object in the description of an argument. Raises ValueError where it is incomplete."""
    if "object" not in described.data:
        return None
    entries = described.data["object"]
    if isinstance(entries, DictionaryAttr):
        strings = [entries.data.get(key) for key in _OBJECT_STRINGS]
        texts = [read_string(s) for s in strings if isinstance(s, StringAttr | BytesAttr)]
        extents = entries.data.get("extents")
        if len(texts) == len(strings) and isinstance(extents, ArrayAttr):
            lengths = [e.value.data for e in extents if isinstance(e, IntegerAttr)]
            if len(lengths) == len(extents):
                name, type, passing, access = texts
                return CObject(name, type, tuple(lengths), passing, access)
    raise ValueError("an object needs a name, a type, extents, passing and access")
