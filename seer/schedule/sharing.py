"""Which operators are shared: as few units as the cycles allow, where that takes less area.

The interval and length of every region stay what they are without sharing. For each kind of unit, the
greatest area first, the least limit is searched at which they stay, with the multiplexers' delay in front of
the units; it is kept if the estimated area of the whole then falls.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from seer.lang.floats import FLOAT_OPERATIONS
from seer.schedule.area import Area
from seer.schedule.binding import bind
from seer.schedule.limits import Limits
from seer.schedule.model import Node, Region, Stages
from seer.schedule.multiplexer import before_unit_ns, select_arrival_ns
from seer.schedule.region import ScheduledRegion
from seer.schedule.target import Target
from seer.schedule.unit_limits import UnitLimit
from seer.schedule.units import UnitKey, region_intervals, unit_key, unit_of

__all__ = ["Plans", "RegionTask", "share_operators", "stages_of"]

_log = logging.getLogger(__name__)

_MANY_INPUTS = 8
"""Inputs of the multiplexers for which there is to be time in front of units that have registers there."""

_FEW_INPUTS = (4, 2, 1)
"""Inputs of the multiplexers for which a region is scheduled where its slack does not allow for all. With one
input, operations share whose operands come the same way, such as by one port, or that have slack anyway."""


@dataclass(frozen=True)
class RegionTask:
    """A region before it is scheduled: `plain` without sharing, `limited` with these limits, None if they
    cost cycles."""

    plain: ScheduledRegion
    limited: Callable[[tuple[UnitLimit, ...]], ScheduledRegion | None]


Plans = Mapping[int, tuple[UnitLimit, ...]]
"""Limits for the regions with these numbers."""


def share_operators(
    body: tuple[Node, ...],
    tasks: Sequence[RegionTask],
    rebuild: Callable[[Plans], tuple[Node, ...]],
    area: Callable[[tuple[Node, ...]], float],
    retime: Callable[[tuple[Node, ...]], tuple[Node, ...] | None],
    target: Target,
    share: str,
) -> tuple[Node, ...]:
    """`body` with its operations bound to instances, after the regions, numbered as in `tasks`, have been
    scheduled again with limits as far as that pays. `area` is the weighted area of a bound body; `retime`
    gives it with arrival times, None where it is too slow."""
    best = bind(body, target, share)
    kinds = _kinds(body, target, share)
    if target.file.multiplexers is None or not kinds:
        return best
    least = area(best)
    plans: dict[int, tuple[UnitLimit, ...]] = {}
    shared: list[UnitKey] = []
    for key, inputs in kinds:
        for staged, proposal in _proposals(key, inputs, tasks, dict(plans), target):
            kept = [*shared, key, key.with_stage()] if staged else [*shared, key]
            candidate = retime(bind(rebuild(proposal), target, share, kept))
            if candidate is None:
                continue  # a path through a combinational unit would become too long
            size = area(candidate)
            if size < least:
                best, least, plans, shared = candidate, size, proposal, kept
    if shared:
        _log.info("shared units: %s", ", ".join(f"{k.kind} of {k.width} bits" for k in shared))
    return best


def stages_of(body: tuple[Node, ...], limits: Limits, target: Target, share: str) -> Stages:
    """The units with a limit that their operations exceed, and so have to share them, but that leave no time
    for a multiplexer in front of their first stage: they get registers there, whatever cycles these cost."""
    table = target.file.multiplexers
    if table is None or share == "none":
        return ()
    most = dict(limits)
    count: Counter[str] = Counter()
    inside: dict[str, float] = {}
    for region, _ in region_intervals(body):
        here: Counter[str] = Counter()
        for op in region.operations:
            if op.unit in most and op.latency and op.kind in FLOAT_OPERATIONS:
                here[op.unit] += 1
                path = target.routing_ns + unit_of(op, region.operations, target).input_ns
                inside[op.unit] = max(inside.get(op.unit, 0.0), path)
        count = count + here if share == "all" else count | here
    found: list[tuple[str, float]] = []
    for name in sorted(count):
        delay = before_unit_ns(min(count[name], _MANY_INPUTS), target)
        if count[name] > most[name] and select_arrival_ns(target) + delay + inside[name] > target.budget_ns:
            found.append((name, delay))
    return tuple(found)


def _kinds(body: tuple[Node, ...], target: Target, share: str) -> list[tuple[UnitKey, int]]:
    """The kinds of which operations may share units, the greatest area first, each with the most operations
    that may meet at one unit."""
    count: Counter[UnitKey] = Counter()
    together: Counter[UnitKey] = Counter()
    size: dict[UnitKey, float] = {}
    for region, _ in region_intervals(body):
        for key, (number, area) in _operations(region, target).items():
            count[key] += number
            together[key] = count[key] if share == "all" else max(together[key], number)
            size[key] = max(size.get(key, 0.0), area)
    wanted = [key for key in count if together[key] > 1 and share != "none"]
    wanted.sort(key=lambda key: (-size[key] * count[key], key))
    return [(key, together[key]) for key in wanted]


def _operations(region: Region, target: Target) -> dict[UnitKey, tuple[int, float]]:
    """The kinds of units of a region: how many operations, and the greatest weighted area of one."""
    found: dict[UnitKey, tuple[int, float]] = {}
    for op in region.operations:
        if op.unit is None:
            continue
        own = unit_of(op, region.operations, target).area.weighted(target)
        key = unit_key(op, region.operations)
        if own > _least_multiplexers(key, target):
            number, area = found.get(key, (0, 0.0))
            found[key] = number + 1, max(area, own)
    return found


def _least_multiplexers(key: UnitKey, target: Target) -> float:
    """Weighted area of multiplexers with two inputs in front of all operands of a unit."""
    table = target.file.multiplexers
    if table is None:
        return 0.0
    return Area(lut=sum(table.luts(2, width) for width in key.operand_widths)).weighted(target)


def _proposals(
    key: UnitKey, inputs: int, tasks: Sequence[RegionTask], plans: Plans, target: Target
) -> list[tuple[bool, dict[int, tuple[UnitLimit, ...]]]]:
    """Ways to limit one more kind, and whether its units then have registers in front: that is tried for
    those of floats, which leave hardly any time for a multiplexer in front of their first stage."""
    forms = [(False, inputs), (False, 1)]
    if key.latency and not key.staged and key.kind in FLOAT_OPERATIONS:
        forms += [(True, inputs), (True, 1)]
    found: list[tuple[bool, dict[int, tuple[UnitLimit, ...]]]] = []
    for staged, most in forms:
        proposal = staged, _proposal(key, most, staged, tasks, plans, target)
        if proposal not in found:
            found.append(proposal)
    return found


def _proposal(
    key: UnitKey, inputs: int, staged: bool, tasks: Sequence[RegionTask], plans: Plans, target: Target
) -> dict[int, tuple[UnitLimit, ...]]:
    """`plans` with the least limits of one more kind, in the regions that can keep one."""
    proposal = dict(plans)
    for number, task in enumerate(tasks):
        count = sum(1 for op in task.plain.region.operations if _is(key, op.id, task.plain.region))
        if not count:
            continue
        for most in dict.fromkeys((inputs, *(few for few in _FEW_INPUTS if few < inputs))):
            wanted = UnitLimit(key, count, before_unit_ns(most, target), staged)
            found = _least(task, plans.get(number, ()), wanted)
            if found is not None:
                proposal[number] = found
                break
    return proposal


def _is(key: UnitKey, id_: int, region: Region) -> bool:
    op = region.operations[id_]
    return op.unit is not None and op.kind == key.kind and unit_key(op, region.operations) == key


def _least(
    task: RegionTask, before: tuple[UnitLimit, ...], wanted: UnitLimit
) -> tuple[UnitLimit, ...] | None:
    """The limits of a region with the least one of the kind `wanted`, which gives as many units as there are
    operations, by bisection; None if even with these the multiplexers and registers cost cycles."""

    def with_limit(limit: int) -> tuple[UnitLimit, ...]:
        return (*before, replace(wanted, limit=limit))

    cycles = task.plain.interval or task.plain.region.length
    low, high = -(-wanted.limit // cycles), wanted.limit
    if task.limited(with_limit(high)) is None:
        return None
    while low < high:
        middle = (low + high) // 2
        if task.limited(with_limit(middle)) is None:
            low = middle + 1
        else:
            high = middle
    return with_limit(high)
