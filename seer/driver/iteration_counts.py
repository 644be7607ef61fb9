"""How often loops run whose iterations data decide, for the estimates of parts: whole designs are counted.

Of the program's own loops the recorded calls tell; what rules make of them runs as often as they do together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from seer.errors import InputError
from seer.extract.features import iterations
from seer.lang.loop_bounds import reads_registers
from seer.lang.program import Program
from seer.lang.terms import Block, For, Statement, While
from seer.lang.traverse import statements
from seer.schedule.cycles import TYPICAL_ITERATIONS
from seer.schedule.profile import Call, profile
from seer.schedule.sites import inner_sites, numbered

__all__ = ["measured_iterations", "typical_iterations"]


def measured_iterations(program: Program, calls: Sequence[Call | Mapping[str, int]]) -> dict[Statement, int]:
    """The mean number of iterations, at least 1, of each loop of a program whose number data decide: on the
    first call of which the contents of arrays are known."""
    call = next((call for call in calls if not isinstance(call, Mapping)), None)
    if call is None:
        return {}
    try:
        taken = profile(program, call).taken
    except InputError:
        return {}
    totals: dict[Statement, tuple[int, int]] = {}

    def walk(block: Block, site: int, runs: int) -> None:
        for statement, here in numbered(block, site):
            inner = runs
            if isinstance(statement, (For, While)):
                inner = taken[here]
                if isinstance(statement, While) or reads_registers(statement):
                    all_taken, all_runs = totals.get(statement, (0, 0))
                    totals[statement] = all_taken + inner, all_runs + runs
            for body, first in inner_sites(statement, here):
                walk(body, first, inner)

    walk(program.body, 0, 1)
    return {loop: max(1, round(count / runs)) for loop, (count, runs) in totals.items() if runs}


def typical_iterations(before: Block, is_same: bool, known: Callable[[Statement], int | None]) -> int:
    """The iterations of the loop that is made of a block: those of the loop that `is_same`, or those of all
    loops that it was merged from, with one of each outer iteration for what stands around the inner one."""
    loops = [s for s in statements(before) if isinstance(s, (For, While))]
    counts = [known(loop) or iterations(loop) for loop in loops[: 1 if is_same else 2]]
    if not counts:
        return TYPICAL_ITERATIONS
    return counts[0] if len(counts) == 1 else prod(counts) + counts[0]
