"""Who reads and writes arrays, and what happens to one first."""

from __future__ import annotations

from functools import lru_cache

from seer.lang.operators import to_signed
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Load,
    Local,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import bodies, expressions, statements, subexpressions

__all__ = ["first_use", "free_arrays", "read_by", "touched", "written_by"]


def read_by(*roots: Expr) -> frozenset[Array]:
    """The arrays that expressions read."""
    return frozenset().union(*map(_read_by, roots))


@lru_cache(maxsize=1 << 14)
def _read_by(root: Expr) -> frozenset[Array]:
    return frozenset(node.array for node in subexpressions(root) if isinstance(node, Load))


def written_by(block: Block) -> frozenset[Array]:
    """The arrays that a block, with everything inside it, stores to."""
    return frozenset(s.array for s in statements(block) if isinstance(s, Store))


def touched(statement: Statement, reads_only: bool = False) -> frozenset[Array]:
    """The arrays that a statement, with everything inside it, reads or writes."""
    found: set[Array] = set()
    for inner in statements((statement,)):
        found |= read_by(*expressions(inner))
        if isinstance(inner, Store) and not reads_only:
            found.add(inner.array)
    return frozenset(found)


def free_arrays(block: Block) -> frozenset[Array]:
    """The arrays that a block reads or writes and does not bind."""
    found: set[Array] = set()
    for statement in block:
        found |= read_by(*expressions(statement))
        if isinstance(statement, Store):
            found.add(statement.array)
        for body in bodies(statement):
            found |= free_arrays(body) - ({statement.array} if isinstance(statement, Local) else set())
    return frozenset(found)


def first_use(block: Block, array: Array) -> str | None:
    """What surely, or for `read` possibly, happens to `array` first: `read`, `written` or None."""
    for statement in block:
        happens = None
        match statement:
            case If() | While() if array in read_by(statement.condition):
                happens = "read"
            case If():
                arms = [first_use(arm, array) for arm in (statement.then, statement.otherwise)]
                happens = "read" if "read" in arms else arms[0] if arms[0] == arms[1] else None
            case While():
                happens = "read" if first_use(statement.body, array) == "read" else None
            case Store():
                if array in touched(statement, reads_only=True):
                    happens = "read"
                elif statement.array is array and statement.when is TRUE:
                    happens = "written"
            case For() if array in read_by(statement.lower, statement.upper):
                happens = "read"
            case For():
                happens = first_use(statement.body, array)
                if happens == "written" and not _runs(statement):
                    happens = None
            case Group() | Local():
                happens = first_use(statement.body, array)
        if happens is not None:
            return happens
    return None


def _runs(loop: For) -> bool:
    """Whether the loop surely runs at least once."""
    if not (isinstance(loop.lower, Const) and isinstance(loop.upper, Const)):
        return False
    return to_signed(loop.lower.value, loop.lower.bits) < to_signed(loop.upper.value, loop.upper.bits)
