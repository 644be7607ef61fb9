"""Local variables: who touches them, and whether C++ needs an initial value where SeerLang needs none."""

from __future__ import annotations

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
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = ["needs_initial_value", "touched"]


def touched(statement: Statement, reads_only: bool = False) -> frozenset[Array]:
    """The arrays that a statement, with everything inside it, reads or writes."""
    found: set[Array] = set()
    for inner in statements((statement,)):
        found |= _read(*expressions(inner))
        if isinstance(inner, Store) and not reads_only:
            found.add(inner.array)
    return frozenset(found)


def _read(*roots: Expr) -> set[Array]:
    return {node.array for node in subexpressions(*roots) if isinstance(node, Load)}


def needs_initial_value(local: Local) -> bool:
    """Whether a scalar local may be read before it has surely been written."""
    return _first(local.body, local.array) == "read"


def _first(block: Block, array: Array) -> str | None:
    """What surely, or for `read` possibly, happens to `array` first: `read`, `written` or None."""
    for statement in block:
        happens = None
        match statement:
            case If() | While() if array in _read(statement.condition):
                happens = "read"
            case If():
                arms = [_first(arm, array) for arm in (statement.then, statement.otherwise)]
                happens = "read" if "read" in arms else arms[0] if arms[0] == arms[1] else None
            case While():
                happens = "read" if _first(statement.body, array) == "read" else None
            case Store():
                if array in touched(statement, reads_only=True):
                    happens = "read"
                elif statement.array is array and statement.when is TRUE:
                    happens = "written"
            case For() if array in _read(statement.lower, statement.upper):
                happens = "read"
            case For():
                happens = _first(statement.body, array)
                if happens == "written" and not _runs(statement):
                    happens = None
            case Group() | Local():
                happens = _first(statement.body, array)
        if happens is not None:
            return happens
    return None


def _runs(loop: For) -> bool:
    """Whether the loop surely runs at least once."""
    if not (isinstance(loop.lower, Const) and isinstance(loop.upper, Const)):
        return False
    return to_signed(loop.lower.value, loop.lower.bits) < to_signed(loop.upper.value, loop.upper.bits)
