"""Floating-point operations in the exchange form: on bit patterns, between bitcasts."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from seer.frontend.types import CType
from seer.lang.mlir_bindings import arith, ir

__all__ = [
    "FLOAT_ARITHMETIC",
    "FLOAT_COMPARISONS",
    "MATH_OPERATORS",
    "conversion",
    "convert_number",
    "float_bits",
    "operation",
]

_math: Any = import_module(arith.__name__.rsplit(".", 1)[0] + ".math")

FLOAT_ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
FLOAT_COMPARISONS = {"eq": "feq", "ne": "fne", "lt": "flt", "le": "fle"}
"""The operators on floats by C's arithmetic operator, and by what is compared."""

_ARITH = {
    "fadd": "AddFOp",
    "fsub": "SubFOp",
    "fmul": "MulFOp",
    "fdiv": "DivFOp",
    "fneg": "NegFOp",
    "fmod": "RemFOp",
}
_PREDICATES = {"feq": "OEQ", "fne": "UNE", "flt": "OLT", "fle": "OLE"}
_CONVERSIONS = {
    "sitofp": "SIToFPOp",
    "uitofp": "UIToFPOp",
    "fptosi": "FPToSIOp",
    "fptoui": "FPToUIOp",
    "fpext": "ExtFOp",
    "fptrunc": "TruncFOp",
}
_MATH = {
    "fabs": "AbsFOp", "fsqrt": "SqrtOp", "fcbrt": "CbrtOp", "fexp": "ExpOp", "fexp2": "Exp2Op",
    "fexpm1": "ExpM1Op", "flog": "LogOp", "flog2": "Log2Op", "flog10": "Log10Op", "flog1p": "Log1pOp",
    "ferf": "ErfOp", "fsin": "SinOp", "fcos": "CosOp", "ftan": "TanOp", "fasin": "AsinOp", "facos": "AcosOp",
    "fatan": "AtanOp", "fsinh": "SinhOp", "fcosh": "CoshOp", "ftanh": "TanhOp", "fasinh": "AsinhOp",
    "facosh": "AcoshOp", "fatanh": "AtanhOp", "ffloor": "FloorOp", "fceil": "CeilOp", "fround": "RoundOp",
    "ftrunc": "TruncOp", "froundeven": "RoundEvenOp", "fpow": "PowFOp", "fatan2": "Atan2Op",
    "fcopysign": "CopySignOp", "fma": "FmaOp",
}  # fmt: skip

MATH_OPERATORS = {
    **{name.removeprefix("f"): name for name in _MATH if name != "fma"},
    "fabs": "fabs",
    "fma": "fma",
    "fmod": "fmod",
    "rint": "froundeven",
    "nearbyint": "froundeven",
}
"""Operators by the name in math.h of the function on double; `abs` is that of integers."""
del MATH_OPERATORS["abs"]


def float_bits(number: float, width: int) -> int:
    """The bit pattern of a number that a type of `width` bits holds exactly, or of the one next to it."""
    integer, floating = ("<I", "<f") if width == 32 else ("<Q", "<d")
    try:
        return struct.unpack(integer, struct.pack(floating, number))[0]
    except OverflowError:
        return 0x7F800000 | (0x80000000 if number < 0 else 0)


def operation(name: str, width: int, operands: Sequence[ir.Value]) -> ir.Value:
    """Operator `name` on bit patterns of `width` bits: one bit for a comparison, else a bit pattern."""
    values = [arith.BitcastOp(_float(width), operand).result for operand in operands]
    if name in _PREDICATES:
        return arith.CmpFOp(getattr(arith.CmpFPredicate, _PREDICATES[name]), *values).result
    build = getattr(arith, _ARITH[name]) if name in _ARITH else getattr(_math, _MATH[name])
    return arith.BitcastOp(ir.IntegerType.get_signless(width), build(*values).result).result


def convert_number(name: str, result: int, value: ir.Value) -> ir.Value:
    """Conversion `name` of a value to `result` bits; floats are bit patterns on both sides."""
    build = getattr(arith, _CONVERSIONS[name])
    integer = ir.IntegerType.get_signless(result)
    if name in ("fptosi", "fptoui", "fpext", "fptrunc"):
        value = arith.BitcastOp(_float(value.type.width), value).result
    if name in ("fptosi", "fptoui"):
        return build(integer, value).result
    return arith.BitcastOp(integer, build(_float(result), value).result).result


def conversion(source: CType, target: CType) -> str | None:
    """The operator that converts between two types of which one is floating; None if nothing changes."""
    if source.floating and target.floating:
        return None if source.width == target.width else "fpext" if source.width < target.width else "fptrunc"
    if target.floating:
        return "sitofp" if source.signed else "uitofp"
    return "fptosi" if target.signed else "fptoui"


def _float(width: int) -> ir.Type:
    return ir.F32Type.get() if width == 32 else ir.F64Type.get()
