"""CP-SAT as the exact judge of small scheduling problems."""

from __future__ import annotations

from ortools.sat.python import cp_model

from seer.schedule.constraints import Problem


def shortest(problem: Problem, interval: int, horizon: int, seconds: float = 10.0) -> int | None:
    """The least length at this interval (0: straight code) up to `horizon`, or None if there is none."""
    model = cp_model.CpModel()
    starts = [model.new_int_var(0, horizon, f"s{v}") for v in range(problem.size)]
    length = model.new_int_var(0, horizon, "length")
    for v, edges in enumerate(problem.edges):
        model.add(length >= starts[v] + max(1, problem.drafts[v].latency))
        for u, latency in edges:
            model.add(starts[v] >= starts[u] + latency)
    for edge in problem.carried:
        model.add(starts[edge.sink] >= starts[edge.source] + edge.latency - interval * edge.distance)
    for group in problem.groups:
        intervals = []
        for operation in group.operations:
            slot = starts[operation]
            if interval:
                slot = model.new_int_var(0, interval - 1, f"r{operation}")
                turns = model.new_int_var(0, horizon, f"k{operation}")
                model.add(starts[operation] == slot + interval * turns)
            intervals.append(model.new_fixed_size_interval_var(slot, 1, f"i{operation}"))
        model.add_cumulative(intervals, [1] * len(intervals), group.capacity)
    model.minimize(length)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise TimeoutError("CP-SAT found no proof")
    return round(solver.objective_value)
