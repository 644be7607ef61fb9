"""What each rule costs in an exploration: matches, seconds of matching, and the e-nodes that it adds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from seer.egraph.frozen import Tables
from seer.egraph.language import CONSTRUCTORS, Value
from seer.egraph.patterns import Apply, Pattern

__all__ = ["Profile", "RuleCost"]


@dataclass
class RuleCost:
    """`matches` that said something new, `seconds` of matching, `nodes` that were not there before."""

    matches: int = 0
    seconds: float = 0.0
    nodes: int = 0


@dataclass
class Profile:
    """The costs of rules by name; give one to an `EGraph` to have it filled in (matching is slower then)."""

    rules: dict[str, RuleCost] = field(default_factory=dict)

    def of(self, rule: str) -> RuleCost:
        return self.rules.setdefault(rule, RuleCost())

    def timed(self, rule: str, work: Callable[[], None]) -> None:
        """Do some work on account of a rule."""
        started = time.perf_counter()
        work()
        self.of(rule).seconds += time.perf_counter() - started

    def matched(
        self,
        rule: str,
        right: Pattern,
        numbers: Mapping[str, Value],
        parts: Mapping[str, int],
        tables: Tables,
    ) -> None:
        """Count a match and the nodes of its right side that no class holds."""
        cost = self.of(rule)
        cost.matches += 1
        cost.nodes += _missing(right, numbers, parts, tables)


def _missing(pattern: Pattern, numbers: Mapping[str, Value], parts: Mapping[str, int], tables: Tables) -> int:
    if not isinstance(pattern, Apply) or pattern.name not in CONSTRUCTORS:
        return 0
    if tables.class_of(pattern, numbers, parts) is not None:
        return 0
    return 1 + sum(_missing(arg, numbers, parts, tables) for arg in pattern.args)
