"""The pragmas of a loop. Their spellings hold from Vitis HLS 2020.2 on."""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.terms import Const, For, While
from seer.lang.traverse import statements

__all__ = ["pragmas"]


def pragmas(loop: For | While, pipelined: Mapping[For | While, int], parent: For | None) -> list[str]:
    """What stands first in the body of `loop`, without `#pragma HLS`.

    `pipelined` gives the initiation interval of each pipelined loop; an outer one of them is flattened
    with the loop it holds. `parent` is the loop whose whole body `loop` is, if there is one.
    """
    found = []
    innermost = not any(isinstance(inner, (For, While)) for inner in statements(loop.body))
    if innermost and loop in pipelined:
        found.append(f"PIPELINE II={pipelined[loop]}")
        if parent is not None and parent not in pipelined:
            # The tool flattens a perfect nest by itself; here the outer loop runs by itself.
            found.append("LOOP_FLATTEN off")
    elif innermost:
        # The tool pipelines innermost loops by itself.
        found.append("PIPELINE off")
    if isinstance(loop, For) and not (isinstance(loop.lower, Const) and isinstance(loop.upper, Const)):
        most = max(0, -(-(loop.iv.upper - loop.iv.lower) // loop.iv.step))
        if most < 1 << 31:
            found.append(f"LOOP_TRIPCOUNT min=0 max={most}")
    return found
