"""What came of each rule in an exploration: matched, offered, refused and why, united and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from seer.egraph.limits import StepReport

__all__ = ["RuleCount", "Tally"]

RuleKind = Literal["control", "datapath"]


@dataclass(frozen=True)
class RuleCount:
    """The counts of one rule with its options.

    `matched` counts fragments, or matches of a pattern; `offered` what was made of them and went to the
    check; `united` what passed it. `places` are the loops, or kinds of code, where something was united, and
    `refused` the reasons of everything that was not, both with counts, the most frequent first.
    """

    rule: str
    kind: RuleKind
    matched: int = 0
    offered: int = 0
    united: int = 0
    places: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[str, int], ...] = ()


@dataclass
class _Counts:
    kind: RuleKind
    matched: int = 0
    offered: int = 0
    united: int = 0
    places: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class Tally:
    """Counts by rule; those of `control` are there from the beginning."""

    def __init__(self, control: Iterable[str] = ()) -> None:
        self._counts = {rule: _Counts("control") for rule in control}

    def matched(self, rule: str) -> None:
        """A control rule was tried on a fragment."""
        self._of(rule).matched += 1

    def offered(self, rule: str) -> None:
        """A control rule has made an offer."""
        self._of(rule).offered += 1

    def refused(self, rule: str, reason: str) -> None:
        """A control rule, or the check of its offer, says no."""
        self._of(rule).refused[reason] += 1

    def united(self, rule: str, place: str) -> None:
        """An offer of a control rule was united with its fragment."""
        self._of(rule).united += 1
        self._of(rule).places[place] += 1

    def step(self, report: StepReport, datapath: Iterable[str]) -> None:
        """What one step of datapath rules did; laws are not counted."""
        names = set(datapath)
        for rule, matches in report.applied.items():
            if rule in names:
                counts = self._of(rule, "datapath")
                counts.matched += matches
                counts.offered += matches
                counts.united += matches
        for message in report.refused:
            rule, _, reason = message.partition(":")
            if rule in names:
                self._of(rule, "datapath").refused[reason.strip()] += 1
        for rule in report.banned:
            if rule in names:
                self._of(rule, "datapath").refused["too many matches at once: it had to wait"] += 1

    def counts(self) -> tuple[RuleCount, ...]:
        """All counts, control rules first."""
        found = [
            RuleCount(
                rule,
                counts.kind,
                counts.matched,
                counts.offered,
                counts.united,
                tuple(counts.places.most_common()),
                tuple(counts.refused.most_common()),
            )
            for rule, counts in self._counts.items()
        ]
        return tuple(sorted(found, key=lambda count: count.kind))

    def _of(self, rule: str, kind: RuleKind = "control") -> _Counts:
        return self._counts.setdefault(rule, _Counts(kind))
