"""Members of classes that show a range by themselves.

The analysis joins what all members of a class show. A step of a derivation is checked on one term, so a
rule by range is logged with a member whose own interval is enough for the rule's conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from seer.egraph.frozen import Tables
from seer.egraph.language import CONSTRUCTORS, Value
from seer.egraph.nodes import NodeTable
from seer.egraph.patterns import variables
from seer.egraph.rules import Rule
from seer.lang.intervals import Interval, Intervals
from seer.lang.terms import Expr

__all__ = ["Witnesses"]

_ROUNDS = 8
_FIELDS = {"lo": "ulo", "hi": "uhi", "slo": "slo", "shi": "shi"}


class Witnesses:
    """Representatives of the classes of one frozen state, and tighter members where they are needed.

    `representatives` are nodes by class.
    """

    def __init__(
        self, tables: Tables, table: NodeTable, representatives: Mapping[int, int], intervals: Intervals
    ) -> None:
        self._tables = tables
        self._table = table
        self._representatives = representatives
        self._intervals = intervals
        self._tightest: dict[int, int] | None = None

    def choose(
        self, rule: Rule, values: Mapping[str, Value], classes: Mapping[str, int]
    ) -> tuple[dict[str, Value], dict[str, int]] | None:
        """Members for a rule's class variables, with the bounds that they show; None if none will do.

        The right side must come out as it was matched.
        """
        plain = {name: self._representatives[number] for name, number in classes.items()}
        asked = [
            name for name in plain if any(b.of.name == name and b.function != "width" for b in rule.bounds)
        ]
        if not asked:
            return dict(values), plain
        options = [(plain[name],) for name in asked]
        for tightened in (False, True):
            if tightened:
                options = [(plain[name], self._tight(classes[name])) for name in asked]
            for chosen in product(*options):
                members = plain | dict(zip(asked, chosen, strict=True))
                shown = self._shown(rule, values, members)
                if shown is not None:
                    return shown, members
        return None

    def _shown(
        self, rule: Rule, values: Mapping[str, Value], members: Mapping[str, int]
    ) -> dict[str, Value] | None:
        known = {v.name for v in variables(rule.left)}
        env = {name: value for name, value in values.items() if name in known}
        for bound in rule.bounds:
            term = self._table.term(members[bound.of.name])
            if not isinstance(term, Expr):
                return None
            if bound.function == "width":
                found = term.width
            else:
                found = getattr(self._intervals.of(term), _FIELDS[bound.function])
            if env.setdefault(bound.variable.name, found) != found:
                return None
        solved = rule.solve(env)  # type: ignore[arg-type]
        if solved is None:
            return None
        seen = {v.name for v in variables(rule.right) if v.name in values}
        return dict(solved) if all(solved[name] == values[name] for name in seen) else None

    def _tight(self, number: int) -> int:
        if self._tightest is None:
            self._tightest = self._tighten()
        return self._tightest.get(number, self._representatives[number])

    def _tighten(self) -> dict[int, int]:
        """The member with the tightest interval that a few rounds over all nodes find, by class."""
        best = dict(self._representatives)
        nodes = [
            (name, row, number)
            for name, constructor in CONSTRUCTORS.items()
            if constructor.output == "E"
            for row, number in self._tables.constructors(name)
        ]
        for _ in range(_ROUNDS):
            changed = False
            for name, row, number in nodes:
                split = sum(sort not in ("E", "I") for sort in CONSTRUCTORS[name].inputs)
                kids = tuple(best[int(child)] for child in row[split:])
                member = self._table.make(name, row[:split], kids)
                if member != best[number] and self._size(member) < self._size(best[number]):
                    best[number] = member
                    changed = True
            if not changed:
                break
        return best

    def _size(self, node: int) -> int:
        term = self._table.term(node)
        interval: Interval = self._intervals.of(term)  # type: ignore[arg-type]
        return (interval.uhi - interval.ulo) + (interval.shi - interval.slo)
