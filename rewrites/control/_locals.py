"""Names for Locals: levels that nothing else has, so that moving a Local renumbers nothing."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Block, Local, LocalArray, Statement
from seer.lang.traverse import Rewriter, bodies, with_bodies

__all__ = ["Naming", "named", "numbered", "opened"]

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
        return tuple(self._statement(s) for s in block)

    def _statement(self, statement: Statement) -> Statement:
        if isinstance(statement, Local):
            old, new = statement.array, self.array(statement.array.type)
            renamed = Rewriter(array=lambda a: new if a is old else a).block(statement.body)
            return Local(new, self.block(renamed))
        return with_bodies(statement, [self.block(body) for body in bodies(statement)])


def numbered(block: Block, level: int) -> Block:
    """`block` with each named Local at the level of its depth, `level` the outermost."""
    result: list[Statement] = []
    for statement in block:
        if isinstance(statement, Local):
            old, new = statement.array, LocalArray(statement.array.type, level)
            renamed = Rewriter(array=lambda a, old=old, new=new: new if a is old else a).block(statement.body)
            result.append(Local(new, numbered(renamed, level + 1)))
        else:
            result.append(with_bodies(statement, [numbered(body, level) for body in bodies(statement)]))
    return tuple(result)


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
