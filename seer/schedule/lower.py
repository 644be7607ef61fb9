"""A program as a tree of regions and loops, with the registers that each region has to leave behind.

Groups and scopes dissolve into their surroundings; neighbouring loop-free statements become one region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.errors import InputError
from seer.lang.affine import Affine
from seer.lang.program import Origin, Program
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    Group,
    Load,
    Local,
    LocalArray,
    Statement,
    Store,
)
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.bounds import affine_bound
from seer.schedule.model import Counter
from seer.schedule.values import RegionItem

__all__ = [
    "LoopNode",
    "LoweredNode",
    "PipelineNode",
    "StraightNode",
    "flat_body",
    "has_constant_bounds",
    "lower",
]


@dataclass(frozen=True)
class StraightNode:
    """Loop-free statements; `live_out` are the registers written here and read later."""

    items: tuple[RegionItem, ...]
    live_out: frozenset[Array]


@dataclass(frozen=True)
class PipelineNode:
    """A loop to pipeline (flattened if it has several counters)."""

    counters: tuple[Counter, ...]
    items: tuple[RegionItem, ...]
    live_out: frozenset[Array]
    loops: tuple[For, ...]


@dataclass(frozen=True)
class LoopNode:
    """A loop that runs one iteration after the other."""

    counter: Counter
    body: tuple[LoweredNode, ...]
    loop: For


LoweredNode = StraightNode | PipelineNode | LoopNode
_Flat = list[RegionItem | For]


def lower(program: Program, pipelined: frozenset[For]) -> tuple[LoweredNode, ...]:
    """The tree of a program with these loops pipelined.

    Raises InputError where a loop in `pipelined` cannot be, where a bound is not affine, and for local
    arrays that are not scalars.
    """
    lowering = _Lowering(program, pipelined)
    nodes, _ = lowering.block(flat_body(program.body), _registers_that_stay(program))
    return nodes


def _registers_that_stay(program: Program) -> frozenset[Array]:
    """Registers read after the program: those of its arguments, and in a fragment of a program those of
    locals bound outside of it."""
    found: set[Array] = {array for array in program.arrays if array.type.shape == ()}
    bound: set[Array] = set()
    for statement in statements(program.body):
        if isinstance(statement, Local):
            bound.add(statement.array)
    for statement in statements(program.body):
        arrays = [statement.array] if isinstance(statement, Store) else []
        found.update(a for a in arrays if a.type.shape == () and a not in bound)
    return frozenset(found)


def flat_body(block: Block) -> _Flat:
    """A block's stores, scope beginnings and loops, without groups and without loops that never run."""
    flat: _Flat = []

    def visit(statement: Statement) -> None:
        match statement:
            case Store():
                if not (isinstance(statement.when, Const) and statement.when.value == 0):
                    flat.append(statement)
            case For():
                if not never_runs(statement):
                    flat.append(statement)
            case Group():
                for inner in statement.body:
                    visit(inner)
            case Local():
                flat.append(statement.array)
                for inner in statement.body:
                    visit(inner)
            case _:
                raise TypeError(type(statement).__name__)

    for statement in block:
        visit(statement)
    return flat


def never_runs(loop: For) -> bool:
    """Whether constant bounds say that the loop has no iteration."""
    lower, upper = affine_bound(loop.lower), affine_bound(loop.upper)
    if lower is None or upper is None or lower.terms or upper.terms:
        return False
    return lower.constant >= upper.constant


def has_constant_bounds(loop: For) -> bool:
    """Whether the loop's trip count is known, so that it may be flattened with others."""
    return all(form is not None and not form.terms for form in map(affine_bound, (loop.lower, loop.upper)))


