"""Recognises while and do loops that count: those that a for loop could be written for.

    i = first; … while (i RELATION limit) { …; STEP; }
    i = first; … do { …; STEP; } while (i RELATION limit);   also with ++i or --i in the condition
    while (i-- RELATION limit) { … }                         also with i++, and without a relation

They are counted under the conditions of for loops (`seer.frontend.counted`); a do loop must be certain to
pass its test before the first iteration, too. Where no assignment in front of the loop gives the counter an
affine value, its value is read when the loop begins.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    binary_operator,
    initial_value,
    refuse,
    same,
    strip,
    unary_operator,
)
from seer.frontend.bounds import Bounds
from seer.frontend.control import Loop, Node, Plain, jumps
from seer.frontend.counted import MIRRORED, Header, checked_header
from seer.frontend.types import scalar_type
from seer.frontend.variables import first_value, writes_to, written_variable

__all__ = ["read_repeated"]

_HINT = "write it as `for (int i = first; i < limit; i += step)`"


@dataclass(frozen=True)
class _Counting:
    """One way to read a loop: its condition compares `counter`, which is `named` there, and `advance` steps
    it at the end of the body, or in the condition."""

    counter: Cursor
    named: Cursor
    relation: str
    limit: Cursor | None
    compared: Cursor
    advance: Cursor
    body: tuple[Node, ...]
    ahead: bool = False


def read_repeated(node: Loop, earlier: Sequence[Node], bounds: Bounds) -> tuple[Header, tuple[Node, ...]]:
    """The header of the for loop that a while or do loop is, and its body without the step.

    `earlier` is what runs before it in its block. Raises InputError for loops that do not count.
    """
    if node.condition is None or node.exits or node.next in jumps(node.body):
        refuse(node.cursor, "a loop that is left or goes on inside does not count", _HINT)
    found = next(_readings(node), None)
    if found is None:
        refuse(node.cursor, "the condition of this loop compares no variable that the loop steps", _HINT)
    counter = found.counter
    if any(write != found.advance for write in writes_to(counter, node.cursor)):
        refuse(node.cursor, f"this loop writes its counter `{counter.spelling}` more than once", _HINT)
    header = checked_header(
        node.cursor,
        counter,
        _first(counter, earlier, bounds) or found.named,
        (found.relation, found.limit, scalar_type(found.compared.type, found.compared)),
        found.advance,
        bounds,
    )
    return replace(header, ahead=found.ahead, untested=node.late), found.body


def _readings(node: Loop) -> Iterator[_Counting]:
    assert node.condition is not None
    last = node.body[-1] if node.body else None
    for operand, relation, limit in _tests(strip(node.condition)):
        named = strip(operand)
        if named.kind is CursorKind.DECL_REF_EXPR and isinstance(last, Plain):
            advance = strip(last.cursor)
            if named.referenced is not None and same(written_variable(advance), named.referenced):
                yield _Counting(named.referenced, named, relation, limit, operand, advance, node.body[:-1])
        elif named.kind is CursorKind.UNARY_OPERATOR and unary_operator(named) in STEPS:
            # What a while loop tests before the step, and a do loop behind it, the iterations count by.
            place = strip(next(named.get_children()))
            before = unary_operator(named) in ("x++", "x--")
            if (
                place.kind is CursorKind.DECL_REF_EXPR
                and place.referenced is not None
                and before != node.late
            ):
                yield _Counting(
                    place.referenced, place, relation, limit, operand, named, node.body, ahead=before
                )


def _tests(condition: Cursor) -> list[tuple[Cursor, str, Cursor | None]]:
    """How a condition may be read: what it compares, the relation, and the limit; None for 0."""
    if condition.kind is CursorKind.BINARY_OPERATOR and binary_operator(condition) in MIRRORED:
        operator = binary_operator(condition)
        left, right = condition.get_children()
        return [(left, operator, right), (right, MIRRORED[operator], left)]
    return [(condition, "!=", None)]


def _first(counter: Cursor, earlier: Sequence[Node], bounds: Bounds) -> Cursor | None:
    """The affine expression that the counter has as its value in front of the loop, if that is certain."""
    for node in reversed(earlier):
        if isinstance(node, Plain):
            value = _given(node.cursor, counter)
            if value is not None:
                with contextlib.suppress(InputError):
                    bounds.form(value)
                    return value
                return None
        if _declares(node.cursor, counter) or any(True for _ in writes_to(counter, node.cursor)):
            return None
    return None


def _given(cursor: Cursor, counter: Cursor) -> Cursor | None:
    """What a declaration or assignment that writes the counter once gives it."""
    if cursor.kind is not CursorKind.DECL_STMT:
        return first_value(cursor, counter)
    if any(True for _ in writes_to(counter, cursor)):
        return None
    declared = (child for child in cursor.get_children() if child.kind is CursorKind.VAR_DECL)
    return next((initial_value(child) for child in declared if same(child, counter)), None)


def _declares(cursor: Cursor, counter: Cursor) -> bool:
    return cursor.kind is CursorKind.DECL_STMT and any(same(c, counter) for c in cursor.get_children())
