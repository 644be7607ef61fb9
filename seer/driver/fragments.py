"""What control rules are offered: neighbouring loops, inner loops, nests, and straight-line blocks."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import cast

from seer.egraph.language import CONSTRUCTORS, Term, build
from seer.egraph.snapshot import ENode, Snapshot, affine_cost
from seer.lang.terms import Block, Expr, For, If, Local, Statement, Store, While
from seer.lang.traverse import loop_free, statements
from seer.rewrites.control._rule import FragmentKind

__all__ = ["Fragment", "fragments"]

_FIRST_BODY = {"For": 2, "While": 1, "If": 1, "Local": 0}
"""The number of the first child that is a block, by constructor."""
_FLAT_COSTS = {"For": 10**12, "While": 10**12, "Store": 10**5, "If": 10**5, "Local": 10**5}
_DEPTH = 2
"""How many loops of a nest are offered in all their forms; what is inside of them in its simplest form."""
_FORMS = 6
"""Forms of one class that are offered."""


@dataclass(frozen=True)
class Fragment:
    """Neighbouring statements, with what follows in their block; or a whole straight-line block."""

    kind: FragmentKind
    block: Block
    rest: Block = ()
    around: tuple[int, int] | None = None
    """How many Locals and counted loops enclose it; None where that is not known or differs by place."""
    decided: bool = False
    """Whether the innermost loop around it is one whose iterations data decide, at all its places."""


Classes = dict[int, list[ENode]]
"""Classes of statements and blocks with the nodes that count."""


def fragments(snapshot: Snapshot, superseded: Container[ENode | None] = ()) -> Iterator[Fragment]:
    """The fragments of a program and its forms, made of the representatives of classes that are easiest to
    analyse; nothing that only stands in one of the nodes `superseded`."""
    reached = _reached(snapshot, superseded)
    yield from _nests(snapshot, reached)
    yield from _loop_free(reached, snapshot)
    yield from _loops(reached, snapshot)


def _reached(snapshot: Snapshot, superseded: Container[ENode | None]) -> Classes:
    """The classes of statements and blocks below the program, without the nodes `superseded`."""
    reached: dict[int, list[ENode]] = {}
    waiting = [snapshot.root]
    while waiting:
        number = waiting.pop()
        if number in reached:
            continue
        nodes = [node for node in snapshot.classes[number] if node not in superseded]
        reached[number] = nodes or snapshot.classes[number]
        for node in reached[number]:
            sorts = CONSTRUCTORS[node.op].inputs[len(node.values) :]
            waiting += [c for c, sort in zip(node.children, sorts, strict=True) if sort in ("S", "B")]
    return dict(sorted(reached.items()))


def _loops(classes: Classes, snapshot: Snapshot) -> Iterator[Fragment]:
    """Pairs of neighbouring loops, and loops that hold no loop."""
    loops: dict[int, For] = {}
    for number, nodes in classes.items():
        if any(node.op == "For" for node in nodes):
            term = snapshot.cheap_extract(number)
            if isinstance(term, For):
                loops[number] = term
    for nodes in classes.values():
        for node in nodes:
            if node.op != "Cons" or node.children[0] not in loops:
                continue
            for following in classes[node.children[1]]:
                if following.op != "Cons":
                    continue
                first, rest = (
                    loops[node.children[0]],
                    cast(Block, snapshot.cheap_extract(following.children[1])),
                )
                if following.children[0] in loops:
                    yield Fragment("pair", (first, loops[following.children[0]]), rest)
                elif rest and isinstance(rest[0], For):
                    between = cast(Statement, snapshot.cheap_extract(following.children[0]))
                    yield Fragment("triple", (first, between, rest[0]), rest[1:])
    for number, loop in loops.items():
        if loop_free(loop.body):
            forms = dict.fromkeys((loop, *_with_short_bodies(snapshot, number, loop)))
            yield from (Fragment("loop", (form,)) for form in forms)


def _with_short_bodies(snapshot: Snapshot, number: int, loop: For) -> Iterator[For]:
    """The loop with the fewest statements in it."""
    for node in snapshot.classes[number]:
        if node.op == "For":
            *bounds, body = (
                snapshot.cheap_extract(child, cost)
                for child, cost in zip(node.children, (affine_cost, affine_cost, flat_cost), strict=True)
            )
            form = build(node.op, node.values, [*bounds, body])
            if isinstance(form, For) and form.iv is loop.iv and loop_free(form.body):
                yield form
                return


def _loop_free(classes: Classes, snapshot: Snapshot) -> Iterator[Fragment]:
    """Blocks without loops, and in other blocks the scopes and branches without loops; each also in the form
    with the fewest loops and statements, which unrolling and forwarding lead to."""
    bodies = dict.fromkeys(
        child
        for nodes in classes.values()
        for node in nodes
        if node.op != "Local"
        for child in node.children[_FIRST_BODY.get(node.op, len(node.children)) :]
    )
    bodies[snapshot.root] = None
    decided = _decided(snapshot, classes)
    offered: dict[Block, bool] = {}
    for number in bodies:
        for cost in (affine_cost, flat_cost):
            block = cast(Block, snapshot.cheap_extract(number, cost))
            for part in _parts(block):
                offered[part] = offered.get(part, True) and decided[number]
    for block, is_decided in offered.items():
        inside = list(statements(block))
        if any(isinstance(s, If) for s in inside):
            yield Fragment("branches", block, decided=is_decided)
        elif sum(isinstance(s, Store) for s in inside) > 1:
            yield Fragment("straight", block)


def _decided(snapshot: Snapshot, classes: Classes) -> dict[int, bool]:
    """Of each class of statements and blocks whether the innermost loop around it is a While wherever it
    stands."""
    found: dict[int, bool] = {}
    seen: dict[tuple[int, bool], None] = {}
    waiting = [(snapshot.root, False)]
    while waiting:
        number, inside = waiting.pop()
        if (number, inside) in seen:
            continue
        seen[number, inside] = None
        found[number] = found.get(number, True) and inside
        for node in classes[number]:
            sorts = CONSTRUCTORS[node.op].inputs[len(node.values) :]
            inner = node.op == "While" or (inside and node.op != "For")
            waiting += [
                (c, inner) for c, sort in zip(node.children, sorts, strict=True) if sort in ("S", "B")
            ]
    return found


def flat_cost(snapshot: Snapshot, node: ENode) -> int:
    """Prefers few loops, then few statements, then what is easiest to analyse."""
    return _FLAT_COSTS.get(node.op, 0) + affine_cost(snapshot, node)


def _parts(block: Block) -> Iterator[Block]:
    """The block if it is loop-free, else the loop-free scopes and branches in it."""
    if loop_free(block):
        yield block
        return
    for statement in block:
        if isinstance(statement, (Local, If)):
            if loop_free((statement,)):
                yield (statement,)
            elif isinstance(statement, Local):
                yield from _parts(statement.body)


def _nests(snapshot: Snapshot, classes: Classes) -> Iterator[Fragment]:
    """Loops around loops, and scopes of local arrays, each in several forms."""
    forms = _Forms(snapshot, classes)
    depths = _depths(snapshot, classes)
    # Outer scopes before those in them: what is done to one is done to all in it.
    for number, nodes in reversed(classes.items()):
        if any(node.op == "Local" for node in nodes):
            for statement in forms.statement(number, _DEPTH):
                if isinstance(statement, Local):
                    yield Fragment("nest", (statement,), around=depths.get(number))
    for number, nodes in classes.items():
        if any(node.op in ("For", "While") for node in nodes):
            for statement in forms.statement(number, _DEPTH):
                if isinstance(statement, While) or (
                    isinstance(statement, For) and not loop_free(statement.body)
                ):
                    yield Fragment("nest", (statement,), around=depths.get(number))
                if isinstance(statement, (For, While)) and loop_free(statement.body):
                    yield Fragment("body", (statement,), around=depths.get(number))


def _depths(snapshot: Snapshot, classes: Classes) -> dict[int, tuple[int, int]]:
    """How many Locals and counted loops enclose each class of statements and blocks, where that is the same
    at all its places."""
    depths: dict[int, list[tuple[int, int]]] = {}
    waiting = [(snapshot.root, (0, 0))]
    while waiting:
        number, depth = waiting.pop()
        known = depths.setdefault(number, [])
        if depth in known or len(known) == 2:
            continue
        known.append(depth)
        for node in classes[number]:
            sorts = CONSTRUCTORS[node.op].inputs[len(node.values) :]
            inner = depth[0] + (node.op == "Local"), depth[1] + (node.op == "For")
            waiting += [
                (c, inner) for c, sort in zip(node.children, sorts, strict=True) if sort in ("S", "B")
            ]
    return {number: known[0] for number, known in depths.items() if len(known) == 1}


class _Forms:
    """The forms that the outer statements of a class may take; a class inside of itself gives none."""

    def __init__(self, snapshot: Snapshot, classes: Classes) -> None:
        self._snapshot = snapshot
        self._classes = classes
        self._memo: dict[tuple[int, int], tuple[Term, ...]] = {}
        self._open: dict[tuple[int, int], None] = {}

    def statement(self, number: int, depth: int) -> tuple[Statement, ...]:
        """Forms of a statement's class, `depth` loops deep."""
        return cast("tuple[Statement, ...]", self._of(number, depth))

    def _of(self, number: int, depth: int) -> tuple[Term, ...]:
        key = (number, depth)
        if key in self._memo:
            return self._memo[key]
        if key in self._open:
            return ()
        self._open[key] = None
        made = (term for node in self._classes[number] for term in self._node(number, node, depth))
        found = tuple(islice(dict.fromkeys(made), _FORMS))
        del self._open[key]
        self._memo[key] = found
        return found

    def _node(self, number: int, node: ENode, depth: int) -> Iterator[Term]:
        match node.op:
            case "For" if depth > 0:
                bounds = [cast(Expr, self._snapshot.cheap_extract(child)) for child in node.children[:2]]
                for body in self._of(node.children[2], depth - 1):
                    yield build(node.op, node.values, [*bounds, body])
            case "While" if depth > 0:
                condition = cast(Expr, self._snapshot.cheap_extract(node.children[0]))
                for body in self._of(node.children[1], depth - 1):
                    yield build(node.op, node.values, [condition, body])
            case "Local" if depth > 0:
                for body in self._of(node.children[0], depth):
                    yield build(node.op, node.values, [body])
            case "Cons" if depth > 0:
                for first, rest in product(
                    self._of(node.children[0], depth), self._of(node.children[1], depth)
                ):
                    yield (cast(Statement, first), *cast(Block, rest))
            case _:
                yield self._snapshot.cheap_extract(number)
