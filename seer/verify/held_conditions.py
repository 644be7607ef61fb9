"""Ifs that may change what their conditions read, with the conditions in registers of their own.

An If decides once. Proofs see a store in a branch under the condition, which means the same only while
nothing in the If writes what the condition reads. Where something does, `if (c) B` becomes
`{ t = c; if (t) B }`: that is what the If means, and nothing writes t.
"""

from __future__ import annotations

from dataclasses import replace

from seer.lang.terms import ArrayType, Block, If, Load, Local, LocalArray, Statement, Store
from seer.lang.traverse import bodies, expressions, statements, subexpressions, with_bodies
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.instances import Path

__all__ = ["changes_condition", "with_held_conditions"]


def changes_condition(statement: If) -> bool:
    """Whether something in an If may write what its condition reads."""
    read = {e.array for e in subexpressions(statement.condition) if isinstance(e, Load)}
    return any(isinstance(s, Store) and s.array in read for s in statements((statement,)))


def with_held_conditions(
    before: Block, after: Block, correspondence: Correspondence
) -> tuple[Block, Block, Correspondence]:
    """Both blocks without Ifs that change what their conditions read, and the claim about their stores."""
    if not any(isinstance(s, If) and changes_condition(s) for s in statements((*before, *after))):
        return before, after, correspondence
    level = max(_levels(before), _levels(after)) + 1
    old, new = _Held(level), _Held(level)
    blocks = old.block(before, (), ()), new.block(after, (), ())
    images: list[StoreImage] = []
    for image in correspondence.images:
        # A path that leads to no store stays as it is, and the proof refuses it.
        path, source = new.paths.get(image.path, image.path), old.paths.get(image.source, image.source)
        images.append(replace(image, path=path, source=source))
    return *blocks, replace(correspondence, images=tuple(images))


def _levels(block: Block) -> int:
    """The greatest level of a local array in a block, -1 if there is none."""
    found = [s.array for s in statements(block) if isinstance(s, (Local, Store))]
    for statement in statements(block):
        found += [node.array for node in subexpressions(*expressions(statement)) if isinstance(node, Load)]
    return max((array.level for array in found if isinstance(array, LocalArray)), default=-1)


class _Held:
    """Rewrites one block; `paths` are the new places of its stores, by the old ones."""

    def __init__(self, level: int) -> None:
        self._level = level
        self.paths: dict[Path, Path] = {}

    def block(self, block: Block, old: Path, new: Path) -> Block:
        return tuple(self._statement(s, (*old, k), (*new, k)) for k, s in enumerate(block))

    def _statement(self, statement: Statement, old: Path, new: Path) -> Statement:
        if isinstance(statement, Store):
            self.paths[old] = new
            return statement
        if not isinstance(statement, If):
            inner = [self.block(body, old, new) for body in bodies(statement)]
            return with_bodies(statement, inner)
        if not changes_condition(statement):
            return with_bodies(statement, self._sides(statement, old, new))
        register = LocalArray(ArrayType(1, ()), self._level)
        self._level += 1
        then, otherwise = self._sides(statement, old, (*new, 1))
        held = If(Load(register, ()), then, otherwise)
        return Local(register, (Store(register, (), statement.condition), held))

    def _sides(self, statement: If, old: Path, new: Path) -> list[Block]:
        return [self.block(b, (*old, side), (*new, side)) for side, b in enumerate(bodies(statement))]
