"""Local variables: who touches them, and whether C++ needs an initial value where SeerLang needs none."""

from __future__ import annotations

from seer.lang.operators import to_signed
from seer.lang.terms import TRUE, Array, Block, Const, For, Group, Load, Local, Statement, Store
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = ["needs_initial_value", "touched"]


def touched(statement: Statement, reads_only: bool = False) -> frozenset[Array]:
    """The arrays that a statement, with everything inside it, reads or writes."""
    found: set[Array] = set()
    for inner in statements((statement,)):
        for node in subexpressions(*expressions(inner)):
            if isinstance(node, Load):
                found.add(node.array)
        if isinstance(inner, Store) and not reads_only:
            found.add(inner.array)
    return frozenset(found)


def needs_initial_value(local: Local) -> bool:
    """Whether a scalar local may be read before it has surely been written."""
    return _first(local.body, local.array) == "read"


def _first(block: Block, array: Array) -> str | None:
    """What surely, or for `read` possibly, happens to `array` first: `read`, `written` or None."""
    for statement in block:
        happens = None
        match statement:
            case Store():
                if array in touched(statement, reads_only=True):
                    happens = "read"
                elif statement.array is array and statement.when is TRUE:
                    happens = "written"
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
