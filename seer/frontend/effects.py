"""Which expressions do more than give a value: they write something, or call a function."""

from __future__ import annotations

from clang.cindex import Cursor

from seer.frontend._libclang import STEPS, CursorKind, binary_operator, unary_operator
from seer.frontend.ap_calls import is_ap_call, is_ap_write
from seer.frontend.library import is_pure

__all__ = ["Effects"]


class Effects:
    """Answers are kept, so that asking about each part of a long expression stays linear."""

    def __init__(self) -> None:
        self._known: dict[Cursor, bool] = {}

    def any(self, root: Cursor) -> bool:
        """Whether evaluating the expression (or anything in it) has an effect."""
        stack: list[tuple[Cursor, bool]] = [(root, False)]
        while stack:
            cursor, ready = stack.pop()
            if cursor in self._known:
                continue
            children = list(cursor.get_children())
            if not ready and not _is_effect(cursor):
                stack.append((cursor, True))
                stack.extend((child, False) for child in children)
            else:
                self._known[cursor] = _is_effect(cursor) or any(self._known[child] for child in children)
        return self._known[root]


def _is_effect(cursor: Cursor) -> bool:
    match cursor.kind:
        case CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            return True
        case CursorKind.CALL_EXPR if is_ap_call(cursor):
            return is_ap_write(cursor)
        case CursorKind.CALL_EXPR:
            function = cursor.referenced
            own = function is not None and function.get_definition() is not None
            return own or not (is_pure(cursor.spelling) or cursor.spelling == "__builtin_expect")
        case CursorKind.BINARY_OPERATOR:
            return binary_operator(cursor) == "="
        case CursorKind.UNARY_OPERATOR:
            return unary_operator(cursor) in STEPS
        case _:
            return False
