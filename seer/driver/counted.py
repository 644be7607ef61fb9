"""Which calls count: those whose cycles are predicted and simulated."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from seer.schedule import cycles, data_dependent
from seer.schedule.model import Schedule
from seer.verify.vectors import Call

__all__ = ["CPP_CALLS", "counted", "interpretable"]

_log = logging.getLogger(__name__)

CPP_CALLS = 24
_RTL_CALLS = 4
_RTL_CYCLES = 4_000_000
"""Generated calls through the C++ and through the RTL; of the latter as many as need no more cycles, at least
one. Of those that a test bench makes the same, where cycles depend on data."""

_BENCH_CYCLES = 100_000_000
"""The same for a test bench's calls where they do not, so that predictions cost nothing."""

_INTERPRETED_CYCLES = 200_000
"""The same for calls whose results the interpreter has to find."""


def interpretable(as_written: Schedule, calls: Sequence[Call]) -> tuple[Call, ...]:
    """The first calls, as many as the interpreter may run."""
    return _within(as_written, calls, _INTERPRETED_CYCLES)


def counted(as_written: Schedule, calls: Sequence[Call], recorded: bool) -> tuple[Call, ...]:
    """The calls whose cycles are predicted and simulated; `recorded` are those of a test bench."""
    if not recorded:
        return _within(as_written, calls[:_RTL_CALLS], _RTL_CYCLES)
    limit = _RTL_CYCLES if data_dependent(as_written.body) else _BENCH_CYCLES
    found = _within(as_written, calls, limit)
    if len(found) < len(calls):
        text = (
            "the first %d of %d calls of the test bench count; all would take more than %s cycles as written"
        )
        _log.warning(text, len(found), len(calls), f"{limit:,}")
    return found


def _within(as_written: Schedule, calls: Sequence[Call], limit: int) -> tuple[Call, ...]:
    """The first calls that take no more cycles than `limit` in all, at least one."""
    total, taken = 0, 0
    for call in calls:
        total += cycles(as_written, call)
        if taken and total > limit:
            break
        taken += 1
    return tuple(calls[:taken])
