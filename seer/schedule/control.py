"""What control costs in cycles beyond the regions that it runs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LONGEST_SHIFT", "ControlCosts"]

LONGEST_SHIFT = 32
"""Cycles up to which a token is handed on by a shift register; beyond them they are counted."""


@dataclass(frozen=True)
class ControlCosts:
    """Cycles that a tool's control adds; the defaults are what the generated RTL takes.

    `call` once a call; `pipelined_loop` and `sequential_loop` each time such a loop (or a while loop, which
    counts as sequential) is entered, `sequential_iteration` to each iteration; `branch` to each If that holds
    loops; `bounds` each time a loop is entered whose bounds are not constants. A pipelined loop that then
    runs zero times costs only the last.
    """

    call: int = 0
    pipelined_loop: int = 0
    sequential_loop: int = 0
    sequential_iteration: int = 0
    branch: int = 0
    bounds: int = 1
