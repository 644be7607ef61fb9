"""Predicates for loads, so that loads whose values are never needed in the same iteration may share a port.

A load gets the condition under which any effect depends on its value, as far as that is known before it in
program order; an operation for it is added where there is none yet. Otherwise loads are made in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seer.schedule.constraints import Problem
from seer.schedule.operations import Draft
from seer.schedule.predicates import Literals, Predicates, exclusive
from seer.schedule.target import Target

__all__ = ["guarded"]


def guarded(problem: Problem, target: Target) -> list[Draft] | None:
    """The drafts with predicates on those loads that could then share a port with another access to their
    memory; None if there are none. Only memories with more accesses than ports count."""
    drafts = problem.drafts
    if not any(draft.kind == "select" or draft.predicate is not None for draft in drafts):
        return None
    predicates = Predicates(drafts)
    demands = predicates.demands()
    chosen: dict[int, Literals] = {}
    for group in problem.groups:
        if group.array is None or len(group.operations) <= group.capacity:
            continue
        when = {
            access: demands[access] or frozenset()
            if drafts[access].kind == "load"
            else predicates.of_access(access)
            for access in group.operations
        }
        conditional = [access for access in group.operations if when[access]]
        for access in conditional:
            if drafts[access].kind == "load" and any(exclusive(when[access], when[o]) for o in conditional):
                chosen[access] = when[access]
    return _Guarding(drafts, predicates, target).run(chosen) if chosen else None


class _Guarding:
    """Rebuilds drafts in their order, each guard in front of its load."""

    def __init__(self, drafts: Sequence[Draft], predicates: Predicates, target: Target) -> None:
        self._drafts = drafts
        self._predicates = predicates
        self._target = target
        self._made: list[Draft] = []
        self._place: list[int] = []
        self._index: dict[Draft, int] = {}
        self._bits: list[int] = []  # conditions met so far, by old position

    def run(self, chosen: dict[int, Literals]) -> list[Draft]:
        for position, draft in enumerate(self._drafts):
            guard = self._guard(chosen[position]) if position in chosen else None
            operands = tuple(self._place[operand] for operand in draft.operands)
            predicate = guard if draft.predicate is None else self._place[draft.predicate]
            self._place.append(self._add(replace(draft, operands=operands, predicate=predicate)))
            if draft.width == 1 and draft.kind not in ("store", "write", "decide", "const"):
                self._bits.append(position)
        return self._made

    def _guard(self, when: Literals) -> int | None:
        """The conjunction of as few conditions as say all of `when` that is known here, or None."""
        offers: list[tuple[Literals, int, bool]] = []
        for position in self._bits:
            for holds in (True, False):
                literals = self._predicates.literals(position, holds)
                if literals <= when:
                    offers.append((literals, position, holds))
        # What says most first; among equals what needs no inverter, then the latest.
        offers.sort(key=lambda offer: (-len(offer[0]), not offer[2], -offer[1]))
        said: Literals = frozenset()
        guard: int | None = None
        for literals, position, holds in offers:
            if literals <= said:
                continue
            said |= literals
            term = self._place[position] if holds else self._not(self._place[position])
            guard = term if guard is None else self._gate("and", guard, term)
        return guard

    def _not(self, operand: int) -> int:
        return self._gate("xor", operand, self._add(Draft("const", 1, value=1)))

    def _gate(self, kind: str, a: int, b: int) -> int:
        return self._add(Draft(kind, 1, (a, b), unit=self._target.unit(kind, 1)))

    def _add(self, draft: Draft) -> int:
        """A new draft, or an equal one that is there; accesses are never equal."""
        known = self._index.get(draft)
        if known is not None and draft.kind not in ("load", "store", "write", "decide"):
            return known
        self._made.append(draft)
        self._index[draft] = len(self._made) - 1
        return len(self._made) - 1
