"""Names for Locals: levels that nothing else has, so that moving a Local renumbers nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seer.lang.terms import Array, ArrayType, Block, Load, Local, LocalArray, Statement, Store
from seer.lang.traverse import Rewriter, expressions, statements, subexpressions

__all__ = ["Naming", "bound_around", "named", "numbered", "opened"]

_UNIQUE = 1 << 20
"""Levels of Locals from here on are names."""


class Naming:
    """Gives Locals levels that nothing else has; `numbered` replaces them by those of their depths."""

    def __init__(self) -> None:
        self._next = _UNIQUE

    def array(self, type: ArrayType) -> LocalArray:
        self._next += 1
        return LocalArray(type, self._next)

    def block(self, block: Block) -> Block:
        """`block` with a name for each Local in it."""
        return _Renaming(lambda type, _: self.array(type), {}, 0).block(block)


class _Renaming(Rewriter):
    """Gives the Locals of one scope, and of those in it, other names: `fresh` is asked for each, outer ones
    first, with its type and how many Locals are around it."""

    def __init__(
        self,
        fresh: Callable[[ArrayType, int], LocalArray],
        names: Mapping[Array, LocalArray],
        depth: int,
    ) -> None:
        super().__init__(array=lambda array: names.get(array, array))
        self._fresh = fresh
        self._names = names
        self._depth = depth

    def statement(self, s: Statement) -> Statement:
        if not isinstance(s, Local):
            return super().statement(s)
        new = self._fresh(s.array.type, self._depth)
        inside = _Renaming(self._fresh, {**self._names, s.array: new}, self._depth + 1)
        return Local(new, inside.block(s.body))


def numbered(block: Block, level: int) -> Block:
    """`block` with each named Local at the level of its depth, `level` the outermost."""
    return _Renaming(lambda type, depth: LocalArray(type, level + depth), {}, 0).block(block)


def named(block: Block) -> Block:
    """`block` with each Local at a level that no other has."""
    return Naming().block(block)


def opened(block: Block, scopes: list[LocalArray]) -> Block:
    """`block` without the scopes in it, whose arrays go to `scopes`, but for those in other statements."""
    body: list[Statement] = []
    for statement in block:
        if isinstance(statement, Local):
            scopes.append(statement.array)
            body += opened(statement.body, scopes)
        else:
            body.append(statement)
    return tuple(body)


def bound_around(fragment: Block, given: int = 0) -> int:
    """The level of the outermost Local that a fragment binds or may bind; `given` where it binds none."""
    bound = [s.array.level for s in statements(fragment) if isinstance(s, Local)]
    if bound:
        return min(bound)
    used = [
        node.array.level
        for s in statements(fragment)
        for node in subexpressions(*expressions(s))
        if isinstance(node, Load) and isinstance(node.array, LocalArray)
    ]
    used += [
        s.array.level
        for s in statements(fragment)
        if isinstance(s, Store) and isinstance(s.array, LocalArray)
    ]
    return max([given, *(level + 1 for level in used)])
