"""Scopes of Locals as narrow as they can be.

A pass returns memory whose scope is the rest of its block, so that copies of a loop body nest in each
other. Ended after their last use, equal copies stand side by side as equal terms.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from seer.lang.terms import Array, Block, Load, Local, LocalArray, Statement, Store
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions, with_bodies

__all__ = ["narrowed"]


def narrowed(block: Block) -> Block:
    """`block` with each Local that ends its block closed after the last statement that uses its array."""
    flat: list[Statement] = []
    opened: list[tuple[int, LocalArray]] = []
    rest = block
    while rest:
        *front, last = rest
        flat += front
        if isinstance(last, Local):
            opened.append((len(flat), last.array))
            rest = last.body
        else:
            flat.append(last)
            rest = ()
    flat = [_inside(statement) for statement in flat]
    return _closed(flat, opened)


def _inside(statement: Statement) -> Statement:
    return with_bodies(statement, [narrowed(body) for body in bodies(statement)])


@dataclass
class _Scope:
    """An open Local: its array as it was, its level now, where it ends, and its statements so far."""

    was: LocalArray
    level: int
    end: int
    body: list[Statement] = field(default_factory=list)


def _closed(flat: list[Statement], opened: list[tuple[int, LocalArray]]) -> Block:
    """`flat` with Locals opened before the positions given, each closed after its last use."""
    if not opened:
        return tuple(flat)
    base = opened[0][1].level
    depths = [sum(at <= position for at, _ in opened) for position in range(len(flat))]
    last_use: dict[int, int] = {}
    for position, statement in enumerate(flat):
        for level in _levels(statement):
            # From base + depth on, levels are those of Locals inside the statement.
            if level < base + depths[position]:
                last_use[level] = position
    result: list[Statement] = []
    stack: list[_Scope] = []
    pending = deque(opened)
    for position, statement in enumerate(flat):
        while pending and pending[0][0] == position:
            _, array = pending.popleft()
            end = last_use.get(array.level, -1)
            if end < position:
                continue
            # Scopes nest: the ones around it stay open as long as this one.
            for outer in stack:
                outer.end = max(outer.end, end)
            stack.append(_Scope(array, base + len(stack), end))
        levels = {scope.was.level: scope.level for scope in stack}
        target = stack[-1].body if stack else result
        target.append(_renumbered(statement, levels, base + depths[position], base + len(stack)))
        while stack and stack[-1].end <= position:
            scope = stack.pop()
            local = Local(LocalArray(scope.was.type, scope.level), tuple(scope.body))
            (stack[-1].body if stack else result).append(local)
    return tuple(result)


def _levels(statement: Statement) -> list[int]:
    """Levels of all local arrays that a statement uses."""
    levels: dict[int, None] = {}
    for part in statements((statement,)):
        used = [part.array] if isinstance(part, Store) else []
        used += [node.array for node in subexpressions(*expressions(part)) if isinstance(node, Load)]
        levels.update((array.level, None) for array in used if isinstance(array, LocalArray))
    return list(levels)


def _renumbered(statement: Statement, levels: dict[int, int], inner: int, new_inner: int) -> Statement:
    """`statement` with array levels replaced by `levels`, and those from `inner` on moved to `new_inner`."""

    def array(a: Array) -> Array:
        if not isinstance(a, LocalArray):
            return a
        moved = a.level - inner + new_inner if a.level >= inner else levels.get(a.level, a.level)
        return a if moved == a.level else LocalArray(a.type, moved)

    return Rewriter(array=array).statement(statement)
