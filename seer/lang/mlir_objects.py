"""The C side of a program's signature as attributes of its function in MLIR."""

from __future__ import annotations

from typing import Any

from seer.lang.mlir_bindings import ir
from seer.lang.program import CObject

__all__ = ["declarations_of", "object_attribute", "object_of", "set_declarations"]

_OBJECT = "seer.object"
_DECLARATIONS = "seer.declarations"


def object_attribute(found: CObject | None) -> dict[str, ir.Attribute]:
    """The argument attribute that states the C object of an argument, if it has one."""
    if found is None:
        return {}
    texts = [found.name, found.type, found.passing, found.access, *map(str, found.extents)]
    return {_OBJECT: ir.ArrayAttr.get([ir.StringAttr.get(text) for text in texts])}


def object_of(attributes: Any) -> CObject | None:
    """What `object_attribute` stated."""
    if _OBJECT not in attributes:
        return None
    name, type, passing, access, *extents = (text.value for text in attributes[_OBJECT])
    return CObject(name, type, tuple(int(extent) for extent in extents), passing, access)


def set_declarations(function: Any, declarations: str) -> None:
    """State the C declarations of a program on its function."""
    if declarations:
        function.attributes[_DECLARATIONS] = ir.StringAttr.get(declarations)


def declarations_of(function: Any) -> str:
    """What `set_declarations` stated."""
    attributes = function.attributes
    return attributes[_DECLARATIONS].value if _DECLARATIONS in attributes else ""
