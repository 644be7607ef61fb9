"""The expressions of a snapshot as a table, and the cheapest node of each class by a given cost.

Knuth's generalisation of Dijkstra's algorithm (Knuth 1977): classes are settled in the order of their cost,
a node costs more than each of its children, and so a choice is acyclic where classes are not.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from seer.egraph.language import CONSTRUCTORS, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.lang.terms import Array

__all__ = ["Cost", "CostOf", "Row", "Table", "cheapest", "expression_classes", "table"]

Cost = tuple[float, ...]

_NODE = 0.01
"""Cost of a node that builds nothing: of two forms that build the same, the smaller is taken."""


@dataclass(frozen=True, slots=True)
class Row:
    """A node and its class; its own delay in ns and weighted area, and the array that it loads from."""

    class_id: int
    node: ENode
    children: tuple[int, ...]
    delay: float
    area: float
    loads: Array | None


Table = tuple[list[Row], Mapping[int, list[int]]]
"""Rows, and for each class those that use it."""

CostOf = Callable[[Row, Mapping[int, Cost]], Cost]
"""The cost of a node, given those of classes, its children among them."""


def expression_classes(snapshot: Snapshot) -> Iterable[int]:
    """The classes of expressions and of lists of subscripts."""
    for class_id, nodes in snapshot.classes.items():
        if CONSTRUCTORS[nodes[0].op].output in ("E", "I"):
            yield class_id


def table(snapshot: Snapshot, costs: NodeCosts, classes: Iterable[int]) -> Table:
    """The nodes of some classes, of which every child is in one of them."""
    rows: list[Row] = []
    users: dict[int, list[int]] = {}
    for class_id in classes:
        for node in snapshot.classes[class_id]:
            children = node.children
            for child in dict.fromkeys(children):
                users.setdefault(child, []).append(len(rows))
            delay, area = costs.own(node)
            loads = parse_array_key(str(node.args[1])) if node.op == "Load" else None
            rows.append(Row(class_id, node, children, delay + _NODE, area + _NODE, loads))
    return rows, users


def cheapest(of: Table, cost: CostOf) -> dict[int, ENode]:
    """The node of least cost for every class that has a finite term."""
    rows, users = of
    waiting = [len(set(row.children)) if len(row.children) > 1 else len(row.children) for row in rows]
    settled: dict[int, Cost] = {}
    best: dict[int, ENode] = {}
    heap = [(cost(row, settled), number) for number, row in enumerate(rows) if not row.children]
    heapq.heapify(heap)
    while heap:
        total, number = heapq.heappop(heap)
        row = rows[number]
        if row.class_id in best:
            continue
        best[row.class_id] = row.node
        settled[row.class_id] = total
        for user in users.get(row.class_id, ()):
            waiting[user] -= 1
            if not waiting[user] and rows[user].class_id not in best:
                heapq.heappush(heap, (cost(rows[user], settled), user))
    return best
