"""Conditions together, and what one says of the operands of its comparisons where it holds."""

from __future__ import annotations

from collections.abc import Iterator

from seer.lang.intervals import Interval
from seer.lang.operators import to_signed
from seer.lang.terms import TRUE, Const, Expr, Load, Op, Param

__all__ = ["both", "holding", "through"]


def both(a: Expr, b: Expr) -> Expr:
    """The conjunction of two conditions."""
    return b if a is TRUE else a if b is TRUE else Op("and", 1, (a, b))


def holding(condition: Expr, negated: bool = False) -> Iterator[tuple[Expr, Interval]]:
    """Operands with the ranges that they have if a condition holds (or does not)."""
    stack = [(condition, negated)]
    while stack:
        node, negative = stack.pop()
        match node:
            case Op("and", 1, (a, b)) if not negative:
                stack += [(b, False), (a, False)]
            case Op("or", 1, (a, b)) if negative:
                stack += [(b, True), (a, True)]
            case Op("select", 1, (p, a, Const(_, 0))) if not negative:
                stack += [(a, False), (p, False)]
            case Op("xor", 1, (a, Const(_, 1))):
                stack.append((a, not negative))
            case Op("ne" | "eq" as name, 1, (Op("zext", _, (p,)), Const(_, 0))) if p.width == 1:
                stack.append((p, negative if name == "ne" else not negative))
            case Op(name, 1, (a, b)) if name in _NEGATED:
                kind = _NEGATED[name] if negative else name
                if isinstance(b, Const):
                    yield a, _satisfying(kind, b, left=True)
                elif isinstance(a, Const):
                    yield b, _satisfying(kind, a, left=False)


_NEGATED = {"slt": "sge", "sle": "sgt", "ult": "uge", "ule": "ugt", "eq": "ne", "ne": "eq"}


def _satisfying(kind: str, bound: Const, *, left: bool) -> Interval:
    """The values x with `x kind bound`, or `bound kind x` where x is not on the left."""
    width, whole = bound.width, Interval.full(bound.width)
    if kind == "eq":
        return Interval.unsigned(width, bound.value, bound.value)
    if kind == "ne":
        return whole
    signed = kind[0] == "s"
    low, high = (whole.slo, whole.shi) if signed else (whole.ulo, whole.uhi)
    number = to_signed(bound.value, width) if signed else bound.value
    order = kind[1:] if left else {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}[kind[1:]]
    match order:
        case "lt":
            high = number - 1
        case "le":
            high = number
        case "gt":
            low = number + 1
        case _:
            low = number
    return (Interval.signed if signed else Interval.unsigned)(width, low, high)


def through(operand: Expr, interval: Interval) -> Iterator[tuple[Expr, Interval]]:
    """The load or parameter below extensions, with its own range."""
    while isinstance(operand, Op) and operand.name in ("zext", "sext"):
        inner = operand.operands[0]
        width = inner.width
        if operand.name == "zext":
            interval = Interval.unsigned(width, interval.ulo, min(interval.uhi, (1 << width) - 1))
        else:
            whole = Interval.full(width)
            low, high = max(interval.slo, whole.slo), min(interval.shi, whole.shi)
            interval = Interval.signed(width, low, high)
        operand = inner
    if isinstance(operand, (Load, Param)):
        yield operand, interval
