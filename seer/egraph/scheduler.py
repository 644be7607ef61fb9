"""Which rules run: a rule that matches too often is banned for a while (after egg's back-off scheduler)."""

from __future__ import annotations

__all__ = ["Scheduler"]

_BAN_STEPS = 5


class Scheduler:
    """`limit` matches of a rule in one step are let through; the limit and the ban double each time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bans: dict[str, int] = {}
        self._until: dict[str, int] = {}

    def runs(self, rule: str, step: int) -> bool:
        """Whether a rule may match and apply in this step."""
        return step >= self._until.get(rule, 0)

    def admits(self, rule: str, matches: int, step: int) -> bool:
        """Whether so many matches may be applied; if not, the rule is banned, its matches are kept."""
        bans = self._bans.get(rule, 0)
        if matches <= self._limit << bans:
            return True
        self._bans[rule] = bans + 1
        self._until[rule] = step + 1 + (_BAN_STEPS << bans)
        return False
