"""Control rules: transformations of loops, by compiler passes or our own, each offered and then checked."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seer.rewrites.control._rule import ControlRule

__all__ = ["control_rules"]

_UNROLL_FACTORS = (2, 4, 8, None)


@functools.cache
def control_rules(most_statements: int = 512) -> tuple[ControlRule, ...]:
    """All control rules with the options that exploration tries, in the order in which it tries them.

    What fusion and unrolling make has at most `most_statements` statements. Loaded on first use.
    """
    from seer.rewrites.control.copying import Copying
    from seer.rewrites.control.deciding import Deciding
    from seer.rewrites.control.deferral import Deferral, NestDeferral
    from seer.rewrites.control.dissolution import Dissolution
    from seer.rewrites.control.distribution import Distribution
    from seer.rewrites.control.expansion import Expansion
    from seer.rewrites.control.extension import Extension
    from seer.rewrites.control.forwarding import Forwarding
    from seer.rewrites.control.fusion import Fusion
    from seer.rewrites.control.hoisting import Hoisting
    from seer.rewrites.control.if_conversion import IfConversion
    from seer.rewrites.control.if_correlation import IfCorrelation
    from seer.rewrites.control.interchange import Interchange
    from seer.rewrites.control.interleaving import Interleaving
    from seer.rewrites.control.invariants import Invariants
    from seer.rewrites.control.jam import UnrollAndJam
    from seer.rewrites.control.lanes import Lanes
    from seer.rewrites.control.merging import FORMS, Merging
    from seer.rewrites.control.motion import Motion
    from seer.rewrites.control.mux import Mux
    from seer.rewrites.control.perfection import Perfection
    from seer.rewrites.control.promotion import Promotion
    from seer.rewrites.control.reversal import Reversal
    from seer.rewrites.control.scalar_replacement import ScalarReplacement
    from seer.rewrites.control.shifted_fusion import ShiftedFusion
    from seer.rewrites.control.splitting import Splitting
    from seer.rewrites.control.strip_mining import StripMining
    from seer.rewrites.control.turning import Turning
    from seer.rewrites.control.unroll import Unroll
    from seer.rewrites.control.window import Window
    from seer.rewrites.control.write_back import WriteBack

    merging = (Merging(form=form) for form in FORMS)
    kept = (Deciding(copy=copy) for copy in ("none", "others", "all"))
    steps = (*merging, Deciding(keep=False, copy="none"), *kept, Deciding(ahead=2, copy="none"))
    bounds = (Hoisting(), Extension())
    memories = (Dissolution(), Window(), Interleaving(), Copying())
    nests = (Promotion(), *memories, Turning(), *bounds, Perfection(), Expansion(), Interchange())
    nests = (*nests, Distribution(), Invariants(), ScalarReplacement(), *steps, NestDeferral(), StripMining())
    lanes = (UnrollAndJam(), Lanes(), WriteBack())
    unrolls = (Unroll(factor=factor, max_statements=most_statements) for factor in _UNROLL_FACTORS)
    flat = (IfCorrelation(), IfConversion(), Mux(), Forwarding())
    fusions = (Fusion(max_statements=most_statements), ShiftedFusion(), Motion())
    return (*nests, *lanes, *fusions, Reversal(), *flat, Deferral(), Splitting(), *unrolls)
