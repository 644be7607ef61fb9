"""One round over the constant tables of an e-graph: what stands at a known place is that constant."""

from __future__ import annotations

from collections.abc import Iterator

from seer.egraph.explore import EGraph
from seer.egraph.language import parse_array_key
from seer.egraph.proof import ProofRecord
from seer.egraph.snapshot import Snapshot
from seer.lang.program import Program
from seer.lang.terms import Const, Load, Table
from seer.lang.traverse import expressions, statements, subexpressions
from seer.verify.table_elements import element

__all__ = ["RULE", "TableRound"]

RULE = "table-element"
"""T[c] = the constant that stands at c, inside of the table."""
_PROOF = ProofRecord("axiom", "the constant that stands in the table")


class TableRound:
    """Unites loads from tables at constant places with what they give, each once.

    Unrolling and forwarding make places constant; coefficients of a filter then are constants that a datapath
    rule may turn into shifts, and no port of a table is waited for.
    """

    def __init__(self, egraph: EGraph, program: Program) -> None:
        self._egraph = egraph
        self._done: dict[Load, None] = {}
        self._needed = any(
            isinstance(node, Load) and isinstance(node.array, Table)
            for statement in statements(program.body)
            for node in subexpressions(*expressions(statement))
        )

    def run(self) -> int:
        """How many loads were united with their values."""
        if not self._needed:
            return 0
        united = 0
        for load in _known_places(self._egraph.snapshot()):
            value = element(load)
            if value is not None and load not in self._done:
                self._done[load] = None
                self._egraph.unite(load, value, RULE, _PROOF)
                united += 1
        return united


def _known_places(snapshot: Snapshot) -> Iterator[Load]:
    """The loads from tables at constant places, in the order of their classes."""
    numbers = {
        number: Const(*node.values)  # type: ignore[arg-type]
        for number, nodes in snapshot.classes.items()
        for node in nodes
        if node.op == "Num"
    }
    for number in sorted(snapshot.classes):
        for node in snapshot.classes[number]:
            if node.op != "Load":
                continue
            array = parse_array_key(str(node.values[1]))
            if isinstance(array, Table):
                places = _constants(snapshot, node.children[0], numbers)
                if places is not None:
                    yield Load(array, places)


def _constants(snapshot: Snapshot, number: int, known: dict[int, Const]) -> tuple[Const, ...] | None:
    """The constants that a list of subscripts is known to be."""
    places: list[Const] = []
    while True:
        node = snapshot.classes[number][0]
        if node.op == "INil":
            return tuple(places)
        first, number = node.children
        if first not in known:
            return None
        places.append(known[first])
