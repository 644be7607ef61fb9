"""Limits of one kind of unit in one region, with the multiplexers that sharing puts in front of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from seer.schedule.constraints import Problem, ResourceGroup
from seer.schedule.model import Stages
from seer.schedule.operations import Draft
from seer.schedule.units import UnitKey

__all__ = ["UnitLimit", "draft_key", "limited", "with_multiplexers", "with_stages"]


@dataclass(frozen=True)
class UnitLimit:
    """At most `limit` units of this kind, behind multiplexers of this delay, wiring included; `staged`:
    between the two there are registers, which make operations of this kind a cycle longer."""

    key: UnitKey
    limit: int
    multiplexer_ns: float
    staged: bool = False

    @property
    def unit(self) -> UnitKey:
        """The kind of the units, with their registers."""
        return self.key.with_stage() if self.staged else self.key


def draft_key(draft: Draft, drafts: Sequence[Draft]) -> UnitKey:
    """The kind of unit that an operation needs, as `unit_key` has it."""
    widths = tuple(drafts[operand].width for operand in draft.operands)
    return UnitKey(draft.kind, draft.width, widths, draft.latency, draft.staged)


def with_stages(
    drafts: Sequence[Draft], wanted: Sequence[UnitLimit] = (), names: Collection[str] = ()
) -> list[Draft]:
    """The operations with registers in front of the units that are wanted so, or have one of these names."""
    staged = {unit.key for unit in wanted if unit.staged}
    found: list[Draft] = []
    for draft in drafts:
        unit = draft.unit
        if unit is not None and (unit.name in names or draft_key(draft, drafts) in staged):
            draft = replace(draft, unit=unit.staged(), staged=True)
        found.append(draft)
    return found


def with_multiplexers(
    drafts: Sequence[Draft], wanted: Sequence[UnitLimit], stages: Stages = ()
) -> list[Draft]:
    """The same with the multiplexers that are wanted, or allowed for by `stages`, as part of the units."""
    late = {unit.unit: unit.multiplexer_ns for unit in wanted}
    names = dict(stages)
    found: list[Draft] = []
    for draft in drafts:
        more = 0.0
        if draft.unit is not None:
            allowed = names.get(draft.unit.name, 0.0) if draft.staged else 0.0
            more = late.get(draft_key(draft, drafts), allowed)
        found.append(_delayed(draft, more) if more else draft)
    return found


def _delayed(draft: Draft, more_ns: float) -> Draft:
    """An operation that begins to compute so much later after its operands have arrived."""
    unit = draft.unit
    assert unit is not None
    output = unit.output_ns if unit.latency else unit.output_ns + more_ns
    return replace(draft, unit=replace(unit, input_ns=unit.input_ns + more_ns, output_ns=output))


def limited(problem: Problem, wanted: Sequence[UnitLimit]) -> Problem:
    """The problem with the wanted limits besides its own; where both act on an operation, its own stays."""
    drafts = problem.drafts
    held = {operation for group in problem.groups for operation in group.operations}
    groups = list(problem.groups)
    for unit in wanted:
        members: dict[int, str] = {}
        for k, draft in enumerate(drafts):
            if draft.unit is not None and draft_key(draft, drafts) == unit.unit:
                members[k] = draft.unit.name
        if members and held.isdisjoint(members):
            groups.append(ResourceGroup(unit.limit, tuple(members), unit=next(iter(members.values()))))
    return replace(problem, groups=tuple(groups))
