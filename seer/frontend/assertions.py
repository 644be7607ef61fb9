"""What the source asserts of its arguments: `assert` and `__builtin_assume` with comparisons to constants.

Test vectors are made from this; what holds in every state is found on terms (`seer.lang.asserted`). A
condition may be a conjunction; on each side of a comparison stands a constant, or an argument, an array
element, a struct member, or a variable that is initialised with one of these. What is more complicated says
nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from clang.cindex import Cursor

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    binary_operator,
    expression_children,
    initial_value,
    strip,
    unary_operator,
)
from seer.frontend.ap_calls import ap_call, converted_by_ap, is_ap_call
from seer.frontend.constants import integer_value
from seer.frontend.translation_unit import find_function, parse
from seer.lang.terms import Range

__all__ = ["read_assertions", "says_something"]

_CALLS = ("__seer_assert", "__builtin_assume", "assert")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_LEAST, _MOST = -(1 << 64), 1 << 64


def read_assertions(
    files: Sequence[Path], top: str, include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> Mapping[str, Range]:
    """Bounds that `top` asserts, by argument name (`n`, `points.x`); for an array, of all its elements.

    An open side is 2^64 away. `x != 0` leaves out zero and what is below.
    """
    units = [parse(Path(file), [Path(folder) for folder in include_dirs], defines, True) for file in files]
    bounds: dict[str, Range] = {}
    for cursor in find_function(units, top).walk_preorder():
        if cursor.kind is CursorKind.CALL_EXPR and cursor.spelling in _CALLS:
            for condition in cursor.get_arguments():
                for name, bound in _bounds(condition):
                    known = bounds.get(name, Range(_LEAST, _MOST))
                    bounds[name] = Range(max(known.lower, bound.lower), min(known.upper, bound.upper))
    # What contradicts itself is about values that have changed meanwhile.
    return {name: bound for name, bound in bounds.items() if bound.lower <= bound.upper}


def says_something(condition: Cursor) -> bool:
    """Whether a condition bounds data by constants, and evaluating it does nothing else."""
    return any(True for _ in _bounds(condition)) and not any(map(_writes, condition.walk_preorder()))


def _writes(cursor: Cursor) -> bool:
    match cursor.kind:
        case CursorKind.CALL_EXPR | CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            return True
        case CursorKind.UNARY_OPERATOR:
            return unary_operator(cursor) in STEPS
        case CursorKind.BINARY_OPERATOR:
            return binary_operator(cursor) == "="
        case _:
            return False


def _bounds(condition: Cursor) -> Iterator[tuple[str, Range]]:
    cursor = strip(condition)
    while cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) == "!":
        inner = strip(expression_children(cursor)[0])
        if inner.kind is not CursorKind.UNARY_OPERATOR or unary_operator(inner) != "!":
            return
        cursor = strip(expression_children(inner)[0])
    if is_ap_call(cursor) and len(ap_call(cursor).operands) == 2:
        operator, (left, right) = ap_call(cursor).name.removeprefix("operator"), ap_call(cursor).operands
    elif cursor.kind is CursorKind.BINARY_OPERATOR:
        operator, (left, right) = binary_operator(cursor), expression_children(cursor)
    else:
        return
    if operator == "&&":
        yield from _bounds(left)
        yield from _bounds(right)
    elif operator in _MIRRORED:
        number = integer_value(right)
        if number is None:
            left, right, operator = right, left, _MIRRORED[operator]
            number = integer_value(right)
        name = _named(left)
        if number is not None and name is not None:
            yield name, _range(operator, number)


def _range(operator: str, number: int) -> Range:
    match operator:
        case "<":
            return Range(_LEAST, number - 1)
        case "<=":
            return Range(_LEAST, number)
        case ">":
            return Range(number + 1, _MOST)
        case ">=":
            return Range(number, _MOST)
        case "==":
            return Range(number, number)
        case _:
            # Not equal: one side of it.
            return Range(number + 1, _MOST)


def _named(expression: Cursor) -> str | None:
    """The argument that an expression is an element or a member of."""
    cursor = strip(expression)
    members: list[str] = []
    while True:
        match cursor.kind:
            case CursorKind.ARRAY_SUBSCRIPT_EXPR | CursorKind.UNARY_OPERATOR | CursorKind.CSTYLE_CAST_EXPR:
                if cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) != "*":
                    return None
                inside = expression_children(cursor)
            case CursorKind.MEMBER_REF_EXPR:
                members.insert(0, cursor.spelling)
                inside = expression_children(cursor)
            case CursorKind.DECL_REF_EXPR:
                declared = cursor.referenced
                initial = initial_value(declared) if declared.kind is CursorKind.VAR_DECL else None
                if initial is None or members:
                    return ".".join([cursor.spelling, *members])
                inside = [initial]
            case CursorKind.CALL_EXPR if converted_by_ap(cursor) is not None:
                inside = [ap_call(cursor).operands[0]]
            case _:
                return None
        if not inside:
            return None
        cursor = strip(inside[0])
