"""One region from its statements to scheduled operations; memoised, because extraction prices the same
regions again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from seer.lang.affine import Symbol, unsigned_reading
from seer.lang.terms import Array, Expr, Iv, LocalArray, Param
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.bank_analysis import Symbols
from seer.schedule.banked import banked
from seer.schedule.constraints import Problem, arrival_ns, build_problem, input_delay_ns
from seer.schedule.dependence import Access, Dependences
from seer.schedule.drain_free import NO_NEST, Around
from seer.schedule.forwarded import forwarded
from seer.schedule.guards import guarded
from seer.schedule.lifetimes import shorten_lifetimes
from seer.schedule.limits import Limits
from seer.schedule.memories import kind_of, lane_bits
from seer.schedule.model import Counter, Operation, Region, Stages
from seer.schedule.modulo import Bound, Solution, solve, solve_within
from seer.schedule.operations import EFFECTS, Draft, draft_operations
from seer.schedule.partition import NO_BANKS, Banks
from seer.schedule.sites import RegionItem
from seer.schedule.slots import shared_ports
from seer.schedule.target import Target
from seer.schedule.unit_limits import UnitLimit, limited, with_multiplexers, with_stages
from seer.schedule.values import ValueGraph

__all__ = ["ScheduledRegion", "has_effect", "known_start", "schedule_region", "share_units"]


@dataclass(frozen=True)
class ScheduledRegion:
    """A region whose operations name memories by position in `arrays`; `interval` is 0 in straight code.

    `assumed` are carried dependences that could not be decided and so were assumed. `problem` are the
    constraints that it keeps, by operation.
    """

    region: Region
    arrays: tuple[Array, ...]
    interval: int
    bound: Bound
    assumed: tuple[tuple[Array, int], ...]
    problem: Problem = field(compare=False, repr=False)
    solved: Problem = field(compare=False, repr=False)
    """The same with the time that was allowed for multiplexers, if any."""

    def named(self, names: Mapping[Array, str]) -> Region:
        """The region with memories by name."""
        return _named(self, tuple(names[array] for array in self.arrays))


@lru_cache(maxsize=1 << 12)
def schedule_region(
    items: tuple[RegionItem, ...],
    live_out: frozenset[Array],
    counters: tuple[Counter, ...],
    target: Target,
    condition: Expr | None = None,
    limits: Limits = (),
    repeats: bool = False,
    banks: Banks = NO_BANKS,
    stages: Stages = (),
    around: Around = NO_NEST,
) -> ScheduledRegion | None:
    """The schedule of a loop-free stretch, or with counters of the body of a pipelined loop.

    `live_out` are the registers read later (in a loop: also by the next iteration). A `condition` is
    computed behind the statements, for the region's last cycle to decide; if the region `repeats`, it is the
    body of a pipelined while loop, and the decision about the next iteration falls in the cycle before that
    one starts. `limits` hold on each cycle; `banks` are the arrays that are partitioned; `stages` are units
    behind registers; `around` is what changes between the entries of a pipelined loop in a drain-free nest.
    None if the region has no effect.
    """
    drafted = _drafted(items, live_out, counters, target, condition, repeats, banks, around)
    if drafted is None:
        return None
    pipelined = bool(counters) or repeats
    drafts = with_stages(drafted.drafts, names=dict(stages))
    problem, solution = _solved(drafts, drafted, pipelined, target, limits, stages)
    if solution.waits:
        others = guarded(drafted.problem(drafts, target, limits) if stages else problem, target)
        if others is not None:
            other, better = _solved(others, drafted, pipelined, target, limits, stages)
            if (better.interval, better.length) < (solution.interval, solution.length):
                problem, solution, drafts = other, better, others
    if pipelined and around == NO_NEST and solution.interval > 1:
        others = forwarded(drafts)
        if others is not None:
            other, better = _solved(others, drafted, pipelined, target, limits, stages)
            if better.interval < solution.interval:
                problem, solution, drafts = other, better, others
    if not stages:
        return _scheduled(problem, solution, drafted, target)
    # Multiplexers were allowed for: which of them there are is decided later.
    return _scheduled(problem, solution, drafted, target, drafted.problem(drafts, target, limits))


def _solved(
    drafts: Sequence[Draft],
    drafted: _Drafted,
    pipelined: bool,
    target: Target,
    limits: Limits,
    stages: Stages,
) -> tuple[Problem, Solution]:
    problem = drafted.problem(with_multiplexers(drafts, (), stages), target, limits)
    return problem, solve(problem, pipelined)


@lru_cache(maxsize=1 << 12)
def share_units(
    items: tuple[RegionItem, ...],
    live_out: frozenset[Array],
    counters: tuple[Counter, ...],
    target: Target,
    condition: Expr | None,
    limits: Limits,
    repeats: bool,
    banks: Banks,
    stages: Stages,
    around: Around,
    wanted: tuple[UnitLimit, ...],
) -> ScheduledRegion | None:
    """The region that `schedule_region` gives, with units limited further and multiplexers in front of them.

    None where the initiation interval or the length would grow, or nothing was found.
    """
    drafted = _drafted(items, live_out, counters, target, condition, repeats, banks, around)
    task = (items, live_out, counters, target, condition, limits, repeats, banks, stages, around)
    plain = schedule_region(*task)
    if drafted is None or plain is None:
        return None
    without = plain.problem
    if any(unit.staged for unit in wanted):
        without = drafted.problem(with_stages(without.drafts, wanted), target, limits)
    drafts = with_multiplexers(without.drafts, wanted, stages)
    problem = limited(drafted.problem(drafts, target, limits), wanted)
    length = plain.region.length
    starts = solve_within(problem, plain.interval, length)
    if starts is None:
        return None
    solution = Solution(starts, plain.interval, length, plain.bound, False, (plain.interval, length))
    return _scheduled(problem, solution, drafted, target, without)


@dataclass(frozen=True)
class _Drafted:
    """The operations of a region and how they depend on one another."""

    drafts: list[Draft]
    accesses: dict[int, Access]
    dependences: Dependences
    counters: tuple[Counter, ...]
    repeats: bool
    around: Around

    def problem(self, drafts: Sequence[Draft], target: Target, limits: Limits) -> Problem:
        """What `drafts`, these operations or others made of them, have to obey."""
        pipelined = bool(self.counters) or self.repeats
        return build_problem(drafts, self.accesses, self.dependences, pipelined, target, limits)


def has_effect(
    items: tuple[RegionItem, ...], live_out: frozenset[Array], target: Target, banks: Banks
) -> bool:
    """Whether `schedule_region` gives a region for a loop-free stretch, without scheduling it."""
    return _drafted(items, live_out, (), target, None, False, banks, NO_NEST) is not None


@lru_cache(maxsize=1 << 11)
def _drafted(
    items: tuple[RegionItem, ...],
    live_out: frozenset[Array],
    counters: tuple[Counter, ...],
    target: Target,
    condition: Expr | None,
    repeats: bool,
    banks: Banks,
    around: Around,
) -> _Drafted | None:
    symbols = _symbols(items, (*around.counters, *counters), condition)
    dependences = Dependences(counters, symbols, repeats, around.counters)
    partitioned = {array for array, _ in (*banks.layouts, *banks.rings)}

    def lanes(array: Array) -> int:
        kind = kind_of(array, target)
        return 0 if array in partitioned and kind != "external" else lane_bits(kind, target)

    graph = ValueGraph(dependences, lanes)
    if repeats and condition is not None:
        graph.assume(condition)
    for item in items:
        graph.add(item)
    if condition is not None:
        graph.decide(condition)
    steps = {counter.iv.level: counter.iv.step if len(counters) == 1 else None for counter in counters}
    graph.finish(live_out, steps)
    found = banked(graph, banks, Symbols(symbols, _aligned(counters, banks))) if banks else graph
    drafts = draft_operations(found, target)
    if not any(draft.kind in EFFECTS for draft in drafts):
        return None
    return _Drafted(drafts, found.accesses, dependences, counters, repeats, around)


def known_start(counter: Counter) -> dict[int, int]:
    """A counter's first value, by its level, where that is known and it then takes steps of several."""
    return (
        {counter.iv.level: counter.lower.constant} if counter.iv.step > 1 and not counter.lower.terms else {}
    )


