"""What the pragmas of the source ask for, and what becomes of it.

`PIPELINE` and `PIPELINE off` on a loop without loops inside are honoured, in all designs alike; so are
`UNROLL` (`seer.driver.unrolling`), `ARRAY_PARTITION` (`seer.driver.partitions`) and `INLINE`, as all calls
are inlined. Every other wish is reported as not honoured yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.driver.budgets import is_of
from seer.driver.partitions import partitions_asked
from seer.errors import Location
from seer.lang.pragma import Pragma
from seer.lang.program import Origin, Program
from seer.lang.terms import For, Loop, While
from seer.lang.traverse import loop_free, statements
from seer.schedule import auto_pipelined
from seer.schedule.partition import Partition

__all__ = ["Wishes", "honoured"]


@dataclass(frozen=True)
class Wishes:
    """Where the loops start that are to be pipelined, and those that are not to be; what was unrolled
    before (`seer.driver.unrolling`); which arrays stand in several banks; and, while exploring, the labels of
    loops that have a target interval: these are to be pipelined, too."""

    pipeline: tuple[Location, ...] = ()
    sequential: tuple[Location, ...] = ()
    unrolled: tuple[str, ...] = ()
    partitions: tuple[Partition, ...] = ()
    targets: tuple[str, ...] = ()

    def of(self, origin: Origin) -> bool | None:
        """Whether a loop of this origin is to be pipelined; None without a wish. A loop made of several
        is not pipelined where one of them is not to be."""
        if any(place in self.sequential for place in origin.locations):
            return False
        if any(is_of(origin, label) for label in self.targets):
            return True
        return True if any(place in self.pipeline for place in origin.locations) else None

    def as_written(self, program: Program) -> frozenset[Loop]:
        """The loops that are pipelined in the program as it came in."""
        return frozenset(loop for loop in self._loops(program, True) if loop_free(loop.body))

    def auto_pipelined(self, program: Program) -> frozenset[Loop]:
        """`seer.schedule.auto_pipelined` but for the loops that are not to be, and nests around them."""
        off = self._loops(program, False)
        chosen = auto_pipelined(program) | self.as_written(program)
        return frozenset(loop for loop in chosen if not any(inner in off for inner in statements((loop,))))

    def _loops(self, program: Program, wish: bool) -> list[Loop]:
        loops = (s for s in statements(program.body) if isinstance(s, (For, While)))
        return [loop for loop in loops if self.of(program.origins.get(loop, Origin())) is wish]


def honoured(program: Program, pragmas: Sequence[Pragma]) -> tuple[Wishes, list[str]]:
    """The wishes that can be honoured, and a line about each of the others."""
    loops: dict[Location, list[Loop]] = {}
    for statement in statements(program.body):
        if isinstance(statement, (For, While)):
            for place in program.origins.get(statement, Origin()).locations:
                loops.setdefault(place, []).append(statement)
    places: dict[bool, dict[Location, None]] = {True: {}, False: {}}
    reports: list[str] = []
    partitions, refused = partitions_asked(program, pragmas)
    impossible = {pragma: reason for pragma, reason in refused}
    for pragma in pragmas:
        if pragma.kind == "INLINE" and not pragma.off:
            continue
        if pragma.kind == "ARRAY_PARTITION":
            if pragma in impossible:
                reports.append(
                    f"{pragma.location}: `#pragma HLS {pragma}` is not honoured: {impossible[pragma]}"
                )
            continue
        reason = _refusal(pragma, loops)
        if reason is None and pragma.loop is not None:
            places[not pragma.off][pragma.loop] = None
            rest = [name for name, _ in pragma.options if name.lower() not in ("off", "ii")]
            if not pragma.off and any(name.lower() == "ii" for name, _ in pragma.options):
                rest.insert(0, "II (the least possible is chosen)")
            reason = f"its {', '.join(rest)}" if rest else None
        if reason is not None:
            reports.append(f"{pragma.location}: `#pragma HLS {pragma}` is not honoured yet: {reason}")
    return Wishes(tuple(places[True]), tuple(places[False]), partitions=partitions), reports


def _refusal(pragma: Pragma, loops: dict[Location, list[Loop]]) -> str | None:
    if pragma.kind != "PIPELINE":
        return "seer decides this by itself"
    if pragma.loop is None:
        return "it stands in no loop"
    found = loops.get(pragma.loop, [])
    if not found:
        return "the loop is not one of the top function"
    if not all(loop_free(loop.body) for loop in found):
        return "there are loops in the loop"
    return None
