"""Candidates for loops and blocks, bottom-up over the classes of statements.

A block's skeletons are the ways to choose a node for each of its statements, a loop standing as one of the
few that its own class kept. A loop's candidates are its body's skeletons under several choices of
expressions (`regions.py`), sequential and pipelined (flattened with the loop inside where the nest is
perfect): a fast bound picks those that are scheduled, the schedules those that are kept. What a class needs
of itself is left out: choices are acyclic.

At each place at most `limits.candidates` are kept, the best by each of several criteria. Without that limit
(0) nothing is left out, and the front is that of all terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from seer.driver.options import Limits
from seer.egraph.language import Term, build
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.dominance import (
    LEAST_POINTS,
    SHAPE_POINTS,
    LoopPoint,
    bends,
    kept_points,
    layered,
    leaves_registers,
)
from seer.extract.forms import CRITERIA, LoopForm
from seer.extract.price import Pricer, can_pipeline
from seer.extract.regions import Regions
from seer.extract.scope import names_within
from seer.extract.skeletons import Closed, Skeleton, Straight, diverse, joined
from seer.lang.affine import AffineForms
from seer.lang.loop_bounds import reads_arrays
from seer.lang.terms import Block, Expr, For, Loop, Statement, While

__all__ = ["BlockChoice", "Nodes"]

Nodes = Mapping[int, Sequence[ENode]]
"""The nodes that count, of classes of statements and blocks."""

_SMALL = 40
"""Operations of a region up to which twice as many are scheduled."""

_LARGE = 100
"""Operations of a region from which on it is scheduled only if no other does as well by the fast bound."""


class BlockChoice:
    """Candidates of S and B classes.

    `wishes` says of a class whether its loops are to be pipelined; there is none for most. `nodes` are those
    to choose among, all of them unless told, `iterations` how often the loops of a class run where that is no
    matter of bounds.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        regions: Regions,
        pricer: Pricer,
        limits: Limits,
        wishes: Mapping[int, bool | None],
        nodes: Nodes | None = None,
        iterations: Mapping[int, int] | None = None,
    ) -> None:
        self._wishes = wishes
        self._iterations = iterations or {}
        self._nodes: Nodes = snapshot.classes if nodes is None else nodes
        self._snapshot = snapshot
        self._regions = regions
        self._pricer = pricer
        self._limits = limits
        self._most = limits.candidates or None
        self._forms = AffineForms(registers=True)
        self._known: dict[int, tuple[Skeleton, ...]] = {}
        self._stood_free: dict[int, bool] = {}
        self._open: dict[int, None] = {}
        self.limits_hit: dict[str, None] = {}

    @property
    def classes(self) -> Mapping[Statement, list[int]]:
        """The classes that a chosen statement stands for."""
        return self._regions.classes

    def blocks(self, class_id: int) -> tuple[Skeleton, ...]:
        """The skeletons of a B class."""
        if class_id in self._open:
            return ()
        if class_id in self._known and self._is_complete(class_id):
            return self._known[class_id]
        self._open[class_id] = None
        found: list[Skeleton] = []
        for node in self._nodes.get(class_id, ()):
            if node.op == "Nil":
                found.append(Skeleton((), (), 0.0, self._pricer.empty()))
                continue
            head, tail = node.children
            # Tails first: a loop's own class is left out of what it needs, not of what follows it.
            for rest, first in product(self.blocks(tail), self._statements(head)):
                found.append(joined(first, rest))
        return self._close(class_id, found)

    def _close(self, class_id: int, found: list[Skeleton]) -> tuple[Skeleton, ...]:
        """Remember the skeletons of a class."""
        del self._open[class_id]
        self._known[class_id] = tuple(self._keep(found))
        if self._most is None:
            self._stood_free[class_id] = self._regions.below(class_id).isdisjoint(self._open)
        return self._known[class_id]

    def _is_complete(self, class_id: int) -> bool:
        """Whether what is known of a class holds here: without a limit, only if it needs nothing that is open
        now and needed nothing that was open then. With one, what is left out for that reason stays so."""
        if self._most is not None:
            return True
        below = self._regions.below(class_id)
        return self._stood_free[class_id] and below.isdisjoint(self._open)

    def _statements(self, class_id: int) -> tuple[Skeleton, ...]:
        """The skeletons of an S class, of one item each."""
        if class_id in self._open:
            return ()
        if class_id in self._known and self._is_complete(class_id):
            return self._known[class_id]
        self._open[class_id] = None
        found: list[Skeleton] = []
        points: list[LoopPoint] = []
        for node in self._nodes.get(class_id, ()):
            if node.op in ("For", "While"):
                points += self._loops(class_id, node)
            else:
                found += self._straight(class_id, node)
        for point in self._kept(points):
            loop = next(iter(point.block))
            assert isinstance(loop, (For, While))
            closed = Closed(
                class_id,
                loop,
                point.pipelined,
                point.cycles,
                point.vector,
                point.operations,
                point.steady,
            )
            found.append(Skeleton((closed,), (class_id,), point.cycles, point.vector))
        return self._close(class_id, found)

    def _kept(self, points: list[LoopPoint]) -> list[LoopPoint]:
        """The loops of a class that are kept."""
        return kept_points(points, self._most)

    def _straight(self, class_id: int, node: ENode) -> Iterable[Skeleton]:
        match node.op:
            case "Store":
                if self._regions.has(node.children):
                    yield self._regions.statement(class_id, node)
            case "Group" | "Local":
                for body in self.blocks(node.children[0]):
                    yield self._wrapped(class_id, node, (body,))
            case "If":
                if self._regions.has(node.children[:1]):
                    sides = (self.blocks(side) for side in node.children[1:])
                    for bodies in product(*sides):
                        yield self._wrapped(class_id, node, bodies)

    def _wrapped(self, class_id: int, node: ENode, bodies: tuple[Skeleton, ...]) -> Skeleton:
        """One statement around blocks."""
        inner = joined(*bodies) if len(bodies) == 2 else bodies[0]
        # Of the sides of a branch with loops one is taken.
        cycles = max(body.cycles for body in bodies)
        own = self._regions.statement(class_id, node) if node.op == "If" else None
        return Skeleton(
            (Straight(class_id, node, bodies),),
            ((class_id, node.key, *(body.shape for body in bodies)),),
            cycles,
            inner.vector,
            inner.accesses if own is None else joined(own, inner).accesses,
            inner.area + (0.0 if own is None else own.area),
            # The laws open groups, and the opened form is preferred.
            inner.operations + (node.op == "Group") + (0 if own is None else own.operations),
        )

    def _keep(self, found: list[Skeleton]) -> list[Skeleton]:
        """Of equal shapes those whose loops are not beaten; the best of what is left by each criterion."""
        most = self._most
        if most is None:
            return found
        by_shape: dict[tuple[object, ...], list[Skeleton]] = {}
        for skeleton in found:
            leaving = any(leaves_registers((closed.loop,)) for closed in skeleton.closed())
            by_shape.setdefault((leaving, *skeleton.shape), []).append(skeleton)
        left = [one for group in by_shape.values() for one in layered(group, SHAPE_POINTS, LEAST_POINTS)]
        if len(left) <= most:
            more = [one for group in by_shape.values() for one in layered(group, SHAPE_POINTS, SHAPE_POINTS)]
            beaten = [one for one in more if not any(one is known for known in left)]
            return left + beaten[: most - len(left)]
        self.limits_hit["candidates"] = None
        ports = self._pricer.target.memory_ports
        # Half of them are where the front bends, the others the best by each criterion.
        estimates = [(s.cycles + s.busiest / ports, s.total) for s in left]
        front = [left[k] for k in bends(estimates, -(-most // 2))]
        others = [one for one in left if not any(one is known for known in front)]
        return front + diverse(
            others,
            most - len(front),
            (
                lambda s: (s.cycles + s.busiest / ports, s.total, s.operations),
                lambda s: (s.total, s.cycles, s.operations),
                lambda s: (sum(s.accesses.values()), s.cycles, s.total),
                lambda s: (s.operations, s.cycles, s.total),
            ),
        )

    # -- loops --------------------------------------------------------------------------------------------

    def _loops(self, class_id: int, node: ENode) -> list[LoopPoint]:
        """The loops of a node that are worth keeping."""
        if node.op == "For":
            bounds = [self._bound(bound) for bound in node.children[:2]]
            if None in bounds:
                return []
            condition = None
        else:
            bounds = []
            condition = node.children[0]
            if not self._regions.has((condition,)):
                return []
        body_class = node.children[-1]
        found: dict[tuple[Loop, frozenset[Loop]], LoopForm] = {}
        skeletons = self.blocks(body_class)
        for skeleton in skeletons:
            for body, chosen in self._regions.candidates(skeleton, condition, skeletons):
                heads: list[Term] = [chosen] if chosen is not None else [b for b in bounds if b is not None]
                loop = build(node.op, node.values, [*heads, body.block])
                assert isinstance(loop, (For, While))
                key = (loop, body.pipelined)
                if key not in found and names_within(loop):
                    iv = loop.iv if isinstance(loop, For) else None
                    known = self._regions.features(body.block, chosen, iv)
                    typical = self._iterations.get(class_id)
                    found[key] = LoopForm(loop, body.pipelined, known, skeleton, typical)
        return self._priced(class_id, found.values())

    def _bound(self, class_id: int) -> Expr | None:
        """A bound that reads no memory but registers and is affine."""
        for expression in self._regions.bounds(class_id):
            if not reads_arrays(expression) and self._forms.of(expression) is not None:
                return expression
        return None

    def _priced(self, class_id: int, found: Iterable[LoopForm]) -> list[LoopPoint]:
        """The points of these forms of a loop that may be worth keeping."""
        points: list[LoopPoint] = []
        forms = self._promising(list(found))
        for number, form in enumerate(forms):
            loop = form.loop
            if class_id in self._iterations:
                self._pricer.iterations[loop] = self._iterations[class_id]
            priced: list[LoopPoint] = []
            passed_over = False
            for pipelined in (form.inner, form.inner | {loop}):
                overlaps = pipelined is not form.inner
                if overlaps and not can_pipeline(loop, form.inner):
                    continue
                if self._is_beaten(form, forms[:number], overlaps):
                    passed_over = True
                    continue
                block: Block = (loop,)
                quick = self._pricer.quick(block, pipelined)
                if quick is not None:
                    point = LoopPoint(
                        block, pipelined, quick.cycles, quick.vector, form.operations, quick.steady
                    )
                    priced.append(point)
            self._regions.note(loop, class_id)
            wish = self._wishes.get(class_id)
            as_wished = [point for point in priced if wish is None or (loop in point.pipelined) is wish]
            # A wish that this form of the loop cannot meet is no reason to have no loop.
            points += as_wished or ([] if passed_over else priced)
        return self._shared(points)

    def _is_beaten(self, form: LoopForm, before: list[LoopForm], overlaps: bool) -> bool:
        """Whether a large region does no better by the fast bound than the same statements with earlier
        expressions: it takes long to schedule."""
        large = self._most is not None and form.operations > _LARGE
        return large and form.is_beaten(before, overlaps)

    def _shared(self, points: list[LoopPoint]) -> list[LoopPoint]:
        """The points that may be best with shared operators, priced so."""
        if self._pricer.share == "none":
            return points
        priced: list[LoopPoint] = []
        promising = points if self._most is None else layered(points, self._most, LEAST_POINTS)
        for point in promising:
            price = self._pricer.price(point.block, point.pipelined)
            if price is not None:
                priced.append(point.priced(price))
        return priced

    def _promising(self, found: list[LoopForm]) -> list[LoopForm]:
        """The loops to schedule: small enough, and the best by each of several criteria."""
        small = [form for form in found if form.operations <= self._limits.region_operations]
        if len(small) < len(found):
            self.limits_hit["region_operations"] = None
        most = self._most
        if most is None:
            return small
        quick = all(form.operations <= _SMALL for form in small)
        kept = diverse(small, 2 * most if quick else most, CRITERIA)
        if any(not any(one.is_no_worse(form) for one in kept) for form in small):
            self.limits_hit["candidates"] = None
        return kept
