"""Makes a failing program smaller: leaves out statements and simplifies expressions while it still fails.

Every edit keeps a program defined, since what keeps it so is text that no edit touches; a program that no
longer compiles does not fail in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seer.fuzz.tree import FIXED, FLOAT, INTEGER, STATEMENT, Node, Path, at, paths, replaced

__all__ = ["shrink"]


def shrink(tree: Node, fails: Callable[[Node], bool], attempts: int = 400) -> Node:
    """A smaller tree for which `fails` holds, found with at most `attempts` tries."""
    left, smaller = attempts, True
    while smaller and left > 0:
        smaller = False
        position = 0
        while left > 0:
            places = [path for path, node in paths(tree) if path and node.kind in (STATEMENT, INTEGER, FLOAT)]
            if position >= len(places):
                break
            for candidate in _edits(tree, places[position]):
                left -= 1
                if fails(candidate):
                    tree, smaller = candidate, True
                    break
                if left <= 0:
                    break
            else:
                position += 1
    return tree


def _edits(tree: Node, path: Path) -> Iterator[Node]:
    """Trees with something simpler at the end of `path`, the simplest first."""
    node = at(tree, path)
    if node.kind == STATEMENT:
        yield replaced(tree, path, "")
        for part in node.parts:
            if isinstance(part, Node) and part.kind == FIXED and len(node.parts) > 1:
                yield replaced(tree, path, part)
        return
    constant = Node(FIXED, ("1.0" if node.kind == FLOAT else "1",))
    if not any(isinstance(part, Node) for part in node.parts) and len(str(node)) < 3:
        return
    yield replaced(tree, path, constant)
    for inner in _nearest(node, node.kind):
        yield replaced(tree, path, inner)


def _nearest(node: Node, kind: str) -> Iterator[Node]:
    """The nodes of a kind below `node` that are in no other one."""
    for part in node.parts:
        if isinstance(part, Node):
            if part.kind == kind:
                yield part
            else:
                yield from _nearest(part, kind)
