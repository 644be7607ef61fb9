"""Loop bounds as affine forms."""

from __future__ import annotations

from seer.lang.affine import Affine, Held, unsigned_reading
from seer.lang.intervals import Interval, Intervals
from seer.lang.operators import to_signed
from seer.lang.terms import Const, Expr, Iv, Load, LocalArray, Op, Param
from seer.lang.traverse import subexpressions

__all__ = ["affine_bound"]


def affine_bound(root: Expr) -> Affine | None:
    """A bound as an affine form; that it does not wrap is promised by `For`."""
    memo: dict[Expr, Affine | None] = {}
    intervals = Intervals()
    for node in subexpressions(root):
        memo[node] = _affine_node(node, memo, intervals)
    return memo[root]


def _affine_node(node: Expr, memo: dict[Expr, Affine | None], intervals: Intervals) -> Affine | None:
    match node:
        case Const():
            return Affine(to_signed(node.value, node.bits))
        case Iv():
            return Affine.build(0, {node.level: 1})
        case Param():
            return Affine.build(0, {node.name: 1})
        case Load(LocalArray() as array, ()):
            return Affine.build(0, {Held(array): 1})
        case Op(name, _, operands):
            forms = [memo[operand] for operand in operands]
            known = [form for form in forms if form is not None]
            if len(known) < len(forms):
                return None
            match name:
                case "add":
                    return known[0] + known[1]
                case "sub":
                    return known[0] + known[1].scaled(-1)
                case "mul" if not known[1].terms:
                    return known[0].scaled(known[1].constant)
                case "mul" if not known[0].terms:
                    return known[1].scaled(known[0].constant)
                case "shl" if not known[1].terms and known[1].constant >= 0:
                    return known[0].scaled(1 << known[1].constant)
                case "sext":
                    return known[0]
                case "zext" if intervals.of(operands[0]).slo >= 0:
                    return known[0]
                case "zext" if (symbol := unsigned_reading(node)) is not None:
                    return Affine.build(0, {symbol: 1})
                case "trunc" if _fits(intervals.of(operands[0]), node.width):
                    return known[0]
                case _:
                    return None
        case _:
            return None


def _fits(interval: Interval, width: int) -> bool:
    return -(1 << (width - 1)) <= interval.slo and interval.shi < 1 << (width - 1)
