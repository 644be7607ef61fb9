"""What stands at a constant place of a constant table."""

from __future__ import annotations

from seer.lang.terms import Const, Expr, Load, Table

__all__ = ["element"]


def element(load: Expr) -> Const | None:
    """The constant that a load gives; None unless it reads a table at a constant place inside of it."""
    if not isinstance(load, Load) or not isinstance(load.array, Table):
        return None
    number = 0
    for index, extent in zip(load.indices, load.array.type.shape, strict=True):
        if not isinstance(index, Const) or index.value >= extent:
            return None
        number = number * extent + index.value
    return Const(load.width, load.array.values[number])
