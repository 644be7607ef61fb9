"""How many cycles a schedule takes: the rules of `seer.schedule.model`, evaluated, and what the target's
control adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seer.lang.affine import Held, Symbol
from seer.lang.operators import to_signed
from seer.lang.terms import Statement
from seer.schedule.control import ControlCosts
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
    counters_of,
    data_dependent,
    loop_counters,
)
from seer.schedule.profile import Call, Profile, profile

__all__ = ["cycles", "cycles_of", "typical_cycles"]

TYPICAL_ITERATIONS = 16
"""Iterations of a loop of which only the data say how many there are."""


def cycles(schedule: Schedule, call: Call | Mapping[str, int]) -> int:
    """Cycles of one call: from the clock edge that samples start to the one that shows done.

    Where control depends on data the program is run on the call, see `seer.schedule.profile`. Otherwise
    the scalar arguments are enough: by name, as numbers in [0, 2^width).
    """
    params = call if isinstance(call, Mapping) else call.params
    if data_dependent(schedule.body):
        if isinstance(call, Mapping):
            raise ValueError("the cycles of data-dependent control need the contents of the arrays")
        counted = _counted(schedule.body, 1, profile(schedule.program, call), schedule.control)
        return max(1, schedule.control.call + counted)
    widths = {param.name: param.bits for param in schedule.program.params}
    values: dict[Symbol, int] = {
        name: to_signed(value, widths[name]) for name, value in params.items() if name in widths
    }
    counter = _CycleCounter(schedule.control, {})
    return max(1, schedule.control.call + counter.block(schedule.body, values))


def _counted(nodes: Sequence[Node], runs: int, counts: Profile, control: ControlCosts) -> int:
    """Cycles of nodes that run one after the other, `runs` times altogether."""
    total = 0
    for node in nodes:
        match node:
            case Region():
                total += runs * node.length
            case PipelinedLoop():
                entered, iterations = counts.entered[node.site], counts.taken[node.site]
                if all(counter.constant for counter in node.counters):
                    iterations = entered
                    for counter in node.counters:
                        iterations *= counter.trip_count({})
                else:
                    total += control.bounds * node.guard * runs
                total += control.pipelined_loop * entered
                interval = node.initiation_interval
                total += interval * iterations
                total += 0 if node.around else (node.region.length - interval) * entered
            case SequentialLoop():
                taken = counts.taken[node.site]
                total += (control.sequential_loop + _guard(node, control)) * runs
                total += node.drain * counts.entered[node.site] if node.drain else 0
                total += control.sequential_iteration * taken
                total += _counted(node.body, taken, counts, control)
            case Branch():
                taken = counts.taken[node.site]
                total += runs * (control.branch + node.condition.length)
                total += _counted(node.then, taken, counts, control)
                total += _counted(node.otherwise, runs - taken, counts, control)
            case WhileLoop():
                iterations = counts.taken[node.site]
                again = node.condition if node.tail is None else node.tail
                total += runs * (control.sequential_loop + node.condition.length)
                total += iterations * (control.sequential_iteration + again.length)
                total += _counted(node.body, iterations, counts, control)
            case PipelinedWhile():
                entered, iterations = counts.entered[node.site], counts.taken[node.site]
                total += runs * node.condition.length
                total += (control.pipelined_loop + node.body.length) * entered
                total += node.initiation_interval * (iterations - entered)
            case Parallel():
                if node.starts:  # takes the same each time
                    total += runs * cycles_of(node, {}, control)
                else:  # stands in a program's own body, which runs once
                    total += max(_counted(branch, runs, counts, control) for branch in node.branches)
    return total


def cycles_of(
    nodes: Node | Sequence[Node],
    values: Mapping[Symbol, int],
    control: ControlCosts | None = None,
    iterations: Mapping[Statement, int] | None = None,
) -> int:
    """Cycles of one node of the loop tree, or of several in sequence, at these parameters (by name,
    signed) and enclosing induction values (by level). `control` is that of the schedule.

    Where control depends on data this is an estimate: the mean of both sides of a branch, and of a loop as
    many iterations as `iterations` tells, TYPICAL_ITERATIONS where it does not.
    """
    sequence = tuple(nodes) if isinstance(nodes, Sequence) else (nodes,)
    return _CycleCounter(control or ControlCosts(), iterations or {}).block(sequence, dict(values))


def typical_cycles(nodes: Sequence[Node], control: ControlCosts) -> int:
    """Cycles of nodes in sequence with typical data, arguments and counters of the loops around them."""
    counters = loop_counters(tuple(nodes))
    mentioned = [symbol for c in counters for symbol in (*c.lower.mentions, *c.upper.mentions)]
    typical: dict[Symbol, int] = {
        symbol: TYPICAL_ITERATIONS for symbol in mentioned if not isinstance(symbol, Held)
    }
    return cycles_of(nodes, typical, control)


class _CycleCounter:
    """Memoises by node and the values that its cycles depend on."""

    def __init__(self, control: ControlCosts, iterations: Mapping[Statement, int]) -> None:
        self._control = control
        self._iterations = iterations
        self._memo: dict[tuple[int, tuple[int, ...]], int] = {}
        self._symbols: dict[int, tuple[Symbol, ...]] = {}

    def block(self, nodes: tuple[Node, ...], values: dict[Symbol, int]) -> int:
        return sum(self.node(node, values) for node in nodes)

    def node(self, node: Node, values: dict[Symbol, int]) -> int:
        if isinstance(node, Region):
            return node.length
        key = (id(node), tuple(values[symbol] for symbol in self._depends_on(node)))
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._loop(node, values)
        return known

    def _loop(
        self,
        node: PipelinedLoop | SequentialLoop | Branch | WhileLoop | PipelinedWhile | Parallel,
        values: dict[Symbol, int],
    ) -> int:
        if isinstance(node, Parallel):
            ends = zip(node.begun, node.branches, strict=True)
            return max(start + self.block(branch, values) for start, branch in ends)
        if isinstance(node, Branch):
            sides = self.block(node.then, values) + self.block(node.otherwise, values)
            return self._control.branch + node.condition.length + (sides + 1) // 2
        if isinstance(node, WhileLoop):
            again = node.condition if node.tail is None else node.tail
            once = self._control.sequential_iteration + again.length + self.block(node.body, values)
            typical = self._iterations.get(node.loop, TYPICAL_ITERATIONS)
            return self._control.sequential_loop + node.condition.length + typical * once
        if isinstance(node, PipelinedWhile):
            typical = self._iterations.get(node.loop, TYPICAL_ITERATIONS)
            more = node.initiation_interval * (typical - 1) + self._control.pipelined_loop
            return node.condition.length + more + node.body.length
        if isinstance(node, PipelinedLoop):
            trips = 1
            for counter, loop in zip(node.counters, node.loops, strict=True):
                trips *= self._trips(counter, values, loop)
            guard = _guard(node, self._control)
            if trips == 0:
                return guard
            interval = node.initiation_interval
            drain = 0 if node.around else node.region.length - interval
            return guard + self._control.pipelined_loop + interval * trips + drain
        counter = node.counter
        guard = self._control.sequential_loop + _guard(node, self._control)
        level = counter.iv.level
        trips = self._trips(counter, values, node.loop)
        guard += trips * self._control.sequential_iteration + (node.drain if trips else 0)
        if not any(level in self._depends_on(inner) for inner in node.body) or counter.registers:
            values = {**values, level: _middle(counter, values)} if counter.registers else values
            return guard + trips * (self.block(node.body, values) if trips else 0)
        total = guard
        lower = counter.lower.evaluate(values)
        for iteration in range(trips):
            total += self.block(node.body, {**values, level: lower + iteration * counter.iv.step})
        return total

    def _trips(self, counter: Counter, values: Mapping[Symbol, int], loop: Statement) -> int:
        if counter.registers:
            return self._iterations.get(loop, TYPICAL_ITERATIONS)
        return counter.trip_count(values)

    def _depends_on(self, node: Node) -> tuple[Symbol, ...]:
        """Parameters and enclosing levels on which the node's cycles depend."""
        if isinstance(node, Region):
            return ()
        known = self._symbols.get(id(node))
        if known is None:
            found: dict[Symbol, None] = {}
            for inner in _inner(node):
                found.update(dict.fromkeys(self._depends_on(inner)))
            if isinstance(node, SequentialLoop):
                found.pop(node.counter.iv.level, None)
                found.update(dict.fromkeys(_symbols(node.counter)))
            elif isinstance(node, PipelinedLoop):
                for counter in node.counters:
                    found.update(dict.fromkeys(_symbols(counter)))
            known = self._symbols[id(node)] = tuple(found)
        return known


def _guard(node: PipelinedLoop | SequentialLoop, control: ControlCosts) -> int:
    """Cycles in which bounds that are not constants are evaluated."""
    constant = all(counter.constant for counter in counters_of(node))
    return 0 if constant else control.bounds * node.guard


def _inner(node: Node) -> tuple[Node, ...]:
    match node:
        case SequentialLoop() | WhileLoop():
            return node.body
        case Branch():
            return (*node.then, *node.otherwise)
        case Parallel():
            return node.nodes
        case _:
            return ()


def _symbols(counter: Counter) -> tuple[Symbol, ...]:
    found = (*counter.lower.mentions, *counter.upper.mentions)
    return tuple(symbol for symbol in found if not isinstance(symbol, Held))


def _middle(counter: Counter, values: Mapping[Symbol, int]) -> int:
    """A value in the middle of a typical count from the loop's first value, or from 0 where that is read."""
    iv = counter.iv
    first = min(max(0, iv.lower), iv.upper - 1) if counter.lower.registers else counter.lower.evaluate(values)
    return max(first, min(first + TYPICAL_ITERATIONS // 2 * iv.step, iv.upper - 1))
