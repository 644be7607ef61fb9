"""C's integer types on the LP64 model: widths, signedness, promotion and usual conversions."""

from __future__ import annotations

from dataclasses import dataclass

from clang.cindex import Cursor, Type

from seer.frontend._libclang import TypeKind, refuse, type_kind
from seer.lang.operators import mask, to_signed

__all__ = ["INT", "CType", "array_type", "common_type", "is_integer", "promoted", "scalar_type"]


@dataclass(frozen=True)
class CType:
    """An integer type: its spelling without qualifiers, width in bits, and conversion rank."""

    name: str
    width: int
    signed: bool
    rank: int

    @property
    def is_bool(self) -> bool:
        return self.rank == 0

    @property
    def lowest(self) -> int:
        return -(1 << (self.width - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        return mask(self.width - 1) if self.signed else mask(self.width)

    def holds(self, low: int, high: int) -> bool:
        """Whether all of low..high are values of this type."""
        return self.lowest <= low and high <= self.highest

    def number(self, bits: int) -> int:
        """The value that the low `width` bits stand for."""
        return to_signed(bits, self.width) if self.signed else bits & mask(self.width)


INT = CType("int", 32, True, 3)
_UNSIGNED = CType("unsigned int", 32, False, 3)

_TYPES = {
    TypeKind.BOOL: CType("_Bool", 1, False, 0),
    TypeKind.CHAR_S: CType("char", 8, True, 1),
    TypeKind.SCHAR: CType("signed char", 8, True, 1),
    TypeKind.UCHAR: CType("unsigned char", 8, False, 1),
    TypeKind.SHORT: CType("short", 16, True, 2),
    TypeKind.USHORT: CType("unsigned short", 16, False, 2),
    TypeKind.INT: INT,
    TypeKind.UINT: _UNSIGNED,
    TypeKind.LONG: CType("long", 64, True, 4),
    TypeKind.ULONG: CType("unsigned long", 64, False, 4),
    TypeKind.LONGLONG: CType("long long", 64, True, 5),
    TypeKind.ULONGLONG: CType("unsigned long long", 64, False, 5),
}

_FLOATING = {
    TypeKind.FLOAT,
    TypeKind.DOUBLE,
    TypeKind.LONGDOUBLE,
    TypeKind.HALF,
    TypeKind.FLOAT128,
    TypeKind.COMPLEX,
}
_ARRAYS = {
    TypeKind.CONSTANTARRAY,
    TypeKind.INCOMPLETEARRAY,
    TypeKind.VARIABLEARRAY,
    TypeKind.DEPENDENTSIZEDARRAY,
}
_REFERENCES = {TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE}
_FUNCTIONS = {TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO}


def is_integer(clang_type: Type) -> bool:
    """Whether `scalar_type` takes this type."""
    return type_kind(_resolved(clang_type)) in _TYPES


def scalar_type(clang_type: Type, place: Cursor) -> CType:
    """The integer type that `clang_type` resolves to; anything else is refused at `place`."""
    resolved = _resolved(clang_type)
    _check_volatile(clang_type, place)
    kind = type_kind(resolved)
    found = _TYPES.get(kind)
    if found is not None:
        return found
    spelling = clang_type.spelling
    if kind in _FLOATING:
        refuse(place, f"floating-point type `{spelling}` is not supported", "use integers or fixed point")
    if kind is TypeKind.POINTER:
        if type_kind(resolved.get_pointee().get_canonical()) in _FUNCTIONS:
            refuse(place, f"function pointer of type `{spelling}` is not supported", "call no functions")
        refuse(place, f"pointer of type `{spelling}` is not supported", "use arrays with constant sizes")
    if kind in _REFERENCES:
        refuse(place, f"reference of type `{spelling}` is not supported", "pass scalars by value")
    if kind is TypeKind.RECORD:
        refuse(place, f"struct, union or class `{spelling}` is not supported", "use one array per member")
    if kind in _ARRAYS:
        refuse(place, f"array of type `{spelling}` where one element is expected", "give every subscript")
    refuse(place, f"type `{spelling}` is not supported", "use integers of 8 to 64 bits")


def array_type(clang_type: Type, place: Cursor) -> tuple[CType, tuple[int, ...]] | None:
    """Element type and shape of an array with constant sizes; None if it is no array."""
    resolved = clang_type.get_canonical()
    if type_kind(resolved) not in _ARRAYS:
        return None
    shape: list[int] = []
    while type_kind(resolved) in _ARRAYS:
        _check_volatile(resolved, place)
        if resolved.kind is TypeKind.INCOMPLETEARRAY:
            hint = "write the number of elements, such as `a[128]`"
            refuse(place, f"array `{place.spelling}` has no size in its first dimension", hint)
        if resolved.kind is not TypeKind.CONSTANTARRAY:
            hint = "give it a constant size"
            refuse(place, f"variable-length array `{place.spelling}` is not supported", hint)
        if resolved.element_count < 1:
            refuse(place, f"array `{place.spelling}` has no elements", "give it a size of at least 1")
        shape.append(resolved.element_count)
        resolved = resolved.element_type.get_canonical()
    return scalar_type(resolved, place), tuple(shape)


def promoted(operand: CType) -> CType:
    """C's integer promotion: whatever is narrower than int becomes int."""
    return operand if operand.rank >= INT.rank else INT


def common_type(left: CType, right: CType) -> CType:
    """C's usual arithmetic conversions of two integer types."""
    left, right = promoted(left), promoted(right)
    if left.signed == right.signed:
        return left if left.rank >= right.rank else right
    signed, unsigned = (left, right) if left.signed else (right, left)
    if unsigned.rank >= signed.rank:
        return unsigned
    if signed.width > unsigned.width:
        return signed
    return next(t for t in _TYPES.values() if t.rank == signed.rank and not t.signed)


def _check_volatile(clang_type: Type, place: Cursor) -> None:
    if clang_type.get_canonical().is_volatile_qualified():
        refuse(place, f"volatile type `{clang_type.spelling}` is not supported", "drop `volatile`")


def _resolved(clang_type: Type) -> Type:
    resolved = clang_type.get_canonical()
    if type_kind(resolved) is TypeKind.ENUM:
        return resolved.get_declaration().enum_type.get_canonical()
    return resolved
