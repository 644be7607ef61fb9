"""Functions of the C library that become operators, or loops over known arrays."""

from __future__ import annotations

from collections.abc import Callable

from clang.cindex import Cursor, Type

from seer.errors import InputError
from seer.frontend._libclang import CursorKind, TypeKind, expression_children, refuse, type_kind
from seer.frontend.assertions import says_something
from seer.frontend.floating import MATH_OPERATORS
from seer.frontend.kinds import ArrayOf, CType, Kind
from seer.frontend.lvalues import Lvalues
from seer.frontend.storage import Place, Pointer
from seer.frontend.types import DOUBLE, INT, LONG, is_arithmetic, scalar_type
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import ir

__all__ = ["Library", "is_output", "is_pure"]

_EXTREMES = {"fmin": "flt", "fmax": "flt"}
_MAGNITUDES = ("abs", "labs", "llabs")
_NOTHING = ("__seer_assert", "__builtin_assume", "assert")
_COPIES = ("memcpy", "memmove")
_FILLS = ("memset",)
_TESTS = ("isnan", "isinf", "isfinite", "signbit")
_OUTPUT = ("printf", "fprintf", "puts", "fputs", "putchar", "fputc", "putc", "perror", "fflush")


def is_output(cursor: Cursor) -> bool:
    """Whether this is a call that only shows something to whoever runs the program on a computer."""
    if cursor.kind is not CursorKind.CALL_EXPR or cursor.spelling not in _OUTPUT:
        return False
    return cursor.referenced is not None and cursor.referenced.get_definition() is None


def is_pure(name: str) -> bool:
    """Whether calls of a library function may be evaluated without need."""
    name = _plain(name)
    return _operator(name) is not None or name in _MAGNITUDES or _extreme(name) is not None or name in _TESTS


