"""From a program and the loops to pipeline to a `Schedule`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from seer.errors import SeerError
from seer.lang.program import Origin, Program
from seer.lang.terms import (
    Array,
    Block,
    Expr,
    For,
    Load,
    Local,
    LocalArray,
    Loop,
    Store,
    Table,
    TopArray,
    While,
)
from seer.lang.traverse import bodies, expressions, loop_free, statements, subexpressions
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
    WhileLoop,
    regions,
)
from seer.schedule.modulo import Bound
from seer.schedule.region import ScheduledRegion, schedule_region, share_units
from seer.schedule.retiming import retimed
from seer.schedule.sharing import Plans, RegionTask, share_operators
from seer.schedule.sites import RegionItem, controls, flat_body, has_constant_bounds
from seer.schedule.supported import refuse_unscheduled
from seer.schedule.target import Target

__all__ = ["auto_pipelined", "memory_names", "schedule"]

_log = logging.getLogger(__name__)


def schedule(
    program: Program,
    pipelined: frozenset[Loop],
    target: Target,
    limits: Mapping[str, int] | None = None,
    *,
    share: str = "all",
) -> Schedule:
    """The schedule of a program with these loops pipelined and all others one iteration after the other.

    An outer loop in `pipelined` whose body is one loop in `pipelined` is flattened with it. `limits` say of
    units of the target, by name, how many may start an operation in one cycle; they replace the target
    file's own; `share` says which operators may be shared, as in `Schedule`.
    Raises InputError where a loop cannot be pipelined, for operations that the target has no unit for, and
    for limits of units that it does not have.
    """
    chosen = limits_of(target, limits)
    refuse_unscheduled(program, target)
    names = memory_names(program)
    lowered = lower(program, pipelined)
    builder = _Builder(target, names, chosen)
    body = builder.nodes(lowered)
    used = {op.memory for region in regions(body) for op in region.operations}
    memories = tuple(
        memory_of(array, name, target)
        for array, name in names.items()
        if isinstance(array, TopArray) or name in used
    )
    plain = Schedule(
        program, target.name, target.clock_ns, memories, body, chosen, share, target.file.control
    )

    def rebuild(plans: Plans) -> tuple[Node, ...]:
        return _Builder(target, names, chosen, plans, builder.tasks).nodes(lowered)

    def area(bound: tuple[Node, ...]) -> float:
        return area_estimate(replace(plain, body=bound), target).weighted(target)

    def retime(bound: tuple[Node, ...]) -> tuple[Node, ...] | None:
        return retimed(bound, {memory.name: memory for memory in memories}, target)

    shared = share_operators(body, builder.region_tasks(), rebuild, area, retime, target, share)
    return replace(plain, body=shared)


def auto_pipelined(program: Program) -> frozenset[Loop]:
    """Each innermost loop, and the loops around it as far as the nest is perfect and all bounds are
    constant: what `schedule` then pipelines and flattens."""
    chosen: set[Loop] = set()

    def visit(loop: For) -> bool:
        """Whether the whole nest below and including the loop is pipelined and may be flattened."""
        items = flat_body(loop.body)
        inner = [item.statement for item in controls(items)]
        whole = block(loop.body)
        constant = has_constant_bounds(loop)
        perfect = len(inner) == 1 and all(isinstance(i, LocalArray) or i in controls(items) for i in items)
        if not inner or (perfect and whole and constant):
            chosen.add(loop)
            return constant
        return False

    def block(body: Block) -> bool:
        """Whether all of its control statements are such nests."""
        found = [item.statement for item in controls(flat_body(body))]
        whole = True
        for statement in found:
            if isinstance(statement, For):
                whole &= visit(statement)
            else:
                whole = False
                if isinstance(statement, While) and loop_free(statement.body):
                    chosen.add(statement)
                for inner in bodies(statement):
                    block(inner)
        return whole

    block(program.body)
    return frozenset(chosen)


_Task = tuple[
    tuple[RegionItem, ...],
    frozenset[Array],
    tuple[Counter, ...],
    Target,
    Expr | None,
    Limits,
    bool,
]
"""What a region is scheduled from."""


def _region_task(task: _Task) -> RegionTask:
    plain = schedule_region(*task)
    if plain is None:
        raise SeerError("internal error: a region without effect has been numbered")
    return RegionTask(plain, lambda limits: share_units(*task, limits))


class _Builder:
    """`tasks` numbers the regions by what they are scheduled from; `plans` has further limits for some."""

    def __init__(
        self,
        target: Target,
        names: dict[Array, str],
        limits: Limits,
        plans: Plans | None = None,
        tasks: dict[_Task, int] | None = None,
    ) -> None:
        self._target = target
        self._names = names
        self._limits = limits
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
                scheduled = self._region(node, node.counters)
                if scheduled is None:
                    return None
                return PipelinedLoop(
                    node.counters,
                    scheduled.named(self._names),
                    scheduled.interval,
                    self._bound(scheduled, scheduled.bound),
                    node.loops,
                    node.site,
                )
            case LoopNode():
                body = self.nodes(node.body)
                return SequentialLoop(node.counter, body, node.loop, node.site) if body else None
            case BranchNode():
                then, otherwise = self.nodes(node.then), self.nodes(node.otherwise)
                if not then and not otherwise:
                    return self._node(node.before)
                condition = self._condition(node.before, node.statement.condition)
                return Branch(condition, then, otherwise, node.statement, node.site)
            case WhileNode():
                return self._while(node)

    def _while(self, node: WhileNode) -> WhileLoop | PipelinedWhile | None:
        last = node.body[-1] if node.body else None
        inner = node.body[:-1] if isinstance(last, StraightNode) else node.body
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
        found = schedule_region(node.items, node.live_out, (), self._target, None, self._limits)
        return found is not None

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
    ) -> ScheduledRegion | None:
        task = (node.items, node.live_out, counters, self._target, condition, self._limits, repeats)
        found = schedule_region(*task)
        if found is None:
            return None
        plan = self._plans.get(self.tasks.setdefault(task, len(self.tasks)), ())
        return share_units(*task, plan) if plan else found

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


def memory_names(program: Program) -> dict[Array, str]:
    """A unique name for each array: that of the argument, or of a local's first origin."""
    names: dict[Array, str] = {array: array.name for array in program.arrays}
    taken = {argument.name for argument in program.arguments}

    def name(array: Array, origin: Origin) -> None:
        if array in names:
            return
        level = array.level if isinstance(array, LocalArray) else 0
        plain = "table" if isinstance(array, Table) else f"local{level}"
        base = origin.names[0] if origin.names else plain
        unique, count = base, 1
        while unique in taken:
            count += 1
            unique = f"{base}_{count}"
        taken.add(unique)
        names[array] = unique

    for statement in statements(program.body):
        if isinstance(statement, Local):
            name(statement.array, program.origins.get(statement, Origin()))
    # A fragment of a program may use locals that are bound outside of it.
    for statement in statements(program.body):
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                name(node.array, program.origins.get(node.array, Origin()))
        if isinstance(statement, Store):
            name(statement.array, Origin())
    return names
