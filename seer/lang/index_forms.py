"""Index arithmetic: what MLIR computes on its `index` type, as exact integers, and as SeerLang expressions.

MLIR's `index` has no width of its own, SeerLang's subscripts and loop bounds have. An `Index` is a DAG
over the integers with an interval at each node; from the intervals follows the narrowest width at which
nothing wraps, and at that width the same DAG is an expression. Both directions of the exchange form are
built on it (docs/exchange.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seer.lang.intervals import Intervals
from seer.lang.operators import to_signed, to_unsigned
from seer.lang.terms import Const, Expr, Iv, Load, LocalArray, Op, Param
from seer.lang.traverse import subexpressions

__all__ = [
    "INDEX_WIDTH",
    "LINEAR",
    "Index",
    "add",
    "ceil_divide",
    "constant",
    "divide",
    "implied_hull",
    "index_of",
    "leaf",
    "linear_form",
    "maximum",
    "minimum",
    "modulo",
    "multiply",
    "needed_width",
    "nodes",
    "to_expression",
]

INDEX_WIDTH = 64
"""Bits in which MLIR's index arithmetic wraps on the machines it is lowered to."""

LINEAR = frozenset({"add", "sub", "mul", "sext", "zext", "trunc"})
"""The operators that a subscript written as an affine map may be spelled with."""


@dataclass(frozen=True, eq=False, repr=False)
class Index:
    """An integer: `const` (value), `leaf` (an expression read signed or unsigned), or an operation
    (`add`, `mul`, `floordiv`, `mod`, `min`, `max`) on integers; the divisor of the two is a positive
    constant. `lower` and `upper` bound it at all induction values in their hulls.
    """

    kind: str
    lower: int
    upper: int
    operands: tuple[Index, ...] = ()
    expression: Expr | None = None
    signed: bool = True

    @property
    def constant(self) -> int | None:
        return self.lower if self.kind == "const" else None


def constant(value: int) -> Index:
    return Index("const", value, value)


def leaf(expression: Expr, signed: bool, intervals: Intervals) -> Index:
    """The signed or unsigned reading of an expression."""
    if isinstance(expression, Const):
        value = expression.value
        return constant(to_signed(value, expression.bits) if signed else value)
    if isinstance(expression, Iv) and expression.lower >= expression.upper:
        # The code below a loop that never runs may mean anything, so it may as well fit its width.
        return Index("leaf", expression.lower, expression.lower, (), expression, signed)
    facts = intervals.of(expression)
    bounds = facts.signed_bounds if signed else (facts.ulo, facts.uhi)
    return Index("leaf", *bounds, (), expression, signed)


def add(a: Index, b: Index) -> Index:
    if a.constant is not None and b.constant is not None:
        return constant(a.constant + b.constant)
    if a.constant == 0 or b.constant == 0:
        return b if a.constant == 0 else a
    return Index("add", a.lower + b.lower, a.upper + b.upper, (a, b))


def multiply(a: Index, b: Index) -> Index:
    if a.constant is not None and b.constant is not None:
        return constant(a.constant * b.constant)
    if a.constant == 1 or b.constant == 1:
        return b if a.constant == 1 else a
    corners = [x * y for x in (a.lower, a.upper) for y in (b.lower, b.upper)]
    return Index("mul", min(corners), max(corners), (a, b))


