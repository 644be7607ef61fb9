"""The least area of a region's expressions at given times, by CP-SAT.

One node for each class that is needed, and a cycle for each value: operators count once however often they
are used, a value that waits takes registers for each cycle, the last value is there no later than before, and
so is what an iteration leaves to the next. Time grows along operands, so the choice is acyclic. One worker, a
fixed seed and a limit of deterministic time: equal regions get equal answers on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seer.egraph.language import CONSTRUCTORS, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.extract.expressions import below
from seer.lang.operators import OPERATORS
from seer.lang.terms import Array
from seer.schedule.target import Target

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar, LinearExprT

__all__ = ["RegionTask", "least_area"]

_MOST_NODES = 1_500
"""A region with more nodes below it keeps its choice."""

_EFFORT = 0.5
"""CP-SAT's deterministic time for a region, about seconds."""

_UNIT = 100
"""Steps of time in a nanosecond, and of area in a look-up table."""

_STEADY = frozenset({"Num", "Param", "Iv", "INil", "ICons"})
"""Values that need no registers."""


@dataclass(frozen=True)
class RegionTask:
    """`roots` are the classes that the region needs, `chosen` the nodes that it has now, also of all classes
    below; `stored` are the arrays that it writes."""

    roots: tuple[int, ...]
    chosen: Mapping[int, ENode]
    stored: frozenset[Array]


def least_area(
    snapshot: Snapshot, costs: NodeCosts, target: Target, task: RegionTask
) -> dict[int, ENode] | None:
    """A node for each class that the region needs; None if none of less estimated area was found."""
    classes = below(snapshot, task.roots)
    if sum(len(snapshot.classes[number]) for number in classes) > _MOST_NODES:
        return None
    if all(len(snapshot.classes[number]) == 1 for number in classes):
        return None
    if _is_cyclic(task):
        return None
    return _Model(snapshot, costs, target, task, classes).solve()


def _is_cyclic(task: RegionTask) -> bool:
    """Whether the present choice, put together from several tables, leads from a class back to itself."""
    done: set[int] = set()
    open_: set[int] = set()
    stack = list(task.roots)
    while stack:
        number = stack[-1]
        if number in done:
            stack.pop()
            continue
        missing = [child for child in task.chosen[number].children if child not in done]
        if not missing:
            done.add(number)
            open_.discard(number)
            stack.pop()
        elif number in open_:
            return True
        else:
            open_.add(number)
            stack.extend(missing)
    return False


