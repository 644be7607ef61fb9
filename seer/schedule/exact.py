"""Placement by CP-SAT: for what the search gives up on.

One worker, a fixed seed and a limit of deterministic time, so equal tasks get equal answers on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seer.schedule.paths import NEVER, Matrix
from seer.schedule.placement import Placement
from seer.schedule.slots import Pool

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

__all__ = ["is_small", "place_exactly"]

_MOST_PLACED, _MOST_PAIRS = 80, 300
"""Operations, and pairs of exclusive ones, that a task may have."""


def is_small(task: Placement) -> bool:
    """Whether asking is worth the time that building the model takes."""
    return len(task.lower) <= _MOST_PLACED and sum(len(p.exclusive) for p in task.pools) <= 2 * _MOST_PAIRS


def place_exactly(task: Placement, most: int, shortest: bool, effort: float) -> list[int] | None:
    """Start cycles such that all end by `most`, as early as they can if `shortest`; None if none was found.

    `effort` is in CP-SAT's units of deterministic time, about seconds.
    """
    from ortools.sat.python import cp_model

    upper = np.minimum(most - task.tails, task.latest)
    if np.any(task.lower > upper):
        return None
    model = cp_model.CpModel()
    starts = [
        model.new_int_var(low, high, "")
        for low, high in zip(task.lower.tolist(), upper.tolist(), strict=True)
    ]
    for u, v in np.argwhere(_needed(task.paths)).tolist():
        model.add(starts[v] >= starts[u] + int(task.paths[u, v]))
    for pool in task.pools:
        _Competition(model, pool, starts, task.interval, most).add()
    if shortest:
        length = model.new_int_var(0, most, "")
        for start, tail in zip(starts, task.tails.tolist(), strict=True):
            model.add(length >= start + tail)
        model.minimize(length)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [solver.value(start) for start in starts]


def _needed(paths: Matrix) -> np.ndarray:
    """The pairs whose longest path does not follow from those over a third operation, off the diagonal."""
    count = len(paths)
    needed = paths > NEVER
    np.fill_diagonal(needed, False)
    # Of operations that a cycle of length 0 ties together each may stand for the other: they explain nothing.
    tied = paths + paths.T >= 0
    for k in range(count):
        free = ~tied[k]
        through = paths[:, k : k + 1] + paths[k : k + 1, :] >= paths
        needed &= ~(through & free[:, None] & free[None, :])
    return needed


@dataclass
class _Competition:
    """The constraints of one pool."""

    model: CpModel
    pool: Pool
    starts: list[IntVar]
    interval: int
    most: int

    def add(self) -> None:
        slots = {member: self._slot(member) for member in self.pool.members}
        if self.pool.exclusive:
            self._add_units(slots)
        elif self.pool.capacity == 1:
            self.model.add_all_different(list(slots.values()))
        else:
            taken = [self.model.new_fixed_size_interval_var(slot, 1, "") for slot in slots.values()]
            self.model.add_cumulative(taken, [1] * len(taken), self.pool.capacity)

    def _slot(self, member: int) -> IntVar:
        start = self.starts[member]
        if not self.interval:
            return start
        slot = self.model.new_int_var(0, self.interval - 1, "")
        turns = self.model.new_int_var(0, self.most // self.interval, "")
        self.model.add(start == slot + self.interval * turns)
        return slot

    def _add_units(self, slots: dict[int, IntVar]) -> None:
        """A unit for each; who meets on one in a slot is exclusive and starts in the same cycle."""
        model, pool = self.model, self.pool
        units = {member: model.new_int_var(0, pool.capacity - 1, "") for member in slots}
        places = {member: pool.capacity * slots[member] + units[member] for member in slots}
        for k, u in enumerate(pool.members):
            for v in pool.members[k + 1 :]:
                if (u, v) not in pool.exclusive:
                    model.add(places[u] != places[v])
                    continue
                together = model.new_bool_var("")
                model.add(self.starts[u] == self.starts[v]).only_enforce_if(together)
                model.add(places[u] != places[v]).only_enforce_if(together.negated())
