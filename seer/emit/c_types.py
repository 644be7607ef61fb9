"""The C and C++ types that emitted code is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seer.errors import InputError
from seer.lang.operators import mask
from seer.lang.program import Argument

__all__ = [
    "NATIVE_BITS",
    "CType",
    "default_type",
    "element_bytes",
    "element_type",
    "emitted_types",
    "floating_type",
    "native",
    "source_type",
]

NATIVE_BITS = (8, 16, 32, 64)
"""Widths that C has integer types for; 1 bit is `bool`, every other width an `ap_int` type."""

_ARBITRARY = re.compile(r"ap_(u?)int<(\d+)>")
_WIDE = re.compile(r"\b(unsigned )?(?:__int128\b|_BitInt\((\d+)\))")
_INT_WORDS = {8: "char", 16: "short", 32: "int", 64: "long long"}


@dataclass(frozen=True)
class CType:
    """A type of `bits` bits, and how it is spelled. A `bool` has 1 bit and is unsigned.

    A `floating` one is float or double.
    """

    spelling: str
    bits: int
    signed: bool
    floating: bool = False

    @property
    def arbitrary(self) -> bool:
        """Whether this is an `ap_int` or `ap_uint`."""
        return self.spelling.startswith("ap_")

    @property
    def lowest(self) -> int:
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        return mask(self.bits - 1) if self.signed else mask(self.bits)

    def holds(self, lowest: int, highest: int) -> bool:
        """Whether every value lowest..highest is a value of this type."""
        return self.lowest <= lowest and highest <= self.highest


def native(bits: int, signed: bool) -> CType:
    """The usual C type of 8, 16, 32 or 64 bits."""
    word = _INT_WORDS[bits]
    if signed:
        return CType("signed char" if bits == 8 else word, bits, True)
    return CType("unsigned" if bits == 32 else f"unsigned {word}", bits, False)


def floating_type(width: int) -> CType:
    """float or double."""
    return CType("float" if width == 32 else "double", width, True, floating=True)


def default_type(width: int, signed: bool) -> CType:
    """The type in which a variable of `width` bits is declared if the source names none."""
    if width == 1:
        return CType("bool", 1, False)
    if width in NATIVE_BITS:
        return native(width, signed)
    return CType(f"ap_{'' if signed else 'u'}int<{width}>", width, signed)


def element_type(argument: Argument) -> CType:
    """The type of a scalar argument or of one element of an array argument.

    As the source spells it where that is a C type of the term's width, else the default type.
    """
    width = argument.term.type.width if argument.is_array else argument.term.width  # type: ignore[union-attr]
    known = _from_source(argument.c_type, argument.signed)
    if known is not None and known.bits == width:
        return known
    return default_type(width, argument.signed)


def source_type(argument: Argument) -> CType:
    """As `element_type`, but as the user's own C spells __int128 and _BitInt."""
    type = element_type(argument)
    if "_BitInt" in argument.c_type:
        return CType(argument.c_type, type.bits, type.signed)
    if type.bits == 128 and "__int128" in argument.c_type:
        return CType(f"{'' if type.signed else 'unsigned '}__int128", 128, type.signed)
    return type


def emitted_types(declarations: str) -> str:
    """C declarations with the types of C that only some compilers know as `ap_int`: `__int128`, `_BitInt`."""

    def arbitrary(found: re.Match[str]) -> str:
        return f"ap_{'u' if found[1] else ''}int<{found[2] or 128}>"

    return _WIDE.sub(arbitrary, declarations)


def element_bytes(width: int) -> int:
    """Bytes of one element in a recorded call: the least of 1, 2, 4, 8 and 16 that holds `width` bits."""
    for size in (1, 2, 4, 8, 16):
        if width <= 8 * size:
            return size
    raise InputError(f"elements of {width} bits are too wide", hint="use at most 128 bits")


def _from_source(spelling: str, signed: bool) -> CType | None:
    arbitrary = _ARBITRARY.fullmatch(spelling)
    if arbitrary is not None:
        return CType(spelling, int(arbitrary[2]), not arbitrary[1])
    words = [word for word in spelling.split() if word not in ("const", "volatile")]
    text = " ".join(words)
    if text in ("float", "double"):
        return floating_type(32 if text == "float" else 64)
    if text in ("bool", "_Bool"):
        return CType("bool", 1, False)
    for bits in NATIVE_BITS:
        for prefix in ("", "u"):
            if text == f"{prefix}int{bits}_t":
                return CType(text, bits, not prefix)
    # What is left is a C integer type: at most one signedness and at most one core word, in any order.
    if not words or any(w not in ("signed", "unsigned", "char", "short", "int", "long") for w in words):
        return None
    explicit = [word for word in words if word in ("signed", "unsigned")]
    core = tuple(word for word in words if word not in ("signed", "unsigned"))
    sizes = {("char",): 8, ("short",): 16, ("int",): 32, (): 32, ("long",): 64, ("long", "long"): 64}
    bits = sizes.get(core if core in sizes else tuple(word for word in core if word != "int"))
    if bits is None or len(explicit) > 1:
        return None
    # Whether a plain char is signed is the platform's choice; the frontend knows it.
    plain_char = core == ("char",) and not explicit
    return CType(text, bits, signed if plain_char else "unsigned" not in explicit)
