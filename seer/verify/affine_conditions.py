"""Conditions on loop counters and parameters as isl's text."""

from __future__ import annotations

from seer.lang.affine import AffineForms
from seer.lang.terms import TRUE, Expr, Op
from seer.verify.presburger import Names, Space

__all__ = ["AffineConditions"]

_SIGNED = {"slt": "<", "sle": "<=", "eq": "=", "ne": "!="}
_UNSIGNED = {"ult": "<", "ule": "<="}
_BETWEEN = {"and": "and", "or": "or"}


class AffineConditions:
    """Which one-bit expressions are comparisons of affine forms, and what they say in isl's language."""

    def __init__(self, forms: AffineForms) -> None:
        self._forms = forms

    def text(self, condition: Expr, names: Names) -> str | None:
        """`condition` over the symbols of `names`; None where it depends on anything else."""
        if not isinstance(condition, Op) or condition.bits != 1:
            return {0: "1 = 0", 1: "0 = 0"}.get(getattr(condition, "value", 2))
        operands = condition.operands
        if condition.name in _BETWEEN:
            left, right = (self.text(operand, names) for operand in operands)
            return None if left is None or right is None else f"(({left}) {condition.name} ({right}))"
        if condition.name == "xor" and operands[1] is TRUE:
            inner = self.text(operands[0], names)
            return None if inner is None else f"(not ({inner}))"
        return self._comparison(condition, names)

    def split(self, condition: Expr, names: Names) -> tuple[list[str], Expr]:
        """The affine conjuncts of `condition`, and the conjunction of the others."""
        text = self.text(condition, names)
        if text is not None:
            return ([] if condition is TRUE else [text]), TRUE
        if not isinstance(condition, Op) or condition.name != "and":
            return [], condition
        texts: list[str] = []
        rest: list[Expr] = []
        for operand in condition.operands:
            found, left = self.split(operand, names)
            texts += found
            rest += [] if left is TRUE else [left]
        return texts, rest[0] if len(rest) == 1 else Op("and", 1, tuple(rest))

    def _comparison(self, condition: Op, names: Names) -> str | None:
        sign = _SIGNED.get(condition.name) or _UNSIGNED.get(condition.name)
        forms = [self._forms.of(operand) for operand in condition.operands]
        if sign is None or len(forms) != 2:
            return None
        if condition.name in _UNSIGNED and any(
            self._forms.intervals.of(operand).slo < 0 for operand in condition.operands
        ):
            return None
        left, right = forms
        if left is None or right is None:
            return None
        if any(symbol not in names for form in (left, right) for symbol in form.coefficients):
            return None
        return f"{Space.text(left, names)} {sign} {Space.text(right, names)}"
