"""Choices of one node for each class of expressions, each the cheapest by a criterion of its own.

A choice that suits one region, such as the least delay behind what that region stores and the least area
elsewhere, is made for the classes below that region only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import cast

from seer.egraph.language import Term, build
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.extract.table import Cost, CostOf, Row, Table, cheapest, expression_classes, table
from seer.lang.terms import Array, Expr
from seer.schedule.target import Target

__all__ = ["Choice", "Choices", "below"]

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
    def _table(self) -> Table:
        return table(self._snapshot, self._costs, expression_classes(self._snapshot))

    @cached_property
    def area(self) -> Choice:
        """The least sum over each expression written as a tree, then the least delay."""
        return Choice(cheapest(self._table, _by_area))

    @cached_property
    def delay(self) -> Choice:
        """The least time until each value is there, registers arriving last; then the least area."""
        return Choice(cheapest(self._table, _by_delay))

    @cached_property
    def accesses(self) -> Choice:
        """The fewest loads from memories, then the least area."""
        return Choice(cheapest(self._table, _by_accesses))

    @cached_property
    def affine(self) -> Choice:
        """What an analysis of subscripts understands best."""
        return Choice(self._snapshot.cheapest())

    def behind(self, arrays: frozenset[Array], roots: Sequence[int]) -> Choice:
        """For the classes below `roots`: the least delay from loads of `arrays` on, where there are any,
        then the least area. What a loop stores and loads again is a recurrence."""
        key = (arrays, tuple(roots))
        if key not in self._behind:
            part = table(self._snapshot, self._costs, below(self._snapshot, roots))
            self._behind[key] = Choice(cheapest(part, _by_delay_behind(arrays)))
        return self._behind[key]

    def sharing(self, base: Choice, roots: Sequence[int]) -> Choice:
        """`base` below `roots`, changed as long as a change makes the expressions smaller where each
        subexpression counts once, and delays no path."""
        key = (id(base), tuple(roots))
        if key not in self._shared:
            self._shared[key] = Choice(_Shrinking(self._snapshot, self._costs, base, roots).run())
        return self._shared[key]


def below(snapshot: Snapshot, roots: Sequence[int]) -> list[int]:
    """The classes that terms of `roots` may consist of."""
    found: dict[int, None] = dict.fromkeys(roots)
    stack = list(found)
    while stack:
        for node in snapshot.classes[stack.pop()]:
            for child in node.children:
                if child not in found:
                    found[child] = None
                    stack.append(child)
    return list(found)


def _by_area(row: Row, costs: Mapping[int, Cost]) -> Cost:
    area, latest = row.area, 0.0
    for child in row.children:
        more, arrival = costs[child]
        area += more
        latest = max(latest, arrival)
    return area, latest + row.delay


def _by_delay(row: Row, costs: Mapping[int, Cost]) -> Cost:
    area, latest = row.area, 0.0
    for child in row.children:
        arrival, more = costs[child]
        area += more
        latest = max(latest, arrival)
    late = _LATE_NS if row.loads is not None and not row.loads.type.shape else 0.0
    return latest + row.delay + late, area


def _by_accesses(row: Row, costs: Mapping[int, Cost]) -> Cost:
    area, latest = row.area, 0.0
    loads = 1.0 if row.loads is not None and row.loads.type.shape else 0.0
    for child in row.children:
        accesses, more, arrival = costs[child]
        loads += accesses
        area += more
        latest = max(latest, arrival)
    return loads, area, latest + row.delay


def _by_delay_behind(arrays: frozenset[Array]) -> CostOf:
    def cost(row: Row, costs: Mapping[int, Cost]) -> Cost:
        area, late = row.area, 0.0
        for child in row.children:
            behind, more = costs[child]
            area += more
            late = max(late, behind)
        return (late + row.delay if late or row.loads in arrays else 0.0), area

    return cost


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
