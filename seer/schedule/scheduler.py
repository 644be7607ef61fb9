"""From a program and the loops to pipeline to a `Schedule`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

from seer.errors import InputError, SeerError
from seer.lang.program import Program
from seer.lang.terms import Array, Expr, Loop, TopArray
from seer.schedule.cycles import typical_cycles
from seer.schedule.drain_free import NO_NEST, Around, drain_free_nest
from seer.schedule.estimate import area_estimate
from seer.schedule.limits import Limits, limits_of
from seer.schedule.lower import (
    BranchNode,
    LoopNode,
    LoweredNode,
    PipelineNode,
    StraightNode,
    WhileNode,
    lower,
    written_beside,
)
from seer.schedule.memories import memory_of
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    Stages,
    WhileLoop,
    loop_counters,
    regions,
)
from seer.schedule.modulo import Bound
from seer.schedule.naming import banks_of, memory_names, with_bank_names
from seer.schedule.parallel import side_by_side
from seer.schedule.partition import NO_BANKS, Banks, Partition, Ring, all_banks, touched, whole_of
from seer.schedule.region import ScheduledRegion, has_effect, known_start, schedule_region, share_units
from seer.schedule.retiming import retimed
from seer.schedule.rings import rings_fit, rings_of
from seer.schedule.sharing import Plans, RegionTask, share_operators, stages_of
from seer.schedule.sites import RegionItem
from seer.schedule.supported import NoUnitError, placed, refuse_unscheduled
from seer.schedule.target import Target

__all__ = ["schedule", "schedule_lowered"]

_log = logging.getLogger(__name__)


def schedule(
    program: Program,
    pipelined: frozenset[Loop],
    target: Target,
    limits: Mapping[str, int] | None = None,
    *,
    share: str = "all",
    partitions: Sequence[Partition] = (),
    parallel: bool = False,
) -> Schedule:
    """The schedule of a program with these loops pipelined and all others one iteration after the other.

    An outer loop in `pipelined` whose body is one loop in `pipelined` is flattened with it. `limits` say of
    units of the target, by name, how many may start an operation in one cycle; they replace the target
    file's own; `share` says which operators may be shared, as in `Schedule`. `partitions` say which arrays
    stand in several banks; those of arrays that the program does not have are left out. With `parallel`, what
    has nothing in common outside of loops runs side by side (`seer.schedule.parallel`).
    Raises InputError where a loop cannot be pipelined, for operations that the target has no unit for, for
    limits of units that it does not have, and for partitions that are impossible.
    """
    chosen = limits_of(target, limits)
    refuse_unscheduled(program, target)
    lowered = lower(program, pipelined)
    return schedule_lowered(program, lowered, target, chosen, share, partitions, parallel)


def schedule_lowered(
    program: Program,
    lowered: tuple[LoweredNode, ...],
    target: Target,
    limits: Limits,
    share: str,
    partitions: Sequence[Partition] = (),
    parallel: bool = False,
) -> Schedule:
    """The schedule of a program that was lowered already, or of some of its nodes."""
    banks = banks_of(program, partitions)
    found = _scheduled(program, lowered, target, limits, share, partitions, parallel, banks)
    rings = rings_of(found.body, found.memories) if parallel else ()
    if not rings:
        return found
    small = _scheduled(
        program, lowered, target, limits, share, partitions, parallel, replace(banks, rings=rings)
    )
    control = target.file.control
    slower = typical_cycles(small.body, control) > typical_cycles(found.body, control)
    return found if slower or not rings_fit(small.body, small.memories) else small


def _scheduled(
    program: Program,
    lowered: tuple[LoweredNode, ...],
    target: Target,
    limits: Limits,
    share: str,
    partitions: Sequence[Partition],
    parallel: bool,
    banks: Banks,
) -> Schedule:
    """The schedule with arrays in these banks and rings; whether the rings fit is not asked."""
    names = with_bank_names(memory_names(program), banks)
    accessed = {name: memory_of(array, name, target) for array, name in names.items()} if parallel else {}

    def arranged(nodes: tuple[Node, ...], in_loop: bool = False) -> tuple[Node, ...]:
        if not parallel:
            return nodes
        return side_by_side(nodes, limits, names, accessed, target.file.control, in_loop)

    builder = _Builder(target, names, limits, banks, arranged)
    try:
        body = arranged(builder.nodes(lowered))
        stages = stages_of(body, limits, target, share)
        if stages:
            builder = _Builder(target, names, limits, banks, arranged, stages)
            body = arranged(builder.nodes(lowered))
    except NoUnitError as error:
        raise placed(error, program) from None
    used = {op.memory for region in regions(body) for op in region.operations}
    used |= {names[array] for counter in loop_counters(body) for array in counter.registers}
    memories = tuple(
        memory_of(array, names[array], target)
        for array in _standing(program, banks)
        if isinstance(whole_of(array), TopArray) or names[array] in used
    )
    plain = Schedule(
        program,
        target.name,
        target.clock_ns,
        memories,
        body,
        limits,
        share,
        target.file.control,
        tuple(partitions),
        stages,
    )

    def rebuild(plans: Plans) -> tuple[Node, ...]:
        rebuilt = _Builder(target, names, limits, banks, arranged, stages, plans, builder.tasks)
        return arranged(rebuilt.nodes(lowered))

    def area(bound: tuple[Node, ...]) -> float:
        return area_estimate(replace(plain, body=bound), target).weighted(target)

    def retime(bound: tuple[Node, ...]) -> tuple[Node, ...] | None:
        if parallel and typical_cycles(bound, target.file.control) > typical_cycles(
            body, target.file.control
        ):
            return None  # what begins early waits for what is written later now
        return retimed(bound, {memory.name: memory for memory in memories}, target)

    shared = share_operators(body, builder.region_tasks(), rebuild, area, retime, target, share)
    return replace(plain, body=shared)


def _standing(program: Program, banks: Banks) -> Iterable[Array]:
    """The arrays of a program that stand in a memory each, with banks and rings in place of the whole."""
    layouts, rings = dict(banks.layouts), dict(banks.rings)
    for array in memory_names(program):
        if array in rings:
            yield Ring.of(array, rings[array])
            continue
        layout = layouts.get(array)
        if layout is None:
            yield array
        else:
            yield from all_banks(array, layout)


_Task = tuple[
    tuple[RegionItem, ...],
    frozenset[Array],
    tuple[Counter, ...],
    Target,
    Expr | None,
    Limits,
    bool,
    Banks,
    Stages,
    Around,
]
"""What a region is scheduled from."""


def _region_task(task: _Task) -> RegionTask:
    plain = schedule_region(*task)
    if plain is None:
        raise SeerError("internal error: a region without effect has been numbered")
    return RegionTask(plain, lambda limits: share_units(*task, limits))


_Arrange = Callable[[tuple[Node, ...], bool], tuple[Node, ...]]
"""What puts nodes that follow one another side by side, in a loop or not."""


class _Builder:
    """`tasks` numbers the regions by what they are scheduled from; `plans` has further limits for some."""

    def __init__(
        self,
        target: Target,
        names: dict[Array, str],
        limits: Limits,
        banks: Banks,
        arrange: _Arrange,
        stages: Stages = (),
        plans: Plans | None = None,
        tasks: dict[_Task, int] | None = None,
    ) -> None:
        self._target = target
        self._names = names
        self._limits = limits
        self._banks = banks
        self._arrange = arrange
        self._stages = stages
        self._aligned: dict[int, int] = {}
        self._around: Around | None = None
        self._decided = False  # in what data decide about, where nothing runs side by side
        self._plans = plans or {}
        self.tasks = tasks if tasks is not None else {}

    def nodes(self, lowered: tuple[LoweredNode, ...]) -> tuple[Node, ...]:
        built = (self._node(node) for node in lowered)
        return tuple(node for node in built if node is not None)

    def _node(self, node: LoweredNode) -> Node | None:
        match node:
            case StraightNode():
                scheduled = self._region(node)
                return None if scheduled is None else scheduled.named(self._names)
            case PipelineNode():
                around = self._around or NO_NEST if node.nested else NO_NEST
                scheduled = self._region(node, node.counters, around=around)
                if scheduled is None:
                    return None
                return PipelinedLoop(
                    node.counters,
                    scheduled.named(self._names),
                    scheduled.interval,
                    self._bound(scheduled, scheduled.bound),
                    node.loops,
                    node.site,
                    around.counters,
                    frozenset(self._names[array] for array in around.registers),
                )
            case LoopNode() if node.drain_free:
                return self._drain_free(node)
            case LoopNode():
                with self._inside(node.counter):
                    inner = self.nodes(node.body)
                body = inner if self._decided else self._arrange(inner, True)
                return SequentialLoop(node.counter, body, node.loop, node.site) if body else None
            case BranchNode():
                with self._by_decision():
                    then, otherwise = self.nodes(node.then), self.nodes(node.otherwise)
                if not then and not otherwise:
                    return self._node(node.before)
                condition = self._condition(node.before, node.statement.condition)
                return Branch(condition, then, otherwise, node.statement, node.site)
            case WhileNode():
                return self._while(node)

    def _drain_free(self, node: LoopNode) -> Node | None:
        outer = self._around
        known = outer or Around((), written_beside(node))
        self._around = Around((*known.counters, node.counter), known.registers)
        with self._inside(node.counter):
            body = self.nodes(node.body)
        self._around = outer
        if not body:
            return None
        loop = SequentialLoop(node.counter, body, node.loop, node.site)
        if outer is not None:
            return loop
        found = drain_free_nest(loop, self._arrays, self._target.register_ns)
        if isinstance(found, str):
            raise InputError(f"a nest cannot go on before its pipelined loop has drained: {found}")
        return found

    @cached_property
    def _arrays(self) -> dict[str, Array]:
        """What memories hold, banks by the whole."""
        found = {name: array for array, name in self._names.items()}
        return {name: whole_of(array) for name, array in found.items()}

    def _while(self, node: WhileNode) -> WhileLoop | PipelinedWhile | None:
        last = node.body[-1] if node.body else None
        inner = node.body[:-1] if isinstance(last, StraightNode) else node.body
        with self._by_decision():
            body, tail = self.nodes(inner), None
        end = last if isinstance(last, StraightNode) and self._has_effect(last) else None
        if not body and end is None:
            return None
        condition = self._condition(StraightNode((), frozenset()), node.loop.condition)
        if node.pipelined and end is not None:
            scheduled = self._region(end, condition=node.loop.condition, repeats=True)
            assert scheduled is not None  # a decision is an effect
            return PipelinedWhile(
                condition,
                scheduled.named(self._names),
                scheduled.interval,
                self._bound(scheduled, scheduled.bound),
                node.loop,
                node.site,
            )
        if end is not None:
            tail = self._condition(end, node.loop.condition)
        return WhileLoop(condition, body, tail, node.loop, node.site)

    def _has_effect(self, node: StraightNode) -> bool:
        return has_effect(node.items, node.live_out, self._target, self._of(node))

    def _condition(self, before: StraightNode, condition: Expr) -> Region:
        """The region that computes a condition, behind loop-free statements."""
        found = self._region(before, condition=condition)
        assert found is not None  # a decision is an effect
        return found.named(self._names)

    def _region(
        self,
        node: StraightNode | PipelineNode,
        counters: tuple[Counter, ...] = (),
        condition: Expr | None = None,
        repeats: bool = False,
        around: Around = NO_NEST,
    ) -> ScheduledRegion | None:
        target, limits, banks = self._target, self._limits, self._of(node, condition)
        stages = self._stages
        task = (
            node.items,
            node.live_out,
            counters,
            target,
            condition,
            limits,
            repeats,
            banks,
            stages,
            around,
        )
        found = schedule_region(*task)
        if found is None:
            return None
        plan = self._plans.get(self.tasks.setdefault(task, len(self.tasks)), ())
        return share_units(*task, plan) if plan else found

    @contextmanager
    def _inside(self, counter: Counter) -> Iterator[None]:
        """While the body of a loop is built."""
        around = self._aligned
        self._aligned = {**around, **known_start(counter)}
        yield
        self._aligned = around

    @contextmanager
    def _by_decision(self) -> Iterator[None]:
        """While what a branch or a while loop decides about is built."""
        around, self._decided = self._decided, True
        yield
        self._decided = around

    def _of(self, node: StraightNode | PipelineNode, condition: Expr | None = None) -> Banks:
        """The banks that a region touches."""
        if not self._banks:
            return NO_BANKS
        return self._banks.only(touched(node.items, condition), self._aligned)

    def region_tasks(self) -> list[RegionTask]:
        """The regions that were scheduled, in the order of their numbers."""
        return [_region_task(task) for task in self.tasks]

    def _bound(self, scheduled: ScheduledRegion, bound: Bound) -> str:
        for array, distance in scheduled.assumed:
            _log.info("assumed a dependence of distance %d through %s", distance, self._names[array])
        together = " with dependences" if bound.together else ""
        match bound.kind:
            case "recurrence" if bound.array is not None:
                assumed = "" if bound.exact else " (assumed: subscript not affine)"
                return f"recurrence through {self._names[bound.array]}{assumed}"
            case "ports" if bound.array is not None:
                return f"ports of {self._names[bound.array]}{together}"
            case "operators":
                return f"operators {bound.unit} (limit {bound.limit}){together}"
            case _:
                return bound.kind
