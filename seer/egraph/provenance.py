"""Why two terms of the e-graph are equal: the match log, and derivations drawn from it.

Every class has one fixed representative term. With it, each fired match is a ground equation between two
terms, and a control rule's union is one as well. The congruence closure of these equations proves all that
the e-graph has united; a path through it is the derivation of one term from another.
"""

from __future__ import annotations

from collections.abc import Mapping

from seer.egraph.congruence import Congruence
from seer.egraph.derivation import Equation, Step, derive
from seer.egraph.language import EgraphError, Term, Value, sort_of
from seer.egraph.nodes import NodeTable
from seer.egraph.proof import ProofRecord
from seer.egraph.rules import Rule

__all__ = ["Provenance"]


class Provenance:
    """The log of one e-graph."""

    def __init__(self) -> None:
        self.table = NodeTable()
        self.equations: list[Equation] = []
        self._rows: list[
            tuple[Rule, tuple[tuple[str, Value], ...], tuple[tuple[str, int], ...], ProofRecord]
        ] = []
        self._closure = Congruence(self.table)
        self._told = 0

    def __len__(self) -> int:
        """How many matches and unions have been logged."""
        return len(self.equations) + len(self._rows)

    def log_match(
        self, rule: Rule, values: Mapping[str, Value], parts: Mapping[str, int], proof: ProofRecord
    ) -> None:
        """A fired match; `parts` are the representatives (or other members) of the matched classes."""
        self._rows.append((rule, tuple(values.items()), tuple(parts.items()), proof))

    def log_union(self, left: Term, right: Term, sort: str, rule: str, proof: ProofRecord) -> None:
        """An equation between two given terms."""
        self._settle()
        self.equations.append(Equation(self.table.add(left, sort), self.table.add(right, sort), rule, proof))

    def _settle(self) -> None:
        """Spells logged matches out as equations, in the order in which they were logged."""
        for rule, values, parts, proof in self._rows:
            left, right = (
                self.table.instantiate(side, dict(values), dict(parts)) for side in (rule.left, rule.right)
            )
            if left != right:
                self.equations.append(Equation(left, right, rule.name, proof, values, parts))
        self._rows.clear()

    def close(self) -> Congruence:
        """The closure of everything logged so far."""
        self._settle()
        for number in range(self._told, len(self.equations)):
            equation = self.equations[number]
            self._closure.tell(equation.left, equation.right, number)
        self._told = len(self.equations)
        return self._closure

    def explain(self, before: Term, after: Term) -> list[Step]:
        """The steps that lead from one term to another of the same class.

        Raises EgraphError if the log does not prove them equal.
        """
        sort = sort_of(before or after)
        a, b = self.table.add(before, sort), self.table.add(after, sort)
        closure = self.close()
        if not closure.equal(a, b):
            raise EgraphError("the two terms are not known to be equal")
        return derive(self.table, closure, self.equations, a, b)
