"""What C can assign to: registers and array elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, refuse, strip, unary_operator
from seer.frontend.scope import ArrayBinding, Scalar, Scope
from seer.frontend.types import CType
from seer.frontend.values import Emitter, Value
from seer.lang.mlir_bindings import arith, ir, memref

__all__ = ["Element", "Elements"]


@dataclass(frozen=True)
class Element:
    """An element of a memref, of C type `type`."""

    memref: Any
    indices: tuple[Any, ...]
    type: CType


class Elements:
    """Finds, reads and writes elements in a scope; `value` lowers an expression."""

    def __init__(self, scope: Scope, emitter: Emitter, value: Callable[[Cursor], Value]) -> None:
        self._scope = scope
        self._emitter = emitter
        self._value = value

    def of(self, target: Cursor) -> Element:
        """What an expression names; its subscripts are evaluated at the insertion point."""
        target = strip(target)
        if target.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            array, subscripts = self.subscripts(target)
            return self.element(array, [self._value(subscript) for subscript in subscripts])
        if target.kind is CursorKind.DECL_REF_EXPR:
            return self.register(target.referenced, target)
        if target.kind is CursorKind.UNARY_OPERATOR and unary_operator(target) == "*":
            hint = "use array arguments and subscripts"
            refuse(target, "an assignment through a pointer is not supported", hint)
        refuse(target, "an assignment to this is not supported", "assign to scalars or array elements")

    def element(self, array: ArrayBinding, subscripts: Sequence[Value]) -> Element:
        """The element of an array at subscripts that are evaluated already."""
        indices = [
            arith.IndexCastUIOp(ir.IndexType.get(), self._emitter.ssa(value)).result for value in subscripts
        ]
        return Element(array.memref, tuple(indices), array.element)

    def subscripts(self, cursor: Cursor) -> tuple[ArrayBinding, list[Cursor]]:
        """The array that a subscript expression reads, and its subscripts."""
        subscripts: list[Cursor] = []
        base = cursor
        while base.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            inner, subscript = base.get_children()
            subscripts.insert(0, subscript)
            base = strip(inner)
        if base.kind is not CursorKind.DECL_REF_EXPR:
            refuse(cursor, "only arrays named directly may be subscripted", "write `array[index]`")
        binding = self._scope.bindings.get(base.referenced)
        if not isinstance(binding, ArrayBinding):
            found = f"`{base.spelling}` is no array argument"
            refuse(cursor, f"{found}: global arrays and pointers are not supported", "pass it as an argument")
        if len(subscripts) != len(binding.shape):
            found = f"`{base.spelling}` has {len(binding.shape)} dimensions and {len(subscripts)} subscripts"
            refuse(cursor, found, "give every subscript")
        return binding, subscripts

    def load(self, place: Element) -> Value:
        return Value(place.type, ssa=memref.LoadOp(place.memref, list(place.indices)).result)

    def store(self, place: Element, value: Value) -> Value:
        """Store `value` after C's conversion to the type of the place, which is the result."""
        converted = self._emitter.convert(value, place.type)
        memref.StoreOp(self._emitter.ssa(converted), place.memref, list(place.indices))
        return converted

    def register(self, variable: Cursor, target: Cursor | None = None) -> Element:
        """The register of a scalar variable, named at `target`."""
        target = target or variable
        match self._scope.bindings.get(variable):
            case Scalar(type=type, memref=place) if place is not None:
                return Element(place, (), type)
            case ArrayBinding():
                refuse(target, f"an assignment to the array `{target.spelling}`", "assign to its elements")
            case None:
                hint = "pass it as an argument"
                refuse(target, f"global variable `{target.spelling}` is not supported", hint)
            case _:
                refuse(target, f"an assignment to `{target.spelling}` is not supported here")
