"""Where two blocks meet, and what their states then have to do with each other: the claim of a rule that
makes one loop of several, as data for a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seer.lang.terms import Array, Expr, Term
from seer.verify.certificate import TermTable, read_term
from seer.verify.instances import Path

__all__ = ["Meeting", "Steps"]


@dataclass(frozen=True)
class Meeting:
    """The original stands at the control point `before`, the new block at `after`; `registers` and `counters`
    say what the new block's Locals (zero-dimensional, by level) and induction variables (by level) then hold,
    as expressions over the original's state, `arrays` which array of the original its other Locals equal.

    Of a Local that is not named nothing is known. Arrays that neither block binds hold the same in both.
    """

    before: Path
    after: Path
    registers: tuple[tuple[int, Expr], ...] = ()
    arrays: tuple[tuple[int, Array], ...] = ()
    counters: tuple[tuple[int, Expr], ...] = ()


@dataclass(frozen=True)
class Steps:
    """The claim that both blocks go from meeting to meeting, the new one meeting the original at each of its
    control points that is named."""

    meetings: tuple[Meeting, ...]

    def to_json(self) -> Any:
        """Lists, strings and numbers only; `from_json` reads it back."""
        table = TermTable()
        written = [
            {
                "before": list(meeting.before),
                "after": list(meeting.after),
                "registers": [[level, table.index(value)] for level, value in meeting.registers],
                "arrays": [[level, table.index(array)] for level, array in meeting.arrays],
                "counters": [[level, table.index(value)] for level, value in meeting.counters],
            }
            for meeting in self.meetings
        ]
        return {"steps": written, "terms": table.rows}

    @staticmethod
    def from_json(data: Any) -> Steps:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on data of another form."""
        rows = data["terms"]

        def terms(pairs: Any, kind: type[Term]) -> tuple[tuple[int, Any], ...]:
            found: list[tuple[int, Any]] = []
            for level, index in pairs:
                term = read_term(rows, int(index))
                if not isinstance(term, kind):
                    raise TypeError(f"a term of the claim is no {kind.__name__}")
                found.append((int(level), term))
            return tuple(found)

        return Steps(
            tuple(
                Meeting(
                    tuple(int(i) for i in one["before"]),
                    tuple(int(i) for i in one["after"]),
                    terms(one["registers"], Expr),
                    terms(one["arrays"], Array),
                    terms(one["counters"], Expr),
                )
                for one in data["steps"]
            )
        )
