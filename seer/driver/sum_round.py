"""One round of rearranged sums over the e-graph: find, put together anew, check, unite."""

from __future__ import annotations

from collections.abc import Iterable

from seer.egraph.explore import EGraph
from seer.egraph.proof import ProofRecord
from seer.lang.intervals import Intervals
from seer.lang.terms import Block, Expr
from seer.rewrites import sums
from seer.verify.sums import same_sum

__all__ = ["SumRound"]


class SumRound:
    """Offers other forms of the sums in given programs, each sum once; at most `most` are united."""

    def __init__(self, egraph: EGraph, most: int) -> None:
        self._egraph = egraph
        self._intervals = Intervals()
        self._tried: dict[Expr, None] = {}
        self._left = most

    def run(self, bodies: Iterable[Block]) -> int:
        """How many forms were united with the sums that they replace. The programs must be in the e-graph."""
        united = 0
        for body in bodies:
            for root in sums.sums_of(body):
                if root in self._tried or self._left <= 0:
                    continue
                self._tried[root] = None
                for made in sums.arrangements(root, self._intervals):
                    # What was made here is not taken apart again.
                    self._tried[made] = None
                    if same_sum(root, made):
                        proof = ProofRecord("ring", "one linear form modulo 2^width")
                        self._egraph.unite(root, made, sums.NAME, proof)
                        self._left -= 1
                        united += 1
        return united
