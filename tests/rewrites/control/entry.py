"""What the tests of all control rules need to know of one; registry.py says how to add a rule."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from seer.lang.terms import ArrayType, Block, For, Iv, LocalArray
from seer.rewrites.control._rule import ControlRule
from tests.verify.loop_terms import W, const

__all__ = ["INNER", "OUTER", "Broken", "Entry", "T", "nest"]


@dataclass(frozen=True)
class Broken:
    """A wrong version of a rule: `wrong` in the place of the function `name` of `module`."""

    module: ModuleType | type
    name: str
    wrong: Callable[..., Any]


@dataclass(frozen=True)
class Entry:
    """What the tests know of one rule; see registry.py. `variants` are other options to try."""

    rule: ControlRule
    example: Block
    programs: Callable[[random.Random], Block]
    broken: tuple[Broken, ...] = ()
    variants: tuple[ControlRule, ...] = ()
    sample: int = 30
    fires: int = 5
    kinds: tuple[str, ...] = ("bound", "element")


T = LocalArray(ArrayType(W, ()), 0)
OUTER, INNER = Iv(W, 0, 0, 6, 1), Iv(W, 1, 0, 6, 1)


def nest(body: Block, *ivs: Iv) -> Block:
    """`body` in loops over the hulls of counters, the first outermost."""
    for iv in reversed(ivs):
        body = (For(iv, const(iv.lower), const(iv.upper), body),)
    return body
