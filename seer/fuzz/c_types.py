"""The C types of generated programs, and how values of them are spelled."""

from __future__ import annotations

import random
from dataclasses import dataclass

from seer.lang.operators import mask, to_signed

__all__ = ["FLOATS", "INTEGERS", "WIDE", "ArrayOf", "Scalar", "Struct", "Type", "bit_precise", "literal"]


@dataclass(frozen=True)
class Scalar:
    """An arithmetic type. `bits` of a _Bool is 1; `promoted` the bits of the type it is computed in."""

    name: str
    bits: int
    signed: bool
    floating: bool = False

    @property
    def promoted(self) -> int:
        return self.bits if "_BitInt" in self.name else max(32, self.bits)


@dataclass(frozen=True)
class Struct:
    """A struct type; fields are in order."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    @property
    def flat(self) -> bool:
        """Whether it holds no array."""
        return not any(
            isinstance(type, ArrayOf) or (isinstance(type, Struct) and not type.flat)
            for _, type in self.fields
        )


@dataclass(frozen=True)
class ArrayOf:
    """An array of one or more dimensions."""

    element: Scalar | Struct
    extents: tuple[int, ...]


Type = Scalar | Struct | ArrayOf

INTEGERS = (
    Scalar("_Bool", 1, False),
    Scalar("char", 8, True),
    Scalar("signed char", 8, True),
    Scalar("unsigned char", 8, False),
    Scalar("short", 16, True),
    Scalar("unsigned short", 16, False),
    Scalar("int", 32, True),
    Scalar("int", 32, True),
    Scalar("int32_t", 32, True),
    Scalar("unsigned", 32, False),
    Scalar("uint8_t", 8, False),
    Scalar("int16_t", 16, True),
    Scalar("long", 64, True),
    Scalar("unsigned long", 64, False),
    Scalar("long long", 64, True),
    Scalar("uint64_t", 64, False),
)
FLOATS = (Scalar("float", 32, True, True), Scalar("double", 64, True, True))
WIDE = (Scalar("__int128", 128, True), Scalar("unsigned __int128", 128, False))


def bit_precise(draw: random.Random) -> Scalar:
    """A `_BitInt`."""
    signed, bits = draw.random() < 0.6, draw.choice((2, 3, 5, 7, 9, 13, 17, 24, 31, 33, 47, 63, 65, 97))
    return Scalar(f"{'' if signed else 'unsigned '}_BitInt({bits})", bits, signed)


def literal(draw: random.Random, type: Scalar) -> str:
    """A constant of at most the range of `type`, small ones first of all."""
    if type.floating:
        number = draw.choice((0.0, 1.0, 0.5, 2.5, -1.0, 3.25, 100.0, 0.1, 1e-3, draw.uniform(-9, 9)))
        return f"{number!r}{'f' if type.bits == 32 else ''}"
    if draw.random() < 0.6:
        value = draw.randint(0, 9)
    else:
        value = draw.choice(
            (mask(type.bits), mask(type.bits - 1), draw.getrandbits(type.bits), 1 << type.bits - 1)
        )
    value &= mask(min(type.bits, 64))
    if type.signed and draw.random() < 0.4:
        value = to_signed(-value, type.bits)
    if type.bits == 8 and type.signed and 32 < value < 127 and chr(value).isalnum():
        return f"'{chr(value)}'"
    if value < -(1 << 63) or value > mask(64) or value == -(1 << 63):
        return "(-9223372036854775807LL - 1)"
    suffix = "" if -(1 << 31) < value < 1 << 31 else "LL" if value < 1 << 63 else "ULL"
    text = f"0x{value:x}{suffix}" if value > 255 and draw.random() < 0.5 else f"{value}{suffix}"
    return f"({text})" if value < 0 else text
