"""`UNROLL` pragmas: the loops that the source wants unrolled, before anything else happens.

They are unrolled by the control rule, and its output is checked as in an exploration, so that all designs
start from one program. A loop that cannot be unrolled stays as it is, and the reason is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from seer.errors import Location
from seer.lang.pragma import Pragma
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, For, Statement, Term
from seer.lang.traverse import bodies, with_bodies
from seer.rewrites.control.unroll import Unroll
from seer.schedule.policy import trip_count
from seer.verify.loop_equivalence import check

__all__ = ["Unrolled", "unrolled_as_asked"]


@dataclass(frozen=True)
class Unrolled:
    """The program with its loops unrolled, the pragmas that are left, what was done, each with the kind of
    its check, and a line about each `UNROLL` that is not honoured."""

    program: Program
    pragmas: tuple[Pragma, ...]
    done: tuple[str, ...]
    reports: tuple[str, ...]


def unrolled_as_asked(program: Program, pragmas: Sequence[Pragma]) -> Unrolled:
    """Unroll the counted loops that pragmas name, inner ones first."""
    asked: dict[Location, tuple[Pragma, int | None]] = {}
    reports: list[str] = []
    for pragma in pragmas:
        if pragma.kind != "UNROLL" or pragma.off:
            continue
        factor = _factor(pragma)
        if pragma.loop is None:
            reports.append(_report(pragma, "it stands in no loop"))
        elif factor is not None and not factor.isdecimal():
            reports.append(_report(pragma, f"its factor `{factor}` is no number"))
        elif factor is None or int(factor) > 1:
            asked[pragma.loop] = pragma, None if factor is None else int(factor)
    work = _Unrolling(program, asked)
    body = work.block(program.body)
    for place, (pragma, _) in asked.items():
        if place not in work.met:
            reports.append(_report(pragma, "the loop is not a counted one of the top function"))
    rest = tuple(pragma for pragma in pragmas if pragma.kind != "UNROLL" or pragma.off)
    changed = replace(program, body=body, origins=work.origins) if work.done else program
    return Unrolled(changed, rest, tuple(work.done), (*reports, *work.reports))


def _factor(pragma: Pragma) -> str | None:
    return next((value for name, value in pragma.options if name.lower() == "factor" and value), None)


def _report(pragma: Pragma, reason: str) -> str:
    return f"{pragma.location}: `#pragma HLS {pragma}` is not honoured: {reason}"


class _Unrolling:
    def __init__(self, program: Program, asked: Mapping[Location, tuple[Pragma, int | None]]) -> None:
        self._asked = asked
        self.origins: dict[Term, Origin] = dict(program.origins)
        self.met: dict[Location, None] = {}
        self.done: list[str] = []
        self.reports: list[str] = []

    def block(self, block: Block) -> Block:
        return tuple(made for statement in block for made in self._statement(statement))

    def _statement(self, statement: Statement) -> Block:
        made = with_bodies(statement, [self.block(body) for body in bodies(statement)])
        origin = self.origins.get(statement, Origin())
        if made is not statement and statement in self.origins:
            self.origins[made] = self.origins.get(made, Origin()).merged(origin)
        if isinstance(made, For):
            for place in origin.locations:
                if place in self._asked:
                    self.met[place] = None
                    return self._unrolled(made, *self._asked[place])
        return (made,)

    def _unrolled(self, loop: For, pragma: Pragma, factor: int | None) -> Block:
        trips = trip_count(loop)
        whole = factor is None or (trips is not None and factor >= trips)
        attempt = Unroll(factor=None if whole else factor).attempt((loop,))
        reason = next(iter(attempt.refusals), "no pass offers it")
        for offer in attempt.offers:
            verdict = check(offer.before, offer.replacement, offer.correspondence)
            if not verdict.accepted:
                reason = verdict.reason
                continue
            for made, sources in offer.origins.items():
                merged = self.origins.get(made, Origin())
                for source in sources:
                    merged = merged.merged(self.origins.get(source, Origin()))
                self.origins[made] = merged
            self.done.append(f"{pragma.loop}: {offer.description} ({verdict.kind})")
            return offer.replacement
        self.reports.append(_report(pragma, reason))
        return (loop,)
