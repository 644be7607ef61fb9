"""A table of hash-consed nodes, numbered; the form in which the match log speaks about terms.

Numbers are given in order of creation, children before parents, so they are the same in every process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from seer.egraph.language import CONSTRUCTORS, Term, Value, build, split
from seer.egraph.patterns import Apply, Pattern, Variable, evaluate

__all__ = ["Node", "NodeTable"]


class Node(NamedTuple):
    """A constructor with its primitive arguments, and the numbers of its children."""

    op: str
    values: tuple[Value, ...]
    kids: tuple[int, ...]


class NodeTable:
    """Nodes by number, and terms from and to them. All walks are memoised and none is recursive."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._terms: dict[int, Term] = {}
        self._of_terms: dict[tuple[Term, str], int] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def copied(self) -> NodeTable:
        """A table with the same nodes, for those that are needed for a while only."""
        table = NodeTable()
        table.nodes = list(self.nodes)
        table._numbers = dict(self._numbers)
        table._terms = dict(self._terms)
        return table

    def make(self, op: str, values: tuple[Value, ...], kids: tuple[int, ...]) -> int:
        """The number of a node, new or not."""
        node = Node(op, values, kids)
        number = self._numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def add(self, term: Term, sort: str) -> int:
        """The number of a term of the given sort."""
        stack: list[tuple[tuple[Term, str], bool]] = [((term, sort), False)]
        while stack:
            key, ready = stack.pop()
            if key in self._of_terms:
                continue
            op, values, children = split(*key)
            keys = list(zip(children, CONSTRUCTORS[op].inputs[len(values) :], strict=True))
            if ready:
                self._of_terms[key] = self.make(op, values, tuple(self._of_terms[k] for k in keys))
            else:
                stack.append((key, True))
                stack.extend((k, False) for k in reversed(keys))
        return self._of_terms[term, sort]

    def term(self, number: int) -> Term:
        """The term that a node stands for."""
        stack = [number]
        while stack:
            top = stack[-1]
            if top in self._terms:
                stack.pop()
                continue
            node = self.nodes[top]
            if node.op in ("Cons", "ICons"):
                # Lists are read off in one go: a term per suffix would take quadratic space.
                heads, rest = [], top
                while self.nodes[rest].op in ("Cons", "ICons"):
                    head, rest = self.nodes[rest].kids
                    heads.append(head)
                missing = [head for head in heads if head not in self._terms]
                if not missing:
                    self._terms[top] = tuple(self._terms[head] for head in heads)  # type: ignore[assignment]
            else:
                missing = [kid for kid in node.kids if kid not in self._terms]
                if not missing:
                    self._terms[top] = build(node.op, node.values, [self._terms[kid] for kid in node.kids])
            stack.extend(reversed(missing))
        return self._terms[number]

    def instantiate(self, pattern: Pattern, values: Mapping[str, Value], parts: Mapping[str, int]) -> int:
        """The node that a rule's side stands for; `parts` are the nodes of its class variables."""
        match pattern:
            case Variable(name):
                return parts[name]
            case Apply(op, args):
                primitive: list[Value] = []
                kids: list[int] = []
                for arg, sort in zip(args, CONSTRUCTORS[op].inputs, strict=True):
                    if sort == "String":
                        primitive.append(values[arg.name])  # type: ignore[union-attr]
                    elif sort in ("i64", "BigInt"):
                        primitive.append(evaluate(arg, values))  # type: ignore[arg-type]
                    else:
                        kids.append(self.instantiate(arg, values, parts))
                return self.make(op, tuple(primitive), tuple(kids))
            case _:
                raise TypeError("a literal is no node")

    def replace(self, root: int, path: Sequence[int], new: int) -> int:
        """`root` with the node at `path` (child positions) replaced."""
        trail = [root]
        for position in path:
            trail.append(self.nodes[trail[-1]].kids[position])
        for node, position in zip(reversed(trail[:-1]), reversed(path), strict=True):
            op, values, kids = self.nodes[node]
            new = self.make(op, values, (*kids[:position], new, *kids[position + 1 :]))
        return new
