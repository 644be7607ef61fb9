"""The price of loops and programs: cycles of their real schedule, and estimated area.

Sharing of operators never costs cycles, and scheduling for it takes most of the time. So a loop is first
priced without (`quick`), and what is not beaten then is priced by the vectors of its parts, each scheduled
with sharing once: a loop around other loops needs no new schedule for its area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, prod

from seer.errors import InputError
from seer.extract.partitioning import in_registers, partitions_for
from seer.extract.vector import PartVector, part_vector
from seer.lang.affine import Symbol
from seer.lang.operators import to_signed
from seer.lang.program import Program
from seer.lang.terms import Block, For, Iv, LocalArray, Loop, Statement
from seer.lang.traverse import loop_free, statements, subexpressions
from seer.schedule import area_estimate, cycles, cycles_of, schedule
from seer.schedule.area import Area
from seer.schedule.drain_free import hands_on, may_hand_on
from seer.schedule.estimate import counter_area
from seer.schedule.limits import limits_of
from seer.schedule.lower import LoopNode, LoweredNode, PipelineNode, StraightNode, lower
from seer.schedule.model import PipelinedLoop, Schedule, SequentialLoop, data_dependent
from seer.schedule.partition import Partition
from seer.schedule.profile import Call
from seer.schedule.scheduler import schedule_lowered
from seer.schedule.sites import Control, controls, flat_body
from seer.schedule.supported import refuse_unscheduled
from seer.schedule.target import Target

__all__ = ["Price", "Pricer", "WholePrice", "can_pipeline"]

_Fragment = tuple[Block, frozenset[Loop]]
_MOST_ASSIGNMENTS = 4
"""Choices of partitions with which a whole design is scheduled."""

_MOST_IMAGINED = 1 << 16
"""Iterations that a loop around a fragment is thought to run at most."""


@dataclass(frozen=True)
class Price:
    """Cycles, and area by what other parts may share.

    `steady` are the cycles of a pipelined loop, or of a drain-free nest, without the end of its last
    iterations: what counts if the loop around it is flattened with it or goes on before it has drained. It is
    infinite for all else.
    """

    cycles: float
    vector: PartVector
    steady: float = inf


@dataclass(frozen=True)
class WholePrice:
    """A program's schedule, its cycles over all counted calls, and its estimated area."""

    schedule: Schedule
    cycles: int
    area: Area


@dataclass(frozen=True)
class _Scheduled:
    """A fragment's price without sharing, its nodes, and the partitions with which it is the least."""

    price: Price
    lowered: tuple[LoweredNode, ...]
    partitions: tuple[Partition, ...]


