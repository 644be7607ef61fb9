"""The parts of a switch statement: its cases, and the variables that several of them share."""

from __future__ import annotations

from collections.abc import Iterator

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, refuse
from seer.frontend.constants import integer_value
from seer.frontend.control import Case
from seer.frontend.types import CType, promoted, scalar_type
from seer.lang.operators import mask

__all__ = ["segments", "switch_type"]

_ENTRIES = (CursorKind.CASE_STMT, CursorKind.DEFAULT_STMT)


def switch_type(value: Cursor) -> CType:
    """The type in which a switch compares its value with the labels."""
    return promoted(scalar_type(value.type, value))


def segments(value: Cursor, body: Cursor) -> tuple[tuple[Cursor, ...], list[tuple[Case, list[Cursor]]]]:
    """The variables that the body of a switch declares, and what stands behind each of its cases."""
    type = switch_type(value)
    statements = list(body.get_children()) if body.kind is CursorKind.COMPOUND_STMT else [body]
    variables: list[Cursor] = []
    labels: list[list[tuple[int, int]]] = []
    defaults: list[bool] = []
    parts: list[list[Cursor]] = []
    for statement in statements:
        inner = statement
        while inner.kind in _ENTRIES:
            if inner is statement:
                labels.append([])
                defaults.append(False)
                parts.append([])
            *bounds, inner_statement = inner.get_children()
            if inner.kind is CursorKind.DEFAULT_STMT:
                defaults[-1] = True
            else:
                numbers = [_number(bound, type) for bound in bounds]
                labels[-1].append((numbers[0], numbers[-1]))
            inner = inner_statement
        variables.extend(_declared(inner))
        if parts:
            parts[-1].append(inner)
        elif inner.kind is not CursorKind.DECL_STMT:
            refuse(inner, "a statement before the first case is never reached", "remove it")
    every = [label for some in labels for label in some]
    cases = []
    for own, default in zip(labels, defaults, strict=True):
        if default:  # it holds where none of the others does
            own = [label for label in every if label not in own]
        # An empty range of GNU C never matches.
        cases.append(Case(tuple((low, high) for low, high in own if low <= high), default))
    return tuple(variables), list(zip(cases, parts, strict=True))


def _number(bound: Cursor, type: CType) -> int:
    number = integer_value(bound)
    if number is None:
        refuse(bound, "this case label is no constant", "write it as an integer constant")
    return type.number(number & mask(type.width))


def _declared(statement: Cursor) -> Iterator[Cursor]:
    if statement.kind is CursorKind.DECL_STMT:
        for child in statement.get_children():
            if child.kind is CursorKind.VAR_DECL:
                yield child
