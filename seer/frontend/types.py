"""C's arithmetic types on the LP64 model: widths, signedness, promotion and usual conversions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clang.cindex import Cursor, Type

from seer.frontend._libclang import TypeKind, refuse, type_kind
from seer.lang.headers import include_folder
from seer.lang.operators import mask, to_signed

__all__ = [
    "AP_INT_HEADER",
    "DOUBLE",
    "FLOAT",
    "INT",
    "LONG",
    "CType",
    "arbitrary_type",
    "array_type",
    "common_type",
    "is_ap",
    "is_arithmetic",
    "is_integer",
    "promoted",
    "scalar_type",
]


@dataclass(frozen=True)
class CType:
    """An arithmetic type: its spelling without qualifiers, width in bits, and conversion rank.

    A floating type is signed, and its values are IEEE bit patterns. A `bit_precise` type is a
    `_BitInt(N)`: it is not promoted, and its rank is that of its width. Of an `arbitrary` one, `ap_int<N>`
    or `ap_uint<N>`, N is `exact`: intermediate results may have more than the 128 bits that are kept.
    """

    name: str
    width: int
    signed: bool
    rank: int
    floating: bool = False
    bit_precise: bool = False
    exact: int = 0

    @property
    def arbitrary(self) -> bool:
        return self.exact > 0

    @property
    def cut(self) -> bool:
        """Whether numbers of this type have more bits than are kept."""
        return self.exact > self.width

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
LONG = CType("long", 64, True, 4)
FLOAT = CType("float", 32, True, 10, floating=True)
DOUBLE = CType("double", 64, True, 11, floating=True)
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
    TypeKind.LONG: LONG,
    TypeKind.ULONG: CType("unsigned long", 64, False, 4),
    TypeKind.LONGLONG: CType("long long", 64, True, 5),
    TypeKind.ULONGLONG: CType("unsigned long long", 64, False, 5),
    TypeKind.INT128: CType("__int128", 128, True, 6),
    TypeKind.UINT128: CType("unsigned __int128", 128, False, 6),
}
_FLOATS = {TypeKind.FLOAT: FLOAT, TypeKind.DOUBLE: DOUBLE}
_BIT_PRECISE = re.compile(r"(unsigned )?_BitInt\((\d+)\)")
_WIDEST = 128
"""Bits of the widest integer type that recorded calls can hold."""
_ARBITRARY = re.compile(
    r"(?:const )?(?:ap_(?P<u>u?)int<(?P<n>\d+)>|ap_int_base<(?P<m>\d+), (?P<signed>true|false)>"
    r"|ap_(?P<part>bit|range|concat)_ref<(?P<w>\d+), .*>)"
)
AP_INT_HEADER = str(include_folder() / "ap_int.h")
"""The file that declares ap_int and ap_uint."""

_FLOATING = {
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
    """Whether `scalar_type` takes this type, and it is an integer type."""
    found = _arithmetic(_resolved(clang_type))
    return found is not None and not found.floating


def is_ap(clang_type: Type) -> bool:
    """Whether this type is declared by <ap_int.h>."""
    resolved = clang_type.get_canonical()
    return type_kind(resolved) is TypeKind.RECORD and _arbitrary(resolved) is not None


def is_arithmetic(clang_type: Type) -> bool:
    """Whether `scalar_type` takes this type, apart from `volatile`."""
    return _arithmetic(_resolved(clang_type)) is not None


def arbitrary_type(width: int, signed: bool) -> CType:
    """ap_int or ap_uint of a width."""
    name = f"ap_{'' if signed else 'u'}int<{width}>"
    return CType(name, min(width, _WIDEST), signed, 3, bit_precise=True, exact=width)


def _arbitrary(resolved: Type) -> tuple[CType, bool] | None:
    """The type of an ap_int, of bits of one, or of several of these; whether it is but a part of others."""
    found = _ARBITRARY.fullmatch(resolved.spelling)
    place = found and resolved.get_declaration().location.file
    if found is None or place is None or place.name != AP_INT_HEADER:
        return None
    if found["part"] == "bit":
        return _TYPES[TypeKind.BOOL], True
    if found["part"]:
        return arbitrary_type(int(found["w"]), False), True
    signed = not found["u"] if found["n"] else found["signed"] == "true"
    return arbitrary_type(int(found["n"] or found["m"]), signed), False


def _arithmetic(resolved: Type) -> CType | None:
    kind = type_kind(resolved)
    if kind is TypeKind.RECORD:
        found = _arbitrary(resolved)
        return None if found is None else found[0]
    if kind is TypeKind.UNEXPOSED:
        unqualified = resolved.spelling.replace("const ", "").replace("volatile ", "")
        bits = _BIT_PRECISE.fullmatch(unqualified)
        if bits is None or int(bits[2]) > _WIDEST:
            return None
        return CType(unqualified, int(bits[2]), not bits[1], 3, bit_precise=True)
    return _TYPES.get(kind) or _FLOATS.get(kind)


def scalar_type(clang_type: Type, place: Cursor) -> CType:
    """The arithmetic type that `clang_type` resolves to; anything else is refused at `place`."""
    resolved = _resolved(clang_type)
    _check_volatile(clang_type, place)
    kind = type_kind(resolved)
    found = _arithmetic(resolved)
    spelling = clang_type.spelling
    if found is not None:
        if place.kind.is_declaration() and kind is TypeKind.RECORD:
            _check_declared(resolved, found, place)
        return found
    if kind in _FLOATING:
        refuse(place, f"floating-point type `{spelling}` is not supported", "use float or double")
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
    refuse(place, f"type `{spelling}` is not supported", "use integers, float or double")


def _check_declared(resolved: Type, found: CType, place: Cursor) -> None:
    """Refuse variables of types that only intermediate results may have."""
    part = _arbitrary(resolved)
    if part is not None and part[1]:
        hint = "give it a type of its own, such as `ap_uint<8>`"
        refuse(place, f"`{place.spelling}` stands for bits of other variables: that is not supported", hint)
    if found.cut:
        what = f"`{found.name}` has more than {_WIDEST} bits: that is not supported"
        refuse(place, what, "use several narrower variables")


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
    return operand if operand.bit_precise or operand.rank >= INT.rank else INT


def common_type(left: CType, right: CType) -> CType:
    """C's usual arithmetic conversions of two arithmetic types."""
    if left.floating or right.floating:
        return max((left, right), key=lambda type: type.rank if type.floating else 0)
    left, right = promoted(left), promoted(right)
    if left.signed == right.signed:
        return left if _order(left) >= _order(right) else right
    signed, unsigned = (left, right) if left.signed else (right, left)
    if _order(unsigned) >= _order(signed):
        return unsigned
    if signed.width > unsigned.width:
        return signed
    return next(t for t in _TYPES.values() if t.rank == signed.rank and not t.signed)


def _order(type: CType) -> tuple[int, int]:
    """Conversion rank: a standard type ranks above the bit-precise type of its width."""
    return (type.width, 0 if type.bit_precise else type.rank)


def _check_volatile(clang_type: Type, place: Cursor) -> None:
    if clang_type.get_canonical().is_volatile_qualified():
        refuse(place, f"volatile type `{clang_type.spelling}` is not supported", "drop `volatile`")


def _resolved(clang_type: Type) -> Type:
    resolved = clang_type.get_canonical()
    if type_kind(resolved) is TypeKind.ENUM:
        return resolved.get_declaration().enum_type.get_canonical()
    return resolved
