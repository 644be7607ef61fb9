"""CP-SAT as the exact judge of scheduling problems: their constraints, stated once more."""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import CpModel, IntVar

from seer.schedule.constraints import Problem, ResourceGroup


@dataclass(frozen=True)
class Verdict:
    """Start cycles if there is a schedule; `proved` says that there is none, or none that is shorter."""

    starts: tuple[int, ...] | None
    length: int
    proved: bool


def horizon(problem: Problem, interval: int) -> int:
    """A length within which there is a schedule at this interval if there is any.

    Where two operations that follow one another in time stand further apart than the longest latency and an
    interval, all later ones can move an interval forward: slots and constraints stay.
    """
    latencies = [latency for edges in problem.edges for _, latency in edges]
    latencies += [edge.latency for edge in problem.carried]
    latencies += [draft.latency for draft in problem.drafts]
    return problem.size * (max(latencies, default=0) + max(1, interval)) + 1


def judge(problem: Problem, interval: int, most: int, shortest: bool, effort: float) -> Verdict:
    """A schedule at this interval (0: straight code) of a length of at most `most`, the least if `shortest`.

    `effort` is in CP-SAT's units of deterministic time, about seconds.
    """
    model = cp_model.CpModel()
    heads, tails = _windows(problem)
    if any(head + tail > most for head, tail in zip(heads, tails, strict=True)):
        return Verdict(None, 0, True)
    starts = [
        model.new_int_var(head, most - tail, f"s{v}")
        for v, (head, tail) in enumerate(zip(heads, tails, strict=True))
    ]
    for v, edges in enumerate(problem.edges):
        for u, latency in edges:
            model.add(starts[v] >= starts[u] + latency)
    for edge in problem.carried:
        model.add(starts[edge.sink] >= starts[edge.source] + edge.latency - interval * edge.distance)
    if problem.decision is not None and interval:
        model.add(starts[problem.decision] <= interval - 1)
    for number, group in enumerate(problem.groups):
        if len(group.operations) > group.capacity:
            _Competition(model, group, starts, interval, most, f"g{number}").add()
    length = model.new_int_var(0, most, "length")
    if shortest:
        for start, tail in zip(starts, tails, strict=True):
            model.add(length >= start + tail)
        model.minimize(length)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Verdict(None, 0, True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Verdict(None, 0, False)
    found = tuple(solver.value(start) for start in starts)
    reached = max((start + tail for start, tail in zip(found, tails, strict=True)), default=0)
    return Verdict(found, reached, status == cp_model.OPTIMAL)


def _windows(problem: Problem) -> tuple[list[int], list[int]]:
    """Earliest starts, and cycles from the start of each operation to the end of the region, at least."""
    heads: list[int] = []
    for edges in problem.edges:
        heads.append(max((heads[u] + latency for u, latency in edges), default=0))
    tails = [max(1, draft.latency) for draft in problem.drafts]
    for v in range(problem.size - 1, -1, -1):
        for u, latency in problem.edges[v]:
            tails[u] = max(tails[u], tails[v] + latency)
    return heads, tails


@dataclass
class _Competition:
    """The constraints of one group."""

    model: CpModel
    group: ResourceGroup
    starts: list[IntVar]
    interval: int
    most: int
    name: str

    def add(self) -> None:
        slots = {operation: self._slot(operation) for operation in self.group.operations}
        if self.group.exclusive:
            self._add_units(slots)
        elif self.group.capacity == 1:
            self.model.add_all_different(list(slots.values()))
        else:
            model, name = self.model, self.name
            taken = [model.new_fixed_size_interval_var(s, 1, f"{name}_{o}") for o, s in slots.items()]
            model.add_cumulative(taken, [1] * len(taken), self.group.capacity)

    def _slot(self, operation: int) -> IntVar:
        start = self.starts[operation]
        if not self.interval:
            return start
        slot = self.model.new_int_var(0, self.interval - 1, f"{self.name}_r{operation}")
        turns = self.model.new_int_var(0, self.most // self.interval, f"{self.name}_k{operation}")
        self.model.add(start == slot + self.interval * turns)
        return slot

    def _add_units(self, slots: dict[int, IntVar]) -> None:
        """A unit for each; who meets on one in a slot is exclusive and starts in the same cycle."""
        model, group = self.model, self.group
        units = {o: model.new_int_var(0, group.capacity - 1, f"{self.name}_u{o}") for o in slots}
        places = {o: group.capacity * slots[o] + units[o] for o in slots}
        for k, u in enumerate(group.operations):
            for v in group.operations[k + 1 :]:
                if (u, v) not in group.exclusive:
                    model.add(places[u] != places[v])
                    continue
                together = model.new_bool_var(f"{self.name}_{u}_{v}")
                model.add(self.starts[u] == self.starts[v]).only_enforce_if(together)
                model.add(places[u] != places[v]).only_enforce_if(together.negated())