class _Model:
    def __init__(
        self,
        snapshot: Snapshot,
        costs: NodeCosts,
        target: Target,
        task: RegionTask,
        classes: Sequence[int],
    ) -> None:
        from ortools.sat.python import cp_model

        self._snapshot = snapshot
        self._costs = costs
        self._target = target
        self._task = task
        self._classes = classes
        self._clock = round(target.clock_ns * _UNIT)
        arrival, behind = self._present()
        self._deadline = max((arrival[root] for root in task.roots), default=0)
        late = [behind[root] for root in task.roots if root in behind]
        self._recurrence = max(late, default=0)
        self._model: CpModel = cp_model.CpModel()
        self._chosen: dict[tuple[int, int], IntVar] = {}
        self._needed: dict[int, IntVar] = {}
        self._done: dict[int, IntVar] = {}
        self._cycle: dict[int, IntVar] = {}
        self._behind: dict[int, IntVar] = {}
        self._waits: dict[int, IntVar] = {}
        self._arrival = arrival

    def _present(self) -> tuple[dict[int, int], dict[int, int]]:
        """When each class is there under the present choice, and how long behind a load of what is stored,
        both in steps of time and with no regard to where cycles end."""
        arrival: dict[int, int] = {}
        behind: dict[int, int] = {}
        stack = list(self._task.roots)
        while stack:
            number = stack[-1]
            node = self._task.chosen[number]
            missing = [child for child in node.children if child not in arrival]
            if number not in arrival and missing:
                stack.extend(missing)
                continue
            stack.pop()
            delay = self._delay(node)
            arrival[number] = delay + max((arrival[child] for child in node.children), default=0)
            starts = [behind[child] for child in node.children if child in behind]
            if starts or self._is_carried(node):
                behind[number] = delay + max(starts, default=0)
        return arrival, behind

    def _delay(self, node: ENode) -> int:
        return round(self._costs.own(node)[0] * _UNIT) + 1

    def _is_carried(self, node: ENode) -> bool:
        return node.op == "Load" and parse_array_key(str(node.values[1])) in self._task.stored

    # -- the model ------------------------------------------------------------------------------------------

    def solve(self) -> dict[int, ENode] | None:
        from ortools.sat.python import cp_model

        for number in self._classes:
            self._add_class(number)
        for root in self._task.roots:
            self._model.add(self._needed[root] == 1)
        for number in self._classes:
            for position, node in enumerate(self._snapshot.classes[number]):
                self._add_node(number, node, self._chosen[number, position])
        self._bound_accesses()
        self._model.minimize(self._area())
        self._hint()
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = _EFFORT
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        if solver.solve(self._model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found = self._found(solver)
        return None if all(self._task.chosen.get(c) == node for c, node in found.items()) else found

    def _add_class(self, number: int) -> None:
        model, deadline = self._model, self._deadline
        self._needed[number] = model.new_bool_var("")
        self._done[number] = model.new_int_var(0, deadline, "")
        self._cycle[number] = model.new_int_var(0, deadline // self._clock, "")
        self._waits[number] = model.new_int_var(0, deadline // self._clock, "")
        self._behind[number] = model.new_int_var(-deadline - 1, self._recurrence, "")
        nodes = self._snapshot.classes[number]
        for position in range(len(nodes)):
            self._chosen[number, position] = model.new_bool_var("")
        one = [self._chosen[number, position] for position in range(len(nodes))]
        model.add(sum(one) == self._needed[number])
        # A value is there in the cycle in which it is computed.
        model.add(self._done[number] >= self._clock * self._cycle[number])
        model.add(self._done[number] <= self._clock * (self._cycle[number] + 1))

    def _add_node(self, number: int, node: ENode, chosen: IntVar) -> None:
        model, delay = self._model, self._delay(node)
        if delay > self._deadline:
            model.add(chosen == 0)
            return
        if delay < self._clock and node.op != "Load":
            start = self._done[number] - delay
            model.add(start >= self._clock * self._cycle[number]).only_enforce_if(chosen)
        if self._is_carried(node):
            model.add(self._behind[number] >= delay).only_enforce_if(chosen)
        for child in dict.fromkeys(node.children):
            model.add_implication(chosen, self._needed[child])
            model.add(self._done[number] >= self._done[child] + delay).only_enforce_if(chosen)
            model.add(self._behind[number] >= self._behind[child] + delay).only_enforce_if(chosen)
            used = self._cycle[number] if delay < self._clock else self._cycle[number] - delay // self._clock
            model.add(self._waits[child] >= used - self._cycle[child]).only_enforce_if(chosen)

    def _bound_accesses(self) -> None:
        """No more loads of a memory than now."""
        now: dict[str, int] = {}
        for number in _reached(self._task):
            node = self._task.chosen[number]
            if node.op == "Load":
                now[str(node.values[1])] = now.get(str(node.values[1]), 0) + 1
        loads: dict[str, list[IntVar]] = {}
        for (number, position), chosen in self._chosen.items():
            node = self._snapshot.classes[number][position]
            if node.op == "Load":
                loads.setdefault(str(node.values[1]), []).append(chosen)
        for array, choices in loads.items():
            self._model.add(sum(choices) <= now.get(array, 0))

    def _area(self) -> LinearExprT:
        """Operators and registers."""
        terms: list[LinearExprT] = []
        for (number, position), chosen in self._chosen.items():
            area = self._costs.own(self._snapshot.classes[number][position])[1]
            terms.append((round(area * _UNIT) + 1) * chosen)
        for number, waits in self._waits.items():
            bits = _bits(self._snapshot.classes[number])
            terms.append(round(bits * self._target.weights.ff * _UNIT) * waits)
        return sum(terms)

    def _hint(self) -> None:
        for number in self._classes:
            self._model.add_hint(self._needed[number], number in self._arrival)
            for position, node in enumerate(self._snapshot.classes[number]):
                here = number in self._arrival and self._task.chosen[number] == node
                self._model.add_hint(self._chosen[number, position], here)

    def _found(self, solver: CpSolver) -> dict[int, ENode]:
        return {
            number: self._snapshot.classes[number][position]
            for (number, position), chosen in self._chosen.items()
            if solver.value(chosen)
        }


def _reached(task: RegionTask) -> list[int]:
    """The classes that the present choice uses."""
    found: dict[int, None] = dict.fromkeys(task.roots)
    stack = list(found)
    while stack:
        for child in task.chosen[stack.pop()].children:
            if child not in found:
                found[child] = None
                stack.append(child)
    return list(found)


def _bits(nodes: Sequence[ENode]) -> int:
    """Width of a class's values in registers."""
    node = nodes[0]
    if any(other.op in _STEADY for other in nodes):
        return 0
    operator = CONSTRUCTORS[node.op].operator
    if operator is not None and OPERATORS[operator].shape == "compare":
        return 1
    return int(node.values[0])
