"""How many cycles a schedule takes: the rules of `seer.schedule.model`, evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seer.lang.affine import Affine
from seer.lang.operators import to_signed
from seer.schedule.model import Counter, Node, PipelinedLoop, Region, Schedule, SequentialLoop

__all__ = ["cycles", "cycles_of"]

Symbol = int | str


def cycles(schedule: Schedule, params: Mapping[str, int]) -> int:
    """Cycles of one call: from the clock edge that samples start to the one that shows done.

    `params` are the scalar arguments by name, as numbers in [0, 2^width).
    """
    widths = {param.name: param.bits for param in schedule.program.params}
    values: dict[Symbol, int] = {
        name: to_signed(value, widths[name]) for name, value in params.items() if name in widths
    }
    counter = _CycleCounter()
    return max(1, counter.block(schedule.body, values))


def cycles_of(nodes: Node | Sequence[Node], values: Mapping[Symbol, int]) -> int:
    """Cycles of one node of the loop tree, or of several in sequence, at these parameters (by name,
    signed) and enclosing induction values (by level)."""
    sequence = tuple(nodes) if isinstance(nodes, Sequence) else (nodes,)
    return _CycleCounter().block(sequence, dict(values))


class _CycleCounter:
    """Memoises by node and the values that its cycles depend on."""

    def __init__(self) -> None:
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

    def _loop(self, node: PipelinedLoop | SequentialLoop, values: dict[Symbol, int]) -> int:
        if isinstance(node, PipelinedLoop):
            trips = 1
            for counter in node.counters:
                trips *= counter.trip_count(values)
            guard = 0 if all(counter.constant for counter in node.counters) else 1
            if trips == 0:
                return guard
            return guard + node.initiation_interval * (trips - 1) + node.region.length
        counter = node.counter
        guard = 0 if counter.constant else 1
        level = counter.iv.level
        trips = counter.trip_count(values)
        if not any(level in self._depends_on(inner) for inner in node.body):
            return guard + trips * (self.block(node.body, values) if trips else 0)
        total = guard
        lower = counter.lower.evaluate(values)
        for iteration in range(trips):
            total += self.block(node.body, {**values, level: lower + iteration * counter.iv.step})
        return total

    def _depends_on(self, node: Node) -> tuple[Symbol, ...]:
        """Parameters and enclosing levels on which the node's cycles depend."""
        if isinstance(node, Region):
            return ()
        known = self._symbols.get(id(node))
        if known is None:
            found: dict[Symbol, None] = {}
            counters = node.counters if isinstance(node, PipelinedLoop) else (node.counter,)
            if isinstance(node, SequentialLoop):
                for inner in node.body:
                    found.update(dict.fromkeys(self._depends_on(inner)))
                found.pop(node.counter.iv.level, None)
            for counter in counters:
                found.update(dict.fromkeys(_symbols(counter)))
            known = self._symbols[id(node)] = tuple(found)
        return known


def _symbols(counter: Counter) -> list[Symbol]:
    forms: tuple[Affine, ...] = (counter.lower, counter.upper)
    return [symbol for form in forms for symbol, _ in form.terms]
