"""Blocks without groups and scopes, and the sites of their control statements.

The *site* of a statement is its position among all statements of its program, outer before inner. Terms are
hash-consed, so a site says which of two equal statements is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from seer.lang.terms import Block, Const, For, Group, If, Local, LocalArray, Statement, Store, While
from seer.lang.traverse import bodies
from seer.schedule.bounds import affine_bound

__all__ = [
    "Control",
    "Flat",
    "RegionItem",
    "controls",
    "flat_body",
    "has_constant_bounds",
    "inner_sites",
    "numbered",
    "stores",
]

RegionItem = Store | LocalArray | If
"""What a region consists of: stores, Ifs without loops, and the places where the scope of a local begins."""


@dataclass(frozen=True)
class Control:
    """A loop, or an If that holds loops, at its site."""

    statement: For | While | If
    site: int


Flat = list[RegionItem | Control]


@lru_cache(maxsize=1 << 16)
def _size(statement: Statement) -> int:
    return 1 + sum(_size(inner) for body in bodies(statement) for inner in body)


def numbered(block: Block, first: int) -> Iterator[tuple[Statement, int]]:
    """The statements of a block with their sites; `first` is that of the first."""
    for statement in block:
        yield statement, first
        first += _size(statement)


def inner_sites(statement: Statement, site: int) -> Iterator[tuple[Block, int]]:
    """The blocks of a statement at `site`, each with the site of its first statement."""
    first = site + 1
    for body in bodies(statement):
        yield body, first
        first += sum(_size(inner) for inner in body)


def flat_body(block: Block, first: int = 0) -> Flat:
    """A block's statements, without groups, scopes, loops that never run and decided Ifs; `first` is the
    site of its first statement."""
    return [item for numbered_one in numbered(block, first) for item in _flat_statement(*numbered_one)]


def _flat_statement(statement: Statement, site: int) -> Flat:
    match statement:
        case Store():
            never = isinstance(statement.when, Const) and statement.when.value == 0
            return [] if never else [statement]
        case For():
            return [] if _never_runs(statement) else [Control(statement, site)]
        case While():
            never = isinstance(statement.condition, Const) and statement.condition.value == 0
            return [] if never else [Control(statement, site)]
        case If():
            then, otherwise = (flat_body(*inner) for inner in inner_sites(statement, site))
            if isinstance(statement.condition, Const):
                return then if statement.condition.value else otherwise
            holds_loops = any(isinstance(item, Control) for item in (*then, *otherwise))
            return [Control(statement, site)] if holds_loops else [statement]
        case Group():
            return flat_body(statement.body, site + 1)
        case Local():
            return [statement.array, *flat_body(statement.body, site + 1)]
        case _:
            raise TypeError(type(statement).__name__)


def controls(items: Iterable[RegionItem | Control]) -> list[Control]:
    """The control statements among the items of a block."""
    return [item for item in items if isinstance(item, Control)]


def stores(items: Iterable[RegionItem | Control]) -> Iterator[Store]:
    """All stores among the items of a region, those in Ifs included."""
    for item in items:
        if isinstance(item, Store):
            yield item
        elif isinstance(item, If):
            yield from stores(flat_body(item.then))
            yield from stores(flat_body(item.otherwise))


def _never_runs(loop: For) -> bool:
    """Whether constant bounds say that the loop has no iteration."""
    lower, upper = affine_bound(loop.lower), affine_bound(loop.upper)
    if lower is None or upper is None or lower.terms or upper.terms:
        return False
    return lower.constant >= upper.constant


def has_constant_bounds(loop: For) -> bool:
    """Whether the loop's trip count is known, so that it may be flattened with others."""
    return all(form is not None and not form.terms for form in map(affine_bound, (loop.lower, loop.upper)))
