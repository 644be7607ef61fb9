"""Programs in which nothing is left that LLVM calls undefined or poison.

SeerLang's expressions are total; the operations of MLIR that they are written with are not. Here each
partial operation that intervals do not prove harmless gets its remaining cases spelled out:

    x / y       -->  y == 0 ? all ones : x / (y == 0 || (x == MIN && y == -1) ? 1 : y)
    x % y       -->  y == 0 ? x : x % (the same)
    x << y      -->  y < width ? x << y : 0              (x >> y likewise, a signed one by at most width - 1)
    (int)f      -->  f in the range ? (int)f : MIN
    x + y       -->  x + y is no number ? the canonical NaN : x + y      (all that gives a float)
    copysign    -->  and, or
    a[i]        -->  i < n ? a[i < n ? i : 0] : the value that loads out of bounds give
    a[i] = v    -->  if (i < n) a[i] = v
"""

from __future__ import annotations

import struct

from seer.lang.floats import canonical_nan
from seer.lang.index_forms import INDEX_WIDTH
from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    Load,
    Op,
    Statement,
    Store,
    out_of_bounds_value,
)
from seer.lang.traverse import Rewriter

__all__ = ["total"]


def total(block: Block) -> Block:
    """`block` with the same meaning, without partial operations."""
    return _Totaliser().block(block)


class _Totaliser(Rewriter):
    def __init__(self) -> None:
        super().__init__()
        self._intervals = Intervals()

    def _rebuild(self, node: Expr) -> Expr:
        match super()._rebuild(node):
            case Load(array, indices):
                return self._load(array, indices)
            case Op(name, bits, (a, b)) if name in ("udiv", "urem", "sdiv", "srem"):
                return self._division(name, bits, a, b)
            case Op(name, bits, (a, b)) if name in ("shl", "lshr", "ashr"):
                return self._shift(name, bits, a, b)
            case Op("fptosi" | "fptoui" as name, bits, (a,)):
                return _to_integer(name, bits, a)
            case Op("fcopysign", bits, (a, b)):
                # MLIR's own has no lowering once the other functions of the library have theirs.
                return _copysign(bits, a, b)
            case Op(name, bits) as rebuilt if OPERATORS[name].float_operands and OPERATORS[name].float_result:
                # A program may look at the bits of a float.
                return _select(Op("fne", 1, (rebuilt, rebuilt)), Const(bits, canonical_nan(bits)), rebuilt)
            case rebuilt:
                return rebuilt

    def statement(self, s: Statement) -> Statement:
        rebuilt = super().statement(s)
        if not isinstance(rebuilt, Store):
            return rebuilt
        when = self._exists(rebuilt.array.type, rebuilt.indices)
        if when is not TRUE and rebuilt.when is not TRUE:
            when = Op("and", 1, (rebuilt.when, when))
        elif when is TRUE:
            when = rebuilt.when
        return Store(rebuilt.array, tuple(map(_as_index, rebuilt.indices)), rebuilt.value, when)

    def _exists(self, type: ArrayType, indices: tuple[Expr, ...]) -> Expr:
        """Whether the element at `indices` exists: TRUE itself where intervals prove it."""
        condition: Expr = TRUE
        for index, extent in zip(indices, type.shape, strict=True):
            if self._intervals.of(index).uhi < extent:
                continue
            inside = Op("ult", 1, (index, Const(index.width, extent)))
            condition = inside if condition is TRUE else Op("and", 1, (condition, inside))
        return condition

    def _load(self, array: Array, indices: tuple[Expr, ...]) -> Expr:
        exists = self._exists(array.type, indices)
        narrow = tuple(map(_as_index, indices))
        if exists is TRUE:
            return Load(array, narrow)
        otherwise = Const(array.type.width, out_of_bounds_value(array.type))
        if 0 in array.type.shape:
            return otherwise
        safe = tuple(_select(exists, index, Const(index.width, 0)) for index in narrow)
        return _select(exists, Load(array, safe), otherwise)

    def _division(self, name: str, bits: int, a: Expr, b: Expr) -> Expr:
        zero, one, ones = Const(bits, 0), Const(bits, 1), Const(bits, mask(bits))
        by_zero = Op("eq", 1, (b, zero))
        signed = name in ("sdiv", "srem")
        undefined = by_zero if self._intervals.of(b).ulo == 0 else None
        if signed and bits == 1:
            # The one divisor besides 0 is -1, and -1 / -1 is 1, which wraps to -1.
            return _select(by_zero, ones if name == "sdiv" else a, a if name == "sdiv" else zero)
        divisor = b
        if signed:
            least = Const(bits, 1 << (bits - 1))
            overflow = Op("and", 1, (Op("eq", 1, (a, least)), Op("eq", 1, (b, ones))))
            divisor = _select(Op("or", 1, (by_zero, overflow)), one, b)
        elif undefined is not None:
            divisor = _select(by_zero, one, b)
        result = Op(name, bits, (a, divisor))
        if undefined is None:
            return result
        return _select(by_zero, ones if name in ("udiv", "sdiv") else a, result)

    def _shift(self, name: str, bits: int, a: Expr, b: Expr) -> Expr:
        if self._intervals.of(b).uhi < bits:
            return Op(name, bits, (a, b))
        inside = Op("ult", 1, (b, Const(bits, bits)))
        if name == "ashr":
            return Op(name, bits, (a, _select(inside, b, Const(bits, bits - 1))))
        return _select(inside, Op(name, bits, (a, b)), Const(bits, 0))


def _select(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    return Op("select", then.width, (condition, then, otherwise))


def _copysign(bits: int, a: Expr, b: Expr) -> Expr:
    sign, rest = Const(bits, 1 << (bits - 1)), Const(bits, mask(bits - 1))
    joined = Op("or", bits, (Op("and", bits, (a, rest)), Op("and", bits, (b, sign))))
    return _select(Op("fne", 1, (a, a)), Const(bits, canonical_nan(bits)), joined)


def _as_index(index: Expr) -> Expr:
    """A subscript that is known to be in bounds, at a width that can be written."""
    return index if index.width <= INDEX_WIDTH else Op("trunc", INDEX_WIDTH, (index,))


def _to_integer(name: str, bits: int, a: Expr) -> Expr:
    """A conversion that truncates, with 1 followed by zeros for what `bits` bits cannot hold."""
    signed = name == "fptosi"
    lower = -(1 << (bits - 1)) if signed else 0
    # Everything above lower - 1 truncates to lower or more. Where that number is no float, neither is
    # anything between it and lower.
    below = float(lower - 1)
    exact = int(_rounded(below, a.width)) == lower - 1
    bound = below if exact else float(lower)
    above = Op("flt" if exact else "fle", 1, (_float(bound, a.width), a))
    limit = _float(2.0 ** (bits - 1 if signed else bits), a.width)
    inside = Op("and", 1, (above, Op("flt", 1, (a, limit))))
    return _select(inside, Op(name, bits, (a,)), Const(bits, 1 << (bits - 1)))


def _rounded(value: float, width: int) -> float:
    return value if width == 64 else struct.unpack("<f", struct.pack("<f", value))[0]


def _float(value: float, width: int) -> Const:
    """A power of two, or one less, as a constant; infinity where the format ends below it."""
    integer, number = ("<I", "<f") if width == 32 else ("<Q", "<d")
    try:
        packed = struct.pack(number, value)
    except OverflowError:
        packed = struct.pack(number, float("inf"))
    return Const(width, struct.unpack(integer, packed)[0])
