"""The choice of one node for each class of expressions, under a cost that suits the whole region.

Two policies: `area` takes the least sum over the expression written as a tree, `delay` the least time
until its value is there (ties by area), where registers count as arriving last, since what is between a
register and its next value bounds the initiation interval. Both are fixpoints in which a node costs more
than each of its children, so that the choice is acyclic also where classes are not.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import cast

from seer.egraph.language import CONSTRUCTORS, Term, build, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.errors import InputError
from seer.lang.operators import OPERATORS
from seer.lang.terms import Expr
from seer.schedule.target import Target

__all__ = ["POLICIES", "ExpressionChoice"]

POLICIES = ("area", "delay")

_Cost = tuple[float, float]
_NODE = 0.01
"""Cost of a node that builds nothing: of two forms that build the same, the smaller is taken."""
_LATE_NS = 1e4
"""Arrival of a register's value: later than anything computed without it."""
_UNBUILDABLE = 1e6


class ExpressionChoice:
    """The chosen node of every E and I class, and the terms they make."""

    def __init__(self, snapshot: Snapshot, target: Target, policy: str) -> None:
        self._snapshot = snapshot
        self._target = target
        self._delay_first = policy == "delay"
        self._best: dict[int, tuple[_Cost, ENode]] = {}
        self._terms: dict[int, Term] = {}
        self._solve()

    def has(self, class_id: int) -> bool:
        return class_id in self._best

    def expression(self, class_id: int) -> Expr:
        """The chosen expression of an E class."""
        return cast(Expr, self.term(class_id))

    def term(self, class_id: int) -> Term:
        """The chosen term of an E class, or the subscripts of an I class."""
        stack = [class_id]
        while stack:
            current = stack[-1]
            if current in self._terms:
                stack.pop()
                continue
            node = self._best[current][1]
            missing = [child for child in node.children if child not in self._terms]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._terms[current] = build(node.op, node.values, [self._terms[c] for c in node.children])
        return self._terms[class_id]

    def _solve(self) -> None:
        users: dict[int, list[tuple[int, ENode]]] = defaultdict(list)
        queue: deque[tuple[int, ENode]] = deque()
        for class_id, nodes in self._snapshot.classes.items():
            for node in nodes:
                if CONSTRUCTORS[node.op].output not in ("E", "I"):
                    continue
                queue.append((class_id, node))
                for child in dict.fromkeys(node.children):
                    users[child].append((class_id, node))
        while queue:
            class_id, node = queue.popleft()
            cost = self._cost(node)
            if cost is None:
                continue
            known = self._best.get(class_id)
            if known is None or (cost, node) < known:
                self._best[class_id] = (cost, node)
                if known is None or cost < known[0]:
                    queue.extend(users[class_id])

    def _cost(self, node: ENode) -> _Cost | None:
        children = [self._best.get(child) for child in node.children]
        area = delay = 0.0
        for child in children:
            if child is None:
                return None
            first, second = child[0]
            delay = max(delay, first if self._delay_first else second)
            area += second if self._delay_first else first
        own_delay, own_area = self._own(node)
        delay, area = delay + own_delay + _NODE, area + own_area + _NODE
        return (delay, area) if self._delay_first else (area, delay)

    def _own(self, node: ENode) -> _Cost:
        """Delay in ns and weighted area of the node itself."""
        if node.op == "Load":
            register = not parse_array_key(str(node.values[1])).type.shape
            return (_LATE_NS, _NODE) if register else (self._target.clock_ns, 1.0)
        operator = CONSTRUCTORS[node.op].operator
        if operator is None or operator in ("zext", "sext", "trunc"):
            return 0.0, 0.0
        width = int(node.values[0])
        if OPERATORS[operator].shape == "convert":
            return self._unit(operator, int(node.values[1]), width)
        constant = self._constant_operand(node)
        if constant is not None and operator in ("shl", "lshr", "ashr"):
            return 0.0, 0.0
        if constant is not None and operator == "mul":
            adders = max(0, signed_digits(constant) - 1)
            delay, area = self._unit("add", width)
            return delay * adders.bit_length(), area * adders
        return self._unit(operator, width)

    def _unit(self, operator: str, width: int, result_width: int | None = None) -> _Cost:
        try:
            unit = self._target.unit(operator, width, result_width=result_width)
        except InputError:
            return _UNBUILDABLE, _UNBUILDABLE
        delay = unit.latency * self._target.clock_ns + unit.output_ns + self._target.routing_ns
        return delay, unit.area.weighted(self._target)

    def _constant_operand(self, node: ENode) -> int | None:
        for child in reversed(node.children):
            found = self._best.get(child)
            if found is not None and found[1].op == "Num":
                return int(found[1].values[1])
        return None


def signed_digits(constant: int) -> int:
    """Non-zero digits of the canonical signed-digit form: one more than the adders of a multiplication."""
    digits = 0
    while constant:
        if constant & 1:
            constant -= 2 - (constant & 3)
            digits += 1
        constant >>= 1
    return digits
