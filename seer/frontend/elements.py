"""What C can assign to, of arithmetic type: registers, elements of arrays and members of structs."""

from __future__ import annotations

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, refuse, strip
from seer.frontend.lvalues import Lvalues
from seer.frontend.scope import Scalar, Scope
from seer.frontend.storage import Place, Storage
from seer.frontend.types import CType
from seer.frontend.values import Emitter, Value

__all__ = ["Elements", "register_place"]


def register_place(register: object, type: CType, name: str = "") -> Place:
    """The place that a zero-dimensional memref is."""
    return Place(Storage(name, {(): register}), type)


class Elements:
    """Finds, reads and writes elements in a scope."""

    def __init__(self, scope: Scope, emitter: Emitter, lvalues: Lvalues) -> None:
        self._scope = scope
        self._emitter = emitter
        self._lvalues = lvalues

    def of(self, target: Cursor) -> Place:
        """What an expression names; its subscripts are evaluated at the insertion point."""
        target = strip(target)
        if target.kind is CursorKind.DECL_REF_EXPR:
            return self.register(target.referenced, target)
        return self._lvalues.place(target)

    def load(self, place: Place) -> Value:
        return self._lvalues.access.load(place)

    def store(self, place: Place, value: Value, cursor: Cursor) -> Value:
        """Store `value` after C's conversion to the type of the place, which is the result."""
        if not isinstance(place.kind, CType):
            refuse(cursor, "an assignment to this is not supported", "assign to scalars or array elements")
        converted = self._emitter.convert(value, place.kind)
        self._lvalues.access.store(place, converted, cursor)
        return converted

    def register(self, variable: Cursor, target: Cursor | None = None) -> Place:
        """The register of a scalar variable, named at `target`."""
        target = target or variable
        match self._scope.bindings.get(variable):
            case Scalar(type=type, memref=place) if place is not None:
                return register_place(place, type, target.spelling)
            case Place() as place:
                return place
            case None:
                hint = "pass it as an argument"
                refuse(target, f"variable `{target.spelling}` is not known here", hint)
            case _:
                refuse(target, f"an assignment to `{target.spelling}` is not supported here")
