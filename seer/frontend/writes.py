"""What a piece of C may write: the variables that its assignments name, or point into arrays by.

Calls of functions of the given files are looked into: what such a function writes through a parameter is what
the caller passed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clang.cindex import Cursor

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    StorageClass,
    TypeKind,
    binary_operator,
    expression_children,
    same,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.ap_calls import ap_call, is_ap_call, is_ap_write, written_by_ap
from seer.frontend.library import is_pure
from seer.frontend.types import is_arithmetic, is_integer

__all__ = ["Writes", "is_write", "keeps_itself"]

Name = Cursor | None
"""The declaration of a variable, or None for what is not known."""

_NAMES = (TypeKind.POINTER, TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE)
"""Types of variables that name memory of others."""
_FUNCTIONS = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD)


class Writes:
    """`definition` gives the function of the given files that a call names, or None."""

    def __init__(self, definition: Callable[[Cursor], Cursor | None]) -> None:
        self._definition = definition
        self._known: dict[Cursor, tuple[Name, ...]] = {}
        self._active: list[Cursor] = []

    def names(self, part: Cursor) -> tuple[Name, ...]:
        """The variables by which `part` writes: each write is to one of them or to what it points into.

        None is among them where a write may be to anything, such as one through a pointer that `part` sets.
        """
        found: dict[Name, None] = {}
        for cursor in part.walk_preorder():
            found.update(dict.fromkeys(self._of(cursor)))
        return tuple(found)

    def _of(self, cursor: Cursor) -> Iterator[Name]:
        """What this very expression writes."""
        if cursor.kind is CursorKind.CALL_EXPR:
            yield from self._call(cursor)
        elif is_write(cursor):
            target = strip(next(cursor.get_children()))
            yield _root(target)
            if type_kind(target.type.get_canonical()) is TypeKind.POINTER and not _walks(cursor):
                yield None

    def _call(self, call: Cursor) -> Iterator[Name]:
        if is_ap_call(call):
            if is_ap_write(call):
                targets = written_by_ap(call)
                whole = len(targets) == 1 and targets[0] == strip(ap_call(call).operands[0])
                yield _root(targets[0]) if whole else None
            return
        definition = self._definition(call)
        if definition is None:
            if not (is_pure(call.spelling) or call.spelling == "__builtin_expect"):
                yield None
            return
        parameters = list(definition.get_arguments())
        given = list(call.get_arguments())
        for name in self._callee(definition):
            if name is None or name.kind is not CursorKind.PARM_DECL:
                yield name
                continue
            place = next((n for n, parameter in enumerate(parameters) if same(parameter, name)), None)
            yield _root(given[place]) if place is not None and place < len(given) else None

    def _callee(self, definition: Cursor) -> tuple[Name, ...]:
        """The names by which a function writes what its caller sees."""
        if definition in self._active:
            return (None,)
        if definition not in self._known:
            self._active.append(definition)
            names = self.names(definition)
            self._active.pop()
            self._known[definition] = tuple(name for name in names if name is None or not keeps_itself(name))
        return self._known[definition]


def is_write(cursor: Cursor) -> bool:
    """Whether this very expression writes its first operand, or takes its address."""
    match cursor.kind:
        case CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            return True
        case CursorKind.BINARY_OPERATOR:
            return binary_operator(cursor) == "="
        case CursorKind.UNARY_OPERATOR:
            return unary_operator(cursor) in (*STEPS, "&")
        case _:
            return False


def keeps_itself(declaration: Cursor) -> bool:
    """Whether a variable is memory of its own that lives as long as a call of the function it stands in."""
    if declaration.kind is CursorKind.PARM_DECL:
        type = declaration.type.get_canonical()
        return is_arithmetic(type) or type_kind(type) is TypeKind.RECORD
    return (
        declaration.kind is CursorKind.VAR_DECL
        and declaration.semantic_parent.kind in _FUNCTIONS
        and declaration.storage_class not in (StorageClass.STATIC, StorageClass.EXTERN)
        and type_kind(declaration.type.get_canonical()) not in _NAMES
    )


def _walks(write: Cursor) -> bool:
    """Whether a write of a pointer leaves it in its array."""
    if write.kind is CursorKind.UNARY_OPERATOR:
        return unary_operator(write) in STEPS
    if write.kind is CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
        return True
    target, value = (_root(strip(side)) for side in write.get_children())
    return target is not None and value is not None and same(target, value)


def _root(place: Cursor) -> Name:
    """The variable that an lvalue is, or is a part of, or points into; that a pointer points into."""
    while True:
        place = strip(place)
        inside = expression_children(place)
        match place.kind:
            case CursorKind.DECL_REF_EXPR:
                return place.referenced
            case CursorKind.ARRAY_SUBSCRIPT_EXPR if not is_integer(inside[0].type):
                place = inside[0]
            case CursorKind.MEMBER_REF_EXPR if len(inside) == 1:
                place = inside[0]
            case CursorKind.UNARY_OPERATOR if unary_operator(place) in ("*", "&", *STEPS):
                place = inside[0]
            case CursorKind.BINARY_OPERATOR if binary_operator(place) in ("+", "-"):
                if is_integer(inside[0].type) == is_integer(inside[1].type):
                    return None
                place = inside[1] if is_integer(inside[0].type) else inside[0]
            case CursorKind.CSTYLE_CAST_EXPR if inside:
                place = inside[-1]
            case _:
                return None
