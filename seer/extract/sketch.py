"""A first look at a large e-graph by the fast bound alone: which of its nodes are worth scheduling.

Rules leave many nests that are far from good. To schedule a loop takes much longer than to bound it,
so the blocks and loops of a large e-graph are first put together from bounds (`forms.py`), in the same way as
afterwards from schedules, and what then stands in none of the better programs is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.blocks import BlockChoice, Nodes
from seer.extract.dominance import LoopPoint, layered, leaves_registers
from seer.extract.forms import LoopForm
from seer.extract.price import can_pipeline
from seer.lang.terms import Block, Loop, Statement
from seer.lang.traverse import bodies
from seer.schedule.area import Area

__all__ = ["SMALL", "Promising", "Sketch", "promising"]

SMALL = 24
"""Loops (nodes) of an e-graph of which all are scheduled."""

_POINTS = 16
"""Loops of a class that are kept."""


class Sketch(BlockChoice):
    """Candidates of S and B classes with bounds in place of schedules."""

    def _priced(self, class_id: int, found: Iterable[LoopForm]) -> list[LoopPoint]:
        points: list[LoopPoint] = []
        for form in found:
            if form.operations > self._limits.region_operations:
                self.limits_hit["region_operations"] = None
                continue
            self._regions.note(form.loop, class_id)
            wish = self._wishes.get(class_id)
            made = self._bounded(form)
            as_wished = [p for p in made if wish is None or (form.loop in p.pipelined) is wish]
            points += as_wished or made
        return points

    def _bounded(self, form: LoopForm) -> list[LoopPoint]:
        """The loop as it is, and pipelined."""
        block: Block = (form.loop,)
        vector = form.skeleton.vector.plus(Area(lut=round(form.features.area)))
        made = [LoopPoint(block, form.inner, form.sequential, vector, form.operations)]
        if can_pipeline(form.loop, form.inner):
            steady, cycles = form.steady, form.pipelined
            inner = list(form.skeleton.closed())
            if form.skeleton.steady < inf:  # flattened with the loop inside
                cycles = steady + form.skeleton.cycles - form.skeleton.steady
            elif inner:  # going on before the loops in it have drained
                once = sum(min(closed.steady, closed.cycles) for closed in inner)
                steady, cycles = inf, form.sequential - form.trips * (form.skeleton.cycles - once)
            pipelined = form.inner | {form.loop}
            made.append(LoopPoint(block, pipelined, cycles, vector, form.operations, steady))
        return made

    def _kept(self, points: list[LoopPoint]) -> list[LoopPoint]:
        closed = [point for point in points if not leaves_registers(point.block)]
        leaving = [point for point in points if leaves_registers(point.block)]
        return [one for group in (closed, leaving) for one in layered(group, _POINTS, _POINTS)]

    def programs(self) -> Iterator[tuple[Block, list[Loop]]]:
        """Programs of the root class that were kept, each with all loops that were kept for its outermost
        ones."""
        skeletons = self.blocks(self._snapshot.root)
        for skeleton in skeletons:
            body = next((body for body, _ in self._regions.candidates(skeleton, None, skeletons)), None)
            if body is not None:
                loops = [loop for closed in skeleton.closed() for loop in self._loops_of(closed.class_id)]
                yield body.block, loops

    def _loops_of(self, class_id: int) -> list[Loop]:
        """The loops that were kept for a class."""
        return [closed.loop for skeleton in self._statements(class_id) for closed in skeleton.closed()]


def promising(snapshot: Snapshot, sketch: Sketch, known: Iterable[Block]) -> Promising:
    """What the better programs consist of, and the programs `known`."""
    found = _Found(snapshot)
    for body in known:
        found.block(body)
    for body, loops in sketch.programs():
        found.block(body)
        for loop in loops:
            found.statement(loop)
    return Promising(found.nodes, tuple(found.seen))


@dataclass(frozen=True)
class Promising:
    """The nodes of statements and blocks that are worth more than bounding, by class; and these statements
    and blocks themselves, since another snapshot has other classes."""

    nodes: Nodes
    terms: tuple[Block | Statement, ...]


class _Found:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.seen: dict[Block | Statement, None] = {}
        self._marked: dict[int, dict[ENode, None]] = {}

    @property
    def nodes(self) -> Mapping[int, list[ENode]]:
        """In the order of the snapshot."""
        return {
            number: [node for node in self._snapshot.classes[number] if node in marked]
            for number, marked in self._marked.items()
        }

    def block(self, block: Block) -> None:
        """Mark the nodes of a block and of all in it."""
        for first in range(len(block) + 1):
            rest = block[first:]
            if rest in self.seen:
                break
            self._mark(rest)
            if rest:
                self.statement(rest[0])

    def statement(self, statement: Statement) -> None:
        if statement not in self.seen:
            self._mark(statement)
            for body in bodies(statement):
                self.block(body)

    def _mark(self, term: Block | Statement) -> None:
        self.seen[term] = None
        number, node = self._snapshot.class_of(term), self._snapshot.node_of(term)
        if number is not None and node is not None:
            self._marked.setdefault(number, {})[node] = None
