"""Total forms of C's partial operators: small functions that the emitted file defines where it needs them.

They compute what docs/semantics.md says: x/0 is all ones, x%0 is x, INT_MIN/−1 is INT_MIN with remainder
0, a shift by the width or more gives 0 or copies of the sign.
"""

from __future__ import annotations

from seer.emit.float_helpers import FLOAT_NAMES, float_definition
from seer.emit.wide_float_helpers import WIDE_FLOAT_NAMES, wide_float_definition

__all__ = ["NAMES", "definitions", "helper"]

_NATIVE = {
    "udiv": "static inline {u} udiv{b}({u} x, {u} y) {{ return y ? x / y : ~({u})0; }}",
    "urem": "static inline {u} urem{b}({u} x, {u} y) {{ return y ? x % y : x; }}",
    "sdiv": (
        "static inline {s} sdiv{b}({s} x, {s} y) "
        "{{ return y == 0 ? -1 : y == -1 ? ({s})(0 - ({u})x) : x / y; }}"
    ),
    "srem": "static inline {s} srem{b}({s} x, {s} y) {{ return y == 0 ? x : y == -1 ? 0 : x % y; }}",
    "shl": "static inline {u} shl{b}({u} x, {u} n) {{ return n < {b} ? x << n : 0; }}",
    "lshr": "static inline {u} lshr{b}({u} x, {u} n) {{ return n < {b} ? x >> n : 0; }}",
    "ashr": "static inline {s} ashr{b}({s} x, {u} n) {{ return x >> (n < {b} ? n : {last}); }}",
}

_WIDE = {
    "udiv": "return y != ap_uint<W>(0) ? ap_uint<W>(x / y) : ap_uint<W>(~ap_uint<W>(0));",
    "urem": "return y != ap_uint<W>(0) ? ap_uint<W>(x % y) : x;",
    "sdiv": (
        "const ap_int<W> n = x, d = y; "
        "return d == ap_int<W>(0) ? ap_uint<W>(~ap_uint<W>(0)) : "
        "d == ap_int<W>(-1) ? ap_uint<W>(ap_uint<W>(0) - x) : ap_uint<W>(n / d);"
    ),
    "srem": (
        "const ap_int<W> n = x, d = y; return d == ap_int<W>(0) ? x : "
        "d == ap_int<W>(-1) ? ap_uint<W>(0) : ap_uint<W>(n % d);"
    ),
    "shl": "return y < ap_uint<W>(W) ? ap_uint<W>(x << (int)y.to_uint64()) : ap_uint<W>(0);",
    "lshr": "return y < ap_uint<W>(W) ? ap_uint<W>(x >> (int)y.to_uint64()) : ap_uint<W>(0);",
    "ashr": "return ap_uint<W>(ap_int<W>(x) >> (y < ap_uint<W>(W) ? (int)y.to_uint64() : W - 1));",
}

NAMES = (
    frozenset(f"{name}{bits}" for name in _NATIVE for bits in (32, 64))
    | frozenset(f"{name}_wide" for name in _WIDE)
    | FLOAT_NAMES
    | frozenset(WIDE_FLOAT_NAMES)
)
"""Every name that a helper can have."""


def helper(operator: str, bits: int) -> str:
    """The helper's name for operands of 32 or 64 bits, or of an ap_uint of more than 64."""
    return f"{operator}{bits}" if bits <= 64 else f"{operator}_wide"


def definitions(used: list[str]) -> list[str]:
    """The lines that define the helpers of these names."""
    lines = []
    for name, pattern in _NATIVE.items():
        for bits, signed, unsigned in ((32, "int", "unsigned"), (64, "long long", "unsigned long long")):
            if helper(name, bits) in used:
                lines.append(pattern.format(b=bits, last=bits - 1, s=signed, u=unsigned))
    for name, body in _WIDE.items():
        if f"{name}_wide" in used:
            lines.append("template <int W>")
            lines.append(
                f"static inline ap_uint<W> {name}_wide(const ap_uint<W> &x, const ap_uint<W> &y) {{ {body} }}"
            )
    lines += wide_float_definition(used)
    return lines + [float_definition(name) for name in sorted(used) if name in FLOAT_NAMES]
