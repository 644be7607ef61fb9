"""Choices of one node for each class of expressions, each the cheapest by a criterion of its own.

Every choice is made by Knuth's generalisation of Dijkstra's algorithm (Knuth 1977): classes are settled in
the order of their cost, a node costs more than each of its children, and so a choice is acyclic where classes
are not. A choice that suits one region, such as the least delay behind what that region stores and the
least area elsewhere, is made for the classes below that region only.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import cast

from seer.egraph.language import CONSTRUCTORS, Term, build, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.lang.terms import Array, Expr
from seer.schedule.target import Target

__all__ = ["Choice", "Choices"]

_Cost = tuple[float, ...]
_NODE = 0.01
"""Cost of a node that builds nothing: of two forms that build the same, the smaller is taken."""

_LATE_NS = 1e4
"""Arrival of a register's value: what is between a register and its next value bounds the initiation
interval, so it counts as arriving later than anything computed without it."""


class Choice:
    """A chosen node for each of some classes, and the terms that they make."""

    def __init__(self, nodes: Mapping[int, ENode]) -> None:
        self.nodes = nodes
        self._terms: dict[int, Term] = {}

    def has(self, class_id: int) -> bool:
        return class_id in self.nodes

    def expression(self, class_id: int) -> Expr:
        """The chosen expression of an E class."""
        return cast(Expr, self.term(class_id))

    def term(self, class_id: int) -> Term:
        """The chosen term of an E class, or the subscripts of an I class."""
        stack = [class_id]
        while stack:
            current = stack[-1]
            if current in self._terms:
                stack.pop()
                continue
            node = self.nodes[current]
            missing = [child for child in node.children if child not in self._terms]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._terms[current] = build(node.op, node.values, [self._terms[c] for c in node.children])
        return self._terms[class_id]


class Choices:
    """The choices that one snapshot offers, each made when it is first asked for."""

    def __init__(self, snapshot: Snapshot, target: Target) -> None:
        self._snapshot = snapshot
        self._costs = NodeCosts(snapshot, target)
        self._behind: dict[tuple[frozenset[Array], tuple[int, ...]], Choice] = {}
        self._shared: dict[tuple[int, tuple[int, ...]], Choice] = {}

    @cached_property
    def area(self) -> Choice:
        """The least sum over each expression written as a tree, then the least delay."""
        return self._solve(lambda delay, area, load: (area, delay), (1, 0))

    @cached_property
    def delay(self) -> Choice:
        """The least time until each value is there, registers arriving last; then the least area."""
        return self._solve(lambda delay, area, load: (delay + _LATE_NS * (load == 1), area), (0, 1))

    @cached_property
    def accesses(self) -> Choice:
        """The fewest loads from memories, then the least area."""
        return self._solve(lambda delay, area, load: (float(load == 2), area, delay), (2, 0, 1))

    @cached_property
    def affine(self) -> Choice:
        """What an analysis of subscripts understands best."""
        return Choice(self._snapshot.cheapest())

    def behind(self, arrays: frozenset[Array], roots: Sequence[int]) -> Choice:
        """For the classes below `roots`: the least delay from loads of `arrays` on, where there are any,
        then the least area. What a loop stores and loads again is a recurrence."""
        key = (arrays, tuple(roots))
        if key not in self._behind:
            self._behind[key] = Choice(self._solve_behind(arrays, roots))
        return self._behind[key]

    def sharing(self, base: Choice, roots: Sequence[int]) -> Choice:
        """`base` below `roots`, changed as long as a change makes the expressions smaller where each
        subexpression counts once, and delays no path."""
        key = (id(base), tuple(roots))
        if key not in self._shared:
            self._shared[key] = Choice(_Shrinking(self._snapshot, self._costs, base, roots).run())
        return self._shared[key]

    # -- solving ------------------------------------------------------------------------------------------

    def _solve(self, cost: Callable[[float, float, int], _Cost], kinds: tuple[int, ...]) -> Choice:
        """`cost` of a node by its delay, area and whether it loads a register (1) or a memory (2);
        `kinds` says of each figure whether it is a delay (0), of which the children's greatest counts, or
        a sum."""
        sums = tuple(bool(kind) for kind in kinds)

        def total(node: ENode, children: Sequence[_Cost]) -> _Cost:
            delay, area = self._costs.own(node)
            own = cost(delay + _NODE, area + _NODE, self._load(node))
            if not children:
                return own
            return tuple(
                mine + (sum(theirs) if add else max(theirs))
                for mine, add, theirs in zip(own, sums, zip(*children, strict=True), strict=True)
            )

        return Choice(self._knuth(self._expression_classes(), total))

    def _solve_behind(self, arrays: frozenset[Array], roots: Sequence[int]) -> dict[int, ENode]:
        def total(node: ENode, children: Sequence[_Cost]) -> _Cost:
            delay, area = self._costs.own(node)
            late = max((child[0] for child in children), default=0.0)
            starts = node.op == "Load" and parse_array_key(str(node.values[1])) in arrays
            behind = late + delay + _NODE if late or starts else 0.0
            return behind, area + _NODE + sum(child[1] for child in children)

        return self._knuth(self._below(roots), total)

    def _load(self, node: ENode) -> int:
        if node.op != "Load":
            return 0
        return 2 if parse_array_key(str(node.values[1])).type.shape else 1

    def _expression_classes(self) -> Iterable[int]:
        for class_id, nodes in self._snapshot.classes.items():
            if CONSTRUCTORS[nodes[0].op].output in ("E", "I"):
                yield class_id

    def _below(self, roots: Sequence[int]) -> list[int]:
        """The classes that a choice for `roots` may need."""
        found: dict[int, None] = dict.fromkeys(roots)
        stack = list(found)
        while stack:
            for node in self._snapshot.classes[stack.pop()]:
                for child in node.children:
                    if child not in found:
                        found[child] = None
                        stack.append(child)
        return list(found)

    def _knuth(
        self, classes: Iterable[int], total: Callable[[ENode, Sequence[_Cost]], _Cost]
    ) -> dict[int, ENode]:
        users: dict[int, list[tuple[int, int]]] = {}
        waiting: dict[tuple[int, int], int] = {}
        heap: list[tuple[_Cost, int, int]] = []
        costs: dict[int, _Cost] = {}
        best: dict[int, ENode] = {}
        every = self._snapshot.classes
        for class_id in classes:
            for position, node in enumerate(every[class_id]):
                children = dict.fromkeys(node.children)
                if not children:
                    heap.append((total(node, ()), class_id, position))
                    continue
                waiting[class_id, position] = len(children)
                for child in children:
                    users.setdefault(child, []).append((class_id, position))
        heapq.heapify(heap)
        while heap:
            cost, class_id, position = heapq.heappop(heap)
            if class_id in best:
                continue
            best[class_id] = every[class_id][position]
            costs[class_id] = cost
            for user in users.get(class_id, ()):
                waiting[user] -= 1
                if waiting[user] == 0 and user[0] not in best:
                    node = every[user[0]][user[1]]
                    heapq.heappush(heap, (total(node, [costs[c] for c in node.children]), *user))
        return best


class _Shrinking:
    """Local search from one choice: a class takes another of its nodes where the whole becomes smaller.

    An operand has to stand before its user in the order of the first choice, so that no cycle can come up,
    and to be there no later than what it replaces.
    """

    def __init__(self, snapshot: Snapshot, costs: NodeCosts, base: Choice, roots: Sequence[int]) -> None:
        self._classes = snapshot.classes
        self._costs = costs
        self._chosen: dict[int, ENode] = {}
        self._order: dict[int, int] = {}
        self._arrival: dict[int, float] = {}
        self._uses: dict[int, int] = {}
        for root in roots:
            self._visit(root, base)
            self._uses[root] = self._uses.get(root, 0) + 1

    def _visit(self, root: int, base: Choice) -> None:
        """Number the classes below a root, operands first, and count their uses."""
        stack = [root]
        while stack:
            current = stack[-1]
            if current in self._order:
                stack.pop()
                continue
            node = base.nodes[current]
            missing = [child for child in node.children if child not in self._order]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._order[current] = len(self._order)
            self._chosen[current] = node
            self._arrival[current] = self._arrival_of(node)
            for child in dict.fromkeys(node.children):
                self._uses[child] = self._uses.get(child, 0) + 1

    def run(self) -> dict[int, ENode]:
        changed = True
        while changed:
            changed = False
            for class_id in sorted(self._order, key=self._order.__getitem__, reverse=True):
                if self._uses.get(class_id, 0) > 0:
                    changed |= self._improve(class_id)
        return self._chosen

    def _improve(self, class_id: int) -> bool:
        for node in self._classes[class_id]:
            old = self._chosen[class_id]
            if node == old or not self._may_stand(class_id, node):
                continue
            if self._arrival_of(node) > self._arrival[class_id]:
                continue
            before = self._costs.own(old)[1]
            self._chosen[class_id] = node
            change = self._costs.own(node)[1] - before
            change += self._add(node) - self._drop(old)
            if (change, len(node.children)) < (0.0, len(old.children)) and change <= 0:
                return True
            self._chosen[class_id] = old
            self._add(old)
            self._drop(node)
        return False

    def _may_stand(self, class_id: int, node: ENode) -> bool:
        here = self._order[class_id]
        return all(self._order.get(child, here) < here for child in node.children)

    def _arrival_of(self, node: ENode) -> float:
        late = max((self._arrival[child] for child in node.children), default=0.0)
        return late + self._costs.own(node)[0]

    def _add(self, node: ENode) -> float:
        """Count the uses that a node makes; the area of what was not in use."""
        area, stack = 0.0, list(dict.fromkeys(node.children))
        while stack:
            child = stack.pop()
            self._uses[child] = self._uses.get(child, 0) + 1
            if self._uses[child] == 1:
                area += self._costs.own(self._chosen[child])[1] + _NODE
                stack.extend(dict.fromkeys(self._chosen[child].children))
        return area

    def _drop(self, node: ENode) -> float:
        """The reverse of `_add`."""
        area, stack = 0.0, list(dict.fromkeys(node.children))
        while stack:
            child = stack.pop()
            self._uses[child] -= 1
            if self._uses[child] == 0:
                area += self._costs.own(self._chosen[child])[1] + _NODE
                stack.extend(dict.fromkeys(self._chosen[child].children))
        return area
