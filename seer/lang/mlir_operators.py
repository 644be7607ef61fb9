"""What the side-effect-free operations of MLIR compute, on integers of a width and on indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seer.lang.index_forms import (
    INDEX_WIDTH,
    Index,
    add,
    constant,
    divide,
    leaf,
    maximum,
    minimum,
    modulo,
    multiply,
    needed_width,
    nodes,
    to_expression,
)
from seer.lang.intervals import Intervals
from seer.lang.mlir_floats import float_meaning
from seer.lang.terms import TRUE, Const, Expr, Op

__all__ = [
    "COMPARISONS",
    "FREE",
    "OPERATIONS",
    "SCALING",
    "Computed",
    "Meaning",
    "is_index",
    "meaning",
    "within_index",
]

Computed = Expr | Index
Meaning = Callable[[list[Any]], Computed]

OPERATIONS: dict[str, str] = {
    "arith.addi": "add",
    "arith.subi": "sub",
    "arith.muli": "mul",
    "arith.divui": "udiv",
    "arith.divsi": "sdiv",
    "arith.remui": "urem",
    "arith.remsi": "srem",
    "arith.andi": "and",
    "arith.ori": "or",
    "arith.xori": "xor",
    "arith.shli": "shl",
    "arith.shrui": "lshr",
    "arith.shrsi": "ashr",
    "arith.select": "select",
    "arith.extui": "zext",
    "arith.extsi": "sext",
    "arith.trunci": "trunc",
}
"""The operations that are operators of SeerLang, comparisons apart."""

COMPARISONS: tuple[tuple[str, bool], ...] = (
    ("eq", False),
    ("ne", False),
    ("slt", False),
    ("sle", False),
    ("slt", True),
    ("sle", True),
    ("ult", False),
    ("ule", False),
    ("ult", True),
    ("ule", True),
)
"""By predicate number of `arith.cmpi`: the operator, and whether the operands are swapped."""

FREE = frozenset({"arith.addi", "arith.subi", "arith.extui", "arith.extsi", "arith.trunci"})
FREE |= {"arith.index_cast", "arith.index_castui", "arith.bitcast"}
"""What costs nothing on induction variables, parameters and constants."""

SCALING = frozenset({"arith.muli", "arith.shli"})
"""What costs nothing when an operand is constant besides."""

_EXTREMA: dict[str, tuple[str, bool]] = {
    "arith.minsi": ("slt", False),
    "arith.maxsi": ("slt", True),
    "arith.minui": ("ult", False),
    "arith.maxui": ("ult", True),
}


def meaning(operation: Any, width: int | None, intervals: Intervals) -> Meaning | None:
    """What `operation` computes from its operands; `width` is that of its result, None for an index.

    None if the operation is not known here.
    """
    name = operation.name
    on_indices = bool(len(operation.operands)) and is_index(operation.operands[-1])
    if name == "arith.cmpi":
        operator, swapped = COMPARISONS[operation.attributes["predicate"].value]
        if on_indices:
            return lambda v: _compare(operator, v[int(swapped)], v[int(not swapped)], intervals)
        return lambda v: Op(operator, 1, (v[1], v[0]) if swapped else tuple(v))
    if name in ("arith.index_cast", "arith.index_castui"):
        signed = name == "arith.index_cast"
        if width is None:
            return lambda v: _to_index(v[0], signed, intervals)
        return lambda v: _from_index(v[0], width, signed)
    if name in _EXTREMA:
        operator, greatest = _EXTREMA[name]
        if width is None:
            return _extremum_of_indices(operator, greatest, intervals)
        return lambda v: Op(
            "select", width, (Op(operator, 1, (v[1], v[0]) if greatest else tuple(v)), v[0], v[1])
        )
    if name not in OPERATIONS:
        return None if width is None else float_meaning(operation, width)
    operator = OPERATIONS[name]
    if width is None:
        return lambda v: _on_indices(operator, v, intervals)
    return lambda v: Op(operator, width, tuple(v))


def is_index(value: Any) -> bool:
    """Whether an SSA value has index type."""
    return str(value.type) == "index"


def within_index(value: Index, intervals: Intervals) -> Index:
    """`value` as an index holds it: wrapped to the index width if it may leave it."""
    half = 1 << (INDEX_WIDTH - 1)
    if -half <= value.lower and value.upper < half:
        return value
    return leaf(to_expression(value, INDEX_WIDTH), True, intervals)


def _to_index(value: Expr, signed: bool, intervals: Intervals) -> Index:
    if value.width > INDEX_WIDTH:
        return leaf(Op("trunc", INDEX_WIDTH, (value,)), True, intervals)
    if isinstance(value, Const):
        # A subscript keeps the width in which it was written.
        number = leaf(value, signed, intervals).lower
        return Index("const", number, number, (), value, signed)
    return leaf(value, signed, intervals)


def _from_index(value: Index, width: int, signed: bool) -> Expr:
    if width > INDEX_WIDTH:
        return Op("sext" if signed else "zext", width, (to_expression(value, INDEX_WIDTH),))
    if any(node.kind in ("floordiv", "mod", "min", "max") for node in nodes(value)):
        # These are exact only where nothing wraps; sums and products may be cut first.
        exact = max(width, needed_width([value]))
        wide = to_expression(value, exact)
        return wide if exact == width else Op("trunc", width, (wide,))
    return to_expression(value, width)


def _compare(operator: str, a: Index, b: Index, intervals: Intervals) -> Expr:
    a, b = within_index(a, intervals), within_index(b, intervals)
    exact = operator not in ("ult", "ule") or (a.lower >= 0 and b.lower >= 0)
    width = needed_width([a, b]) if exact else INDEX_WIDTH
    return Op(operator, 1, (to_expression(a, width), to_expression(b, width)))


def _extremum_of_indices(operator: str, greatest: bool, intervals: Intervals) -> Meaning:
    def compute(v: list[Any]) -> Computed:
        a, b = (within_index(value, intervals) for value in v)
        if operator == "slt" or (a.lower >= 0 and b.lower >= 0):
            return maximum(a, b) if greatest else minimum(a, b)
        pair = [to_expression(value, INDEX_WIDTH) for value in (a, b)]
        condition = Op(operator, 1, tuple(reversed(pair)) if greatest else tuple(pair))
        return leaf(Op("select", INDEX_WIDTH, (condition, *pair)), True, intervals)

    return compute


def _on_indices(operator: str, values: list[Any], intervals: Intervals) -> Index:
    if operator == "select":
        condition, a, b = values
        width = needed_width([a, b])
        if condition in (TRUE, Const(1, 0)):
            return a if condition is TRUE else b
        chosen = Op("select", width, (condition, to_expression(a, width), to_expression(b, width)))
        return leaf(chosen, True, intervals)
    a, b = (within_index(value, intervals) for value in values)
    by = b.constant
    match operator:
        case "add":
            return within_index(add(a, b), intervals)
        case "sub":
            negated = constant(-by) if by is not None else multiply(b, constant(-1))
            return within_index(add(a, negated), intervals)
        case "mul":
            return within_index(multiply(a, b), intervals)
        case "shl" if by is not None and 0 <= by < INDEX_WIDTH:
            return within_index(multiply(a, constant(1 << by)), intervals)
        case "udiv" | "sdiv" if by is not None and by > 0 and a.lower >= 0:
            return divide(a, by)
        case "urem" | "srem" if by is not None and by > 0 and a.lower >= 0:
            return modulo(a, by)
    pair = (to_expression(a, INDEX_WIDTH), to_expression(b, INDEX_WIDTH))
    return leaf(Op(operator, INDEX_WIDTH, pair), True, intervals)
