"""All terms of a class of expressions, where they are few."""

from __future__ import annotations

from itertools import product
from math import inf

from seer.egraph.language import Term, build
from seer.egraph.snapshot import ENode, Snapshot

__all__ = ["TermEnumeration"]

_Found = tuple[tuple[Term, ...], float]
"""Terms, and the position in the path of the highest class that was left out because it stands above."""

_STEPS = 300
"""Visits of nodes after which a limited enumeration gives up."""


class _TooMany(Exception):
    """There are more terms than asked for."""


class TermEnumeration:
    """Terms in which no class stands below itself; every occurrence of a class chooses for itself."""

    def __init__(self, snapshot: Snapshot, most: int | None = None) -> None:
        """`most`: no class with more terms than these is enumerated."""
        self._classes = snapshot.classes
        self._most = most
        self._known: dict[int, tuple[Term, ...] | None] = {}
        self._reach: dict[int, frozenset[int]] = {}
        self._steps = 0

    def terms(self, class_id: int) -> tuple[Term, ...] | None:
        """All terms of an E or I class in a fixed order; None if there are too many."""
        if class_id not in self._known:
            self._steps = 0
            try:
                self._known[class_id] = self._terms(class_id, {})[0]
            except _TooMany:
                self._known[class_id] = None
        return self._known[class_id]

    def _terms(self, class_id: int, above: dict[int, int]) -> _Found:
        if class_id in above:
            return (), above[class_id]
        if class_id in self._known:
            known = self._known[class_id]
            if known is None:
                raise _TooMany
            # Terms that go through a class above are no terms here.
            if self.below(class_id).isdisjoint(above):
                return known, inf
        above[class_id] = len(above)
        found: list[Term] = []
        highest = inf
        for node in self._classes[class_id]:
            terms, hit = self._node(node, above)
            highest = min(highest, hit)
            found += terms
            if self._most is not None and len(found) > self._most:
                raise _TooMany
        del above[class_id]
        if highest >= len(above):
            self._known[class_id] = tuple(found)
            return tuple(found), inf
        return tuple(found), highest

    def _node(self, node: ENode, above: dict[int, int]) -> _Found:
        self._steps += 1
        if self._most is not None and self._steps > _STEPS:
            raise _TooMany
        operands: list[tuple[Term, ...]] = []
        highest = inf
        for child in node.children:
            terms, hit = self._terms(child, above)
            highest = min(highest, hit)
            if not terms:
                return (), highest
            operands.append(terms)
        return tuple(build(node.op, node.values, list(chosen)) for chosen in product(*operands)), highest

    def below(self, class_id: int) -> frozenset[int]:
        """The class and all that its terms may consist of."""
        if class_id in self._reach:
            return self._reach[class_id]
        found = {class_id}
        stack = [class_id]
        while stack:
            for node in self._classes[stack.pop()]:
                for child in node.children:
                    if child not in found:
                        found.add(child)
                        stack.append(child)
        self._reach[class_id] = frozenset(found)
        return self._reach[class_id]
