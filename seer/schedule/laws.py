"""The paper's laws: what a rewritten loop costs, without scheduling it.

A loop is known by its state (P, l, N, A): initiation interval, iteration latency, trip count, and the
accesses to memory of an iteration; it takes (N − 1)·P + l cycles. Only the loops of the program as it came in
are scheduled; each derived loop's state follows from theirs. Fusion and full unrolling are as published
(SEER, ASPLOS 2024), the other laws are inferred. A state here also holds its slowest recurrence, latency
over distance, which the inferred laws need; trip counts stand in the loops' bounds.

Laws see neither recurrences that a rewrite makes, nor chaining, nor ports that are busy in the wrong cycle:
docs/laws.md says how far off they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from seer.lang.terms import Array, Expr, Iv, Load, LocalArray, Statement, Store
from seer.lang.traverse import Rewriter, expressions, statements, subexpressions
from seer.schedule.lower import PipelineNode
from seer.schedule.memories import kind_of, memory_of
from seer.schedule.model import SPLIT_PORTS
from seer.schedule.recurrence import critical_recurrence
from seer.schedule.region import ScheduledRegion, schedule_region
from seer.schedule.sites import RegionItem
from seer.schedule.target import Target

__all__ = [
    "Access",
    "LoopState",
    "accesses_of",
    "flattened_cycles",
    "forwarded",
    "fully_unrolled_latency",
    "fused",
    "if_converted",
    "interchanged",
    "measured_state",
    "most_accesses",
    "straight",
    "unrolled",
]

Access = tuple[Array, tuple[Expr, ...], bool, int]
"""Array, subscripts, whether it stores, and which copy of the iteration makes it."""


@dataclass(frozen=True)
class LoopState:
    """What the laws know of a loop but its trip count: `interval` P and `latency` l in cycles, the `accesses`
    A of an iteration, and `recurrence`, latency over distance of its slowest one (0: none)."""

    interval: int
    latency: int
    accesses: frozenset[Access] = frozenset()
    recurrence: Fraction = Fraction(0)

    def cycles(self, trips: int) -> int:
        """Cycles of `trips` iterations."""
        return self.interval * (trips - 1) + self.latency if trips > 0 else 0


def fused(first: LoopState, second: LoopState, target: Target) -> LoopState:
    """A(i) and B(i) in one loop of max(N0, N1) iterations: l' = max(l0, l1), A' = A0 ∪ A1,
    P' = max(P0, P1, M(A'))."""
    accesses = first.accesses | second.accesses
    interval = max(first.interval, second.interval, most_accesses(accesses, target))
    recurrence = max(first.recurrence, second.recurrence)
    return LoopState(interval, max(first.latency, second.latency), accesses, recurrence)


def unrolled(state: LoopState, factor: int, level: int, target: Target) -> LoopState:
    """`factor` iterations in one, ⌈N/factor⌉ times: P' = max(⌈factor·r/d⌉, M(copies)), and an iteration that
    is longer by as much as the interval. `level` is that of the loop's induction variable."""
    accesses = _copies(state.accesses, factor, level)
    interval = max(1, ceil(factor * state.recurrence), most_accesses(accesses, target))
    latency = state.latency + max(0, interval - state.interval)
    return LoopState(interval, latency, accesses, factor * state.recurrence)


def fully_unrolled_latency(state: LoopState, trips: int) -> int:
    """The iterations one after the other: N' = 1, l' = N·l."""
    return trips * state.latency


def flattened_cycles(state: LoopState, outer: int, inner: int) -> int:
    """A perfect nest as one loop of N_o·N_i iterations; it saves (l − P)·(N_o − 1) cycles."""
    return state.cycles(outer * inner)


def interchanged(state: LoopState, recurrence: Fraction, target: Target) -> LoopState:
    """The nest's inner loop when its outer one has become it: the trip counts are exchanged, and of the
    recurrences those count that the other induction variable carries."""
    interval = max(1, ceil(recurrence), most_accesses(state.accesses, target))
    return replace(state, interval=interval, recurrence=recurrence)


