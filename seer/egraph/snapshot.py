"""`Snapshot`: one state of the e-graph as plain Python data, for extraction and for control rules."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from seer.egraph.language import CONSTRUCTORS, EgraphError, Term, Value, build, sort_of, split

__all__ = ["Builder", "CostFunction", "ENode", "Snapshot", "affine_cost"]


class ENode(NamedTuple):
    """A constructor and its arguments in order: primitive values first, then child classes."""

    op: str
    args: tuple[Value, ...]

    @property
    def key(self) -> tuple[str, tuple[Value, ...]]:
        """What nodes are sorted by."""
        return (self.op, self.args)

    @property
    def values(self) -> tuple[Value, ...]:
        """The primitive arguments."""
        return self.args[: _FIRST_CHILD[self.op]]

    @property
    def children(self) -> tuple[int, ...]:
        """The child classes."""
        return self.args[_FIRST_CHILD[self.op] :]  # type: ignore[return-value]


_FIRST_CHILD = {
    name: sum(sort in ("i64", "BigInt", "String") for sort in c.inputs) for name, c in CONSTRUCTORS.items()
}

Choice = Callable[[int], ENode] | Mapping[int, ENode]
CostFunction = Callable[["Snapshot", ENode], int]
"""A node's own cost, at least 1; the cost of a term is the sum over its nodes, as a tree."""


@dataclass(frozen=True)
class Snapshot:
    """Classes with their nodes, in an order that is the same in every process.

    A class that is a constant lists that constant only: nothing is cheaper, and its other members may name
    induction variables that are not in scope wherever the class is used (`hidden` keeps them for look-ups).
    `root` is the class of the program added last. `bounds` gives (lo, hi, slo, shi), the unsigned and signed
    bounds, of expression classes that the analysis knows something of.
    """

    classes: dict[int, list[ENode]]
    root: int
    bounds: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    hidden: dict[ENode, int] = field(default_factory=dict)

    def class_of(self, term: Term) -> int | None:
        """The class that holds a term, or None if the e-graph does not."""
        return self._class_of(term, sort_of(term))

    def _class_of(self, term: Term, sort: str) -> int | None:
        stack: list[tuple[tuple[Term, str], bool]] = [((term, sort), False)]
        memo = self._class_of_terms
        while stack:
            key, ready = stack.pop()
            if key in memo:
                continue
            op, values, children = split(*key)
            keys = list(zip(children, CONSTRUCTORS[op].inputs[len(values) :], strict=True))
            if not ready:
                stack.append((key, True))
                stack.extend((k, False) for k in keys)
                continue
            kids = [memo[k] for k in keys]
            memo[key] = None if None in kids else self._class_of_nodes.get(ENode(op, (*values, *kids)))  # type: ignore[arg-type]
        return memo[term, sort]

    def node_of(self, term: Term) -> ENode | None:
        """The node that a term's outermost constructor is, or None if the e-graph does not hold the term."""
        op, values, children = split(term, sort_of(term))
        sorts = CONSTRUCTORS[op].inputs[len(values) :]
        kids = [self._class_of(child, sort) for child, sort in zip(children, sorts, strict=True)]
        return None if None in kids else ENode(op, (*values, *kids))  # type: ignore[arg-type]

    def builder(self, choice: Choice) -> Builder:
        """Builds terms with one chosen node per class, memoised."""
        return Builder(choice)

    def build(self, number: int, choice: Choice) -> Term:
        """The term of a class with one chosen node per class. Raises EgraphError on a cyclic choice."""
        return Builder(choice).term(number)

    def cheapest(self, cost: CostFunction | None = None) -> dict[int, ENode]:
        """For every class that denotes a finite term, the top node of the cheapest one."""
        return self._cheapest(cost or affine_cost)

    def cheap_extract(self, number: int, cost: CostFunction | None = None) -> Term:
        """The cheapest term of a class, by default the one that is easiest to analyse.

        Choices are made once per cost function for all classes, and terms are memoised.
        """
        function = cost or affine_cost
        if function not in self._builders:
            self._builders[function] = Builder(self._cheapest(function))
        return self._builders[function].term(number)

    @cached_property
    def _class_of_nodes(self) -> dict[ENode, int]:
        listed = {node: number for number, nodes in self.classes.items() for node in nodes}
        return listed | self.hidden

    @cached_property
    def _class_of_terms(self) -> dict[tuple[Term, str], int | None]:
        return {}

    @cached_property
    def _builders(self) -> dict[CostFunction, Builder]:
        return {}

    @cached_property
    def constants(self) -> dict[int, int]:
        """Classes that are constants, with their values."""
        return {
            number: int(node.args[1])
            for number, nodes in self.classes.items()
            for node in nodes
            if node.op == "Num"
        }

    def _cheapest(self, cost: CostFunction) -> dict[int, ENode]:
        """Knuth's generalisation of Dijkstra's algorithm: classes are settled in the order of their cost.

        A chosen node's children are settled before it, so choices are acyclic.
        """
        users: dict[int, list[tuple[int, int]]] = {}
        waiting: dict[tuple[int, int], int] = {}
        heap: list[tuple[int, int, int]] = []
        best: dict[int, tuple[int, ENode]] = {}

        def ready(number: int, position: int) -> None:
            node = self.classes[number][position]
            total = max(1, cost(self, node)) + sum(best[child][0] for child in node.children)
            heapq.heappush(heap, (total, number, position))

        for number, nodes in self.classes.items():
            for position, node in enumerate(nodes):
                children = set(node.children)
                waiting[number, position] = len(children)
                for child in children:
                    users.setdefault(child, []).append((number, position))
                if not children:
                    ready(number, position)
        while heap:
            total, number, position = heapq.heappop(heap)
            if number in best:
                continue
            best[number] = (total, self.classes[number][position])
            for user in users.get(number, ()):
                waiting[user] -= 1
                if waiting[user] == 0:
                    ready(*user)
        return {number: best[number][1] for number in self.classes if number in best}


