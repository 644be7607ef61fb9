"""Which file-scope variables a function and its callees use."""

from __future__ import annotations

from collections.abc import Mapping

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, StorageClass, preorder
from seer.frontend.declarations import is_constant

__all__ = ["file_variables"]

_FUNCTIONS = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.FUNCTION_TEMPLATE)


def file_variables(function: Cursor, definitions: Mapping[str, Cursor]) -> list[list[Cursor]]:
    """The variables outside functions that are not constant, in the order in which they are met.

    Each comes with all its declarations that are used; a definition is the first of them, if there is one.
    """
    found: dict[str, list[Cursor]] = {}
    seen: list[Cursor] = []
    work = [function]
    while work:
        current = work.pop(0)
        if current in seen:
            continue
        seen.append(current)
        for cursor in preorder(current):
            declaration = cursor.referenced if cursor.kind is CursorKind.DECL_REF_EXPR else None
            if declaration is None:
                continue
            if declaration.kind in _FUNCTIONS:
                callee = declaration.get_definition() or definitions.get(declaration.spelling)
                if callee is not None:
                    work.append(callee)
            elif declaration.kind is CursorKind.VAR_DECL and not (
                _inside(declaration) or is_constant(declaration.type)
            ):
                _add(found, declaration)
    return list(found.values())


def _add(found: dict[str, list[Cursor]], declaration: Cursor) -> None:
    defined = declaration.get_definition() or declaration
    # Two files may each have a static variable of one name.
    static = declaration.storage_class is StorageClass.STATIC
    key = declaration.get_usr() if static else declaration.spelling
    known = found.setdefault(key, [])
    for cursor in (defined, declaration):
        if cursor not in known:
            known.append(cursor)


def _inside(declaration: Cursor) -> bool:
    """Whether a variable is declared in a function."""
    return declaration.semantic_parent is not None and declaration.semantic_parent.kind in _FUNCTIONS
