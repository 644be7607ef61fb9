"""What transformations of our own share: stores that carry companions, and Locals with names of their own.

A transformation is given the fragment without Groups, each store as a *unit*, `Group((companion, store))`, so
that it moves, doubles or drops both at once; Locals have unique levels, so that moving one renumbers nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from seer.lang.terms import (
    ArrayType,
    Block,
    Group,
    LocalArray,
    Statement,
    Store,
)
from seer.lang.traverse import bodies, with_bodies, without_groups
from seer.rewrites.control._locals import bound_around, named, numbered
from seer.rewrites.control._rule import ControlRule, Offer, Refused
from seer.verify.companions import extract, instrument, loop_sources, unclaimed
from seer.verify.correspondence import Correspondence
from seer.verify.instances import shape_of

__all__ = [
    "copied",
    "fresh_array",
    "is_unit",
    "offer_of",
    "store_of",
    "with_store",
    "without_claim",
]

_FRESH = 1 << 21
"""Names from here on are of Locals that transformations make."""
_MAX_STORES = 160
"""A proof by values asks isl about every store; larger fragments are left alone."""


def offer_of(
    rule: ControlRule,
    fragment: Block,
    transformation: Callable[[Block], Block],
    values: bool = True,
    around: int = 0,
) -> Offer:
    """The offer that a transformation of ours makes, with the correspondence that its companions state.

    With `values` False it is claimed that the same instances run in a legal order. `around` are the Locals
    that enclose the fragment, as far as it does not tell. Raises Refused.
    """
    shape = shape_of(fragment)
    if len(shape.sites) > _MAX_STORES:
        raise Refused(f"the fragment has {len(shape.sites)} stores; {_MAX_STORES} are the most")
    base = bound_around(fragment, around)
    result = transformation(named(_marked(without_groups(instrument(fragment)))))
    output = numbered(without_groups(result), base)
    after, claim = extract(fragment, output)
    if after == without_groups(fragment):
        raise Refused(f"{rule.name} changes nothing")
    claim = Correspondence(claim.images, values)
    origins = loop_sources(fragment, after, claim)
    return Offer(rule.name, rule.description, "our own transformation", fragment, after, claim, origins)


def fresh_array(type: ArrayType, number: int) -> LocalArray:
    """A local array for a Local that a transformation adds, of which `number` is its count."""
    return LocalArray(type, _FRESH + number)


def is_unit(statement: Statement) -> bool:
    """Whether this is a store with its companion."""
    return isinstance(statement, Group)


def store_of(unit: Statement) -> Store:
    """The store of a unit."""
    assert isinstance(unit, Group)
    store = unit.body[-1]
    assert isinstance(store, Store)
    return store


def with_store(unit: Statement, store: Store) -> Group:
    """The unit with another store."""
    assert isinstance(unit, Group)
    return Group((*unit.body[:-1], store))


def without_claim(unit: Statement) -> Group:
    """The unit, whose store may then stand for anything."""
    return copied(store_of(unit))


def copied(store: Store) -> Group:
    """A store that a transformation adds, as a unit: it stands for none of the fragment."""
    return Group((unclaimed(), store))


def _marked(block: Block) -> Block:
    """`block`, which holds no Groups, with each companion and its store as a unit."""
    result: list[Statement] = []
    pending: Store | None = None
    for statement in block:
        if isinstance(statement, Store):
            if pending is None:
                pending = statement
            else:
                result.append(Group((pending, statement)))
                pending = None
        else:
            result.append(with_bodies(statement, [_marked(body) for body in bodies(statement)]))
    return tuple(result)
