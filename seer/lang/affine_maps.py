"""Affine maps of MLIR as `Index` integers, and the spelling that a map forgets.

MLIR simplifies the expressions of its maps (`1 + i` becomes `i + 1`, widths are gone), SeerLang keeps
subscripts and bounds as written. Where the expression that reading a map gives is not the original one,
`spell` writes the original beside the map as a string; `respell` takes it back only if it still computes
the same integer, so a pass that changed the map has dropped the spelling by that.

A spelling lists nodes, operands before users, separated by `;`: `d1:32` (input 1 of the map, an
expression of 32 bits), `const:32:7`, or an operator with result width and the positions of its operands
(`add:32:0:1`). The last node is the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from seer.lang.index_forms import (
    LINEAR,
    Index,
    Leaf,
    add,
    ceil_divide,
    constant,
    divide,
    index_of,
    linear_form,
    modulo,
    multiply,
    needed_width,
    nodes,
    to_expression,
)
from seer.lang.intervals import Intervals
from seer.lang.mlir_bindings import ir
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Expr, Op
from seer.lang.traverse import subexpressions

__all__ = [
    "BOUND_OPERATORS",
    "evaluate",
    "flattened",
    "respell",
    "spell",
    "subscript",
    "to_affine",
    "unfolded_size",
]

BOUND_OPERATORS = LINEAR | {"shl"}
"""The operators that a loop bound may be spelled with."""


def evaluate(expression: ir.Attribute, inputs: Sequence[Index], dimensions: int) -> Index | None:
    """The integer that an affine expression computes from the map's inputs (dimensions, then symbols).

    None where it divides by something that is not a positive constant.
    """
    if isinstance(expression, ir.AffineConstantExpr):
        return constant(expression.value)
    if isinstance(expression, ir.AffineDimExpr):
        return inputs[expression.position]
    if isinstance(expression, ir.AffineSymbolExpr):
        return inputs[dimensions + expression.position]
    left = evaluate(expression.lhs, inputs, dimensions)
    right = evaluate(expression.rhs, inputs, dimensions)
    if left is None or right is None:
        return None
    if isinstance(expression, ir.AffineAddExpr):
        return add(left, right)
    if isinstance(expression, ir.AffineMulExpr):
        return multiply(left, right)
    divisor = right.constant
    if divisor is None or divisor <= 0:
        return None
    if isinstance(expression, ir.AffineModExpr):
        return modulo(left, divisor)
    return (ceil_divide if isinstance(expression, ir.AffineCeilDivExpr) else divide)(left, divisor)


def unfolded_size(root: Index) -> int:
    """The number of nodes of `root` written as a tree."""
    sizes: dict[Index, int] = {}
    for node in nodes(root):
        sizes[node] = 1 + sum(sizes[operand] for operand in node.operands)
    return sizes[root]


def flattened(root: Index) -> Index:
    """A linear integer as the sum of its constant and of multiples of its leaves; small in every case."""
    form = linear_form(root)
    if form is None:
        raise ValueError("not linear")
    leaves = {(n.expression, n.signed): n for n in nodes(root) if n.expression is not None}
    total = constant(0)
    for key, coefficient in form[1].items():
        total = add(total, multiply(leaves[key], constant(coefficient)))
    return add(total, constant(form[0]))


def to_affine(root: Index, variable: Callable[[Leaf], ir.Attribute]) -> ir.Attribute:
    """`root`, made of additions and multiplications by constants, as an affine expression.

    `variable` gives the dimension or symbol that stands for a leaf.
    """
    done: dict[Index, ir.Attribute] = {}
    for node in nodes(root):
        if node.constant is not None:
            done[node] = ir.AffineExpr.get_constant(node.constant)
        elif node.expression is not None:
            done[node] = variable((node.expression, node.signed))
        else:
            a, b = (done[operand] for operand in node.operands)
            done[node] = ir.AffineExpr.get_add(a, b) if node.kind == "add" else ir.AffineExpr.get_mul(a, b)
    return done[root]


def subscript(index: Index, extent: int) -> Expr:
    """An expression that, read unsigned, is `index` wherever that is in [0, extent), else out of bounds."""
    if index.expression is not None and not index.signed:
        return index.expression
    width = needed_width([index])
    if index.lower < 0:
        while (1 << (width - 1)) < extent:
            width *= 2
    return to_expression(index, width)


def spell(root: Expr, inputs: Sequence[Expr]) -> str:
    """The spelling of `root` over the expressions that the map's inputs stand for."""
    positions: dict[Expr, int] = {}
    entries: list[str] = []
    # An input is written as such, so what is below it (a parameter under its extension) is skipped.
    for node in subexpressions(root):
        if node in inputs:
            entry = f"d{inputs.index(node)}:{node.width}"
        elif isinstance(node, Const):
            entry = f"const:{node.bits}:{node.value}"
        elif isinstance(node, Op):
            entry = ":".join([node.name, str(node.bits), *(str(positions[o]) for o in node.operands)])
        else:
            raise ValueError(f"{node!r} is no input of the map")
        positions[node] = len(entries)
        entries.append(entry)
    return ";".join(entries)


def respell(text: str, meaning: Index, inputs: Sequence[Index], intervals: Intervals) -> Expr | None:
    """The expression spelled by `text` if it computes `meaning`, else None."""
    try:
        root = _parse(text, inputs)
    except (ValueError, IndexError, KeyError):
        # A pass renumbered the map's inputs, or somebody else wrote this attribute.
        return None
    form = index_of(root, intervals, BOUND_OPERATORS)
    if form is None or (spelled := linear_form(form)) is None or spelled != linear_form(meaning):
        return None
    return root


def _parse(text: str, inputs: Sequence[Index]) -> Expr:
    made: list[Expr] = []
    for entry in text.split(";"):
        kind, *numbers = entry.split(":")
        width, *rest = (int(number) for number in numbers)
        if kind == "const":
            made.append(Const(width, *rest))
        elif kind in OPERATORS:
            made.append(Op(kind, width, tuple(made[position] for position in rest)))
        else:
            expression = inputs[int(kind.removeprefix("d"))].expression
            if expression is None or expression.width != width:
                raise ValueError(f"input {kind} is no expression of {width} bits")
            made.append(expression)
    return made[-1]
