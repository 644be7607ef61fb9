"""Small functions on floats that the emitted file defines where it needs them.

`float_bits(x)` and `float_from_bits(n)` copy patterns; `float_pattern(x)` also replaces a NaN by the
canonical one; `float_to_int32(x)` truncates, and gives the least number (1 followed by zeros) where C
leaves the conversion undefined, as docs/semantics.md says.
"""

from __future__ import annotations

import re

from seer.emit.c_types import native
from seer.emit.values import literal
from seer.lang.floats import MATH_FUNCTIONS
from seer.lang.operators import FLOAT_WIDTHS

__all__ = [
    "FLOAT_NAMES",
    "MATH_NAMES",
    "float_definition",
    "from_bits_helper",
    "pattern_helper",
    "to_integer_helper",
]

_TYPES = {32: "float", 64: "double"}
_PRECISION = {32: 24, 64: 53}
_CANONICAL = {32: "0x7fc00000u", 64: "0x7ff8000000000000ull"}
_TO_INTEGER = re.compile(r"(float|double)_to_(u?)int(\d+)")


def from_bits_helper(width: int) -> str:
    """The name of the function that gives the float of a pattern."""
    return f"{_TYPES[width]}_from_bits"


def pattern_helper(width: int, canonical: bool) -> str:
    """The name of the function that gives the pattern of a float."""
    return f"{_TYPES[width]}_{'pattern' if canonical else 'bits'}"


def to_integer_helper(width: int, bits: int, signed: bool) -> str:
    """The name of the conversion of a float of `width` bits to an integer of `bits`, at most 64."""
    return f"{_TYPES[width]}_to_{'' if signed else 'u'}int{bits}"


FLOAT_NAMES = frozenset(
    name
    for width in FLOAT_WIDTHS
    for name in (
        from_bits_helper(width),
        pattern_helper(width, True),
        pattern_helper(width, False),
        *(to_integer_helper(width, bits, signed) for bits in range(1, 65) for signed in (False, True)),
    )
)
"""Every name that a helper can have."""


MATH_NAMES = frozenset(
    name + suffix
    for name in ("fabs", *(name for _, name, _ in MATH_FUNCTIONS.values()))
    for suffix in ("", "f")
) | {"NAN", "INFINITY", "memcpy", "frexp", "ldexp", "ldexpf"}
"""What emitted code takes from math.h and string.h."""


def float_definition(name: str) -> str:
    """The line that defines the helper of this name."""
    converted = _TO_INTEGER.fullmatch(name)
    width = 32 if name.startswith("float") else 64
    type, word = _TYPES[width], native(width, False).spelling
    if converted:
        return _conversion(name, width, int(converted[3]), signed=not converted[2])
    if name == from_bits_helper(width):
        return f"static inline {type} {name}({word} n) {{ {type} x; memcpy(&x, &n, sizeof x); return x; }}"
    copy = f"{word} n; memcpy(&n, &x, sizeof n);"
    result = f"x == x ? n : {_CANONICAL[width]}" if name == pattern_helper(width, True) else "n"
    return f"static inline {word} {name}({type} x) {{ {copy} return {result}; }}"


def _conversion(name: str, width: int, bits: int, signed: bool) -> str:
    type = _TYPES[width]
    result = native(32 if bits <= 32 else 64, signed or bits < 32)
    suffix = "f" if width == 32 else ""
    lowest, above = (-(1 << (bits - 1)), 1 << (bits - 1)) if signed else (0, 1 << bits)
    # Truncation keeps everything above lowest − 1 in range; where the format has no such number, the next
    # one above it is `lowest` itself.
    exact = (1 - lowest).bit_length() <= _PRECISION[width]
    least = f"x > {float(lowest - 1)!r}{suffix}" if exact else f"x >= {float(lowest)!r}{suffix}"
    fallback = literal(lowest if signed else 1 << (bits - 1), result.signed).text
    inside = f"{least} && x < {float(above)!r}{suffix}"
    return (
        f"static inline {result.spelling} {name}({type} x) "
        f"{{ return {inside} ? ({result.spelling})x : {fallback}; }}"
    )
