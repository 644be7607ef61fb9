"""Candidates for statements and blocks, priced by real schedules.

Bottom-up over the classes of statements and blocks: a block's candidates are the ways to choose one node
for each of its classes, at most `limits.candidates` of them kept by an estimate that counts memory
accesses; a loop's candidates are its body's, sequential or pipelined (flattened with the loop inside where
the nest is perfect), each scheduled. What a class needs of itself is left out: the choice is acyclic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import cast

from seer.driver.options import Limits
from seer.egraph.language import build
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.expressions import ExpressionChoice
from seer.extract.price import Pricer
from seer.lang.terms import Block, Expr, For, Group, If, Load, Local, Loop, Statement, Store, While
from seer.lang.traverse import expressions, loop_free, subexpressions
from seer.schedule.area_vector import AreaVector

__all__ = ["BlockCandidate", "BlockChoice"]

_LOOP_POINTS = 3
"""Points of (cycles, area) kept for one class of loops."""


@dataclass(frozen=True)
class BlockCandidate:
    """Statements in a row, the loops among them that are pipelined, and an estimate of cycles and area."""

    block: Block
    pipelined: frozenset[Loop]
    cycles: float
    area: AreaVector
    operations: int


class BlockChoice:
    """Candidates of S and B classes under one choice of expressions.

    `wishes` says of a class whether its loops are to be pipelined; there is none for most.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        choice: ExpressionChoice,
        pricer: Pricer,
        limits: Limits,
        wishes: Mapping[int, bool | None],
    ) -> None:
        self._wishes = wishes
        self._snapshot = snapshot
        self._choice = choice
        self._pricer = pricer
        self._limits = limits
        self._memo: dict[int, tuple[BlockCandidate, ...]] = {}
        self._open: set[int] = set()
        self.classes: dict[Statement, list[int]] = {}
        """The classes that a chosen statement stands for."""
        self.limits_hit: dict[str, None] = {}

    def candidates(self, class_id: int) -> tuple[BlockCandidate, ...]:
        """Candidates of an S or B class, least estimated cycles first."""
        if class_id in self._memo:
            return self._memo[class_id]
        if class_id in self._open:
            return ()
        self._open.add(class_id)
        found: list[BlockCandidate] = []
        for node in self._snapshot.classes[class_id]:
            found.extend(self._node(class_id, node))
        self._open.discard(class_id)
        self._memo[class_id] = self._keep(found)
        return self._memo[class_id]

    def _keep(self, found: list[BlockCandidate]) -> tuple[BlockCandidate, ...]:
        ordered = sorted(found, key=lambda c: (c.cycles, c.area.total, c.operations))
        distinct: dict[tuple[Block, frozenset[Loop]], BlockCandidate] = {}
        for candidate in ordered:
            distinct.setdefault((candidate.block, candidate.pipelined), candidate)
        if len(distinct) > self._limits.candidates:
            self.limits_hit["candidates"] = None
        return tuple(islice(distinct.values(), self._limits.candidates))

    def _node(self, class_id: int, node: ENode) -> Iterable[BlockCandidate]:
        match node.op:
            case "Nil":
                yield BlockCandidate((), frozenset(), 0.0, AreaVector(), 0)
            case "Cons":
                head, tail = node.children
                # Tails first: a loop's own class is left out of what it needs, not of what follows it.
                for rest, first in product(self.candidates(tail), self.candidates(head)):
                    yield self._joined(first, rest)
            case "Store":
                if all(self._choice.has(child) for child in node.children):
                    terms = [self._choice.term(child) for child in node.children]
                    store = cast(Store, build(node.op, node.values, terms))
                    self._note(store, class_id)
                    yield self._straight(store)
            case "Group":
                # Kept as it is: the laws open groups, and the opened form, one operation less, is preferred.
                for body in self.candidates(node.children[0]):
                    yield replace(body, block=(Group(body.block),), operations=body.operations + 1)
            case "Local":
                for body in self.candidates(node.children[0]):
                    local = cast(Local, build(node.op, node.values, [body.block]))
                    self._note(local, class_id)
                    yield BlockCandidate((local,), body.pipelined, body.cycles, body.area, body.operations)
            case "For":
                yield from self._loops(class_id, node)
            case "If":
                yield from self._branches(class_id, node)
            case "While":
                yield from self._whiles(class_id, node)

    def _loops(self, class_id: int, node: ENode) -> Iterable[BlockCandidate]:
        lower, upper, body_class = node.children
        if not (self._choice.has(lower) and self._choice.has(upper)):
            return
        bounds: list[Expr] = [self._choice.expression(lower), self._choice.expression(upper)]
        if any(not _is_bound(bound) for bound in bounds):
            return
        loops = (
            (cast(For, build("For", node.values, [*bounds, body.block])), body, body.operations)
            for body in self._bodies(body_class)
        )
        yield from self._priced(class_id, loops)

    def _whiles(self, class_id: int, node: ENode) -> Iterable[BlockCandidate]:
        condition, body_class = node.children
        if not self._choice.has(condition):
            return
        chosen = self._choice.expression(condition)
        more = len(subexpressions(chosen))
        loops = (
            (While(chosen, body.block), body, body.operations + more) for body in self._bodies(body_class)
        )
        yield from self._priced(class_id, loops)

    def _bodies(self, body_class: int) -> Iterable[BlockCandidate]:
        """The candidates for a loop's body that are small enough to schedule."""
        for body in self.candidates(body_class):
            if body.operations > self._limits.region_operations:
                self.limits_hit["region_operations"] = None
            else:
                yield body

    def _priced(
        self, class_id: int, loops: Iterable[tuple[Loop, BlockCandidate, int]]
    ) -> Iterable[BlockCandidate]:
        """The best of loops of one class, each with its body and its number of operations, sequential and
        pipelined."""
        points: list[BlockCandidate] = []
        for loop, body, operations in loops:
            self._note(loop, class_id)
            priced = list(self._pricer.loop(loop, body.pipelined))
            wish = self._wishes.get(class_id)
            as_wished = [(p, price) for p, price in priced if wish is None or (loop in p) is wish]
            # A wish that this form of the loop cannot meet is no reason to have no loop.
            for pipelined, price in as_wished or priced:
                points.append(BlockCandidate((loop,), pipelined, price.cycles, price.area, operations))
        yield from _front(points)[:_LOOP_POINTS]

    def _branches(self, class_id: int, node: ENode) -> Iterable[BlockCandidate]:
        condition, then_class, otherwise_class = node.children
        if not self._choice.has(condition):
            return
        chosen = self._choice.expression(condition)
        for then, otherwise in product(self.candidates(then_class), self.candidates(otherwise_class)):
            branch = If(chosen, then.block, otherwise.block)
            self._note(branch, class_id)
            both = self._joined(then, otherwise)
            # Without a loop in it, both branches are predicated; otherwise one of them is taken.
            cycles = both.cycles if loop_free((branch,)) else max(then.cycles, otherwise.cycles)
            operations = both.operations + len(subexpressions(chosen))
            yield replace(both, block=(branch,), cycles=cycles, operations=operations)

    def _straight(self, store: Store) -> BlockCandidate:
        nodes = subexpressions(*expressions(store))
        accesses = Counter(node.array for node in nodes if isinstance(node, Load) and node.array.type.shape)
        if store.array.type.shape:
            accesses[store.array] += 1
        cycles = max(accesses.values(), default=0) / self._pricer.memory_ports
        return BlockCandidate((store,), frozenset(), cycles, AreaVector(), len(nodes) + 1)

    def _joined(self, first: BlockCandidate, rest: BlockCandidate) -> BlockCandidate:
        return BlockCandidate(
            first.block + rest.block,
            first.pipelined | rest.pipelined,
            first.cycles + rest.cycles,
            first.area.followed_by(rest.area),
            first.operations + rest.operations,
        )

    def _note(self, statement: Statement, class_id: int) -> None:
        known = self.classes.setdefault(statement, [])
        if class_id not in known:
            known.append(class_id)


def _front(points: list[BlockCandidate]) -> list[BlockCandidate]:
    """The points that no other beats in cycles and area, fewest cycles first."""
    front: list[BlockCandidate] = []
    for point in sorted(points, key=lambda p: (p.cycles, p.area.total, p.operations)):
        if not front or point.area.total < front[-1].area.total:
            front.append(point)
    return front


def _is_bound(bound: Expr) -> bool:
    """Whether a loop may have this bound: it must not read memory."""
    return not any(isinstance(node, Load) for node in subexpressions(bound))
