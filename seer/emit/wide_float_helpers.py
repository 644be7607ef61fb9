"""Conversions between floats and integers of more than 64 bits, as templates over the width."""

from __future__ import annotations

__all__ = ["WIDE_FLOAT_NAMES", "from_wide_helper", "to_wide_helper", "wide_float_definition"]

_FROM: tuple[str, ...] = (
    "template <int W>",
    "static inline {type} {type}_from_wide_unsigned(ap_uint<W> x) {{",
    "    // A set bit that is shifted out keeps the rest from being a tie.",
    "    bool lost = false;",
    "    int shift = 0;",
    "    for (; ap_uint<W>(x >> 64) != ap_uint<W>(0); shift++) {{",
    "        lost = lost || (x.to_uint64() & 1);",
    "        x = ap_uint<W>(x >> 1);",
    "    }}",
    "    return {ldexp}(({type})(x.to_uint64() | lost), shift);",
    "}}",
)
_FROM_SIGNED: tuple[str, ...] = (
    "template <int W>",
    "static inline {type} {type}_from_wide_signed(const ap_uint<W> &x) {{",
    "    const ap_uint<W> negated = ap_uint<W>(ap_uint<W>(0) - x);",
    "    return ap_int<W>(x) < ap_int<W>(0) ? -{type}_from_wide_unsigned<W>(negated)"
    " : {type}_from_wide_unsigned<W>(x);",
    "}}",
)
_TO: tuple[str, ...] = (
    "template <int W>",
    "static inline ap_uint<W> wide_unsigned(double x) {{",
    "    if (!(x > -1.0 && x < ldexp(1.0, W)))",
    "        return ap_uint<W>(ap_uint<W>(1) << (W - 1));",
    "    int exponent = 0;",
    "    const double fraction = frexp(x, &exponent);",
    "    if (exponent <= 53)",
    "        return ap_uint<W>((unsigned long long)x);",
    "    return ap_uint<W>(ap_uint<W>((unsigned long long)ldexp(fraction, 53)) << (exponent - 53));",
    "}}",
)
_TO_SIGNED: tuple[str, ...] = (
    "template <int W>",
    "static inline ap_uint<W> wide_signed(double x) {{",
    "    if (!(x >= -ldexp(1.0, W - 1) && x < ldexp(1.0, W - 1)))",
    "        return ap_uint<W>(ap_uint<W>(1) << (W - 1));",
    "    return x < 0 ? ap_uint<W>(ap_uint<W>(0) - wide_unsigned<W>(-x)) : wide_unsigned<W>(x);",
    "}}",
)

WIDE_FLOAT_NAMES = tuple(
    name
    for sign in ("unsigned", "signed")
    for name in (f"float_from_wide_{sign}", f"double_from_wide_{sign}", f"wide_{sign}")
)
"""Every name that a helper can have; what one calls stands before it."""


def from_wide_helper(width: int, signed: bool) -> str:
    """The name of the conversion to a float of `width` bits."""
    return f"{'float' if width == 32 else 'double'}_from_wide_{'signed' if signed else 'unsigned'}"


def to_wide_helper(signed: bool) -> str:
    """The name of the conversion from a double, which holds every float."""
    return f"wide_{'signed' if signed else 'unsigned'}"


def wide_float_definition(used: list[str]) -> list[str]:
    """The lines that define the helpers among these names, with those that they call."""
    lines: list[str] = []
    for prefix in ("float_from_wide", "double_from_wide", "wide"):
        if not any(name.startswith(f"{prefix}_") and name in WIDE_FLOAT_NAMES for name in used):
            continue
        type = prefix.split("_")[0]
        ldexp = "ldexpf" if type == "float" else "ldexp"
        parts = [_TO] if prefix == "wide" else [_FROM]
        if f"{prefix}_signed" in used:
            parts.append(_TO_SIGNED if prefix == "wide" else _FROM_SIGNED)
        lines += [line.format(type=type, ldexp=ldexp) for part in parts for line in part]
    return lines
