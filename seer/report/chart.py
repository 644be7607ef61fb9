"""A schedule drawn as text: the operations of each region against its cycles."""

from __future__ import annotations

from seer.lang.program import Origin, Program
from seer.schedule.model import Operation, Region

__all__ = ["chart"]

_COLUMNS = 72
"""Cycles that are drawn side by side; a longer region has its cycles in numbers instead."""
_TIMELESS = ("const", "param", "iv")
_WIRING = ("zext", "sext", "trunc")


def chart(region: Region, program: Program, interval: int | None = None) -> list[str]:
    """Lines with one operation each, in the order of their cycles: `#` in the cycle in which it starts, `=`
    in those until its result, and `|` where a pipelined loop of this interval starts its next iteration.

    Constants, counters, arguments and wiring take no time and are left out.
    """
    shown = [op for op in region.operations if op.kind not in _TIMELESS and not _is_wiring(op)]
    shown.sort(key=lambda op: (op.start_cycle, op.id))
    names = [_name(op) for op in shown]
    width = max(map(len, names), default=0)
    drawn = region.length <= _COLUMNS
    lines = [f"{'cycle':{width}}  {_ruler(region.length)}"] if drawn else []
    for op, name in zip(shown, names, strict=True):
        when = _bar(op, region.length, interval) if drawn else _numbers(op)
        lines.append(f"{name:{width}}  {when}  {_place(op, program)}".rstrip())
    return lines


def _is_wiring(op: Operation) -> bool:
    return op.kind in _WIRING or (op.unit is None and op.kind in ("shl", "lshr", "ashr"))


def _name(op: Operation) -> str:
    if op.memory is not None:
        port = f" port {op.port}" if op.port is not None else ""
        return f"{op.kind} {op.memory}{port}"
    if op.kind == "decide":
        return "decision"
    return f"{op.kind} {op.width} bit" + ("" if op.instance is None else f" #{op.instance}")


def _ruler(length: int) -> str:
    return "".join(str(cycle % 10) for cycle in range(length))


def _bar(op: Operation, length: int, interval: int | None) -> str:
    def cell(cycle: int) -> str:
        if cycle == op.start_cycle:
            return "#"
        if op.start_cycle < cycle < op.result_cycle:
            return "="
        return "|" if interval and cycle and cycle % interval == 0 else "."

    return "".join(cell(cycle) for cycle in range(length))


def _numbers(op: Operation) -> str:
    last = max(op.start_cycle, op.result_cycle - 1)
    return f"{op.start_cycle}" if last == op.start_cycle else f"{op.start_cycle}–{last}"


def _place(op: Operation, program: Program) -> str:
    origin = Origin() if op.statement is None else program.origins.get(op.statement, Origin())
    return origin.locations[0].short if origin.locations else ""
