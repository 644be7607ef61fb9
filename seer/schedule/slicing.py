"""Which arrays data-dependent control depends on: what else a program computes changes no count."""

from __future__ import annotations

from collections.abc import Iterator

from seer.lang.terms import Array, Block, Expr, For, If, Load, Store, While
from seer.lang.traverse import bodies, expressions, loop_free, subexpressions

__all__ = ["control_arrays"]


def control_arrays(body: Block) -> frozenset[Array]:
    """The arrays whose contents may decide how often a loop runs, directly or through other arrays."""
    found: set[Array] = set()
    writes: list[tuple[Array, frozenset[Array]]] = []
    for store, conditions in _stores(body, (), found):
        writes.append((store.array, _read(*expressions(store), *conditions)))
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
                found |= _read(*expressions(statement))
                yield from _stores(statement.body, conditions, found)
            case While():
                found |= _read(statement.condition)
                yield from _stores(statement.body, (*conditions, statement.condition), found)
            case If():
                if not loop_free((statement,)):
                    found |= _read(statement.condition)
                for inner in bodies(statement):
                    yield from _stores(inner, (*conditions, statement.condition), found)
            case _:
                for inner in bodies(statement):
                    yield from _stores(inner, conditions, found)


def _read(*roots: Expr) -> frozenset[Array]:
    return frozenset(node.array for node in subexpressions(*roots) if isinstance(node, Load))
