"""Which arrays data-dependent control depends on: what else a program computes changes no count."""

from __future__ import annotations

from collections.abc import Iterator

from seer.lang.terms import Array, Block, Expr, For, If, Store, While
from seer.lang.traverse import bodies, expressions, loop_free
from seer.lang.uses import read_by

__all__ = ["control_arrays"]


def control_arrays(body: Block) -> frozenset[Array]:
    """The arrays whose contents may decide how often a loop runs, directly or through other arrays."""
    found: set[Array] = set()
    writes: list[tuple[Array, frozenset[Array]]] = []
    for store, conditions in _stores(body, (), found):
        writes.append((store.array, read_by(*expressions(store), *conditions)))
    changed = True
    while changed:
        changed = False
        for array, reads in writes:
            if array in found and not reads <= found:
                found |= reads
                changed = True
    return frozenset(found)


def _stores(
    block: Block, conditions: tuple[Expr, ...], found: set[Array]
) -> Iterator[tuple[Store, tuple[Expr, ...]]]:
    """The stores of a block, each with the conditions around it; what decides about loops goes to `found`."""
    for statement in block:
        match statement:
            case Store():
                yield statement, conditions
            case For():
                found |= read_by(*expressions(statement))
                yield from _stores(statement.body, conditions, found)
            case While():
                found |= read_by(statement.condition)
                yield from _stores(statement.body, (*conditions, statement.condition), found)
            case If():
                if not loop_free((statement,)):
                    found |= read_by(statement.condition)
                for inner in bodies(statement):
                    yield from _stores(inner, (*conditions, statement.condition), found)
            case _:
                for inner in bodies(statement):
                    yield from _stores(inner, conditions, found)