class Pricer:
    """Schedules candidates of one program on one target, each once.

    `calls` are the counted calls; their parameters alone are enough where no count depends on the
    contents of arrays. `partitions` say which arrays stand in several banks in any case; `partition`, one of
    `seer.extract.partitioning.PARTITIONS`, which others may where that saves cycles.
    """

    def __init__(
        self,
        program: Program,
        target: Target,
        calls: Sequence[Call | Mapping[str, int]],
        share: str = "all",
        partitions: Sequence[Partition] = (),
        partition: str = "none",
    ) -> None:
        self.program = program
        self.target = target
        self.calls = calls
        self.share = share
        self._partitions = tuple(partitions)
        self.partition = partition
        self._limits = limits_of(target, None)
        self.iterations: dict[Statement, int] = {}
        """How often loops run whose iterations data decide, where more is known than nothing."""
        self._quick: dict[_Fragment, _Scheduled | None] = {}
        self._prices: dict[_Fragment, Price | None] = {}
        self._parts: dict[object, PartVector] = {}
        self._whole: dict[tuple[_Fragment, tuple[Partition, ...]], WholePrice | None] = {}

    @property
    def schedules(self) -> int:
        """How many different fragments and programs have been scheduled."""
        return len(self._quick) + len(self._parts) + len(self._whole)

    @cached_property
    def counts_by_parameters(self) -> bool:
        """Whether cycles of the program as it came need no contents of arrays."""
        if all(isinstance(call, Mapping) for call in self.calls):
            return True
        return not data_dependent(schedule(self.program, frozenset(), self.target).body)

    def empty(self) -> PartVector:
        """The area of nothing."""
        return PartVector(self.target, self.share == "all")

    def quick(self, block: Block, pipelined: frozenset[Loop]) -> Price | None:
        """Exact cycles, where control depends on data estimated ones, and the area without sharing; None if
        the target cannot build the block."""
        found = self._scheduled(block, pipelined)
        return None if found is None else found.price

    def price(self, block: Block, pipelined: frozenset[Loop]) -> Price | None:
        """The same with the area that sharing leaves; None if that is more than the device has."""
        key = (block, pipelined)
        if key not in self._prices:
            self._prices[key] = self._shared_price(block, pipelined)
        return self._prices[key]

    def _scheduled(self, block: Block, pipelined: frozenset[Loop]) -> _Scheduled | None:
        key = (block, pipelined)
        if key not in self._quick:
            try:
                self._quick[key] = self._schedule(block, pipelined)
            except InputError:
                self._quick[key] = None  # the target cannot build this candidate; others of its class may do
        return self._quick[key]

    def _schedule(self, block: Block, pipelined: frozenset[Loop]) -> _Scheduled:
        fragment = replace(self.program, body=block)
        refuse_unscheduled(fragment, self.target)
        lowered = lower(fragment, pipelined)
        price = self._counted(fragment, lowered, ())
        best = _Scheduled(price, lowered, ())
        for chosen in self._choices(lowered):
            try:
                other = self._counted(fragment, lowered, chosen)
            except InputError:
                continue
            if other.cycles < best.price.cycles:
                best = _Scheduled(other, lowered, chosen)
        return best

    def _choices(self, lowered: tuple[LoweredNode, ...]) -> tuple[tuple[Partition, ...], ...]:
        """Partitions that the accesses ask for, and these with small arrays in registers, if any."""
        if self.partition == "none":
            return ()
        asked = partitions_for(lowered, self.target, self.partition, self._partitions)
        small = in_registers(lowered, self.partition, self._partitions)
        arrays = {partition.arrays for partition in small}
        both = (*(partition for partition in asked if partition.arrays not in arrays), *small)
        return tuple(chosen for chosen in dict.fromkeys((asked, both)) if chosen)

    def _counted(
        self, fragment: Program, lowered: tuple[LoweredNode, ...], chosen: tuple[Partition, ...]
    ) -> Price:
        found = self._built(fragment, lowered, "none", chosen)
        samples = [{**_values(fragment.body, quarter), **self._first_params()} for quarter in range(5)]
        counts = [cycles_of(found.body, values, found.control, self.iterations) for values in samples]
        mean = sum(counts) / len(counts)
        return Price(mean, part_vector(found, self.target), _steady(found, mean))

    def _shared_price(self, block: Block, pipelined: frozenset[Loop]) -> Price | None:
        found = self._scheduled(block, pipelined)
        if found is None:
            return None
        price = quick = found.price
        if self.share != "none":
            fragment = replace(self.program, body=block)
            vector = self.empty()
            for node in found.lowered:
                vector = vector.followed_by(self._part(node, fragment, found.partitions))
            price = Price(quick.cycles, vector, quick.steady)
        return price if price.vector.fits() else None

    def _part(self, node: LoweredNode, fragment: Program, chosen: tuple[Partition, ...]) -> PartVector:
        """The vector of one node, with operators shared in it."""
        if isinstance(node, LoopNode) and not node.drain_free:
            vector = self.empty()
            for inner in node.body:
                vector = vector.followed_by(self._part(inner, fragment, chosen))
            return vector.plus(counter_area(node.counter))
        key: object = (node, chosen)
        if isinstance(node, PipelineNode):
            key = (node.counters, node.items, node.live_out, chosen)
        elif isinstance(node, StraightNode):
            key = (node.items, node.live_out, chosen)
        if key not in self._parts:
            found = self._built(fragment, (node,), self.share, chosen)
            self._parts[key] = part_vector(found, self.target)
        return self._parts[key]

    def _built(
        self,
        fragment: Program,
        nodes: tuple[LoweredNode, ...],
        share: str,
        chosen: tuple[Partition, ...] = (),
    ) -> Schedule:
        partitions = (*self._partitions, *chosen)
        return schedule_lowered(fragment, nodes, self.target, self._limits, share, partitions)

    def assignments(self, body: Block, pipelined: frozenset[Loop]) -> tuple[tuple[Partition, ...], ...]:
        """The choices of partitions with which a whole design may be best: none, what its accesses ask for,
        that with small arrays in registers, and that but for one of its arrays."""
        if self.partition == "none":
            return ((),)
        try:
            lowered = lower(replace(self.program, body=body), pipelined)
        except InputError:
            return ((),)
        choices = self._choices(lowered)
        arrays = dict.fromkeys(partition.arrays for chosen in choices[:1] for partition in chosen)
        but_one = [tuple(one for one in choices[0] if one.arrays != left) for left in arrays]
        found = dict.fromkeys(((), *choices, *but_one))
        return tuple(found)[:_MOST_ASSIGNMENTS]

    def _first_params(self) -> Mapping[str, int]:
        """The first call's parameters, read signed as bounds read them."""
        if not self.calls:
            return {}
        first = self.calls[0]
        values = first if isinstance(first, Mapping) else first.params
        return {p.name: to_signed(values[p.name], p.bits) for p in self.program.params if p.name in values}

    def whole(
        self,
        body: Block,
        pipelined: frozenset[Loop],
        chosen: tuple[Partition, ...] = (),
        any_size: bool = False,
    ) -> WholePrice | None:
        """The price of a whole program body with the partitions `chosen`; None if it cannot be built, or is
        larger than the device, unless it may be of `any_size`."""
        key = ((body, pipelined), chosen)
        if key not in self._whole:
            try:
                found = schedule(
                    replace(self.program, body=body),
                    pipelined,
                    self.target,
                    share=self.share,
                    partitions=(*self._partitions, *chosen),
                )
            except InputError:
                self._whole[key] = None
            else:
                if data_dependent(found.body) and any(isinstance(call, Mapping) for call in self.calls):
                    self._whole[key] = None  # nobody can tell how long it takes
                    return None
                total = sum(cycles(found, call) for call in self.calls)
                self._whole[key] = WholePrice(found, total, area_estimate(found, self.target))
        price = self._whole[key]
        if price is None or any_size or price.area.fits(self.target.file.capacity):
            return price
        return None


