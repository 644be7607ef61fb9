"""Random initialisers: nested and flat braces, designators, and parts that are left out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import prod

from seer.fuzz.c_types import ArrayOf, Scalar, Struct, Type
from seer.fuzz.tree import Node

__all__ = ["initialiser"]


def initialiser(draw: random.Random, type: Type, value: Callable[[Scalar], Node | str]) -> Node | str:
    """An initialiser of `type`; `value` draws those of scalars."""
    if isinstance(type, Scalar):
        return value(type)
    if isinstance(type, Struct):
        return _struct(draw, type, value)
    return _array(draw, type, value)


def _struct(draw: random.Random, type: Struct, value: Callable[[Scalar], Node | str]) -> Node:
    fields = list(type.fields)
    named = draw.random() < 0.4
    if named:
        draw.shuffle(fields)
    kept = fields[: draw.randint(1, len(fields))]
    items = [
        Node("fixed", (f".{name} = " if named else "", initialiser(draw, field, value)))
        for name, field in kept
    ]
    return _braced(items)


def _array(draw: random.Random, type: ArrayOf, value: Callable[[Scalar], Node | str]) -> Node:
    first, *rest = type.extents
    element = type.element
    item = ArrayOf(element, tuple(rest)) if rest else element
    if rest and isinstance(element, Scalar) and draw.random() < 0.2:
        # All elements row by row, without inner braces.
        return _braced([value(element) for _ in range(prod(type.extents))])
    count = first if draw.random() < 0.7 else draw.randint(1, first)
    if draw.random() < 0.15:
        places = sorted(draw.sample(range(first), min(2, first)))
        return _braced([Node("fixed", (f"[{n}] = ", initialiser(draw, item, value))) for n in places])
    return _braced([initialiser(draw, item, value) for _ in range(count)])


def _braced(items: Sequence[Node | str]) -> Node:
    parts: list[str | Node] = ["{"]
    for position, item in enumerate(items):
        parts += [", ", item] if position else [item]
    return Node("fixed", (*parts, "}"))
