"""What the tree shows of ap_int: operators, conversions and methods are calls of functions in <ap_int.h>."""

from __future__ import annotations

from dataclasses import dataclass

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, TypeKind, expression_children, strip, type_kind
from seer.frontend.types import AP_INT_HEADER, CType, arbitrary_type

__all__ = [
    "COMPOUND",
    "CONCATENATIONS",
    "CONVERSION",
    "RANGES",
    "SETTERS",
    "SINGLE_BITS",
    "STEPS",
    "ApCall",
    "ap_call",
    "converted_by_ap",
    "is_address",
    "is_ap_call",
    "is_ap_write",
    "result_type",
    "written_by_ap",
    "written_whole",
]

CONVERSION = "conversion"
"""The name under which constructors and conversions to C types go here."""

STEPS = {"operator++": "+", "operator--": "-"}
COMPOUND = {f"operator{symbol}=": symbol for symbol in ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>")}
RANGES = ("range", "operator()")
SINGLE_BITS = ("operator[]", "bit")
CONCATENATIONS = ("operator,", "concat")
SETTERS = ("set", "clear", "invert", "set_bit", "b_not", "reverse", "lrotate", "rrotate")
_WRITING = ("operator=", *STEPS, *COMPOUND, *SETTERS)


@dataclass(frozen=True)
class ApCall:
    """`name` applied to `operands`: the object of a method is the first one."""

    name: str
    operands: tuple[Cursor, ...]


def is_ap_call(cursor: Cursor) -> bool:
    """Whether an expression calls a function of <ap_int.h>."""
    if cursor.kind is not CursorKind.CALL_EXPR:
        return False
    called = cursor.referenced
    file = None if called is None else called.location.file
    return file is not None and file.name == AP_INT_HEADER


def ap_call(cursor: Cursor) -> ApCall:
    """The parts of a call for which `is_ap_call` holds."""
    called = cursor.referenced
    arguments = tuple(cursor.get_arguments())
    if called.kind is CursorKind.CONSTRUCTOR:
        return ApCall(CONVERSION, arguments)
    function = next(cursor.get_children(), None)
    name = CONVERSION if called.kind is CursorKind.CONVERSION_FUNCTION else called.spelling
    if function is not None and function.kind is CursorKind.MEMBER_REF_EXPR and function.referenced == called:
        return ApCall(name, (*expression_children(function), *arguments))
    return ApCall(name, arguments)


def is_ap_write(cursor: Cursor) -> bool:
    """Whether an expression is a call that writes its object."""
    return is_ap_call(cursor) and ap_call(cursor).name in _WRITING


def converted_by_ap(cursor: Cursor) -> Cursor | None:
    """What a constructor or a conversion function of ap_int converts, if the expression is a call of one."""
    if not is_ap_call(cursor):
        return None
    call = ap_call(cursor)
    return call.operands[0] if call.name is CONVERSION and len(call.operands) == 1 else None


def written_by_ap(cursor: Cursor) -> list[Cursor]:
    """The expressions that name what this very call writes, bits of them included."""
    if not is_ap_write(cursor):
        return []
    found: list[Cursor] = []
    work = [ap_call(cursor).operands[0]]
    while work:
        target = strip(work.pop())
        if is_ap_call(target):
            call = ap_call(target)
            work.extend(reversed(call.operands if call.name in CONCATENATIONS else call.operands[:1]))
        elif not is_address(target):  # what has an address counts as written anyway
            found.append(target)
    return found


def written_whole(call: Cursor) -> Cursor | None:
    """The declaration of the variable that a call writes, if it is one, by its own name."""
    targets = written_by_ap(call)
    direct = len(targets) == 1 and targets[0] == strip(ap_call(call).operands[0])
    return targets[0].referenced if direct and targets[0].kind is CursorKind.DECL_REF_EXPR else None


def is_address(cursor: Cursor) -> bool:
    """Whether a method's object is named through a pointer."""
    return type_kind(cursor.type.get_canonical()) is TypeKind.POINTER


def result_type(operator: str, left: CType, right: CType) -> CType:
    """The type of `left operator right`, of which one is an ap type (UG1399, Class Methods and Operators)."""
    w, v = left.exact or left.width, right.exact or right.width
    s, t = left.signed, right.signed
    common = max(w + (t and not s), v + (s and not t))
    match operator:
        case "+":
            return arbitrary_type(common + 1, s or t)
        case "-":
            return arbitrary_type(common + 1, True)
        case "*":
            return arbitrary_type(w + v, s or t)
        case "/":
            return arbitrary_type(w + t, s or t)
        case "%":
            return arbitrary_type(min(w, v + (s and not t)), s)
        case "<<" | ">>":
            return arbitrary_type(w, s)
        case _:
            return arbitrary_type(common, s or t)