def _steady(found: Schedule, mean: float) -> float:
    nodes = found.body
    only = nodes[0] if len(nodes) == 1 else None
    if isinstance(only, SequentialLoop) and only.drain_free:
        return mean - only.drain
    if not isinstance(only, PipelinedLoop):
        return inf
    interval = only.initiation_interval
    if not all(counter.constant for counter in only.counters):
        return mean - max(0, only.region.length - interval)
    return interval * prod(counter.trip_count({}) for counter in only.counters)


def can_pipeline(loop: Loop, inner: frozenset[Loop]) -> bool:
    """Whether a loop may be pipelined, flattened with the one in it if that is among `inner`, or going on
    before that one has drained."""
    if loop_free(loop.body):
        return True
    if not isinstance(loop, For):
        return False
    if hands_on(loop, inner):
        return may_hand_on(loop, inner | {loop})
    items = flat_body(loop.body)
    found = [item.statement for item in controls(items)]
    perfect = len(found) == 1 and all(isinstance(item, (Control, LocalArray)) for item in items)
    return perfect and isinstance(found[0], For) and found[0] in inner


def _values(block: Block, quarter: int) -> dict[Symbol, int]:
    """For each enclosing level the value so many quarters into its hull.

    A loop whose bounds need them is priced at all five: in the middle alone it may run once or never, and
    then every way to schedule it looks alike.
    """
    values: dict[Symbol, int] = {}
    counted = [statement for statement in statements(block) if isinstance(statement, For)]
    bound = {inner.iv.level for inner in counted}
    for inner in counted:
        for node in subexpressions(inner.lower, inner.upper):
            if isinstance(node, Iv) and node.level not in bound:
                first = node.lower
                last = max(0, -(-(node.upper - first) // node.step) - 1)
                if last > _MOST_IMAGINED:  # only its type bounds it
                    first, last = max(first, min(0, node.upper - 1)), _MOST_IMAGINED
                values[node.level] = first + last * quarter // 4 * node.step
    return values
