"""Small random e-graphs, made without rules: random programs, and random classes of theirs united.

What is united is not equal as programs go. Extraction does not ask: of all terms of the root class it is to
find the best.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from seer.egraph.language import CONSTRUCTORS, Term, Value, build, sort_of, split
from seer.egraph.snapshot import ENode, Snapshot
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    TopArray,
)

_Node = tuple[str, tuple[Value, ...], tuple[int, ...]]


class Graph:
    """A union-find with congruence closure, small and slow."""

    def __init__(self) -> None:
        self._nodes: list[_Node] = []
        self._parent: list[int] = []

    def add(self, term: Term, sort: str | None = None) -> int:
        sort = sort or sort_of(term)
        op, values, children = split(term, sort)
        sorts = CONSTRUCTORS[op].inputs[len(values) :]
        node = (op, values, tuple(self.add(c, s) for c, s in zip(children, sorts, strict=True)))
        for number, known in enumerate(self._nodes):
            if self._canonical(known) == self._canonical(node):
                return self.find(number)
        self._nodes.append(node)
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def find(self, number: int) -> int:
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def _canonical(self, node: _Node) -> _Node:
        return node[0], node[1], tuple(self.find(child) for child in node[2])

    def unite(self, first: int, second: int) -> None:
        self._parent[self.find(second)] = self.find(first)
        changed = True
        while changed:
            changed = False
            seen: dict[_Node, int] = {}
            for number, node in enumerate(self._nodes):
                other = seen.setdefault(self._canonical(node), number)
                if self.find(other) != self.find(number):
                    self._parent[self.find(number)] = self.find(other)
                    changed = True

    def snapshot(self, root: int) -> Snapshot:
        classes: dict[int, dict[ENode, None]] = {}
        for number, node in enumerate(self._nodes):
            op, values, children = self._canonical(node)
            classes.setdefault(self.find(number), {})[ENode(op, (*values, *children))] = None
        return Snapshot(
            {n: sorted(nodes, key=lambda e: repr(e)) for n, nodes in classes.items()}, self.find(root)
        )


WIDTH = 16
ARRAYS = tuple(TopArray(ArrayType(WIDTH, (16,)), name) for name in "ab")
TEMPORARY = LocalArray(ArrayType(WIDTH, (16,)), 0)
TOTAL = LocalArray(ArrayType(WIDTH, ()), 0)


class RandomProgram:
    """Programs of one or two loops, perhaps one around the other, perhaps with a Local around them."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._arrays: list[TopArray | LocalArray] = list(ARRAYS)
        self._registers: list[LocalArray] = []

    def program(self) -> Program:
        local = self._rng.choice((None, None, TEMPORARY, TOTAL))
        if local is TOTAL:
            self._registers.append(TOTAL)
        elif local is not None:
            self._arrays.append(local)
        body: Block = tuple(self._loop(0) for _ in range(self._rng.choice((1, 1, 2))))
        if self._rng.random() < 0.3:
            body = (*body, self.store(()))
        if local is not None:
            body = (Local(local, body),)
        arguments = tuple(Argument(array.name, array, True, "short") for array in ARRAYS)
        return Program("random", arguments, body)

    def _loop(self, level: int, ivs: tuple[Iv, ...] = ()) -> For:
        iv = Iv(WIDTH, level, 0, self._rng.choice((2, 5, 9)), 1)
        inside = (*ivs, iv)
        if level == 0 and self._rng.random() < 0.25:
            body: Block = (self._loop(1, inside),)
        else:
            body = tuple(self.store(inside) for _ in range(self._rng.choice((1, 1, 2))))
            if self._rng.random() < 0.2:
                condition = Op("slt", 1, (self.expression(inside, 1), Const(WIDTH, 3)))
                body = (If(condition, body, ()),)
        return For(iv, Const(WIDTH, 0), Const(WIDTH, iv.upper), body)

    def store(self, ivs: tuple[Iv, ...]) -> Store:
        if self._registers and self._rng.random() < 0.5:
            register = self._rng.choice(self._registers)
            value = Op("add", WIDTH, (Load(register, ()), self.expression(ivs, 1)))
            return Store(register, (), value)
        return Store(self._rng.choice(self._arrays), (self._index(ivs),), self.expression(ivs, 2))

    def _index(self, ivs: tuple[Iv, ...]) -> Expr:
        return self._rng.choice((*ivs, Const(WIDTH, self._rng.randrange(16))))

    def expression(self, ivs: tuple[Iv, ...], depth: int) -> Expr:
        kind = self._rng.random()
        if depth == 0 or kind < 0.3:
            if self._registers and self._rng.random() < 0.3:
                return Load(self._registers[0], ())
            if self._rng.random() < 0.6:
                return Load(self._rng.choice(self._arrays), (self._index(ivs),))
            return self._index(ivs)
        name = self._rng.choice(("add", "sub", "mul", "xor", "add"))
        return Op(name, WIDTH, (self.expression(ivs, depth - 1), self.expression(ivs, depth - 1)))


def random_graph(rng: random.Random) -> tuple[Program, Snapshot]:
    """A program and an e-graph of it in which some of its parts have alternatives."""
    made = RandomProgram(rng)
    program = made.program()
    graph = Graph()
    root = graph.add(program.body, "B")
    ivs = tuple(node for node in _ivs(program.body))
    for _ in range(rng.choice((1, 2, 3))):
        kind = rng.random()
        if kind < 0.6:
            part = rng.choice(_expressions(program.body))
            other: Term = made.expression(tuple(iv for iv in ivs if rng.random() < 0.5), rng.choice((1, 2)))
            graph.unite(graph.add(part), graph.add(other))
        elif kind < 0.8:
            part = rng.choice(_expressions(program.body))
            graph.unite(graph.add(part), graph.add(Op("add", WIDTH, (part, Const(WIDTH, 0)))))
        else:
            loops = [s for s in _statements(program.body) if isinstance(s, For)]
            loop = rng.choice(loops)
            inner = tuple(iv for iv in ivs if iv.level < loop.iv.level)
            body = tuple(made.store((*inner, loop.iv)) for _ in range(rng.choice((1, 2))))
            graph.unite(graph.add(loop), graph.add(For(loop.iv, loop.lower, loop.upper, body)))
    return program, graph.snapshot(root)


def _statements(block: Block) -> Iterator[Statement]:
    for statement in block:
        yield statement
        for inner in (getattr(statement, name, ()) for name in ("body", "then", "otherwise")):
            yield from _statements(inner)


def _expressions(block: Block) -> list[Expr]:
    """The values that are stored, and their operands."""
    found: dict[Expr, None] = {}
    for statement in _statements(block):
        if isinstance(statement, Store):
            found[statement.value] = None
            if isinstance(statement.value, Op):
                found.update(dict.fromkeys(statement.value.operands))
    return [expression for expression in found if expression.width == WIDTH]


def _ivs(block: Block) -> list[Iv]:
    return [statement.iv for statement in _statements(block) if isinstance(statement, For)]


def all_terms(snapshot: Snapshot, class_id: int, above: tuple[int, ...] = ()) -> list[Term]:
    """All terms of a class in which no class stands below itself, by the definition."""
    if class_id in above:
        return []
    found: list[Term] = []
    for node in snapshot.classes[class_id]:
        operands = [all_terms(snapshot, child, (*above, class_id)) for child in node.children]
        found += [build(node.op, node.values, list(chosen)) for chosen in product(*operands)]
    return found
