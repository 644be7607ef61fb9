"""C expressions together with what is known of them: their C type and the range of their value.

A `Value` is the text of a C++ expression that is free of undefined behaviour. Its mathematical value,
as C++ computes it, lies in [lo, hi]. How it relates to a SeerLang term (equal to its unsigned reading,
to its signed one, or congruent to it modulo 2^k) is for the caller to know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from seer.emit.c_types import NATIVE_BITS, CType, native
from seer.lang.operators import mask

__all__ = [
    "ADDITIVE",
    "EQUALITY",
    "LOGICAL_AND",
    "LOGICAL_OR",
    "MULTIPLICATIVE",
    "POSTFIX",
    "RELATIONAL",
    "SHIFT",
    "TERNARY",
    "UNARY",
    "Value",
    "arithmetic",
    "balanced",
    "bitwise",
    "cast",
    "choice",
    "compatible",
    "infix",
    "literal",
    "operator_level",
    "parenthesised",
    "wrapped",
]

# Precedence levels of C++; a higher one binds tighter.
POSTFIX, UNARY, MULTIPLICATIVE, ADDITIVE, SHIFT, RELATIONAL, EQUALITY = 16, 15, 13, 12, 11, 9, 8
BIT_AND, BIT_XOR, BIT_OR, LOGICAL_AND, LOGICAL_OR, TERNARY = 7, 6, 5, 4, 3, 2

_BITWISE = {"&": BIT_AND, "^": BIT_XOR, "|": BIT_OR}
_LEVEL = {
    "*": MULTIPLICATIVE,
    "/": MULTIPLICATIVE,
    "%": MULTIPLICATIVE,
    "+": ADDITIVE,
    "-": ADDITIVE,
} | _BITWISE


def operator_level(symbol: str) -> int:
    """The precedence of an arithmetic or bitwise operator."""
    return _LEVEL[symbol]


@dataclass(frozen=True)
class Value:
    """`text` of precedence `level`; `bits` (32 or 64) and `signed` are its C type after promotion.

    `atom` marks a literal. A `boolean` has type bool, which the operator ~ must not see. In wide code
    (over 64 bits) `bits` is the width of the ap_uint that the text has. Of a `floating` one `bits` is the
    width of its type, float or double; range and sign say nothing then.
    """

    text: str
    level: int
    bits: int
    signed: bool
    lo: int
    hi: int
    atom: bool = False
    boolean: bool = False
    floating: bool = False

    @property
    def type(self) -> CType:
        return native(self.bits, self.signed)

    def within(self, lo: int, hi: int) -> Value:
        """With the further fact that the value lies in [lo, hi]."""
        lo, hi = max(lo, self.lo), min(hi, self.hi)
        return replace(self, lo=lo, hi=hi) if lo <= hi else self


def literal(value: int, signed: bool = True, hexadecimal: bool = False, least: int = 32) -> Value:
    """A constant of at least `least` bits; of unsigned type if asked for, or if the value needs it.

    2^31 to 2^32 − 1 are unsigned 32-bit numbers unless `least` says otherwise: next to an int that may be
    negative they need a wider type.
    """
    if value < 0:
        bits = 32 if least == 32 and native(32, True).holds(value, value) else 64
        suffix = "" if bits == 32 else "ll"
        if value == native(bits, True).lowest:
            # C has no negative literals, and the magnitude of this one does not fit its type.
            return Value(f"(-{-value - 1}{suffix} - 1)", POSTFIX, bits, True, value, value, True)
        return Value(f"-{-value}{suffix}", UNARY, bits, True, value, value, True)
    for bits in (32, 64) if least == 32 else (64,):
        for sign in (True, False) if signed else (False,):
            if native(bits, sign).holds(value, value):
                digits = hex(value) if value > 9 and (hexadecimal or value > mask(31)) else str(value)
                suffix = ("" if sign else "u") + ("ll" if bits == 64 else "")
                return Value(digits + suffix, POSTFIX, bits, sign, value, value, True)
    raise ValueError(f"{value} has more than 64 bits")


def parenthesised(value: Value, level: int) -> str:
    """The text, in parentheses if it binds less tightly than `level`."""
    return value.text if value.level >= level else f"({value.text})"


def infix(operator: str, a: Value, b: Value, level: int) -> str:
    """Text of a binary operation, with the parentheses that C needs or that compilers ask for."""
    if operator in _BITWISE:
        left, right = (v.text if v.level == level or v.level >= UNARY else f"({v.text})" for v in (a, b))
    elif level in (SHIFT, RELATIONAL, EQUALITY):
        strict = UNARY if level == SHIFT else SHIFT
        left, right = parenthesised(a, strict), parenthesised(b, strict)
    else:
        left, right = parenthesised(a, level), parenthesised(b, level + 1)
    return f"{left} {operator} {right}"


def cast(value: Value, bits: int, signed: bool) -> Value:
    """Converted to the C type of 8, 16, 32 or 64 bits; modulo 2^bits where it does not fit."""
    target = native(bits, signed)
    if value.atom and bits >= 32 and target.holds(value.lo, value.hi):
        return literal(value.lo, signed, least=bits)
    kept = target.holds(value.lo, value.hi)
    lo, hi = (value.lo, value.hi) if kept else (target.lowest, target.highest)
    text = f"({target.spelling}){parenthesised(value, UNARY)}"
    # Types below int promote to it as soon as they are used.
    return Value(text, UNARY, max(bits, 32), signed or bits < 32, lo, hi)


def wrapped(value: Value, width: int, signed: bool) -> Value:
    """The reading of the low `width` bits (at most 64) of `value`: unchanged where it is that already."""
    if not signed:
        if value.lo >= 0 and value.hi <= mask(width):
            return value
        if width in NATIVE_BITS:
            return cast(value, width, False)
        bits = literal(mask(width), hexadecimal=True)
        merged = _converted(value, bits)
        return Value(infix("&", value, bits, BIT_AND), BIT_AND, merged.bits, merged.signed, 0, mask(width))
    low, high = -(1 << (width - 1)), mask(width - 1)
    if low <= value.lo and value.hi <= high:
        return value
    if width in NATIVE_BITS:
        return cast(value, width, True)
    if width == 1:
        bit = wrapped(value, 1, False)
        bit = bit if bit.signed else cast(bit, 32, True)
        return Value(f"-{parenthesised(bit, POSTFIX)}", UNARY, bit.bits, True, -1, 0)
    container = 32 if width < 32 else 64
    text = f"({native(container, True).spelling})ap_int<{width}>({value.text})"
    return Value(text, UNARY, container, True, low, high)


def _converted(a: Value, b: Value) -> CType:
    """The common type of C's usual arithmetic conversions."""
    bits = max(a.bits, b.bits)
    return native(bits, all(v.signed for v in (a, b) if v.bits == bits))


