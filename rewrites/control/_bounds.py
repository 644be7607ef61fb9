"""Constant bounds of loops."""

from __future__ import annotations

from seer.lang.operators import to_signed, to_unsigned
from seer.lang.terms import Block, Const, For, Iv
from seer.lang.traverse import Rewriter
from seer.rewrites.control._rule import Refused

__all__ = ["constant_bounds", "over"]


def constant_bounds(loop: For) -> range:
    """The values that a loop's counter takes. Raises Refused where they are not constant, or
    there are none."""
    lower, upper = loop.lower, loop.upper
    if not isinstance(lower, Const) or not isinstance(upper, Const):
        raise Refused("the bounds are not constant")
    values = range(to_signed(lower.value, lower.bits), to_signed(upper.value, upper.bits), loop.iv.step)
    if not values:
        raise Refused("the loop never runs")
    return values


def over(loop: For, lower: int, upper: int, body: Block) -> For:
    """A loop like `loop` over constant bounds, which are its hull too, around `body`."""
    old = loop.iv
    iv = Iv(old.bits, old.level, lower, upper, old.step)
    bounds = (Const(iv.bits, to_unsigned(bound, iv.bits)) for bound in (lower, upper))
    return For(iv, *bounds, Rewriter(lambda e: iv if e is old else e).block(body))
