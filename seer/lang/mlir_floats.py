"""Floats in MLIR: the types f32 and f64, the operations on them, and what each means on bit patterns.

SeerLang's values are bit vectors. Where they are written, each float operation stands between
`arith.bitcast` from and to integers; where they are read, f32 is a width of 32 and a bitcast is nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seer.lang.floats import canonical_nan
from seer.lang.mlir_bindings import ir
from seer.lang.terms import TRUE, Const, Expr, Op

__all__ = ["FLOAT_NAMES", "FLOAT_PREDICATES", "float_meaning", "float_type", "float_width"]

FLOAT_NAMES: dict[str, str] = {
    "fadd": "arith.addf",
    "fsub": "arith.subf",
    "fmul": "arith.mulf",
    "fdiv": "arith.divf",
    "fneg": "arith.negf",
    "fmod": "arith.remf",
    "sitofp": "arith.sitofp",
    "uitofp": "arith.uitofp",
    "fptosi": "arith.fptosi",
    "fptoui": "arith.fptoui",
    "fpext": "arith.extf",
    "fptrunc": "arith.truncf",
    "fabs": "math.absf",
    "fpow": "math.powf",
    "fma": "math.fma",
    **{
        f"f{name}": f"math.{name}"
        for name in (
            *("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "cbrt", "erf"),
            *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh"),
            *("atanh", "floor", "ceil", "round", "trunc", "roundeven", "atan2", "copysign"),
        )
    },
}
"""The operation of MLIR that each operator on floats is, comparisons apart."""

FLOAT_PREDICATES = {"feq": 1, "flt": 4, "fle": 5, "fne": 13}
"""The predicate of `arith.cmpf` that each comparison is written with."""

_NEGATED = {8: 6, 9: 5, 10: 4, 11: 3, 12: 2, 14: 7}
"""The unordered predicates (ueq, ugt, uge, ult, ule, uno) as what they are the opposite of."""

_OPERATORS = {name: operator for operator, name in FLOAT_NAMES.items()}
_EXTREMA = {
    "arith.maximumf": (True, True),
    "arith.minimumf": (False, True),
    "arith.maxnumf": (True, False),
    "arith.minnumf": (False, False),
}
"""Whether the greater operand is wanted, and whether a NaN operand gives NaN."""


def float_width(type: ir.Type) -> int | None:
    """The width of a float type, or None for any other type (also of floats that are not supported)."""
    if isinstance(type, ir.F32Type):
        return 32
    return 64 if isinstance(type, ir.F64Type) else None


def float_type(width: int) -> ir.Type:
    """The float type of 32 or 64 bits."""
    return ir.F32Type.get() if width == 32 else ir.F64Type.get()


def float_meaning(operation: Any, width: int) -> Callable[[list[Any]], Expr] | None:
    """What an operation on floats computes, or None if it is not known here; `width` is the result's."""
    name = operation.name
    if name == "arith.bitcast":
        return lambda v: v[0]
    if name == "arith.cmpf":
        predicate = operation.attributes["predicate"].value
        return lambda v: _compared(predicate, v[0], v[1])
    if name in _EXTREMA:
        greatest, strict = _EXTREMA[name]
        return lambda v: _extremum(greatest, strict, width, v[0], v[1])
    operator = _OPERATORS.get(name)
    return None if operator is None else lambda v: Op(operator, width, tuple(v))


def _compared(predicate: int, a: Expr, b: Expr) -> Expr:
    """A predicate of `arith.cmpf`; the unordered ones are true where an operand is NaN."""
    if predicate in (0, 15):
        return Const(1, predicate & 1)
    if predicate in _NEGATED:
        return Op("xor", 1, (_compared(_NEGATED[predicate], a, b), TRUE))
    match predicate:
        case 1:
            return Op("feq", 1, (a, b))
        case 2:
            return Op("flt", 1, (b, a))
        case 3:
            return Op("fle", 1, (b, a))
        case 4:
            return Op("flt", 1, (a, b))
        case 5:
            return Op("fle", 1, (a, b))
        case 6:
            return Op("or", 1, (Op("flt", 1, (a, b)), Op("flt", 1, (b, a))))
        case 7:
            return Op("and", 1, (Op("feq", 1, (a, a)), Op("feq", 1, (b, b))))
        case _:
            return Op("fne", 1, (a, b))


def _extremum(greatest: bool, strict: bool, width: int, a: Expr, b: Expr) -> Expr:
    first, second = (b, a) if greatest else (a, b)
    chosen = Op("select", width, (Op("flt", 1, (first, second)), a, b))
    if not strict:
        # A NaN loses against a number; of two zeros either will do.
        not_a, not_b = (Op("fne", 1, (x, x)) for x in (a, b))
        return Op("select", width, (not_b, a, Op("select", width, (not_a, b, chosen))))
    # Equal numbers have equal bits, but for zeros, of which the positive one is the greater.
    equal = Op("and" if greatest else "or", width, (a, b))
    ordered = Op("select", width, (Op("feq", 1, (a, b)), equal, chosen))
    unordered = Op("or", 1, (Op("fne", 1, (a, a)), Op("fne", 1, (b, b))))
    return Op("select", width, (unordered, Const(width, canonical_nan(width)), ordered))
