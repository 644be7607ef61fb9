"""Generated C as a tree of text, so that a failing program can be made smaller piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "FIXED",
    "FLOAT",
    "INTEGER",
    "STATEMENT",
    "Node",
    "Path",
    "at",
    "expression",
    "paths",
    "replaced",
    "statement",
]

STATEMENT, INTEGER, FLOAT, FIXED = "statement", "integer", "float", "fixed"
"""Kinds of nodes. A statement may be left out; an integer or a float may be replaced by another of its
kind. What keeps a program defined (masks of subscripts, the fuel of loops) is text of the parent."""

Path = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """Text with nodes in it."""

    kind: str
    parts: tuple[str | Node, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    @property
    def floating(self) -> bool:
        return self.kind == FLOAT


def expression(floating: bool, *parts: str | Node) -> Node:
    """An expression of arithmetic type."""
    return Node(FLOAT if floating else INTEGER, parts)


def statement(*parts: str | Node) -> Node:
    """A statement, or anything else that stands on lines of its own; ends with a newline."""
    return Node(STATEMENT, (*parts, "\n"))


def paths(node: Node, start: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with the way to it, outer before inner."""
    yield start, node
    for position, part in enumerate(node.parts):
        if isinstance(part, Node):
            yield from paths(part, (*start, position))


def at(node: Node, path: Path) -> Node:
    """The node at the end of `path`."""
    for position in path:
        part = node.parts[position]
        if not isinstance(part, Node):
            raise KeyError(path)
        node = part
    return node


def replaced(node: Node, path: Path, by: Node | str) -> Node:
    """The tree with another part at the end of `path`."""
    if not path:
        raise ValueError("the root stays")
    position, *rest = path
    part = node.parts[position]
    if rest:
        if not isinstance(part, Node):
            raise KeyError(path)
        by = replaced(part, tuple(rest), by)
    return Node(node.kind, (*node.parts[:position], by, *node.parts[position + 1 :]))
