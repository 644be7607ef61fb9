"""Variables that an expression or declaration lends to a C++ reference through which they may be written."""

from __future__ import annotations

from clang.cindex import Cursor, Type

from seer.frontend._libclang import CursorKind, TypeKind, initial_value, strip, type_kind
from seer.frontend.ap_calls import is_ap_call, written_by_ap, written_whole

__all__ = ["lent_variables", "writes_through"]

_FUNCTIONS = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD)


def lent_variables(cursor: Cursor) -> list[Cursor]:
    """The declarations of the variables that this very expression or declaration lends."""
    if is_ap_call(cursor):
        # Whole variables are named as what they are: written (seer.frontend.variables).
        lent = [] if written_whole(cursor) else written_by_ap(cursor)
    elif cursor.kind is CursorKind.CALL_EXPR:
        called = cursor.referenced
        if called is None or called.kind not in _FUNCTIONS:
            return []
        pairs = zip(cursor.get_arguments(), called.get_arguments(), strict=False)
        lent = [argument for argument, parameter in pairs if writes_through(parameter.type)]
    elif cursor.kind is CursorKind.VAR_DECL and writes_through(cursor.type):
        start = initial_value(cursor)
        lent = [] if start is None else [start]
    else:
        return []
    named = (strip(expression) for expression in lent)
    return [name.referenced for name in named if name.kind is CursorKind.DECL_REF_EXPR]


def writes_through(type: Type) -> bool:
    """Whether a type is a reference to something that is not constant."""
    resolved = type.get_canonical()
    if type_kind(resolved) not in (TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE):
        return False
    return not resolved.get_pointee().get_canonical().is_const_qualified()
