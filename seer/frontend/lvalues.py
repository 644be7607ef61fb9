"""What expressions name: places in memory, and pointers whose array is known."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NoReturn

from clang.cindex import Cursor, Type

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    TypeKind,
    binary_operator,
    expression_children,
    refuse,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.kinds import ArrayOf, Kind, PointerTo, Record, kind_of
from seer.frontend.scope import Scope
from seer.frontend.seats import PointerVariable
from seer.frontend.storage import Access, Place, Pointer, place_of
from seer.frontend.types import INT, LONG, CType, is_arithmetic
from seer.frontend.values import Emitter, Value, constant

__all__ = ["Lvalues", "is_aggregate", "is_pointer"]

_POINTERS = (TypeKind.POINTER, TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY)
_CASTS = (
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.CXX_REINTERPRET_CAST_EXPR,
    CursorKind.CXX_CONST_CAST_EXPR,
)
_COMPUTING = (
    CursorKind.BINARY_OPERATOR,
    CursorKind.COMPOUND_ASSIGNMENT_OPERATOR,
    CursorKind.CONDITIONAL_OPERATOR,
)
_KNOWN = "name the array, or a pointer that is set to one"


def is_pointer(type: Type) -> bool:
    """Whether values of this type are pointers (arrays are, in expressions)."""
    return type_kind(type.get_canonical()) in _POINTERS


def is_aggregate(type: Type) -> bool:
    """Whether objects of this type are no single numbers."""
    if is_pointer(type):
        return True
    return type_kind(type.get_canonical()) is TypeKind.RECORD and not is_arithmetic(type)


def _computes(cursor: Cursor) -> bool:
    if cursor.kind is CursorKind.UNARY_OPERATOR:
        return unary_operator(cursor) != "*"
    return cursor.kind in _COMPUTING or cursor.kind in _CASTS


class Lvalues:
    """Reads lvalues and pointer expressions in a scope.

    `value` lowers an arithmetic expression, `made` an expression that makes an object of its own (a call
    that returns a struct, a compound literal, a string) and `global_place` a variable outside functions.
    """

    def __init__(
        self,
        scope: Scope,
        emitter: Emitter,
        value: Callable[[Cursor], Value],
        made: Callable[[Cursor], Place | None],
    ) -> None:
        self._scope = scope
        self._emitter = emitter
        self._value = value
        self._made = made
        self.access = Access(emitter)

    # Places

    def place(self, cursor: Cursor) -> Place:
        """The place that an lvalue, or an expression of struct type, names."""
        cursor = strip(cursor)
        match cursor.kind:
            case CursorKind.DECL_REF_EXPR:
                return self._named(cursor)
            case CursorKind.ARRAY_SUBSCRIPT_EXPR:
                base, index = cursor.get_children()
                if not is_pointer(base.type):
                    base, index = index, base
                return self.access.at(self.pointer(base), cursor, self._index(index))
            case CursorKind.MEMBER_REF_EXPR:
                return self._member(cursor)
            case CursorKind.UNARY_OPERATOR if unary_operator(cursor) == "*":
                (inner,) = cursor.get_children()
                return self.access.at(self.pointer(inner), cursor)
            case CursorKind.BINARY_OPERATOR if binary_operator(cursor) == "=" and is_aggregate(cursor.type):
                target, source = cursor.get_children()
                self.assign(target, source)
                return self.place(target)
            case CursorKind.BINARY_OPERATOR if binary_operator(cursor) == ",":
                left, right = cursor.get_children()
                self._value(left)
                return self.place(right)
            case kind if kind in _CASTS and is_aggregate(cursor.type):
                return self.place(expression_children(cursor)[0])
        made = self._made(cursor)
        if made is None and cursor.kind is CursorKind.CONDITIONAL_OPERATOR:
            refuse(cursor, "one of two objects, by `?:`, is not supported here", "write an if statement")
        if made is None:
            refuse(cursor, "this expression names no variable or element", "assign to a variable first")
        return made

    def _index(self, index: Cursor) -> Value:
        value = self._value(index)
        if value.type.is_bool:
            return self._emitter.convert(value, INT)
        return value

    def _named(self, cursor: Cursor) -> Place:
        declaration = cursor.referenced
        found = place_of(self._scope.bindings.get(declaration), cursor.spelling)
        if found is None:
            found = self._made(cursor)
        if found is None:
            refuse(cursor, f"`{cursor.spelling}` has no place in memory that is known here", _KNOWN)
        return found

    def _member(self, cursor: Cursor) -> Place:
        children = expression_children(cursor)
        if len(children) != 1:
            refuse(cursor, f"member `{cursor.spelling}` of a class is not supported", "use a plain struct")
        base = children[0]
        if type_kind(base.type.get_canonical()) is TypeKind.POINTER:
            place = self.access.at(self.pointer(base), cursor)
        else:
            place = self.place(base)
        if not isinstance(place.kind, Record) or cursor.spelling not in dict(place.kind.members):
            refuse(cursor, f"member `{cursor.spelling}` is not supported here", "use members that are data")
        return place.member(cursor.spelling)

    # Pointers

    def pointer(self, cursor: Cursor) -> Pointer:
        """What a pointer expression points to; raises InputError where its array is not known."""
        while cursor.kind in (CursorKind.PAREN_EXPR, CursorKind.UNEXPOSED_EXPR):
            children = expression_children(cursor)
            if len(children) != 1:
                break
            cursor = children[0]
        # libclang gives expressions on array parameters the array's type, not the pointer's.
        if type_kind(cursor.type.get_canonical()) in _POINTERS[1:] and not _computes(cursor):
            binding = self._scope.bindings.get(cursor.referenced) if cursor.referenced else None
            if not isinstance(binding, (Pointer, PointerVariable)):  # an array parameter is a pointer
                return self.access.decayed(self.place(cursor))
        match cursor.kind:
            case CursorKind.DECL_REF_EXPR:
                return self._pointer_variable(cursor)
            case CursorKind.UNARY_OPERATOR if unary_operator(cursor) == "&":
                (inner,) = cursor.get_children()
                return self.access.address(self.place(inner))
            case CursorKind.UNARY_OPERATOR if unary_operator(cursor) in STEPS:
                return self._stepped(cursor)
            case CursorKind.BINARY_OPERATOR | CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
                return self._arithmetic(cursor)
            case CursorKind.CONDITIONAL_OPERATOR:
                return self._chosen(cursor)
            case kind if kind in _CASTS:
                return self._cast(cursor)
        self._refuse_pointer(cursor)

    def _pointer_variable(self, cursor: Cursor) -> Pointer:
        match self._scope.bindings.get(cursor.referenced):
            case Pointer() as pointer:
                return pointer
            case PointerVariable() as variable:
                pointer = variable.read(cursor)
                if pointer is None:
                    refuse(cursor, f"pointer `{cursor.spelling}` is read before it is set", _KNOWN)
                return pointer
        hint = "pass an array with its size, such as `int a[64]`"
        refuse(cursor, f"it is not known where pointer `{cursor.spelling}` points to", hint)

    def _arithmetic(self, cursor: Cursor) -> Pointer:
        operator = binary_operator(cursor)
        left, right = cursor.get_children()
        if operator in ("=", "+=", "-="):
            self.assign(strip(left), right, operator[:-1] or None)
            return self.pointer(left)
        if operator == ",":
            self._value(left)
            return self.pointer(right)
        if operator == "+" and not is_pointer(left.type):
            left, right = right, left
        if operator not in ("+", "-"):
            self._refuse_pointer(cursor)
        pointer = self.pointer(left)
        return self.access.moved(pointer, self._index(right), operator == "-")

    def _stepped(self, cursor: Cursor) -> Pointer:
        (target,) = cursor.get_children()
        before = self.pointer(target)
        operator = unary_operator(cursor)
        after = self.access.moved(before, constant(1, INT), STEPS[operator] == "-")
        self._set(strip(target), after)
        return before if operator.startswith("x") else after

    def _chosen(self, cursor: Cursor) -> Pointer:
        condition, left, right = cursor.get_children()
        chosen = self._value(condition)
        known = self._emitter.known_truth(chosen)
        if known is not None:
            return self.pointer(left if known else right)
        one, other = (self.access.rooted(self.pointer(side)) for side in (left, right))
        if one.root() != other.root():
            refuse(cursor, "a pointer to one of two arrays is not supported", "choose between values instead")
        base = one.base
        pairs = zip((*base.indices, one.offset), (*other.base.indices, other.offset), strict=True)
        convert = self._emitter.convert
        *indices, offset = [self._emitter.select(chosen, convert(a, INT), convert(b, INT)) for a, b in pairs]
        base = Place(base.storage, base.kind, base.path, tuple(indices))
        return Pointer(base, one.extents, offset, one.kind)

    def _cast(self, cursor: Cursor) -> Pointer:
        # A cast to a pointer to rows has their size as a child, too.
        pointer = self.pointer(expression_children(cursor)[-1])
        target = cursor.type.get_canonical().get_pointee()
        if type_kind(target.get_canonical()) is TypeKind.VOID:
            return pointer
        return self.viewed(pointer, kind_of(target, cursor), cursor)

    def viewed(self, pointer: Pointer, kind: Kind, cursor: Cursor) -> Pointer:
        """The pointer as one to objects of `kind`, which must lie in memory as its own do."""
        if pointer.kind == kind:
            return pointer
        flat = self.access.flattened(pointer, kind)
        if flat is not None:
            return flat
        same = (
            isinstance(kind, CType) and isinstance(pointer.kind, CType) and kind.width == pointer.kind.width
        )
        if same:
            return Pointer(pointer.base, pointer.extents, pointer.offset, kind)
        found = "a pointer to one type that is used as one to another is not supported"
        refuse(cursor, found, "access each array by its own element type")

    def _refuse_pointer(self, cursor: Cursor) -> NoReturn:
        if cursor.kind is CursorKind.CALL_EXPR:
            refuse(cursor, f"pointer that `{cursor.spelling}` returns is not supported", "use arrays")
        if cursor.kind is CursorKind.INTEGER_LITERAL:
            refuse(cursor, "a null pointer is not supported", _KNOWN)
        refuse(cursor, "this pointer expression is not supported", _KNOWN)

    # Assignments and comparisons

    def assign(self, target: Cursor, source: Cursor, operator: str | None = None) -> None:
        """`target = source` for pointers and structs, `target operator= source` for pointers."""
        target = strip(target)
        if not is_pointer(target.type):
            self.access.copy(self.place(target), self.place(source), target)
        elif operator is None:
            self._set(target, self.pointer(source))
        else:
            self._set(target, self.access.moved(self.pointer(target), self._index(source), operator == "-"))

    def _set(self, target: Cursor, pointer: Pointer) -> None:
        binding = self._scope.bindings.get(target.referenced) if target.referenced else None
        if not isinstance(binding, PointerVariable):
            refuse(target, "an assignment to this pointer is not supported", "use a local pointer variable")
        self.point(binding, pointer, target)

    def point(self, variable: PointerVariable, pointer: Pointer, cursor: Cursor) -> None:
        """Let a variable point to another object."""
        variable.point(self.access.rooted(self.viewed(pointer, variable.kind, cursor)), self._emitter, cursor)

    def difference(self, left: Cursor, right: Cursor, cursor: Cursor) -> Value:
        """`left - right` of two pointers into one array, counted in objects."""
        one, other = (self.access.rooted(self.pointer(side)) for side in (left, right))
        if one.root() != other.root():
            refuse(cursor, "pointers into different arrays are compared", "compare pointers into one array")
        difference = self._minus(one.offset, other.offset)
        # Pointers into arrays that are members of different objects are never equal.
        for left_index, right_index in zip(one.base.indices, other.base.indices, strict=True):
            if left_index != right_index:
                size = constant(prod(one.extents) + 1, LONG)
                apart = self._emitter.operate("mul", LONG, self._minus(left_index, right_index), size)
                difference = self._emitter.operate("add", LONG, difference, apart)
        return difference

    def _minus(self, left: Value, right: Value) -> Value:
        convert = self._emitter.convert
        return self._emitter.operate("sub", LONG, convert(left, LONG), convert(right, LONG))

    def kind(self, type: Type, cursor: Cursor) -> Kind:
        """What a declaration of this type makes: a parameter of array type is a pointer."""
        kind = kind_of(type, cursor)
        if cursor.kind is CursorKind.PARM_DECL and isinstance(kind, ArrayOf):
            return PointerTo(kind.element)
        return kind