class Library:
    """Lowers calls of functions that have no body in the given files."""

    def __init__(self, emitter: Emitter, lvalues: Lvalues, value: Callable[[Cursor], Value]) -> None:
        self._emitter = emitter
        self._lvalues = lvalues
        self._value = value

    def call(self, cursor: Cursor) -> Value | None:
        """The result of a call (0 where there is none); None if the function is not known."""
        name = _plain(cursor.spelling)
        arguments = list(cursor.get_arguments())
        if cursor.spelling in _NOTHING:
            for condition in arguments:
                self._assert(condition)
            return constant(0, INT)
        if cursor.spelling == "__builtin_expect":
            return self._value(arguments[0])
        if name in _COPIES:
            self._copy(cursor, arguments)
            return constant(0, INT)
        if name in _FILLS:
            self._fill(cursor, arguments)
            return constant(0, INT)
        if not is_arithmetic(cursor.type):
            return None
        type = scalar_type(cursor.type, cursor)
        if name in _MAGNITUDES:
            return self._magnitude(type, self._emitter.convert(self._value(arguments[0]), type))
        if name in _TESTS:
            return self._test(name, type, self._value(arguments[0]))
        if not type.floating:
            return None
        operator = _operator(name)
        values = [self._emitter.convert(self._value(argument), type) for argument in arguments]
        if operator is not None:
            return self._emitter.apply(operator, type, *values)
        extreme = _extreme(name)
        if extreme is not None and len(values) == 2:
            return self._extreme(extreme, *values)
        return None

    def _magnitude(self, type: CType, value: Value) -> Value:
        if type.floating:
            return self._emitter.apply("fabs", type, value)
        zero = constant(0, type)
        negative = self._emitter.operate("slt", INT, value, zero)
        return self._emitter.select(negative, self._emitter.operate("sub", type, zero, value), value)

    def _assert(self, condition: Cursor) -> None:
        """What an assertion says of data, if it is of the kind that is understood, as an operation."""
        if not says_something(condition):
            return
        try:
            value = self._value(condition)
        except InputError:
            return  # what the compiler of the original takes is no reason to refuse the program
        if value.const is None:
            ir.Operation.create(
                "cf.assert",
                operands=[self._emitter.truth(value)],
                attributes={"msg": ir.StringAttr.get("an assertion of the source")},
            )

    def _test(self, name: str, type: CType, value: Value) -> Value:
        """A classification of a floating-point number, as 0 or 1."""
        if not value.type.floating:
            value = self._emitter.convert(value, DOUBLE)
        if name == "isnan":
            return self._emitter.operate("fne", type, value, value)
        if name == "signbit":
            bits = LONG if value.type.width > INT.width else INT
            return self._emitter.operate(
                "slt", type, Value(bits, value.const, self._raw(value)), constant(0, bits)
            )
        size = self._emitter.apply("fabs", value.type, value)
        infinity = constant(float("inf"), value.type)
        if name == "isinf":
            return self._emitter.operate("feq", type, size, infinity)
        return self._emitter.operate("flt", type, size, infinity)

    def _raw(self, value: Value) -> object:
        return None if value.const is not None else self._emitter.ssa(value)

    def _extreme(self, name: str, left: Value, right: Value) -> Value:
        """fmin and fmax: a NaN counts as missing."""
        operands = (left, right) if name == "fmin" else (right, left)
        first = self._emitter.operate("flt", INT, *operands)
        missing = self._emitter.operate("fne", INT, right, right)
        return self._emitter.select(self._emitter.logical("or", INT, first, missing), left, right)

    def _copy(self, cursor: Cursor, arguments: list[Cursor]) -> None:
        target, source, size = arguments
        to, value = self._flat(target), self._flat(source)
        if to.kind != value.kind:
            value = self._lvalues.viewed(value, to.kind, source)
        count = self._count(cursor, target, size)
        access = self._lvalues.access

        def copy(places: list[Place]) -> None:
            access.copy(places[0], places[1], cursor)

        if _plain(cursor.spelling) == "memmove" and count > 1 and _may_move_up(to, value):
            # Elements would be written before they are read.
            held = access.decayed(access.allocate("moved", ArrayOf(to.kind, count)))
            self._repeat(count, cursor, [held, value], copy)
            value = held
        self._repeat(count, cursor, [to, value], copy)

    def _fill(self, cursor: Cursor, arguments: list[Cursor]) -> None:
        target, byte, size = arguments
        to = self._flat(target)
        number = self._value(byte).number
        if number is None or (number & 0xFF and not isinstance(to.kind, CType)):
            refuse(byte, "memset with this value is not supported", "use a constant, and 0 for structs")
        pattern = number & 0xFF
        if isinstance(to.kind, CType):
            bits = int.from_bytes(bytes([pattern] * 16), "little") & ((1 << to.kind.width) - 1)
            value = Value(to.kind, bits)
        else:
            value = constant(0, INT)
        count = self._count(cursor, target, size)
        fill = self._lvalues.access.fill
        self._repeat(count, cursor, [to], lambda places: fill(places[0], value, cursor))

    def _repeat(
        self, count: int, cursor: Cursor, pointers: list[Pointer], body: Callable[[list[Place]], None]
    ) -> None:
        """Run `body` for the first `count` objects of each pointer."""
        access = self._lvalues.access
        if count == 1:
            body([access.at(pointer, cursor) for pointer in pointers])
            return
        access.each((count,), lambda at: body([access.at(pointer, cursor, at[0]) for pointer in pointers]))

    def _flat(self, cursor: Cursor) -> Pointer:
        """The pointer as one to single objects, not to rows of them."""
        pointer = self._lvalues.pointer(_uncast(cursor))
        kind: Kind = pointer.kind
        while isinstance(kind, ArrayOf):
            kind = kind.element
        return self._lvalues.access.flattened(pointer, kind) or pointer

    def _count(self, cursor: Cursor, target: Cursor, size: Cursor) -> int:
        number = self._value(size).number
        element = _uncast(target).type.get_canonical()
        element = element.get_pointee() if type_kind(element) is TypeKind.POINTER else element.element_type
        bytes_each = _innermost(element).get_size()
        if number is None or bytes_each <= 0 or number % bytes_each:
            found = f"`{cursor.spelling}` of a size that is no constant number of elements is not supported"
            refuse(size, found, "copy in a loop")
        return number // bytes_each


def _plain(name: str) -> str:
    return name.removeprefix("__builtin_")


def _may_move_up(to: Pointer, source: Pointer) -> bool:
    """Whether the two may overlap, with the target behind the source."""
    if to.root()[0] != source.root()[0]:
        return False
    offsets = to.offset.number, source.offset.number
    if to.root() != source.root() or to.base.indices != source.base.indices or None in offsets:
        return True
    return offsets[0] > offsets[1]  # type: ignore[operator]


def _operator(name: str) -> str | None:
    return MATH_OPERATORS.get(name) or MATH_OPERATORS.get(name.removesuffix("f"))


def _extreme(name: str) -> str | None:
    found = name.removesuffix("f")
    return found if found in _EXTREMES else None


def _uncast(cursor: Cursor) -> Cursor:
    """A pointer argument before its conversion to `void *`."""
    while cursor.kind in (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR, CursorKind.CSTYLE_CAST_EXPR):
        target = cursor.type.get_canonical()
        children = expression_children(cursor)
        if len(children) != 1:
            break
        to_void = (
            type_kind(target) is TypeKind.POINTER
            and type_kind(target.get_pointee().get_canonical()) is TypeKind.VOID
        )
        if cursor.kind is CursorKind.CSTYLE_CAST_EXPR and not to_void:
            break
        cursor = children[0]
    return cursor


def _innermost(type: Type) -> Type:
    type = type.get_canonical()
    while type_kind(type) is TypeKind.CONSTANTARRAY:
        type = type.element_type.get_canonical()
    return type
