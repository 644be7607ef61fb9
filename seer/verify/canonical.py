"""Expressions up to the spelling of their affine parts, so that `3*(2*i'+1)` equals `3*i` with i = 2*i'+1.

Every expression gets a number from a shared table; equal numbers mean equal values at corresponding
instances. An affine part is known by its form and its width, everything else by its operator and the
numbers of its operands.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from seer.lang.affine import Affine, AffineForms, Symbol
from seer.lang.operators import OPERATORS, to_signed, to_unsigned
from seer.lang.terms import Array, Expr, Iv, Load, Op
from seer.lang.traverse import subexpressions
from seer.verify.correspondence import substitute

__all__ = ["Canonical", "Numbering"]


class Numbering:
    """The table of numbers that the two sides of one comparison share."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._affine: dict[int, Affine] = {}
        self._conjuncts: dict[int, frozenset[int]] = {}

    def conjunction(self, numbers: Iterable[int]) -> int:
        """The number of a conjunction of conditions, whatever their order."""
        found: set[int] = set()
        for number in numbers:
            if self.constant(number) is None:
                found |= self._conjuncts.get(number, {number})
            elif self.constant(number) == 0:
                return number
        if len(found) == 1:
            return found.pop()
        number = self.number(("all of", frozenset(found))) if found else self.affine(1, Affine(-1))
        self._conjuncts[number] = frozenset(found)
        return number

    def number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def affine(self, width: int, form: Affine) -> int:
        number = self.number(("affine", width, form))
        self._affine[number] = form
        return number

    def constant(self, number: int) -> int | None:
        """The signed value behind a number that stands for a constant."""
        form = self._affine.get(number)
        return form.constant if form is not None and not form.terms else None


class Canonical:
    """Numbers of the expressions of one store, its induction variables replaced by `instance`.

    `array` gives the name under which an array is compared.
    """

    def __init__(
        self,
        numbering: Numbering,
        forms: AffineForms,
        instance: Mapping[Symbol, Affine],
        array: Callable[[Array], Hashable],
    ) -> None:
        self._numbering = numbering
        self._forms = forms
        self._instance = instance
        self._array = array
        self._memo: dict[Expr, int] = {}

    def of(self, root: Expr) -> int:
        for node in subexpressions(root):
            if node not in self._memo:
                self._memo[node] = self._node(node)
        return self._memo[root]

    def index(self, root: Expr) -> Hashable:
        """Like `of`, for a subscript: it is read as an unsigned number, whatever its width."""
        form = self._forms.of(root)
        if form is not None and self._forms.intervals.of(root).slo >= 0:
            return ("index", substitute(form, self._instance))
        return self.of(root)

    def _node(self, node: Expr) -> int:
        form = self._forms.of(node)
        if form is not None:
            return self._numbering.affine(node.width, substitute(form, self._instance))
        match node:
            case Op(name, bits, operands):
                numbers = [self._memo[operand] for operand in operands]
                folded = self._folded(node, numbers)
                if folded is None and name == "and" and bits == 1:
                    return self._numbering.conjunction(numbers)
                return self._numbering.number((name, bits, *numbers)) if folded is None else folded
            case Load(array, indices):
                return self._numbering.number(("load", self._array(array), *map(self.index, indices)))
            case Iv(bits, level):
                # Its value wraps somewhere, but is known all the same by the number that it reduces.
                counter = substitute(Affine.build(0, {level: 1}), self._instance)
                return self._numbering.number(("iv", bits, counter))
            case _:
                raise TypeError(type(node).__name__)

    def _folded(self, node: Op, numbers: list[int]) -> int | None:
        """The number of the value if all operands have become constants, else None."""
        values: list[int] = []
        for operand, number in zip(node.operands, numbers, strict=True):
            constant = self._numbering.constant(number)
            if constant is None:
                return None
            values.append(to_unsigned(constant, operand.width))
        value = OPERATORS[node.name].evaluate(node.operands[-1].width, node.bits, *values)
        return self._numbering.affine(node.bits, Affine(to_signed(value, node.bits)))
