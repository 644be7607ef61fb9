"""Whole designs from a snapshot: the points that no other beats in cycles and area."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import le
from typing import cast

from seer.driver.options import Limits
from seer.driver.result import LoopReport, loop_reports
from seer.driver.wishes import Wishes
from seer.egraph.scoping import ill_formed
from seer.egraph.snapshot import Snapshot
from seer.extract.blocks import BlockChoice
from seer.extract.costs import NodeCosts
from seer.extract.dominance import LoopPoint, layered
from seer.extract.mixing import between
from seer.extract.price import Price, Pricer, WholePrice
from seer.extract.refine import Refined, Refinement
from seer.extract.regions import FeatureMemo, Regions
from seer.extract.sketch import SMALL, Promising, Sketch, promising
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, For, Loop, Statement, Term, While
from seer.lang.traverse import statements
from seer.schedule.area import Area
from seer.schedule.partition import Partition
from seer.schedule.profile import Call
from seer.schedule.target import Target

__all__ = ["Extraction", "Point"]

_Key = tuple[Block, frozenset[Loop]]
_Designs = dict[tuple[_Key, tuple[Partition, ...]], "Point"]
"""Points by what they are."""

_NEAR = 1.1
"""By how much more cycles than the fastest design one may take to be looked at further."""

_REFINED = 6
"""Points of a front that are refined."""


@dataclass(frozen=True)
class Point:
    """One design: a program body, the loops in it that are pipelined, and the partitions of arrays that were
    chosen for it, beside those that hold for all designs.

    `cycles` are summed over the counted calls; `area` is the weighted figure of `estimate`, see the target
    file; `loops` are those of its schedule, in program order.
    """

    body: Block
    pipelined: frozenset[Loop]
    cycles: int
    area: float
    estimate: Area
    loops: tuple[LoopReport, ...] = field(compare=False)
    origins: Mapping[Term, Origin] = field(compare=False)
    partitions: tuple[Partition, ...] = ()

    @property
    def key(self) -> tuple[int, float]:
        return self.cycles, self.area

    @property
    def measures(self) -> tuple[float, ...]:
        """What a point has to be better in than each other one: budgets are on these."""
        return self.cycles, self.area, self.estimate.dsp, self.estimate.bram


class Extraction:
    """Extracts fronts from the snapshots of one run; schedules are remembered between them."""

    def __init__(
        self,
        program: Program,
        target: Target,
        calls: Sequence[Call | Mapping[str, int]],
        limits: Limits,
        wishes: Wishes | None = None,
        share: str = "all",
        partitions: Sequence[Partition] = (),
        partition: str = "none",
    ) -> None:
        self._wishes = wishes or Wishes()
        self._target = target
        self._limits = limits
        self._pricer = Pricer(program, target, calls, share, partitions, partition)
        self._features: FeatureMemo = {}
        self._found: dict[_Key, None] = {}
        self.limits_hit: dict[str, None] = {}
        self._front: list[Point] = []
        self._typical: dict[int, int] = {}
        """How often the loops of a class run where data decide it, in the last snapshot."""
        self.near: list[Block] = []
        """The designs of the last run that take hardly more cycles than the fastest: where arrays may be cut,
        more may become of them."""
        self.promising: Promising | None = None
        """What of a large e-graph the last extraction looked at; None for all of it."""
        self.seconds: dict[str, float] = {"candidates": 0.0, "designs": 0.0, "refinement": 0.0}
        """Time spent on candidates for parts of the program, on whole designs, and on refining these."""

    @property
    def schedules(self) -> int:
        """How many different fragments and programs have been scheduled."""
        return self._pricer.schedules

    def run(
        self,
        snapshot: Snapshot,
        origins: Mapping[Term, Origin],
        iterations: Mapping[Statement, int] | None = None,
        told: Iterable[Block] = (),
    ) -> list[Point]:
        """The front of the root class, fewest cycles first; `iterations` tells of loops whose
        number data decide what is known of it, what stands in the blocks `told` is not left out because of
        bounds."""
        typical = self._typical = dict[int, int]()
        for loop, count in (iterations or {}).items():
            number = snapshot.class_of(loop)
            if number is not None:
                typical[number] = max(count, typical.get(number, 0))
        by_class = _by_class(snapshot, origins)
        wishes = {number: self._wishes.of(origin) for number, origin in by_class.items()}
        regions = Regions(
            snapshot, self._target, self._limits, self._pricer.empty(), self._features, self._pricer.partition
        )
        started = time.perf_counter()
        self.promising = self._worthwhile(snapshot, regions, wishes, typical, told)
        nodes = None if self.promising is None else self.promising.nodes
        blocks = BlockChoice(snapshot, regions, self._pricer, self._limits, wishes, nodes, typical)
        candidates = self._candidates(snapshot, blocks, regions)
        self.seconds["candidates"] += time.perf_counter() - started
        started = time.perf_counter()
        points = self._as_it_came(origins)
        for key in candidates:
            named = _origins_of(key[0], snapshot, by_class) | _origins(key[0], blocks, by_class)
            self._add(points, key, named)
        self.seconds["designs"] += time.perf_counter() - started
        self.limits_hit.update(blocks.limits_hit)
        self._front = _front(points.values())
        least = min((point.cycles for point in self._front), default=0)
        self.near = [point.body for point in points.values() if point.cycles <= _NEAR * least]
        return self._front

    def _worthwhile(
        self,
        snapshot: Snapshot,
        regions: Regions,
        wishes: Mapping[int, bool | None],
        typical: Mapping[int, int],
        told: Iterable[Block],
    ) -> Promising | None:
        """What parts are to be chosen among; None for everything."""
        loops = sum(node.op in ("For", "While") for nodes in snapshot.classes.values() for node in nodes)
        if not self._limits.candidates or loops <= SMALL:
            return None
        self.limits_hit["candidates"] = None
        sketch = Sketch(snapshot, regions, self._pricer, self._limits, wishes, iterations=typical)
        known = (self._pricer.program.body, *(point.body for point in self._front), *told)
        found = promising(snapshot, sketch, known)
        self.limits_hit.update(sketch.limits_hit)
        return found

    def refine(self, snapshot: Snapshot, origins: Mapping[Term, Origin]) -> list[Point]:
        """The front of the last run, which was on this snapshot, and what its designs become where the
        expressions of each region are chosen anew for the least area (`refine.py`)."""
        started = time.perf_counter()
        refinement = Refinement(snapshot, self._target)
        by_class = _by_class(snapshot, origins)
        points = {((point.body, point.pipelined), point.partitions): point for point in self._front}
        self._mix(snapshot, by_class, points)
        for point in _to_refine(_front(points.values())):
            for other in refinement.refined(point.body, point.pipelined):
                key = (other.block, other.pipelined)
                if ill_formed(other.block) is None and self._may_pay(snapshot, point, key):
                    self._add(points, key, _origins_of(other.block, snapshot, by_class))
        self._front = _front(points.values())
        self.seconds["refinement"] += time.perf_counter() - started
        return self._front

    def _mix(self, snapshot: Snapshot, by_class: Mapping[int, Origin], points: _Designs) -> None:
        """Adds designs between neighbours of the front (`mixing.py`)."""
        designs = [Refined(point.body, point.pipelined) for point in self._front]
        for fast, small in pairwise(designs):
            for mixed in between(
                snapshot, small, fast, lambda design: self._price(snapshot, (design.block, design.pipelined))
            ):
                key = (mixed.block, mixed.pipelined)
                # A class may hold a member that names what is out of scope here.
                if ill_formed(mixed.block) is None:
                    self._add(points, key, _origins_of(mixed.block, snapshot, by_class))

    def _add(self, points: _Designs, key: _Key, origins: Mapping[Term, Origin]) -> None:
        """Schedule a body, with each choice of partitions, unless that is a point already."""
        for chosen in self._pricer.assignments(*key):
            if (key, chosen) not in points:
                priced = self._pricer.whole(*key, chosen)
                if priced is not None:
                    points[key, chosen] = self._point(key, priced, origins, chosen)

    def _may_pay(self, snapshot: Snapshot, point: Point, key: _Key) -> bool:
        """Whether a design takes, by estimates, no more cycles than a point and less area."""
        before = self._price(snapshot, (point.body, point.pipelined))
        after = self._price(snapshot, key)
        if before is None or after is None or after.cycles > before.cycles:
            return False
        return after.vector.total < before.vector.total

    def _price(self, snapshot: Snapshot, key: _Key) -> Price | None:
        """The estimate of a whole design, all of whose loops run as often as others of their classes."""
        for statement in statements(key[0]):
            if isinstance(statement, (For, While)) and statement not in self._pricer.iterations:
                number = snapshot.class_of(statement)
                if number is not None and number in self._typical:
                    self._pricer.iterations[statement] = self._typical[number]
        return self._pricer.price(*key)

    def _candidates(self, snapshot: Snapshot, blocks: BlockChoice, regions: Regions) -> list[_Key]:
        """The program bodies that may be on the front."""
        found: dict[_Key, None] = {}
        skeletons = blocks.blocks(snapshot.root)
        for skeleton in skeletons:
            for body, _ in regions.candidates(skeleton, None, skeletons):
                # A class may hold a member that names what is out of scope here.
                if ill_formed(body.block) is None:
                    found[body.block, body.pipelined] = None
        if not self._limits.candidates:
            return list(found)
        found.update(dict.fromkeys(self._greedy(snapshot)))
        priced = [(key, self._price(snapshot, key)) for key in found]
        points = [
            LoopPoint(*key, price.cycles, price.vector, 0) for key, price in priced if price is not None
        ]
        # Estimates decide what is scheduled: more designs where counting cycles takes no run of the program.
        most = self._limits.candidates
        cheap = self._pricer.counts_by_parameters
        kept = layered(points, 2 * most if cheap else most, 2 * most if cheap else 1)
        return [(point.block, point.pipelined) for point in kept]

    def _greedy(self, snapshot: Snapshot) -> list[_Key]:
        """The cheapest node of every class by area, as it is and pipelined: candidates like all others."""
        if self._wishes.pipeline or self._wishes.sequential:
            return []  # what they ask for is known by class, not by term
        costs = NodeCosts(snapshot, self._target)
        nodes = snapshot.cheapest(lambda _, node: 1 + round(100 * costs.own(node)[1]))
        if snapshot.root not in nodes:
            return []
        body = cast(Block, snapshot.builder(nodes).term(snapshot.root))
        if ill_formed(body) is not None:
            return []
        pipelined = self._wishes.auto_pipelined(replace(self._pricer.program, body=body))
        return [(body, frozenset()), (body, pipelined)]

    def _as_it_came(self, origins: Mapping[Term, Origin]) -> _Designs:
        """The program as written and auto-pipelined: always points, whatever the estimates prefer."""
        program = self._pricer.program
        points: _Designs = {}
        for pipelined in (self._wishes.as_written(program), self._wishes.auto_pipelined(program)):
            key = (program.body, pipelined)
            priced = self._pricer.whole(*key, any_size=True)
            if priced is not None:
                points[key, ()] = self._point(key, priced, origins, ())
        return points

    def _point(
        self,
        key: _Key,
        priced: WholePrice,
        origins: Mapping[Term, Origin],
        chosen: tuple[Partition, ...],
    ) -> Point:
        named = replace(priced.schedule.program, origins=origins)
        loops = loop_reports(replace(priced.schedule, program=named))
        weighted = priced.area.weighted(self._target)
        return Point(*key, priced.cycles, weighted, priced.area, loops, origins, chosen)


def _front(points: Iterable[Point]) -> list[Point]:
    """The points of which no other is at least as good in all measures, fewest cycles first."""
    front: list[Point] = []
    for point in sorted(points, key=lambda p: p.measures):
        if not any(all(map(le, other.measures, point.measures)) for other in front):
            front.append(point)
    return front


def _by_class(snapshot: Snapshot, origins: Mapping[Term, Origin]) -> dict[int, Origin]:
    """The origins of all statements of each class together."""
    by_class: dict[int, Origin] = {}
    for term, origin in origins.items():
        if isinstance(term, Statement):
            number = snapshot.class_of(term)
            if number is not None:
                by_class[number] = by_class.get(number, Origin()).merged(origin)
    return by_class


def _to_refine(front: Sequence[Point]) -> list[Point]:
    """The points of a front that are refined: its ends, and what lies between at equal steps."""
    if len(front) <= _REFINED:
        return list(front)
    return [front[k * (len(front) - 1) // (_REFINED - 1)] for k in range(_REFINED)]


def _origins_of(block: Block, snapshot: Snapshot, by_class: Mapping[int, Origin]) -> dict[Term, Origin]:
    """The origins of a block: those of the classes that its statements are in."""
    found: dict[Term, Origin] = {}
    for statement in statements(block):
        number = snapshot.class_of(statement)
        if number is not None and number in by_class:
            found[statement] = by_class[number]
    return found


def _origins(block: Block, blocks: BlockChoice, by_class: Mapping[int, Origin]) -> dict[Term, Origin]:
    """The origins of an extracted block: those of the classes its statements were chosen for."""
    found: dict[Term, Origin] = {}
    for statement in statements(block):
        merged = Origin()
        for number in blocks.classes.get(statement, ()):
            merged = merged.merged(by_class.get(number, Origin()))
        if merged != Origin():
            found[statement] = merged
    return found
