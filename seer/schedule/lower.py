"""A program as a tree of regions, loops and branches, with the registers that each has to leave behind.

Groups and scopes dissolve into their surroundings; neighbouring loop-free statements become one region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.errors import InputError
from seer.lang.affine import Affine
from seer.lang.program import Origin, Program
from seer.lang.terms import Array, Expr, For, If, LocalArray, Loop, While
from seer.schedule.bounds import affine_bound
from seer.schedule.drain_free import hands_on
from seer.schedule.liveness import Liveness, registers_that_stay, written_registers
from seer.schedule.model import Counter
from seer.schedule.sites import (
    Control,
    Flat,
    RegionItem,
    controls,
    flat_body,
    has_constant_bounds,
    inner_sites,
)

__all__ = [
    "BranchNode",
    "LoopNode",
    "LoweredNode",
    "PipelineNode",
    "StraightNode",
    "WhileNode",
    "lower",
    "written_beside",
]


@dataclass(frozen=True)
class StraightNode:
    """Loop-free statements; `live_out` are the registers written here and read later."""

    items: tuple[RegionItem, ...]
    live_out: frozenset[Array]


@dataclass(frozen=True)
class PipelineNode:
    """A loop to pipeline (flattened if it has several counters), in a drain-free nest if `nested`."""

    counters: tuple[Counter, ...]
    items: tuple[RegionItem, ...]
    live_out: frozenset[Array]
    loops: tuple[For, ...]
    site: int
    nested: bool = False


@dataclass(frozen=True)
class LoopNode:
    """A loop that runs one iteration after the other, or is part of a drain-free nest."""

    counter: Counter
    body: tuple[LoweredNode, ...]
    loop: For
    site: int
    drain_free: bool = False


@dataclass(frozen=True)
class BranchNode:
    """Loop-free statements, and behind them an If that holds loops."""

    before: StraightNode
    then: tuple[LoweredNode, ...]
    otherwise: tuple[LoweredNode, ...]
    statement: If
    site: int


@dataclass(frozen=True)
class WhileNode:
    """A loop with a condition of its own; the body of one to pipeline is loop-free."""

    body: tuple[LoweredNode, ...]
    loop: While
    pipelined: bool
    site: int


LoweredNode = StraightNode | PipelineNode | LoopNode | BranchNode | WhileNode
_Lowered = tuple[tuple[LoweredNode, ...], frozenset[Array]]
"""Nodes, and the registers live before them."""


def lower(program: Program, pipelined: frozenset[Loop]) -> tuple[LoweredNode, ...]:
    """The tree of a program with these loops pipelined.

    Raises InputError where a loop in `pipelined` cannot be, and where a bound is not affine.
    """
    nodes, _ = _Lowering(program, pipelined).block(flat_body(program.body), registers_that_stay(program))
    return nodes


def written_beside(node: LoopNode) -> frozenset[Array]:
    """The registers that a drain-free nest writes beside the pipelined loop in it."""
    found: frozenset[Array] = frozenset()
    for part in node.body:
        if isinstance(part, StraightNode):
            found |= written_registers(part.items)
        elif isinstance(part, LoopNode):
            found |= written_beside(part)
    return found


class _Lowering:
    def __init__(self, program: Program, pipelined: frozenset[Loop]) -> None:
        self._program = program
        self._pipelined = pipelined
        self._live = Liveness()
        self._nested = False

    def block(self, flat: Sequence[RegionItem | Control], live: frozenset[Array]) -> _Lowered:
        """The nodes of a flat block, given the registers live after it."""
        nodes: list[LoweredNode] = []
        items: list[RegionItem] = []
        for item in reversed(flat):
            if not isinstance(item, Control):
                items.append(item)
                continue
            live = self._close(items, live, nodes)
            live = self._control(item, live, nodes)
        live = self._close(items, live, nodes)
        return tuple(reversed(nodes)), live

    def _close(
        self, items: list[RegionItem], live: frozenset[Array], nodes: list[LoweredNode]
    ) -> frozenset[Array]:
        """Make a node of the items found so far, in reverse order like `nodes`; they go into the region of
        a branch's condition if one follows."""
        if not items:
            return live
        items.reverse()
        follower = nodes[-1] if nodes else None
        after = live
        if isinstance(follower, BranchNode) and not follower.before.items:
            # The condition is computed in this same region, so what only it reads need not be written.
            after = follower.before.live_out
            nodes.pop()
            nodes.append(
                BranchNode(
                    self._straight(items, after),
                    follower.then,
                    follower.otherwise,
                    follower.statement,
                    follower.site,
                )
            )
        else:
            nodes.append(self._straight(items, after))
        live = self._live.before(items, live)
        items.clear()
        return live

    def _straight(self, items: Sequence[RegionItem], live: frozenset[Array]) -> StraightNode:
        return StraightNode(tuple(items), live & written_registers(items))

    def _control(
        self, control: Control, live: frozenset[Array], nodes: list[LoweredNode]
    ) -> frozenset[Array]:
        """Add the node of a control statement; returns the registers live before it."""
        match control.statement:
            case For():
                node, live = self._for(control.statement, control.site, live)
            case If():
                node, live = self._branch(control.statement, control.site, live)
            case While():
                node, live = self._while(control.statement, control.site, live)
        if node is not None:
            nodes.append(node)
        return live

    def _branch(
        self, branch: If, site: int, after: frozenset[Array]
    ) -> tuple[LoweredNode | None, frozenset[Array]]:
        sides = [self.block(flat_body(*inner), after) for inner in inner_sites(branch, site)]
        (then, live_then), (otherwise, live_otherwise) = sides
        if not then and not otherwise:
            return None, after
        live = live_then | live_otherwise
        node = BranchNode(StraightNode((), live), then, otherwise, branch, site)
        return node, live | self._live.reads(branch.condition)

    def _while(
        self, loop: While, site: int, after: frozenset[Array]
    ) -> tuple[LoweredNode | None, frozenset[Array]]:
        flat = flat_body(loop.body, site + 1)
        if loop in self._pipelined and controls(flat):
            raise self._error(
                loop, "a while loop that contains a loop cannot be pipelined", "pipeline the inner loop"
            )
        end = after | self._live.reads(loop.condition)
        while True:
            body, before = self.block(flat, end)
            if before <= end:
                break
            end |= before
        return WhileNode(body, loop, loop in self._pipelined, site), end

    def _for(
        self, loop: For, site: int, after: frozenset[Array]
    ) -> tuple[LoweredNode | None, frozenset[Array]]:
        counter = Counter(loop.iv, self._bound(loop, loop.lower), self._bound(loop, loop.upper))
        drain_free = loop in self._pipelined and hands_on(loop, self._pipelined)
        if loop in self._pipelined and not drain_free:
            nest, items = self._nest(loop)
            counters = tuple(Counter(f.iv, self._bound(f, f.lower), self._bound(f, f.upper)) for f in nest)
            end = self._live.around(items, after)
            live = self._live.before(items, end)
            node: LoweredNode = PipelineNode(
                counters, items, end & written_registers(items), nest, site, self._nested
            )
        else:
            flat = flat_body(loop.body, site + 1)
            end = after
            outer, self._nested = self._nested, drain_free
            while True:
                body, before = self.block(flat, end)
                if before <= end:
                    break
                end |= before
            self._nested = outer
            if not body:
                return None, after
            node, live = LoopNode(counter, body, loop, site, drain_free), before
        return node, live if counter.constant else live | after | frozenset(counter.registers)

    def _nest(self, loop: For) -> tuple[tuple[For, ...], tuple[RegionItem, ...]]:
        """The loops that are flattened into one, outermost first, and the body of the innermost."""
        nest, flat = [loop], flat_body(loop.body)
        while inner := controls(flat):
            found = inner[0].statement
            perfect = len(inner) == 1 and all(isinstance(item, (Control, LocalArray)) for item in flat)
            if not perfect or not isinstance(found, For) or found not in self._pipelined:
                raise self._error(
                    loop,
                    "a loop that contains a loop cannot be pipelined",
                    "pipeline the inner loop, unroll it completely, or pipeline both where the outer loop's "
                    "body is the inner loop alone",
                )
            nest.append(found)
            flat = flat_body(found.body)
        if len(nest) > 1:
            for part in nest:
                if not has_constant_bounds(part):
                    raise self._error(part, "only loops with constant bounds can be flattened", None)
        return tuple(nest), _region_items(flat)

    def _bound(self, loop: For, bound: Expr) -> Affine:
        form = affine_bound(bound)
        if form is None:
            raise self._error(
                loop,
                "a loop bound is not an affine expression of parameters, registers and enclosing counters",
                "make the bound a constant, a parameter or an enclosing counter plus a constant",
            )
        return form

    def _error(self, loop: Loop, message: str, hint: str | None) -> InputError:
        origin = self._program.origins.get(loop, Origin())
        label = f"loop {'_'.join(origin.labels)}: " if origin.labels else ""
        return InputError(label + message, origin.locations[0] if origin.locations else None, hint)


def _region_items(flat: Flat) -> tuple[RegionItem, ...]:
    return tuple(item for item in flat if not isinstance(item, Control))