def _aligned(counters: tuple[Counter, ...], banks: Banks) -> dict[int, int]:
    found = dict(banks.aligned)
    for counter in counters:
        found.update(known_start(counter))
    return found


def _scheduled(
    problem: Problem, solution: Solution, drafted: _Drafted, target: Target, plain: Problem | None = None
) -> ScheduledRegion:
    """The operations at the solution's starts; `plain` is the problem without what sharing adds to it."""
    plain = plain or problem
    drafts = plain.drafts
    stable = _stable(drafts, drafted.counters, drafted.around)
    starts = shorten_lifetimes(problem, solution.starts, solution.interval, solution.length, stable)
    starts = _moving_first(drafts, starts, drafted.around)
    if not drafted.repeats:
        starts = _decide_last(drafts, starts)
    arrays = tuple(dict.fromkeys(draft.array for draft in drafts if draft.array is not None))
    operations = _operations(plain, starts, solution.interval, target, arrays)
    assumed = {(edge.array, edge.distance): None for edge in problem.carried if not edge.exact}
    length = max(op.start_cycle + max(1, op.latency) for op in operations)
    return ScheduledRegion(
        Region(operations, length), arrays, solution.interval, solution.bound, tuple(assumed), plain, problem
    )


def _decide_last(drafts: Sequence[Draft], starts: tuple[int, ...]) -> tuple[int, ...]:
    """Decisions in the last cycle of the region."""
    length = max(start + max(1, draft.latency) for start, draft in zip(starts, drafts, strict=True))
    return tuple(
        length - 1 if draft.kind == "decide" else start for start, draft in zip(starts, drafts, strict=True)
    )