def balanced(a: Value, b: Value, modulus_bits: int) -> tuple[Value, Value, CType, bool]:
    """Operands whose conversion to their common type keeps them modulo 2^modulus_bits.

    Gives the operands (`a` may have been widened), the common type, and whether both values survive the
    conversion unchanged.
    """
    common = _converted(a, b)
    exact = all(common.holds(v.lo, v.hi) for v in (a, b))
    if not exact and common.bits < modulus_bits:
        # A negative int next to an unsigned one, in 64-bit arithmetic.
        a = cast(a, 64, True)
        common = _converted(a, b)
        exact = all(common.holds(v.lo, v.hi) for v in (a, b))
    return a, b, common, exact


def arithmetic(operator: str, a: Value, b: Value, modulus_bits: int, cast_second: bool = False) -> Value:
    """a + b, a - b or a * b modulo 2^modulus_bits, in plain C wherever ranges prove that it is exact.

    Signed overflow is undefined in C++, so where it cannot be excluded one operand becomes unsigned
    (`cast_second` chooses which one).
    """
    if b.atom and b.lo < 0 and operator in "+-":
        return arithmetic("-" if operator == "+" else "+", a, literal(-b.lo), modulus_bits, cast_second)
    lo, hi = _exact_range(operator, a, b)
    common = _converted(a, b)
    converts = all(common.holds(v.lo, v.hi) for v in (a, b))
    level = _LEVEL[operator]
    if not (converts and common.holds(lo, hi)):
        widen = common.bits < modulus_bits
        to = (64, native(64, True).holds(lo, hi)) if widen else (common.bits, False)
        if common.signed or to[0] > common.bits:
            a, b = (a, _strictly(b, *to)) if cast_second else (_strictly(a, *to), b)
        common = _converted(a, b)
        converts = all(common.holds(v.lo, v.hi) for v in (a, b))
        if not (converts and common.holds(lo, hi)):
            if common.signed:
                return arithmetic(operator, _strictly(a, 64, False), b, modulus_bits, cast_second)
            lo, hi = common.lowest, common.highest
    return Value(infix(operator, a, b, level), level, common.bits, common.signed, lo, hi)