class _Lowering:
    def __init__(self, program: Program, pipelined: frozenset[For]) -> None:
        self._program = program
        self._pipelined = pipelined
        self._reads: dict[Expr, frozenset[Array]] = {}

    def block(
        self, flat: Sequence[RegionItem | For], live: frozenset[Array]
    ) -> tuple[tuple[LoweredNode, ...], frozenset[Array]]:
        """The nodes of a flat block and the registers live before it, given those live after it."""
        nodes: list[LoweredNode] = []
        items: list[RegionItem] = []
        live_out = live

        def close() -> None:
            if items:
                items.reverse()
                written = {i.array for i in items if isinstance(i, Store) and i.array.type.shape == ()}
                nodes.append(StraightNode(tuple(items), frozenset(live_out & written)))
                items.clear()

        for item in reversed(flat):
            if isinstance(item, For):
                close()
                node, live = self._loop(item, live)
                if node is not None:
                    nodes.append(node)
                live_out = live
            else:
                if not items:
                    live_out = live
                items.append(item)
                live = self._before(item, live)
        close()
        return tuple(reversed(nodes)), live

    def _loop(self, loop: For, after: frozenset[Array]) -> tuple[LoweredNode | None, frozenset[Array]]:
        counter = Counter(loop.iv, self._bound(loop, loop.lower), self._bound(loop, loop.upper))
        if loop in self._pipelined:
            nest, flat = self._nest(loop)
            counters = tuple(Counter(f.iv, self._bound(f, f.lower), self._bound(f, f.upper)) for f in nest)
            items = tuple(item for item in flat if not isinstance(item, For))
            end = self._fixpoint(items, after)
            live = end
            for item in reversed(items):
                live = self._before(item, live)
            written = {i.array for i in items if isinstance(i, Store) and i.array.type.shape == ()}
            node: LoweredNode = PipelineNode(counters, items, frozenset(end & written), nest)
        else:
            flat = flat_body(loop.body)
            end = after
            while True:
                body, before = self.block(flat, end)
                if before <= end:
                    break
                end |= before
            if not body:
                return None, after
            node, live = LoopNode(counter, body, loop), before
        return node, live if counter.constant else live | after

    def _fixpoint(self, items: Sequence[RegionItem], after: frozenset[Array]) -> frozenset[Array]:
        """Registers live at the end of a loop body: after the loop or in the next iteration."""
        end = after
        while True:
            live = end
            for item in reversed(items):
                live = self._before(item, live)
            if live <= end:
                return end
            end |= live

    def _nest(self, loop: For) -> tuple[tuple[For, ...], _Flat]:
        """The loops that are flattened into one, outermost first, and the body of the innermost."""
        nest, flat = [loop], flat_body(loop.body)
        while any(isinstance(item, For) for item in flat):
            inner = [item for item in flat if isinstance(item, For)]
            if (
                len(inner) != 1
                or inner[0] not in self._pipelined
                or any(isinstance(item, Store) for item in flat)
            ):
                raise self._error(
                    loop,
                    "a loop that contains a loop cannot be pipelined",
                    "pipeline the inner loop, unroll it completely, or pipeline both where the outer loop's "
                    "body is the inner loop alone",
                )
            nest.append(inner[0])
            flat = flat_body(inner[0].body)
        if len(nest) > 1:
            for part in nest:
                if not has_constant_bounds(part):
                    raise self._error(part, "only loops with constant bounds can be flattened", None)
        return tuple(nest), flat

    def _before(self, item: RegionItem, live: frozenset[Array]) -> frozenset[Array]:
        """Registers live before a statement, given those live after it."""
        if isinstance(item, LocalArray):
            if item.type.shape != ():
                raise InputError(
                    "local arrays are not supported by the scheduler yet",
                    hint="make the array an argument of the function, or scalars",
                )
            return live - {item}
        if item.array.type.shape == ():
            if item.array not in live:
                return live
            if item.when is TRUE:
                live = live - {item.array}
        reads = [self._registers_in(e) for e in expressions(item)]
        return live.union(*reads)

    def _registers_in(self, root: Expr) -> frozenset[Array]:
        found = self._reads.get(root)
        if found is None:
            nodes = subexpressions(root)
            found = frozenset(n.array for n in nodes if isinstance(n, Load) and n.array.type.shape == ())
            self._reads[root] = found
        return found

    def _bound(self, loop: For, bound: Expr) -> Affine:
        form = affine_bound(bound)
        if form is None:
            raise self._error(
                loop,
                "a loop bound is not an affine expression of signed parameters and enclosing counters",
                "make the bound a constant, a signed parameter or an enclosing counter plus a constant",
            )
        return form

    def _error(self, loop: For, message: str, hint: str | None) -> InputError:
        origin = self._program.origins.get(loop, Origin())
        label = f"loop {'_'.join(origin.labels)}: " if origin.labels else ""
        return InputError(label + message, origin.locations[0] if origin.locations else None, hint)