def divide(a: Index, by: int) -> Index:
    """Division by a positive constant, rounding down."""
    if a.constant is not None:
        return constant(a.constant // by)
    return a if by == 1 else Index("floordiv", a.lower // by, a.upper // by, (a, constant(by)))


def ceil_divide(a: Index, by: int) -> Index:
    """Division by a positive constant, rounding up."""
    return divide(add(a, constant(by - 1)), by)


def modulo(a: Index, by: int) -> Index:
    """The remainder in [0, by) of division by a positive constant."""
    if a.lower >= 0 and a.upper < by:
        return a
    if a.constant is not None:
        return constant(a.constant % by)
    return Index("mod", 0, by - 1, (a, constant(by)))


def minimum(a: Index, b: Index) -> Index:
    if a.upper <= b.lower or b.upper <= a.lower:
        return a if a.upper <= b.lower else b
    return Index("min", min(a.lower, b.lower), min(a.upper, b.upper), (a, b))


def maximum(a: Index, b: Index) -> Index:
    if a.lower >= b.upper or b.lower >= a.upper:
        return a if a.lower >= b.upper else b
    return Index("max", max(a.lower, b.lower), max(a.upper, b.upper), (a, b))


def nodes(*roots: Index) -> list[Index]:
    """Each distinct node below `roots`, operands before users."""
    order: dict[Index, None] = {}
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if node in order:
            continue
        if ready:
            order[node] = None
        else:
            stack.append((node, True))
            stack.extend((operand, False) for operand in reversed(node.operands))
    return list(order)


def needed_width(roots: Iterable[Index], default: int = 32) -> int:
    """The width at which no node below `roots` wraps: that of the widest expression in them (`default` if
    there are only constants), doubled until it suffices, and `INDEX_WIDTH` if nothing does."""
    every = nodes(*roots)
    width = max((node.expression.width for node in every if node.expression is not None), default=default)
    while width < INDEX_WIDTH and not all(_fits(node, width) for node in every):
        width = min(2 * width, INDEX_WIDTH)
    return width


def _fits(node: Index, width: int) -> bool:
    least = node.lower
    if node.kind in ("floordiv", "mod") and node.operands[0].lower < 0:
        # Rounding down is spelled by subtracting divisor − 1 first.
        least = node.operands[0].lower - node.operands[1].lower + 1
    return _fits_signed(least, node.upper, width)


def _fits_signed(lower: int, upper: int, width: int) -> bool:
    return -(1 << (width - 1)) <= lower and upper < 1 << (width - 1)


def to_expression(root: Index, width: int) -> Expr:
    """`root` as an expression of `width` bits, equal to it modulo 2^width."""
    done: dict[Index, Expr] = {}
    for node in nodes(root):
        done[node] = _expression(node, width, done)
    return done[root]


def _expression(node: Index, width: int, done: dict[Index, Expr]) -> Expr:
    if node.kind == "const":
        return Const(width, to_unsigned(node.lower, width))
    if node.expression is not None:
        return _resized(node.expression, node.signed, width)
    a, b = (done[operand] for operand in node.operands)
    negated = _negated(node.operands[1])
    match node.kind:
        case "add" if negated is not None:
            subtrahend = negated if isinstance(negated, int) else done[negated]
            if isinstance(subtrahend, int):
                subtrahend = Const(width, to_unsigned(subtrahend, width))
            return Op("sub", width, (a, subtrahend))
        case "add" | "mul":
            return Op(node.kind, width, (a, b))
        case "min" | "max":
            first, second = (a, b) if node.kind == "min" else (b, a)
            return Op("select", width, (Op("slt", 1, (first, second)), a, b))
        case "floordiv" if node.operands[0].lower >= 0:
            return Op("udiv", width, (a, b))
        case "mod" if node.operands[0].lower >= 0:
            return Op("urem", width, (a, b))
    negative = Op("slt", 1, (a, Const(width, 0)))
    if node.kind == "floordiv":
        least = Op("sub", width, (a, Op("sub", width, (b, Const(width, 1)))))
        return Op("sdiv", width, (Op("select", width, (negative, least, a)), b))
    remainder = Op("srem", width, (a, b))
    below = Op("slt", 1, (remainder, Const(width, 0)))
    return Op("select", width, (below, Op("add", width, (remainder, b)), remainder))


def _negated(node: Index) -> Index | int | None:
    """What `+ node` subtracts: c for −c, e for e · −1."""
    if node.constant is not None:
        return -node.constant if node.constant < 0 else None
    if node.kind == "mul" and node.operands[1].constant == -1:
        return node.operands[0]
    return None


def _resized(expression: Expr, signed: bool, width: int) -> Expr:
    if expression.width == width:
        return expression
    if expression.width > width:
        return Op("trunc", width, (expression,))
    return Op("sext" if signed else "zext", width, (expression,))


def index_of(
    root: Expr, intervals: Intervals, operators: frozenset[str] = LINEAR, registers: bool = False
) -> Index | None:
    """The integer that `root` computes, as it is spelled, or None.

    Every node of `root` must be an induction variable, a parameter, a constant, with `registers` a
    zero-dimensional Local, or one of `operators` applied to such, where multiplication and shift are by
    constants and a change of width keeps the value; and nothing may wrap. The integer then equals the signed
    reading of `root`.
    """
    done: dict[Expr, Index] = {}
    for node in subexpressions(root):
        if registers and isinstance(node, Load) and isinstance(node.array, LocalArray) and not node.indices:
            form = leaf(node, True, intervals)
        else:
            form = _index_of(node, done, intervals, operators)
        if form is None or not _fits_signed(form.lower, form.upper, node.width):
            return None
        done[node] = form
    return done[root]


def _index_of(
    node: Expr, done: dict[Expr, Index], intervals: Intervals, operators: frozenset[str]
) -> Index | None:
    match node:
        case Const() | Param():
            return leaf(node, True, intervals)
        case Iv():
            return (
                leaf(node, True, intervals) if _fits_signed(node.lower, node.upper - 1, node.bits) else None
            )
        case Op(name, _, operands) if name in operators:
            a, b = done[operands[0]], done[operands[-1]]
            match name:
                case "add":
                    return add(a, b)
                case "sub":
                    return add(a, constant(-b.constant) if b.constant is not None else multiply(b, _MINUS))
                case "mul" if a.constant is not None or b.constant is not None:
                    return multiply(a, b)
                case "shl" if b.constant is not None and 0 <= b.constant < node.bits:
                    return multiply(a, constant(1 << b.constant))
                case "sext" | "trunc":
                    return a
                case "zext" if a.lower >= 0:
                    return a
                case "zext" if isinstance(operands[0], Param):
                    return leaf(operands[0], False, intervals)
    return None


_MINUS = constant(-1)

Leaf = tuple[Expr, bool]


def linear_form(root: Index) -> tuple[int, dict[Leaf, int]] | None:
    """Constant and coefficients by (expression, signed) of a linear integer; None if it is not linear."""
    done: dict[Index, tuple[int, dict[Leaf, int]]] = {}
    for node in nodes(root):
        match node.kind:
            case "const":
                done[node] = (node.lower, {})
            case "leaf" if node.expression is not None:
                done[node] = (0, {(node.expression, node.signed): 1})
            case "add":
                (c, a), (d, b) = (done[operand] for operand in node.operands)
                total = {key: a.get(key, 0) + b.get(key, 0) for key in (*a, *b)}
                done[node] = (c + d, {key: value for key, value in total.items() if value})
            case "mul":
                (c, a), (d, b) = (done[operand] for operand in node.operands)
                if a and b:
                    return None
                if a:
                    c, a, d, b = d, b, c, a
                done[node] = (c * d, {key: c * value for key, value in b.items() if c})
            case _:
                return None
    return done[root]


def implied_hull(lower: Index, upper: Index, step: int) -> tuple[int, int]:
    """The hull of a loop's values that its bounds imply.

    Between constant bounds it ends behind the last value that the step reaches.
    """
    first, limit = lower.lower, upper.upper
    if lower.constant is not None and upper.constant is not None and first < limit:
        limit = first + (limit - 1 - first) // step * step + 1
    return first, limit