def _strictly(value: Value, bits: int, signed: bool) -> Value:
    """A cast that is left out only where the value has that type already."""
    return value if (value.bits, value.signed) == (bits, signed) else cast(value, bits, signed)


def _exact_range(operator: str, a: Value, b: Value) -> tuple[int, int]:
    match operator:
        case "+":
            return a.lo + b.lo, a.hi + b.hi
        case "-":
            return a.lo - b.hi, a.hi - b.lo
        case _:
            corners = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
            return min(corners), max(corners)


def bitwise(operator: str, a: Value, b: Value, modulus_bits: int) -> Value:
    """a & b, a | b or a ^ b modulo 2^modulus_bits."""
    a, b, common, exact = balanced(a, b, modulus_bits)
    level = _LEVEL[operator]
    lo, hi = common.lowest, common.highest
    if exact and operator == "&" and max(a.lo, b.lo) >= 0:
        lo, hi = 0, min(v.hi for v in (a, b) if v.lo >= 0)
    elif exact and min(a.lo, b.lo) >= 0:
        lo, hi = 0, mask(max(a.hi, b.hi).bit_length())
    return Value(infix(operator, a, b, level), level, common.bits, common.signed, lo, hi)


def choice(condition: Value, a: Value, b: Value) -> Value:
    """condition ? a : b; its range is that of the common C type if that cannot hold both values."""
    _, _, common, exact = balanced(a, b, 0)
    lo, hi = (min(a.lo, b.lo), max(a.hi, b.hi)) if exact else (common.lowest, common.highest)
    texts = [parenthesised(value, TERNARY + 1) for value in (condition, a, b)]
    return Value(f"{texts[0]} ? {texts[1]} : {texts[2]}", TERNARY, common.bits, common.signed, lo, hi)


def compatible(a: Value, b: Value) -> tuple[Value, Value]:
    """Operands that compare, or are chosen between, as numbers: their common type holds both values.

    They are of one signedness unless one is a literal.
    """
    _, _, common, exact = balanced(a, b, 0)
    if exact and (a.signed == b.signed or a.atom or b.atom):
        return a, b
    for bits in (common.bits, 64):
        for signed in (True, False):
            if all(native(bits, signed).holds(v.lo, v.hi) for v in (a, b)):
                # A literal that is signed converts to an unsigned type unchanged, but not the other way.
                kept = [v.signed == signed or (v.atom and not signed) for v in (a, b)]
                a, b = (v if k else cast(v, bits, signed) for v, k in zip((a, b), kept, strict=True))
                return a, b
    raise ValueError(f"no C type holds both {a.text} and {b.text}")