def if_converted(
    state: LoopState, then: Iterable[Access], otherwise: Iterable[Access], mux: int, target: Target
) -> LoopState:
    """Both sides of a branch in every iteration, selected by multiplexers of `mux` cycles: l' = l + mux,
    P' = max(P, M(A_then ∪ A_else))."""
    both = frozenset(then) | frozenset(otherwise)
    interval = max(state.interval, most_accesses(both, target))
    return replace(state, interval=interval, latency=state.latency + mux, accesses=state.accesses | both)


def forwarded(
    state: LoopState, accesses: frozenset[Access], recurrence: Fraction, target: Target
) -> LoopState:
    """With loads replaced by the values stored: P' = max(⌈r/d⌉, M(A')) of what is left."""
    interval = max(1, ceil(recurrence), most_accesses(accesses, target))
    return LoopState(interval, state.latency, accesses, recurrence)


def straight(latency: int, accesses: frozenset[Access], target: Target) -> LoopState:
    """A loop around straight code, as it is left when the loop inside has been unrolled in full."""
    return LoopState(max(1, most_accesses(accesses, target)), latency, accesses)


def most_accesses(accesses: Iterable[Access], target: Target) -> int:
    """M(A): for the busiest memory, the cycles in which its ports can make all of its accesses."""
    groups: dict[tuple[Array, bool], int] = {}
    for array, _, stores, _ in accesses:
        split = kind_of(array, target) in SPLIT_PORTS
        key = (array, stores and split)
        groups[key] = groups.get(key, 0) + 1
    most = 0
    for (array, stores), count in groups.items():
        memory = memory_of(array, "", target)
        most = max(most, -(-count // len(memory.write_ports if stores else memory.read_ports)))
    return most


def accesses_of(items: Iterable[RegionItem], iv: Iv | None = None) -> frozenset[Access]:
    """The different accesses of loop-free statements to memories; the induction variable `iv` is written as
    one without bounds, so that those of neighbouring loops can be compared."""
    found: dict[Access, None] = {}
    plain = Rewriter(lambda node: _without_bounds(node, iv))
    code: list[Statement] = [item for item in items if not isinstance(item, LocalArray)]
    for statement in statements(tuple(code)):
        if isinstance(statement, Store) and statement.array.type.shape:
            found[statement.array, tuple(plain.expression(i) for i in statement.indices), True, 0] = None
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load) and node.array.type.shape:
                found[node.array, tuple(plain.expression(i) for i in node.indices), False, 0] = None
    return frozenset(found)


def _without_bounds(node: Expr, iv: Iv | None) -> Expr:
    if iv is not None and isinstance(node, Iv) and node.level == iv.level:
        return Iv(node.bits, node.level, 0, 1, 1)
    return node


def _copies(accesses: frozenset[Access], factor: int, level: int) -> frozenset[Access]:
    """The accesses of so many iterations; one that does not move with the loop is made once."""
    found: dict[Access, None] = {}
    for array, indices, stores, copy in accesses:
        moves = any(isinstance(n, Iv) and n.level == level for n in subexpressions(*indices))
        for number in range(factor if moves or stores else 1):
            found[array, indices, stores, copy * factor + number] = None
    return frozenset(found)


def measured_state(node: PipelineNode, target: Target) -> LoopState | None:
    """The state of a loop as it is scheduled; None if it has no effect."""
    found = schedule_region(node.items, node.live_out, node.counters, target)
    if found is None:
        return None
    iv = node.counters[-1].iv
    accesses = accesses_of(node.items, iv)
    return LoopState(found.interval, found.region.length, accesses, _slowest_recurrence(found))


def _slowest_recurrence(found: ScheduledRegion) -> Fraction:
    """Latency over distance of the recurrence that bounds the interval most."""
    least, most = 0, found.interval
    best = Fraction(0)
    while least < most:
        middle = (least + most + 1) // 2
        cycle = critical_recurrence(found.problem, middle)
        if cycle is None:
            most = middle - 1
        else:
            least, best = middle, Fraction(cycle.latency, cycle.distance)
    return best
