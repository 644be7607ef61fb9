"""Where exploration ends, and what a step of it reports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Limits", "StepReport", "resident_mb"]


@dataclass(frozen=True)
class Limits:
    """Where exploration ends. Seconds and memory make a run irreproducible when they bite.

    `matches` is what one rule may apply in one step before it is banned for a while.
    """

    nodes: int = 200_000
    steps: int = 1_000
    matches: int = 5_000
    seconds: float | None = None
    memory_mb: int | None = None


@dataclass(frozen=True)
class StepReport:
    """What one step did. `applied` counts fired matches by rule; `nodes` and `classes` are sizes before it.

    `refused` are matches that could not be proved, as messages; `undecided` says that a solver ran out of
    time on one of them, so that another machine might go on differently. `limits_hit` names the limits that
    kept this step from running.
    """

    step: int
    applied: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    undecided: bool = False
    banned: tuple[str, ...] = ()
    nodes: int = 0
    classes: int = 0
    limits_hit: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether a match fired."""
        return bool(self.applied)


def resident_mb() -> float:
    """Resident memory of this process in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