class Builder:
    """Terms of classes under one choice of nodes."""

    def __init__(self, choice: Choice) -> None:
        self._choose = choice.__getitem__ if isinstance(choice, Mapping) else choice
        self._terms: dict[int, Term] = {}

    def term(self, number: int) -> Term:
        stack = [number]
        opened: dict[int, ENode] = {}
        while stack:
            top = stack[-1]
            if top in self._terms:
                stack.pop()
                continue
            node = opened.get(top)
            if node is None:
                node = opened[top] = self._choose(top)
                missing = [child for child in node.children if child not in self._terms]
                if any(child in opened for child in missing):
                    raise EgraphError(f"the choice of nodes is cyclic at class {top}")
                stack.extend(reversed(missing))
            else:
                stack.pop()
                self._terms[top] = build(node.op, node.values, [self._terms[c] for c in node.children])
        return self._terms[number]


_COSTS = {
    "Num": 1,
    "Iv": 1,
    "Param": 1,
    "Add": 1,
    "Sub": 1,
    "ZExt": 2,
    "SExt": 2,
    "Trunc": 4,
    "INil": 1,
    "ICons": 1,
    "Nil": 1,
    "Cons": 1,
    "Group": 1,
    "Local": 1,
    "Store": 1,
    "For": 1,
    "While": 1,
    "If": 1,
    "Load": 8,
}


def affine_cost(snapshot: Snapshot, node: ENode) -> int:
    """Prefers what an analysis of subscripts understands: sums and constant multiples of induction variables.

    Multiplication by a constant is cheaper than the shift or the addition to itself that equals it.
    """
    if node.op == "Mul":
        return 1 if any(child in snapshot.constants for child in node.children) else 20
    if node.op == "Add" and node.children[0] == node.children[1]:
        return 4
    return _COSTS.get(node.op, 12)
