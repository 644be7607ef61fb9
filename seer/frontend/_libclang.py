"""What the frontend asks of libclang beyond its Python bindings: operators, values, places.

The bundled bindings lack the operator of an expression and the evaluation of constants; both are in
the C interface, reached here through ctypes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from clang import cindex
from clang.cindex import Cursor, SourceLocation, conf

from seer.errors import InputError, Location

__all__ = [
    "STEPS",
    "CursorKind",
    "LinkageKind",
    "StorageClass",
    "TypeKind",
    "binary_operator",
    "evaluated_integer",
    "expression_children",
    "float_value",
    "fold",
    "initial_value",
    "location",
    "preorder",
    "refuse",
    "same",
    "strip",
    "type_kind",
    "unary_operator",
]

# The members of these are made at import, where no type checker sees them.
CursorKind: Any = cindex.CursorKind
LinkageKind: Any = cindex.LinkageKind
StorageClass: Any = cindex.StorageClass
TypeKind: Any = cindex.TypeKind

# CXBinaryOperatorKind and CXUnaryOperatorKind of clang-c/Index.h, in order; 0 is invalid.
_BINARY = (
    "", ".*", "->*", "*", "/", "%", "+", "-", "<<", ">>", "<=>", "<", ">", "<=", ">=", "==", "!=", "&", "^",
    "|", "&&", "||", "=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|=", ",",
)  # fmt: skip
_UNARY = ("", "x++", "x--", "++x", "--x", "&", "*", "+", "-", "~", "!", "__real", "__imag", "__extension__")

STEPS = {"x++": "+", "++x": "+", "x--": "-", "--x": "-"}
"""The unary operators that write their operand, with the arithmetic operator that each stands for."""

_EVALUATED_INT = 1
_EVALUATED_FLOAT = 2

_INVISIBLE = (CursorKind.PAREN_EXPR, CursorKind.UNEXPOSED_EXPR)


_library: Any = conf.lib


def _register() -> None:
    for name, arguments, result in [
        ("clang_getCursorBinaryOperatorKind", [Cursor], ctypes.c_int),
        ("clang_getCursorUnaryOperatorKind", [Cursor], ctypes.c_int),
        ("clang_Cursor_Evaluate", [Cursor], ctypes.c_void_p),
        ("clang_EvalResult_getKind", [ctypes.c_void_p], ctypes.c_int),
        ("clang_EvalResult_isUnsignedInt", [ctypes.c_void_p], ctypes.c_uint),
        ("clang_EvalResult_getAsLongLong", [ctypes.c_void_p], ctypes.c_longlong),
        ("clang_EvalResult_getAsUnsigned", [ctypes.c_void_p], ctypes.c_ulonglong),
        ("clang_EvalResult_getAsDouble", [ctypes.c_void_p], ctypes.c_double),
        ("clang_EvalResult_dispose", [ctypes.c_void_p], None),
        ("clang_Cursor_getVarDeclInitializer", [Cursor], Cursor),
    ]:
        function = getattr(_library, name)
        function.argtypes = arguments
        function.restype = result
    _library.clang_Cursor_getVarDeclInitializer.errcheck = Cursor.from_result


_register()


def binary_operator(cursor: Cursor) -> str:
    """The operator of a binary or compound-assignment expression as C spells it, or ""."""
    kind = _library.clang_getCursorBinaryOperatorKind(cursor)
    return _BINARY[kind] if kind < len(_BINARY) else ""


def unary_operator(cursor: Cursor) -> str:
    """The operator of a unary expression; `x++` and `++x` tell the two increments apart."""
    kind = _library.clang_getCursorUnaryOperatorKind(cursor)
    return _UNARY[kind] if kind < len(_UNARY) else ""


def evaluated_integer(cursor: Cursor) -> int | None:
    """The low 64 bits of a constant integer expression, or None; exact also inside macro expansions."""
    result = _library.clang_Cursor_Evaluate(cursor)
    if not result:
        return None
    try:
        if _library.clang_EvalResult_getKind(result) != _EVALUATED_INT:
            return None
        if _library.clang_EvalResult_isUnsignedInt(result):
            return _library.clang_EvalResult_getAsUnsigned(result)
        return _library.clang_EvalResult_getAsLongLong(result)
    finally:
        _library.clang_EvalResult_dispose(result)


def float_value(cursor: Cursor) -> float | None:
    """The value of a constant floating-point expression, or None; a float is exact as a double."""
    result = _library.clang_Cursor_Evaluate(cursor)
    if not result:
        return None
    try:
        if _library.clang_EvalResult_getKind(result) != _EVALUATED_FLOAT:
            return None
        return _library.clang_EvalResult_getAsDouble(result)
    finally:
        _library.clang_EvalResult_dispose(result)


def initial_value(variable: Cursor) -> Cursor | None:
    """What a variable is declared to start as: an expression, a list, or C++'s call of a constructor."""
    return _library.clang_Cursor_getVarDeclInitializer(variable)


def same(left: Cursor | None, right: Cursor | None) -> bool:
    """Whether both are cursors, and the same one (cursors do not compare with None)."""
    return left is not None and right is not None and left == right


def preorder(root: Cursor) -> Iterator[Cursor]:
    """A cursor and all below it, parents first; not recursive, as cursors can be thousands deep."""
    work = [root]
    while work:
        cursor = work.pop()
        yield cursor
        work.extend(reversed(list(cursor.get_children())))


def type_kind(clang_type: cindex.Type) -> Any:
    """The kind of a type; UNEXPOSED where the bindings do not know it, as of `_Float16`."""
    try:
        return clang_type.kind
    except ValueError:
        return TypeKind.UNEXPOSED


def location(place: Cursor | SourceLocation) -> Location:
    """Where a declared name stands or anything else begins, in the file as its user named it.

    What comes out of a macro is where the macro is used.
    """
    if isinstance(place, Cursor):
        source = place.location if place.kind.is_declaration() else place.extent.start
    else:
        source = place
    return Location(source.file.name if source.file else "", source.line, source.column)


def refuse(place: Cursor | SourceLocation, message: str, hint: str | None = None) -> NoReturn:
    """Raise the InputError that says what was found at `place` and what to do about it."""
    raise InputError(message, location(place), hint)


def expression_children(cursor: Cursor) -> list[Cursor]:
    """The children that are expressions (a cast also has its type as a child)."""
    return [child for child in cursor.get_children() if child.kind.is_expression()]


def strip(cursor: Cursor) -> Cursor:
    """`cursor` without parentheses and implicit conversions around it."""
    while cursor.kind in _INVISIBLE:
        children = expression_children(cursor)
        if len(children) != 1:
            break
        cursor = children[0]
    return cursor


T = TypeVar("T")


def fold(
    root: Cursor,
    operands: Callable[[Cursor], Sequence[Cursor]],
    combine: Callable[[Cursor, list[T]], T],
) -> T:
    """Combine an expression bottom-up, operands from left to right.

    A loop rather than a recursion: sums of a thousand terms come out of macros and generators.
    """
    values: list[T] = []
    work: list[tuple[Cursor, int]] = [(root, -1)]
    while work:
        cursor, count = work.pop()
        if count < 0:
            below = operands(cursor)
            work.append((cursor, len(below)))
            work.extend((operand, -1) for operand in reversed(below))
        else:
            taken = values[len(values) - count :]
            del values[len(values) - count :]
            values.append(combine(cursor, taken))
    return values[0]
