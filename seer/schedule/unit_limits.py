"""Limits of one kind of unit in one region, with the multiplexers that sharing puts in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seer.schedule.constraints import Problem, ResourceGroup
from seer.schedule.operations import Draft
from seer.schedule.units import UnitKey

__all__ = ["UnitLimit", "draft_key", "limited"]


@dataclass(frozen=True)
class UnitLimit:
    """At most `limit` units of this kind, behind multiplexers of this delay, wiring included."""

    key: UnitKey
    limit: int
    multiplexer_ns: float


def draft_key(draft: Draft, drafts: Sequence[Draft]) -> UnitKey:
    """The kind of unit that an operation needs, as `unit_key` has it."""
    widths = tuple(drafts[operand].width for operand in draft.operands)
    return UnitKey(draft.kind, draft.width, widths, draft.latency)


def limited(problem: Problem, wanted: Sequence[UnitLimit]) -> Problem:
    """The problem with the wanted limits besides its own; where both act on an operation, its own stays."""
    drafts = problem.drafts
    held = {operation for group in problem.groups for operation in group.operations}
    groups = list(problem.groups)
    for unit in wanted:
        members: dict[int, str] = {}
        for k, draft in enumerate(drafts):
            if draft.unit is not None and draft_key(draft, drafts) == unit.key:
                members[k] = draft.unit.name
        if members and held.isdisjoint(members):
            groups.append(ResourceGroup(unit.limit, tuple(members), unit=next(iter(members.values()))))
    return replace(problem, groups=tuple(groups))
