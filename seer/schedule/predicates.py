"""Which operations never take effect in the same iteration, proved from the structure of conditions.

A condition is taken apart into literals that hold when it is 1 (or 0): an `and` that is 1 gives those of both
operands, an `or` that is 0 likewise; comparisons of one value with different constants exclude each other.
Whatever cannot be taken apart is one literal. So nothing here is ever wrong; it may see less than there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from seer.schedule.operations import Draft

__all__ = ["Literals", "Predicates", "exclusive"]

Literal = tuple[tuple[str, int, int], bool]
"""An atom and whether it holds: ("bit", draft, 0) of a one-bit draft, or ("eq", draft, constant)."""

Literals = frozenset[Literal]
"""A conjunction."""


def exclusive(first: Literals, second: Literals) -> bool:
    """Whether the two conjunctions can never both hold."""
    if any((atom, not holds) in second for atom, holds in first):
        return True
    constants = {atom[1]: atom[2] for atom, holds in second if atom[0] == "eq" and holds}
    return any(
        atom[0] == "eq" and holds and constants.get(atom[1], atom[2]) != atom[2] for atom, holds in first
    )


class Predicates:
    """The literals of one region's conditions, and the conditions under which its values are needed."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._known: dict[tuple[int, bool], Literals] = {}

    def literals(self, condition: int, holds: bool = True) -> Literals:
        """What holds when the one-bit draft `condition` is 1 (or 0)."""
        key = condition, holds
        if key not in self._known:
            self._known[key] = self._taken_apart(condition, holds)
        return self._known[key]

    def of_access(self, access: int) -> Literals:
        """The condition under which an access is made."""
        predicate = self._drafts[access].predicate
        return frozenset() if predicate is None else self.literals(predicate)

    def _taken_apart(self, condition: int, holds: bool) -> Literals:
        draft = self._drafts[condition]
        own: Literals = frozenset({(("bit", condition, 0), holds)})
        if draft.width != 1 or len(draft.operands) != 2:
            return own
        a, b = draft.operands
        match draft.kind:
            case "and" if holds:
                return own | self.literals(a) | self.literals(b)
            case "or" if not holds:
                return own | self.literals(a, False) | self.literals(b, False)
            case "xor" | "eq" | "ne":
                constant = self._drafts[b].value
                if constant is None:
                    return own
                return own | self._compared(a, constant, holds == (draft.kind == "eq"))
        return own

    def _compared(self, operand: int, constant: int, equal: bool) -> Literals:
        """What holds when a draft equals a constant, or does not."""
        draft = self._drafts[operand]
        while draft.kind == "zext" and constant < 1 << self._drafts[draft.operands[0]].width:
            operand = draft.operands[0]
            draft = self._drafts[operand]
        if draft.width == 1 and constant <= 1:
            return self.literals(operand, equal == bool(constant))
        return frozenset({(("eq", operand, constant), equal)})

    def demands(self) -> list[Literals | None]:
        """For each draft what holds whenever an effect depends on its value; None where no effect does.

        A stored value is needed under the store's predicate, an arm of a `select` when the condition
        chooses it; of a value with several users, what all of them have in common.
        """
        demands: list[Literals | None] = [None] * len(self._drafts)

        def need(operand: int, when: Literals) -> None:
            known = demands[operand]
            demands[operand] = when if known is None else known & when

        for position in range(len(self._drafts) - 1, -1, -1):
            draft = self._drafts[position]
            if draft.kind in ("store", "write", "decide"):
                when = self.of_access(position)
                for operand in draft.operands:
                    need(operand, when)
                if draft.predicate is not None:
                    need(draft.predicate, frozenset())
                continue
            when = demands[position]
            if when is None:
                continue
            if draft.kind == "select":
                condition, yes, no = draft.operands
                need(condition, when)
                need(yes, when | self.literals(condition))
                need(no, when | self.literals(condition, False))
                continue
            for operand in draft.inputs:
                need(operand, when)
        return demands
