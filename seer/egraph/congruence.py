"""Proof-producing congruence closure (Nieuwenhuis and Oliveras 2005) over a node table.

Each equation or congruence that joins two classes is an edge of a forest; the path between two nodes in it
is a proof that they are equal. Nodes and equations may be added at any time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from seer.egraph.nodes import NodeTable

__all__ = ["Congruence", "Edge"]


class Edge(NamedTuple):
    """`before = after`, by the equation of this number, or by congruence (None)."""

    before: int
    after: int
    equation: int | None


class Congruence:
    """The closure of the equations told so far."""

    def __init__(self, table: NodeTable) -> None:
        self._table = table
        self._parent: list[int] = []
        self._edge: list[tuple[int, int | None] | None] = []
        self._size: list[int] = []
        self._signatures: dict[tuple[object, ...], int] = {}
        self._users: defaultdict[int, list[int]] = defaultdict(list)

    def find(self, node: int) -> int:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def equal(self, a: int, b: int) -> bool:
        self._extend()
        return self.find(a) == self.find(b)

    def tell(self, left: int, right: int, equation: int) -> None:
        """Takes an equation in."""
        self._extend()
        self._join(left, right, equation)

    def path(self, a: int, b: int) -> list[Edge]:
        """The edges from a to b, which must be equal."""
        self._extend()
        up: dict[int, int] = {}
        from_a: list[Edge] = []
        node = a
        while True:
            up[node] = len(from_a)
            edge = self._edge[node]
            if edge is None:
                break
            from_a.append(Edge(node, *edge))
            node = edge[0]
        from_b: list[Edge] = []
        node = b
        while node not in up:
            edge = self._edge[node]
            if edge is None:
                raise ValueError("the nodes are not equal")
            from_b.append(Edge(edge[0], node, edge[1]))
            node = edge[0]
        return from_a[: up[node]] + from_b[::-1]

    def _extend(self) -> None:
        """Takes in the nodes that the table has gained."""
        for number in range(len(self._parent), len(self._table)):
            self._parent.append(number)
            self._edge.append(None)
            self._size.append(1)
            # A node may be congruent to an older one, whose class may have grown since.
            op, values, kids = self._table.nodes[number]
            roots = [self.find(kid) for kid in kids]
            for root in dict.fromkeys(roots):
                self._users[root].append(number)
            other = self._signatures.setdefault((op, values, *roots), number)
            if other != number:
                self._join(number, other, None)

    def _join(self, left: int, right: int, equation: int | None) -> None:
        pending: list[tuple[int, int, int | None]] = [(left, right, equation)]
        while pending:
            a, b, why = pending.pop()
            root_a, root_b = self.find(a), self.find(b)
            if root_a == root_b:
                continue
            if self._size[root_a] > self._size[root_b]:
                a, b, root_a, root_b = b, a, root_b, root_a
            self._hang(a, b, why)
            self._parent[root_a] = root_b
            self._size[root_b] += self._size[root_a]
            users = self._users.pop(root_a, [])
            self._users[root_b] += users
            for user in users:
                op, values, kids = self._table.nodes[user]
                signature = (op, values, *map(self.find, kids))
                other = self._signatures.setdefault(signature, user)
                if self.find(other) != self.find(user):
                    pending.append((other, user, None))

    def _hang(self, a: int, b: int, why: int | None) -> None:
        """Makes `a` the root of its tree by turning edges round, and hangs it below `b`."""
        node: int | None = a
        edge: tuple[int, int | None] | None = (b, why)
        while node is not None:
            old = self._edge[node]
            self._edge[node] = edge
            node, edge = (old[0], (node, old[1])) if old is not None else (None, None)
