"""Initialisers of arrays and structs: which expression starts which element."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import prod

from clang.cindex import Cursor

from seer.frontend._libclang import (
    CursorKind,
    TypeKind,
    expression_children,
    float_value,
    initial_value,
    refuse,
    strip,
    type_kind,
)
from seer.frontend.ap_calls import converted_by_ap
from seer.frontend.constants import integer_value
from seer.frontend.kinds import ArrayOf, Kind, Record, leaves
from seer.frontend.types import CType, is_ap, is_arithmetic, is_integer, scalar_type
from seer.frontend.values import constant

__all__ = ["Start", "constant_bits", "constant_contents", "read_initialiser", "text_of"]

_AP_CONVERSIONS = (
    CursorKind.UNEXPOSED_EXPR,
    CursorKind.PAREN_EXPR,
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.CXX_FUNCTIONAL_CAST_EXPR,
    CursorKind.INIT_LIST_EXPR,
)
Step = str | int
"""A member, or the position of an element."""


@dataclass(frozen=True)
class Start:
    """The part of an object at `steps`, of `kind`, starts as `source`: an expression, or a character."""

    steps: tuple[Step, ...]
    kind: Kind
    source: Cursor | int


def read_initialiser(kind: Kind, cursor: Cursor) -> list[Start]:
    """What an initialiser sets, in order; a later entry for one part replaces an earlier one."""
    found: list[Start] = []
    _whole(kind, cursor, (), found)
    return list({start.steps: start for start in found}.values())


def text_of(cursor: Cursor) -> list[int]:
    """The characters of a string literal, without the final zero."""
    spelled = cursor.spelling
    if not spelled.startswith('"'):
        refuse(cursor, "a wide string is not supported", "use plain strings")
    # libclang spells a string with octal escapes for whatever is not printable.
    decoded = spelled[1:-1].encode("latin-1", "backslashreplace").decode("unicode_escape")
    return [ord(character) & 0xFF for character in decoded]


def constant_bits(cursor: Cursor | int, type: CType) -> int | None:
    """The bits of a constant expression converted to `type`, or None."""
    if isinstance(cursor, int):
        return constant(cursor, type).const
    if is_ap(cursor.type):
        return _ap_bits(cursor, type)
    kind = type_kind(cursor.type.get_canonical())
    if kind in (TypeKind.RECORD, TypeKind.CONSTANTARRAY, TypeKind.POINTER):
        return None
    number = integer_value(cursor)
    if number is not None:
        return constant(number, type).const
    floating = float_value(cursor)
    if floating is None:
        return None
    return constant(floating if type.floating else int(floating), type).const


def _ap_bits(cursor: Cursor, type: CType) -> int | None:
    """The bits of an ap_int that is made from a constant integer, converted to `type`, or None."""
    steps = [type]
    while is_ap(cursor.type):
        steps.append(scalar_type(cursor.type, cursor))
        inner = converted_by_ap(cursor)
        if inner is None and cursor.kind in _AP_CONVERSIONS:
            inner = next(reversed(expression_children(cursor)), None)
        if inner is None and cursor.kind is CursorKind.DECL_REF_EXPR and cursor.type.is_const_qualified():
            inner = initial_value(cursor.referenced)
        if inner is None:
            return None
        cursor = inner
    if not is_integer(cursor.type) or integer_value(cursor) is None:
        return None
    innermost = scalar_type(cursor.type, cursor)
    number = innermost.number(integer_value(cursor) or 0)
    for step in reversed(steps):
        number = step.number(constant(number, step).const or 0)
    return constant(number, type).const


def constant_contents(kind: Kind, cursor: Cursor | None) -> dict[tuple[str, ...], list[int]] | None:
    """The contents of each arithmetic part of a constant object, row by row; None if not constant.

    Without an initialiser everything is zero, as in a static object.
    """
    contents = {leaf.path: [0] * prod(leaf.shape) for leaf in leaves(kind)}
    shapes = {leaf.path: leaf.shape for leaf in leaves(kind)}
    for start in read_initialiser(kind, cursor) if cursor is not None else ():
        if not isinstance(start.kind, CType):
            return None
        bits = constant_bits(start.source, start.kind)
        if bits is None:
            return None
        path = tuple(step for step in start.steps if isinstance(step, str))
        position = 0
        subscripts = (step for step in start.steps if isinstance(step, int))
        for extent, subscript in zip(shapes[path], subscripts, strict=True):
            position = position * extent + subscript
        contents[path][position] = bits
    return contents


def _whole(kind: Kind, cursor: Cursor, steps: tuple[Step, ...], found: list[Start]) -> None:
    inner = strip(cursor)
    if inner.kind is CursorKind.COMPOUND_LITERAL_EXPR:
        inner = expression_children(inner)[-1]
    if inner.kind is CursorKind.STRING_LITERAL and isinstance(kind, ArrayOf):
        characters = text_of(inner)
        for position in range(kind.extent or len(characters) + 1):
            character = characters[position] if position < len(characters) else 0
            found.append(Start((*steps, position), kind.element, character))
    elif inner.kind is CursorKind.INIT_LIST_EXPR:
        entries = deque(inner.get_children())
        if isinstance(kind, (ArrayOf, Record)):
            _entries(kind, entries, steps, found, braces=True)
        elif entries:
            _whole(kind, entries[0], steps, found)
        else:
            found.append(Start(steps, kind, 0))
    else:
        found.append(Start(steps, kind, cursor))


def _entries(
    kind: ArrayOf | Record, entries: deque[Cursor], steps: tuple[Step, ...], found: list[Start], braces: bool
) -> None:
    """Take the entries of a list in order; without braces of its own an object takes what it needs."""
    members = _members(kind)
    position = 0
    while entries and (position < len(members) or _designated(entries[0])):
        if _designated(entries[0]):
            if not braces:
                return
            designator, *rest, value = entries.popleft().get_children()
            if rest:
                refuse(
                    value, "a designator of several steps or of a range is not supported", "use nested braces"
                )
            position = _position(kind, designator)
            entries.appendleft(value)
        step, part = members[position]
        position += 1
        entry = strip(entries[0])
        listed = entry.kind in (CursorKind.INIT_LIST_EXPR, CursorKind.STRING_LITERAL)
        if isinstance(part, (ArrayOf, Record)) and not listed and not _is_object(entry):
            _entries(part, entries, (*steps, step), found, braces=False)
        else:
            _whole(part, entries.popleft(), (*steps, step), found)


def _members(kind: ArrayOf | Record) -> list[tuple[Step, Kind]]:
    if isinstance(kind, Record):
        return list(kind.members)
    return [(position, kind.element) for position in range(kind.extent or 0)]


def _designated(entry: Cursor) -> bool:
    return entry.kind is CursorKind.UNEXPOSED_EXPR and type_kind(entry.type) is TypeKind.VOID


def _position(kind: ArrayOf | Record, designator: Cursor) -> int:
    if isinstance(kind, Record):
        return [name for name, _ in kind.members].index(designator.spelling)
    position = integer_value(designator)
    if position is None:
        refuse(designator, "this designator is not supported", "use a constant position")
    return position


def _is_object(entry: Cursor) -> bool:
    return type_kind(entry.type.get_canonical()) is TypeKind.RECORD and not is_arithmetic(entry.type)