def _symbols(
    items: tuple[RegionItem, ...], counters: tuple[Counter, ...], condition: Expr | None
) -> dict[Symbol, Expr]:
    """The induction variables and parameters of a region, by level or name."""
    roots = [] if condition is None else [condition]
    for statement in statements(tuple(item for item in items if not isinstance(item, LocalArray))):
        roots += expressions(statement)
    found: dict[Symbol, Expr] = {}
    for node in subexpressions(*roots):
        if isinstance(node, Iv):
            found[node.level] = node
        elif isinstance(node, Param):
            found[node.name] = node
        elif (symbol := unsigned_reading(node)) is not None:
            found[symbol] = node
    for counter in counters:
        found[counter.iv.level] = counter.iv
    return found


def _moving_first(drafts: Sequence[Draft], starts: tuple[int, ...], around: Around) -> tuple[int, ...]:
    """Registers written beside the loop are read in the first cycle, which nothing keeps them from."""
    beside = around.registers - {draft.array for draft in drafts if draft.kind == "write"}
    return tuple(
        0 if draft.kind == "read" and draft.array in beside else start
        for start, draft in zip(starts, drafts, strict=True)
    )


def _stable(drafts: Sequence[Draft], counters: tuple[Counter, ...], around: Around) -> frozenset[int]:
    """Values that do not change while the region runs: they need no registers of their own."""
    levels = {counter.iv.level for counter in (*around.counters, *counters)}
    written = {draft.array for draft in drafts if draft.kind == "write"} | around.registers
    return frozenset(
        position
        for position, draft in enumerate(drafts)
        if draft.kind in ("const", "param")
        or (draft.kind == "iv" and draft.level not in levels)
        or (draft.kind == "read" and draft.array not in written)
    )


def _operations(
    problem: Problem, starts: tuple[int, ...], interval: int, target: Target, arrays: tuple[Array, ...]
) -> tuple[Operation, ...]:
    """Operations with start times inside their cycles, and ports."""
    drafts = problem.drafts
    ports = _ports(problem, starts, interval)
    ready: list[float] = []
    operations: list[Operation] = []
    for position, draft in enumerate(drafts):
        start = starts[position]
        arrived = 0.0 if draft.kind == "const" or not draft.inputs else target.register_ns
        for u in draft.inputs:
            if starts[u] + drafts[u].latency == start and drafts[u].kind != "const":
                arrived = max(arrived, ready[u])
        if draft.latency == 0 and draft.inputs:
            done = arrived + input_delay_ns(draft, target)
        else:
            done = arrival_ns(draft, target)
        ready.append(done)
        operations.append(
            Operation(
                id=position,
                kind=draft.kind,
                width=draft.width,
                operands=draft.operands,
                start_cycle=start,
                latency=draft.latency,
                start_ns=round(arrived, 3),
                ready_ns=round(done, 3),
                unit=None if draft.unit is None else draft.unit.name,
                staged=draft.staged,
                memory=None if draft.array is None else str(arrays.index(draft.array)),
                port=ports.get(position),
                predicate=draft.predicate,
                value=draft.value,
                symbol=draft.symbol,
                level=draft.level,
                forwarded=draft.forwarded,
                statement=draft.statement,
            )
        )
    return tuple(operations)


def _ports(problem: Problem, starts: tuple[int, ...], interval: int) -> dict[int, int]:
    """A port for each access: loads from the first upwards, stores from the last downwards, so that
    few ports need to do both; exclusive accesses in one cycle of an iteration share theirs."""
    ports: dict[int, int] = {}
    for group in problem.groups:
        if group.array is None:
            continue
        by_cycle: dict[int, list[int]] = {}
        for operation in group.operations:
            by_cycle.setdefault(starts[operation], []).append(operation)
        units = [unit for members in by_cycle.values() for unit in shared_ports(group.pool, members)]
        taken: dict[int, set[int]] = {}
        # Of a mixed unit the stores decide: they are fewer, and loads go wherever they must.
        for store in (False, True):
            order = range(group.capacity - 1, -1, -1) if store else range(group.capacity)
            for unit in units:
                if any(problem.drafts[operation].kind == "store" for operation in unit) != store:
                    continue
                cycle = starts[unit[0]] % interval if interval else starts[unit[0]]
                busy = taken.setdefault(cycle, set())
                port = next(port for port in order if port not in busy)
                busy.add(port)
                for operation in unit:
                    ports[operation] = group.first + port
    return ports


@lru_cache(maxsize=1 << 12)
def _named(scheduled: ScheduledRegion, names: tuple[str, ...]) -> Region:
    operations = tuple(
        op if op.memory is None else replace(op, memory=names[int(op.memory)])
        for op in scheduled.region.operations
    )
    return Region(operations, scheduled.region.length)
