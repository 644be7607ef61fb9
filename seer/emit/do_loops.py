"""Loops that C writes as `do … while`: a flag that starts true, and is set at the end of each iteration."""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.terms import TRUE, Block, Const, Load, Local, Statement, Store, While
from seer.lang.uses import touched

__all__ = ["DoLoop", "do_loop"]


@dataclass(frozen=True)
class DoLoop:
    """`do body while (value);` of `loop`, `value` being what `last` stores, and the statements behind it."""

    loop: While
    body: Block
    last: Store
    rest: Block


def do_loop(local: Local, flat: list[Statement]) -> DoLoop | None:
    """The loop that `local`, whose body is `flat` with its groups opened, stands for; else None.

    `flag = true; while (flag) { body; flag = again; } rest --> do { body } while (again); rest`, if nothing
    else touches the flag.
    """
    flag = local.array
    if flag.type.width != 1 or flag.type.shape or len(flat) < 2:
        return None
    first, loop, *rest = flat
    if first is not Store(flag, (), Const(1, 1)) or not isinstance(loop, While) or not loop.body:
        return None
    *body, last = loop.body
    if loop.condition is not Load(flag, ()) or not isinstance(last, Store):
        return None
    if last.array is not flag or last.when is not TRUE:
        return None
    others = (*body, *rest)
    if any(flag in touched(statement) for statement in others) or flag in touched(last, reads_only=True):
        return None
    return DoLoop(loop, tuple(body), last, tuple(rest))
