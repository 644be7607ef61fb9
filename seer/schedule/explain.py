"""What bounds the initiation interval of each pipelined loop, and what would lift it.

Nothing is computed for a price: the constraints of a loop's region are looked up again, and in them the
recurrence, the accesses or the operators that do not fit into one cycle less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from seer.lang.floats import FLOAT_OPERATIONS
from seer.lang.program import Origin, Program
from seer.lang.terms import Array, Expr, Loop
from seer.schedule.drain_free import NO_NEST, Around
from seer.schedule.limits import Limits
from seer.schedule.lower import (
    BranchNode,
    LoopNode,
    LoweredNode,
    PipelineNode,
    StraightNode,
    WhileNode,
    lower,
)
from seer.schedule.model import (
    Branch,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Schedule,
    SequentialLoop,
    Stages,
    WhileLoop,
)
from seer.schedule.naming import banks_of, memory_names, with_bank_names
from seer.schedule.operations import Draft
from seer.schedule.partition import (
    Banks,
    Partition,
    Ring,
    layout_of,
    touched,
    whole_of,
)
from seer.schedule.recurrence import critical_recurrence
from seer.schedule.region import ScheduledRegion, known_start, schedule_region
from seer.schedule.target import Target

__all__ = ["Explanation", "explain"]

_SHOWN = 12
"""Accesses or operations that are listed; more are counted."""
_TRIED = (2, 3, 4, 5, 6, 8)
_MOST_TRIED = 8
"""Numbers of banks that are tried where ports bound a loop."""


@dataclass(frozen=True)
class Explanation:
    """Why a pipelined loop has its interval.

    `kind` is that of `seer.schedule.modulo.Bound`. `because` says in a line what bounds it, `path` lists the
    operations that take part, each with its place in the source, `lift` says what would change it.
    """

    loop: PipelinedLoop | PipelinedWhile
    kind: str
    because: str
    path: tuple[str, ...]
    lift: str


def explain(
    schedule: Schedule, target: Target, only: PipelinedLoop | PipelinedWhile | None = None
) -> tuple[Explanation, ...]:
    """An explanation for each pipelined loop of a schedule, in program order, or for one of them."""
    loops = list(_pipelined(schedule.body))
    chosen: set[Loop] = set()
    for loop in loops:
        chosen.update(loop.loops if isinstance(loop, PipelinedLoop) else (loop.loop,))
    rings = ((m.array.whole, m.words) for m in schedule.memories if isinstance(m.array, Ring))
    banks = replace(banks_of(schedule.program, schedule.partitions), rings=tuple(rings))
    names = with_bank_names(memory_names(schedule.program), banks)
    tasks = dict(
        _regions(lower(schedule.program, frozenset(chosen)), target, schedule.limits, schedule.stages, {})
    )
    explained: list[Explanation] = []
    for loop in loops if only is None else [only]:
        task = tasks[loop.site]
        if isinstance(loop, PipelinedLoop) and loop.around:
            moving = frozenset(array for array, name in names.items() if name in loop.moving)
            task = replace(task, around=Around(loop.around, moving))
        scheduled = task.scheduled(banks)
        assert scheduled is not None  # it has become a loop
        explained.append(_Explainer(schedule, names, scheduled, task, banks).explanation(loop))
    return tuple(explained)


def _pipelined(nodes: Sequence[Node]) -> Iterator[PipelinedLoop | PipelinedWhile]:
    for node in nodes:
        match node:
            case PipelinedLoop() | PipelinedWhile():
                yield node
            case SequentialLoop() | WhileLoop():
                yield from _pipelined(node.body)
            case Branch():
                yield from _pipelined((*node.then, *node.otherwise))
            case Parallel():
                yield from _pipelined(node.nodes)
            case _:
                continue


@dataclass(frozen=True)
class _Task:
    """The body of a pipelined loop, and the counters around it that are known to start from a value."""

    node: PipelineNode | StraightNode
    condition: Expr | None
    aligned: Mapping[int, int]
    target: Target
    limits: Limits
    stages: Stages
    around: Around = NO_NEST

    def scheduled(self, banks: Banks) -> ScheduledRegion | None:
        """Its schedule with arrays in these banks."""
        node, repeats = self.node, isinstance(self.node, StraightNode)
        counters = node.counters if isinstance(node, PipelineNode) else ()
        own = banks.only(touched(node.items, self.condition), self.aligned)
        return schedule_region(
            node.items,
            node.live_out,
            counters,
            self.target,
            self.condition,
            self.limits,
            repeats,
            own,
            self.stages,
            around=self.around,
        )


def _regions(
    nodes: Iterable[LoweredNode], target: Target, limits: Limits, stages: Stages, aligned: Mapping[int, int]
) -> Iterator[tuple[int, _Task]]:
    """The bodies of pipelined loops by site."""
    for node in nodes:
        match node:
            case PipelineNode():
                yield node.site, _Task(node, None, aligned, target, limits, stages)
            case WhileNode():
                last = node.body[-1] if node.body else None
                if node.pipelined and isinstance(last, StraightNode):
                    yield node.site, _Task(last, node.loop.condition, aligned, target, limits, stages)
                yield from _regions(node.body, target, limits, stages, aligned)
            case LoopNode():
                inside = {**aligned, **known_start(node.counter)}
                yield from _regions(node.body, target, limits, stages, inside)
            case BranchNode():
                yield from _regions((*node.then, *node.otherwise), target, limits, stages, aligned)
            case StraightNode():
                continue


class _Explainer:
    def __init__(
        self,
        schedule: Schedule,
        names: Mapping[Array, str],
        scheduled: ScheduledRegion,
        task: _Task,
        banks: Banks,
    ) -> None:
        self._task = task
        self._banks = banks
        self._program: Program = schedule.program
        self._names = names
        self._scheduled = scheduled
        self._problem = scheduled.solved
        self._drafts = scheduled.solved.drafts

    def explanation(self, loop: PipelinedLoop | PipelinedWhile) -> Explanation:
        bound = self._scheduled.bound
        match bound.kind:
            case "recurrence":
                because, path, lift = self._recurrence(loop.initiation_interval)
            case "ports" | "operators":
                because, path, lift = self._resource(bound.together)
            case "condition":
                because, path, lift = self._condition()
            case _:
                because, path, lift = "an iteration starts in every cycle", (), "unrolling does more in each"
        return Explanation(loop, bound.kind, because, path, lift)

    # -- kinds of bounds ------------------------------------------------------------------------------

    def _recurrence(self, interval: int) -> tuple[str, tuple[str, ...], str]:
        found = critical_recurrence(self._problem, interval)
        if found is None:
            # The interval is the recurrences' own bound, so a cycle does not allow less.
            raise AssertionError("a recurrence bounds the loop, but none was found")
        name = self._names[found.closing.array]
        over = "each iteration" if found.distance == 1 else f"{found.distance} iterations"
        because = f"a recurrence through {name} takes {_cycles(found.latency)} in {over}"
        path = [self._described(operation) for operation in found.operations]
        path.append(f"back to {path[0]}, {found.closing.distance} iteration(s) later")
        around = [self._drafts[operation] for operation in found.operations]
        if not found.closing.exact:
            because += " (assumed: a subscript on it is not affine)"
            lift = "subscripts that are affine in the counters, or other arrays for what is independent"
        elif any(draft.kind in FLOAT_OPERATIONS and draft.latency for draft in around):
            lift = "another loop as the innermost one (interchange); partial results would round differently"
        elif found.closing.array.type.shape:
            lift = "the value kept in a register instead of the memory (forwarding), or a longer distance"
        elif any(draft.kind in ("add", "sub", "mul") for draft in around):
            lift = "partial results (interleaving), fewer operations on the path, or a slower clock"
        else:
            lift = "fewer operations on the path, or a slower clock"
        return because, tuple(path), lift

    def _resource(self, together: bool) -> tuple[str, tuple[str, ...], str]:
        bound = self._scheduled.bound
        groups = [g for g in self._problem.groups if (g.array, g.unit) == (bound.array, bound.unit)]
        group = max(groups, key=lambda g: len(g.operations) / g.capacity)
        operations = group.operations
        path = [self._described(operation) for operation in operations[:_SHOWN]]
        if len(operations) > _SHOWN:
            path.append(f"and {len(operations) - _SHOWN} more")
        count = len(operations)
        if bound.array is not None:
            name = self._names[bound.array]
            because = f"{count} accesses to {name} in each iteration share {group.capacity} port(s)"
            lift = self._partition(bound.array)
            if lift is None:
                lift = f"more ports of {name}, or fewer accesses to it (no partition that was tried helps)"
        else:
            because = f"{count} operations in each iteration share {bound.limit} unit(s) {bound.unit}"
            lift = f"a limit of more than {bound.limit} for {bound.unit}"
        if together:
            because += "; with the dependences between them that does not fit into one cycle less"
        return because, tuple(path), lift

    def _partition(self, array: Array) -> str | None:
        """The cyclic partition of an array with which the loop's interval falls most, of these the one into
        the fewest banks; None if none helps."""
        whole = whole_of(array)
        best, words = self._scheduled.interval, None
        sizes = sorted({*_TRIED, *whole.type.shape})
        for count in (count for count in sizes if 1 < count <= _MOST_TRIED):
            for dim, extent in enumerate(whole.type.shape, 1):
                if count > extent or best == 1:
                    continue
                cut = Partition(self._names[whole], "cyclic", count, dim)
                kept = tuple((a, layout) for a, layout in self._banks.layouts if a is not whole)
                layout = layout_of(whole, [cut])
                assert layout is not None  # there is more than one bank
                found = self._task.scheduled(Banks((*kept, (whole, layout))))
                if found is not None and found.interval < best:
                    best = found.interval
                    words = f"a partition, `#pragma HLS ARRAY_PARTITION {cut}`, gives II {best}"
        return words

    def _condition(self) -> tuple[str, tuple[str, ...], str]:
        """The longest path that leads to the decision about the next iteration."""
        decision = self._problem.decision
        assert decision is not None
        heads: list[int] = []
        via: list[int | None] = []
        for into in self._problem.edges:
            last = max(into, key=lambda edge: heads[edge[0]] + edge[1], default=None)
            heads.append(0 if last is None else heads[last[0]] + last[1])
            via.append(None if last is None else last[0])
        path: list[int] = []
        node: int | None = decision
        while node is not None:
            path.append(node)
            node = via[node]
        because = f"whether there is a next iteration is known after {_cycles(heads[decision] + 1)}"
        lift = "a condition that needs less: fewer loads and operations in front of it"
        return because, tuple(self._described(operation) for operation in reversed(path)), lift

    # -- words ----------------------------------------------------------------------------------------

    def _described(self, operation: int) -> str:
        draft = self._drafts[operation]
        text = _what(draft, self._names)
        if draft.latency:
            text += f" ({_cycles(draft.latency)})"
        origin = Origin() if draft.statement is None else self._program.origins.get(draft.statement, Origin())
        return f"{text} at {origin.locations[0].short}" if origin.locations else text


def _what(draft: Draft, names: Mapping[Array, str]) -> str:
    if draft.array is not None:
        return f"{draft.kind} {names[draft.array]}"
    if draft.kind == "decide":
        return "decision"
    return f"{draft.width}-bit {draft.kind}"


def _cycles(count: int) -> str:
    return "1 cycle" if count == 1 else f"{count} cycles"
