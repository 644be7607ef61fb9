"""IEEE 754 in rational numbers: an independent model of any small format."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt


@dataclass(frozen=True)
class Model:
    """A format with so many bits of exponent and fraction. A number is a sign and a Fraction, or "inf", or
    None for NaN."""

    exponent: int
    fraction: int

    @property
    def bias(self) -> int:
        return 2 ** (self.exponent - 1) - 1

    @property
    def width(self) -> int:
        return 1 + self.exponent + self.fraction

    @property
    def nan(self) -> int:
        return (2 ** (self.exponent + 1) - 1) << (self.fraction - 1)

    def infinity(self, negative: bool) -> int:
        return ((2**self.exponent - 1) << self.fraction) | (negative << (self.width - 1))

    def decode(self, bits: int) -> tuple[bool, Fraction | str] | None:
        negative = bool(bits >> (self.width - 1))
        field = bits >> self.fraction & (2**self.exponent - 1)
        rest = bits & (2**self.fraction - 1)
        if field == 2**self.exponent - 1:
            return None if rest else (negative, "inf")
        if field == 0:
            return negative, Fraction(rest, 2**self.fraction) * Fraction(2) ** (1 - self.bias)
        return negative, (1 + Fraction(rest, 2**self.fraction)) * Fraction(2) ** (field - self.bias)

    def encode(self, negative: bool, size: Fraction) -> int:
        """The bits of ±size, rounded to nearest even."""
        power = 1 - self.bias
        while size >= Fraction(2) ** (power + 1):
            power += 1
        scaled = size / Fraction(2) ** (power - self.fraction)
        count = round(scaled)  # to even
        if count == 2 ** (self.fraction + 1):
            count, power = count // 2, power + 1
        if power > self.bias:
            return self.infinity(negative)
        field = power + self.bias if count >= 2**self.fraction else 0
        return negative << (self.width - 1) | field << self.fraction | count & (2**self.fraction - 1)

    def encode_root(self, square: Fraction) -> int:
        """The bits of √square, for a positive number."""
        # Far more bits than the format has, and an odd one behind if they are not all.
        scale = 4 ** (self.fraction + self.bias + 4)
        whole = isqrt(square.numerator * scale // square.denominator)
        exact = Fraction(whole * whole, scale) == square
        return self.encode(False, (Fraction(2 * whole + (not exact), 2)) / isqrt(scale))

    def add(self, a: int, b: int) -> int:
        x, y = self.decode(a), self.decode(b)
        if x is None or y is None:
            return self.nan
        if isinstance(x[1], str) or isinstance(y[1], str):
            if x[1] == y[1] == "inf":
                return self.nan if x[0] != y[0] else a
            return a if x[1] == "inf" else b
        total = (-x[1] if x[0] else x[1]) + (-y[1] if y[0] else y[1])
        return self.encode(total < 0 or (total == 0 and x[0] and y[0]), abs(total))

    def subtract(self, a: int, b: int) -> int:
        return self.add(a, b ^ 1 << (self.width - 1))

    def multiply(self, a: int, b: int) -> int:
        x, y = self.decode(a), self.decode(b)
        if x is None or y is None:
            return self.nan
        negative = x[0] != y[0]
        if isinstance(x[1], str) or isinstance(y[1], str):
            return self.nan if 0 in (x[1], y[1]) else self.infinity(negative)
        return self.encode(negative, x[1] * y[1])

    def fused(self, a: int, b: int, c: int) -> int:
        """a · b + c, rounded once."""
        x, y, z = self.decode(a), self.decode(b), self.decode(c)
        if x is None or y is None or z is None:
            return self.nan
        negative = x[0] != y[0]
        if isinstance(x[1], str) or isinstance(y[1], str):
            clash = z[1] == "inf" and z[0] != negative
            return self.nan if 0 in (x[1], y[1]) or clash else self.infinity(negative)
        if isinstance(z[1], str):
            return c
        size = x[1] * y[1]
        total = (-size if negative else size) + (-z[1] if z[0] else z[1])
        return self.encode(total < 0 or (total == 0 and negative and z[0]), abs(total))

    def divide(self, a: int, b: int) -> int:
        x, y = self.decode(a), self.decode(b)
        if x is None or y is None or (x[1] == y[1] == "inf") or (x[1] == y[1] == 0):
            return self.nan
        negative = x[0] != y[0]
        if isinstance(x[1], str) or y[1] == 0:
            return self.infinity(negative)
        if isinstance(y[1], str):
            return negative << (self.width - 1)
        return self.encode(negative, x[1] / y[1])

    def root(self, a: int) -> int:
        x = self.decode(a)
        if x is None or (x[0] and x[1] != 0):
            return self.nan
        if isinstance(x[1], str) or x[1] == 0:
            return a
        return self.encode_root(x[1])

    def compare(self, kind: str, a: int, b: int) -> int:
        x, y = self._ordered(a), self._ordered(b)
        if x is None or y is None:
            return int(kind == "fne")
        return int({"feq": x == y, "fne": x != y, "flt": x < y, "fle": x <= y}[kind])

    def _ordered(self, a: int) -> Fraction | None:
        x = self.decode(a)
        if x is None:
            return None
        size = Fraction(2) ** (2 * self.bias) if isinstance(x[1], str) else x[1]
        return -size if x[0] else size

    def negate(self, a: int) -> int:
        return self.nan if self.decode(a) is None else a ^ 1 << (self.width - 1)

    def absolute(self, a: int) -> int:
        return self.nan if self.decode(a) is None else a & ~(1 << (self.width - 1))

    def integral(self, kind: str, a: int) -> int:
        x = self.decode(a)
        if x is None or isinstance(x[1], str):
            return self.nan if x is None else a
        value = -x[1] if x[0] else x[1]
        away = floor(abs(value) + Fraction(1, 2))
        whole = {
            "ffloor": floor(value),
            "fceil": ceil(value),
            "ftrunc": int(value),
            "fround": -away if x[0] else away,
            "froundeven": round(value),
        }[kind]
        return self.encode(x[0], Fraction(abs(whole)))

    def copy_sign(self, a: int, b: int) -> int:
        negative = b >> (self.width - 1)
        return self.nan if self.decode(a) is None else self.absolute(a) | negative << (self.width - 1)

    def from_integer(self, a: int, width: int, signed: bool) -> int:
        value = a - 2**width if signed and a >> (width - 1) else a
        return self.encode(value < 0, Fraction(abs(value)))

    def to_integer(self, a: int, width: int, signed: bool) -> int:
        x = self.decode(a)
        least, most = (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)
        if x is not None and not isinstance(x[1], str):
            value = int(-x[1] if x[0] else x[1])
            if least <= value <= most:
                return value % 2**width
        return 1 << (width - 1)

    def convert(self, a: int, target: Model) -> int:
        x = self.decode(a)
        if x is None:
            return target.nan
        return target.infinity(x[0]) if isinstance(x[1], str) else target.encode(x[0], x[1])
