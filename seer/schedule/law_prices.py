"""Cycles of a program by laws: its lowered tree with the states of its loops in the place of schedules.

`LawPrices` is filled with the loops of one program, each scheduled once, and then told what each rewrite made
of which loops; `cycles` of any program made so needs no schedule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from seer.lang.program import Program
from seer.lang.terms import Block, Expr, For, LocalArray
from seer.lang.traverse import loop_free, statements
from seer.schedule.cycles import cycles_of
from seer.schedule.laws import (
    LoopState,
    accesses_of,
    fully_unrolled_latency,
    fused,
    measured_state,
    straight,
    unrolled,
)
from seer.schedule.lower import (
    BranchNode,
    LoopNode,
    LoweredNode,
    PipelineNode,
    StraightNode,
    WhileNode,
    lower,
)
from seer.schedule.model import Branch, Node, PipelinedLoop, Region, SequentialLoop, WhileLoop
from seer.schedule.policy import trip_count
from seer.schedule.region import schedule_region
from seer.schedule.sites import Control, RegionItem, flat_body
from seer.schedule.target import Target

__all__ = ["LawPrices", "innermost_loops"]


def innermost_loops(block: Block) -> list[For]:
    """The counted loops without loops inside, in program order, each once."""
    found = [s for s in statements(block) if isinstance(s, For) and loop_free(s.body)]
    return list(dict.fromkeys(found))


class LawPrices:
    """States of loops, and latencies of straight code by the statements that it consists of."""

    def __init__(self, program: Program, target: Target) -> None:
        """Schedules each innermost loop of the program, pipelined, and the code around them, once.

        Raises InputError as `seer.schedule.schedule` does.
        """
        self._target = target
        self.states: dict[For, LoopState] = {}
        self._pieces: dict[RegionItem, dict[object, int]] = {}
        """The pieces of straight code that a statement is part of, equal ones standing in several."""
        self._idle: dict[For, None] = {}
        """Loops without effect, which are not built."""
        self._whole: dict[tuple[tuple[RegionItem, ...], Expr | None], int] = {}
        self._measure(lower(program, frozenset(innermost_loops(program.body))))

    def cycles(self, program: Program, pipelined: frozenset[For], params: Mapping[str, int]) -> int:
        """Cycles by law of a program made of known loops. Control that depends on data is estimated as by
        `cycles_of`."""
        nodes = self._nodes(lower(program, pipelined))
        return max(1, cycles_of(nodes, {**params}, self._target.file.control))

    def unroll(self, loop: For, factor: int | None, replacement: Block) -> None:
        """`replacement` is `loop` unrolled by a factor, perhaps with a loop for the rest, or (None) in full.
        A loop without effect has no state, nor have its copies."""
        state = self.states.get(loop)
        if state is None:
            return
        if factor is None:
            latency = fully_unrolled_latency(state, trip_count(loop) or 0)
            self._know(_flat_items(replacement), loop, latency)
            return
        main = unrolled(state, factor, loop.iv.level, self._target)
        step = factor * loop.iv.step
        made = innermost_loops(replacement)
        for new in made:
            self._add(new, main if new.iv.step == step else state)
        # What runs once stands there without its loop: the first iteration, or else what is left.
        once = state if any(new.iv.step == step for new in made) else main
        self._know(_flat_items(replacement), (loop, factor), once.latency)

    def fuse(self, before: Block, replacement: Block, sources: Mapping[For, Sequence[For]]) -> None:
        """`replacement` is `before` fused; `sources` names the loops of `before` that each of its loops
        carries."""
        known = {loop: self.states[loop] for loop in innermost_loops(before) if loop in self.states}
        for new in innermost_loops(replacement):
            states = [known[loop] for loop in sources.get(new, ()) if loop in known] or list(known.values())
            total = states[0] if states else LoopState(1, 1)
            for state in states[1:]:
                total = fused(total, state, self._target)
            self._add(new, total)

    def _add(self, loop: For, state: LoopState) -> None:
        self.states[loop] = state
        items = _flat_items(loop.body)
        self._know(items, loop, state.latency)
        self._whole[tuple(items), None] = state.latency

    def _know(self, items: Iterable[RegionItem], piece: object, latency: int) -> None:
        for item in items:
            self._pieces.setdefault(item, {})[piece] = latency

    # -- the program as it came in --------------------------------------------------------------------

    def _measure(self, nodes: Iterable[LoweredNode]) -> None:
        for node in nodes:
            match node:
                case PipelineNode():
                    state = measured_state(node, self._target)
                    if state is None:
                        self._idle[node.loops[-1]] = None
                    else:
                        self._add(node.loops[-1], state)
                case StraightNode():
                    self._measure_straight(node, None)
                case LoopNode():
                    self._measure(node.body)
                case BranchNode():
                    self._measure_straight(node.before, node.statement.condition)
                    self._measure((*node.then, *node.otherwise))
                case WhileNode():
                    self._measure(node.body)
                    self._measure_straight(StraightNode((), frozenset()), node.loop.condition)
                    if node.body and isinstance(node.body[-1], StraightNode):
                        self._measure_straight(node.body[-1], node.loop.condition)

    def _measure_straight(self, node: StraightNode, condition: Expr | None) -> None:
        """Straight code, perhaps with a condition computed behind it."""
        found = schedule_region(node.items, node.live_out, (), self._target, condition)
        length = 0 if found is None else found.region.length
        self._whole[tuple(_code(node.items)), condition] = length
        self._know(_code(node.items), node, length)

    # -- a program as nodes with cycles by law --------------------------------------------------------

    def _nodes(self, nodes: Iterable[LoweredNode]) -> tuple[Node, ...]:
        made = (self._node(node) for node in nodes)
        return tuple(node for node in made if node is not None)

    def _node(self, node: LoweredNode) -> Node | None:
        match node:
            case StraightNode():
                latency = self._latency(node.items)
                return Region((), latency) if latency else None
            case PipelineNode() if node.loops[-1] in self._idle:
                return None
            case PipelineNode():
                state = self.states.get(node.loops[-1])
                if state is None:
                    iv = node.counters[-1].iv
                    state = straight(self._latency(node.items), accesses_of(node.items, iv), self._target)
                body = Region((), state.latency)
                return PipelinedLoop(node.counters, body, state.interval, "", node.loops, node.site)
            case LoopNode():
                body = self._nodes(node.body)
                return SequentialLoop(node.counter, body, node.loop, node.site) if body else None
            case BranchNode():
                then, otherwise = self._nodes(node.then), self._nodes(node.otherwise)
                if not then and not otherwise:
                    return self._node(node.before)
                condition = self._decision(node.before, node.statement.condition)
                return Branch(condition, then, otherwise, node.statement, node.site)
            case WhileNode():
                return self._while(node)

    def _while(self, node: WhileNode) -> WhileLoop | None:
        last = node.body[-1] if node.body else None
        end = last if isinstance(last, StraightNode) and self._latency(last.items) else None
        body = self._nodes(node.body if end is None else node.body[:-1])
        if not body and end is None:
            return None
        condition = self._decision(StraightNode((), frozenset()), node.loop.condition)
        tail = None if end is None else self._decision(end, node.loop.condition)
        return WhileLoop(condition, body, tail, node.loop, node.site)

    def _decision(self, before: StraightNode, condition: Expr) -> Region:
        return Region((), max(1, self._latency(before.items, condition)))

    def _latency(self, items: Sequence[RegionItem], condition: Expr | None = None) -> int:
        """Cycles of straight code: of the pieces that it consists of, one after the other."""
        whole = self._whole.get((tuple(_code(items)), condition))
        if whole is not None:
            return whole
        found: dict[object, int] = {}
        for item in _code(items):
            pieces = self._pieces.get(item, {item: 1})
            if not any(piece in found for piece in pieces):
                latest = next(reversed(pieces))
                found[latest] = pieces[latest]
        return sum(found.values())


def _flat_items(block: Block) -> list[RegionItem]:
    """The statements of straight code, without groups, scopes and loops."""
    return [item for item in flat_body(block) if not isinstance(item, (Control, LocalArray))]


def _code(items: Iterable[RegionItem]) -> list[RegionItem]:
    return [item for item in items if not isinstance(item, LocalArray)]
