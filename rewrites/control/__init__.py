"""Control rules: transformations of loops, each offered by a real compiler pass and then checked."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seer.rewrites.control._rule import ControlRule

__all__ = ["control_rules"]


@functools.cache
def control_rules() -> tuple[ControlRule, ...]:
    """All control rules with the options that exploration tries, in a fixed order; loaded on first use."""
    from seer.rewrites.control.fusion import Fusion
    from seer.rewrites.control.unroll import Unroll

    return (Fusion(), Unroll(2), Unroll(4), Unroll(8), Unroll())
