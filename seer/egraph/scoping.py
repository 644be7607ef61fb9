"""Whether a term taken out of the e-graph is a program.

A class may hold members that name induction variables or Locals which are not in scope where the class is
used: in `for (i…) A[i] = x + i − i` the class of x has a member with i. A cheapest choice hardly ever takes
one, and what it takes is checked here before it is used.
"""

from __future__ import annotations

from seer.egraph.language import Term
from seer.lang.affine import AffineForms
from seer.lang.loop_bounds import bound_problem
from seer.lang.terms import (
    Block,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import bodies, expressions, unknown

__all__ = ["ill_formed"]


def ill_formed(
    term: Term, ivs: frozenset[Iv] = frozenset(), arrays: frozenset[LocalArray] = frozenset()
) -> str | None:
    """What is wrong with a block or statement under the given enclosing binders; None if nothing is.

    Every induction variable and Local must be bound, a Local by one scope at a time, and bounds of loops must
    be affine and mean the same all along the loop.
    """
    return _Checker().block(term if isinstance(term, tuple) else (term,), ivs, arrays)  # type: ignore[arg-type]


class _Checker:
    def __init__(self) -> None:
        self._forms = AffineForms(registers=True)
        self._free: dict[Expr, tuple[frozenset[Iv], frozenset[LocalArray]]] = {}

    def block(self, block: Block, ivs: frozenset[Iv], arrays: frozenset[LocalArray]) -> str | None:
        for statement in block:
            found = self._statement(statement, ivs, arrays)
            if found is not None:
                return found
        return None

    def _statement(
        self, statement: Statement, ivs: frozenset[Iv], arrays: frozenset[LocalArray]
    ) -> str | None:
        for expr in expressions(statement):
            used_ivs, used_arrays = self._names(expr)
            if not used_ivs <= ivs:
                return "an induction variable is used out of its loop"
            if not used_arrays <= arrays:
                return "a local array is used out of its scope"
        match statement:
            case Store(array) if isinstance(array, LocalArray) and array not in arrays:
                return "a local array is written out of its scope"
            case For(iv, lower, upper, body):
                if (problem := bound_problem(statement)) is not None:
                    return problem
                if self._forms.of(lower) is None or self._forms.of(upper) is None:
                    return "a loop bound is not affine"
                outer = frozenset(other for other in ivs if other.level < iv.level)
                return self.block(body, outer | {iv}, arrays)
            case While() | If() | Group():
                found = [self.block(body, ivs, arrays) for body in bodies(statement)]
                return next((problem for problem in found if problem is not None), None)
            case Local(array, body):
                if array in arrays:
                    return "a local array is bound again in its own scope"
                return self.block(body, ivs, arrays | {array})
        return None

    def _names(self, root: Expr) -> tuple[frozenset[Iv], frozenset[LocalArray]]:
        """The induction variables and Locals that an expression names; memoised by node."""
        for node in unknown(root, self._free):
            ivs: frozenset[Iv] = frozenset({node}) if isinstance(node, Iv) else frozenset()
            arrays: frozenset[LocalArray] = frozenset()
            if isinstance(node, Load) and isinstance(node.array, LocalArray):
                arrays = frozenset({node.array})
            children = node.indices if isinstance(node, Load) else getattr(node, "operands", ())
            for child in children:
                ivs |= self._free[child][0]
                arrays |= self._free[child][1]
            self._free[node] = (ivs, arrays)
        return self._free[root]
