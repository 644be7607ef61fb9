"""Subscripts that are chosen at a border: the choice is made between elements instead."""

from __future__ import annotations

from typing import cast

from seer.lang.affine import AffineForms, Symbol
from seer.lang.operators import to_unsigned
from seer.lang.terms import Block, Const, Expr, Iv, Load, Op, Table
from seer.lang.traverse import Rewriter, subexpressions
from seer.verify.affine_conditions import AffineConditions

__all__ = ["unclamped"]

_MOST_CHOICES = 4
"""Choices in the subscripts of one load."""
_MOST_ITERATIONS = 1 << 14
_Values = dict[bool, list[tuple[Iv, int]]]
_SIGNS = {
    "slt": lambda gap: gap < 0,
    "sle": lambda gap: gap <= 0,
    "ult": lambda gap: gap < 0,
    "ule": lambda gap: gap <= 0,
    "eq": lambda gap: gap == 0,
    "ne": lambda gap: gap != 0,
}


def unclamped(units: Block, ivs: tuple[Iv, ...]) -> Block:
    """A[i > 0 ? i - 1 : 0]  -->  i > 0 ? A[i - 1] : A[i]

    for conditions on the counters `ivs`. A constant subscript that is chosen at one value of a counter only
    becomes a distance from that counter, so that it can be part of a window.
    """
    return _Unclamped(ivs).block(units)


class _Unclamped(Rewriter):
    def __init__(self, ivs: tuple[Iv, ...]) -> None:
        super().__init__()
        self._ivs = ivs
        self._forms = AffineForms()
        self._conditions = AffineConditions(self._forms)
        self._names: dict[Symbol, str] = {iv.level: "i" for iv in ivs}

    def _rebuild(self, node: Expr) -> Expr:
        made = super()._rebuild(node)
        if not isinstance(made, Load) or isinstance(made.array, Table):
            return made
        choices = sum(isinstance(e, Op) and e.name == "select" for e in subexpressions(*made.indices))
        return self._apart(made) if 0 < choices <= _MOST_CHOICES else made

    def _apart(self, load: Load) -> Expr:
        """A load with the choices in its subscripts around it, as far as counters make them."""
        for node in subexpressions(*load.indices):
            if isinstance(node, Op) and node.name == "select" and self._counts(node.operands[0]):
                condition, yes, no = node.operands
                values = self._values(condition)
                if values is not None and not (values[True] and values[False]):
                    return self._apart(_with(load, node, yes if values[True] else no))
                near = [_near(arm, values, holds) for arm, holds in ((yes, True), (no, False))]
                return Op(
                    "select", load.width, (condition, *(self._apart(_with(load, node, e)) for e in near))
                )
        return load

    def _counts(self, condition: Expr) -> bool:
        return self._conditions.text(condition, self._names) is not None

    def _values(self, condition: Expr) -> _Values | None:
        """At which values of the one counter that it depends on a comparison holds, and at which not."""
        if not isinstance(condition, Op) or condition.name not in _SIGNS:
            return None
        left, right = (self._forms.of(operand) for operand in condition.operands)
        if left is None or right is None:
            return None
        gap = left + right.scaled(-1)
        for iv in self._ivs:
            values = range(iv.lower, iv.upper, iv.step)
            if set(gap.coefficients) == {iv.level} and len(values) <= _MOST_ITERATIONS:
                factor, sign = gap.coefficients[iv.level], _SIGNS[condition.name]
                found: _Values = {True: [], False: []}
                for value in values:
                    found[sign(factor * value + gap.constant)].append((iv, value))
                return found
        return None


def _near(arm: Expr, values: _Values | None, holds: bool) -> Expr:
    """A constant as a distance from the counter that has one value where it is chosen."""
    if not isinstance(arm, Const) or values is None or len(values[holds]) != 1:
        return arm
    ((iv, value),) = values[holds]
    if iv.bits != arm.bits:
        return arm
    distance = Const(arm.bits, to_unsigned(arm.value - value, arm.bits))
    return iv if not distance.value else Op("add", arm.bits, (iv, distance))


def _with(load: Load, old: Expr, new: Expr) -> Load:
    """A load with another part of its subscripts."""
    return cast(Load, _Replacing(old, new).expression(load))


class _Replacing(Rewriter):
    """Puts one expression in another's place."""

    def __init__(self, old: Expr, new: Expr) -> None:
        super().__init__()
        self._old, self._new = old, new

    def _rebuild(self, node: Expr) -> Expr:
        return self._new if node is self._old else super()._rebuild(node)
