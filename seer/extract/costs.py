"""What a node of the e-graph takes by itself: delay and area on the target, and what it reads."""

from __future__ import annotations

from seer.egraph.language import CONSTRUCTORS, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.errors import InputError
from seer.lang.operators import OPERATORS
from seer.lang.terms import Array, Const, Expr, Load, Op
from seer.schedule.target import Target

__all__ = ["NodeCost", "NodeCosts", "expression_cost"]

NodeCost = tuple[float, float]
"""Delay in ns, and weighted area."""

_UNBUILDABLE = 1e6
_LOAD_AREA = 1.0
_WIRES = ("zext", "sext", "trunc")
_SHIFTS = ("shl", "lshr", "ashr")


class NodeCosts:
    """Costs of the nodes of one snapshot, each computed once. Operators count at their full width."""

    def __init__(self, snapshot: Snapshot, target: Target) -> None:
        self._constants = snapshot.constants
        self._target = target
        self._known: dict[tuple[object, ...], NodeCost] = {}

    def own(self, node: ENode) -> NodeCost:
        """Delay and area of a node of the sorts E and I."""
        if node.op == "Load":
            return _load(parse_array_key(str(node.values[1])), self._target)
        operator = CONSTRUCTORS[node.op].operator
        if operator is None or operator in _WIRES:
            return 0.0, 0.0
        constant = None
        if operator in ("mul", *_SHIFTS):
            constant = next(
                (self._constants[c] for c in reversed(node.children) if c in self._constants), None
            )
        key = (operator, node.values, constant)
        found = self._known.get(key)
        if found is None:
            widths = tuple(int(value) for value in node.values)
            found = self._known[key] = _operator(operator, widths, constant, self._target)
        return found


def expression_cost(node: Expr, target: Target) -> NodeCost:
    """Delay and area of one operator or load of a term."""
    match node:
        case Load():
            return _load(node.array, target)
        case Op(name, bits, operands):
            if name in _WIRES:
                return 0.0, 0.0
            constant = None
            if name in ("mul", *_SHIFTS):
                constant = next((o.value for o in reversed(operands) if isinstance(o, Const)), None)
            shape = OPERATORS[name].shape
            widths = (bits, operands[0].width) if shape == "convert" else (operands[-1].width,)
            return _operator(name, widths, constant, target)
        case _:
            return 0.0, 0.0


def _load(array: Array, target: Target) -> NodeCost:
    return (target.clock_ns, _LOAD_AREA) if array.type.shape else (0.0, 0.0)


def _operator(operator: str, widths: tuple[int, ...], constant: int | None, target: Target) -> NodeCost:
    """Of an operator of these widths, as its constructor has them, perhaps with a constant operand."""
    if OPERATORS[operator].shape == "convert":
        return _unit(operator, widths[1], target, widths[0])
    if constant is not None and operator in _SHIFTS:
        return 0.0, 0.0
    if constant is not None and operator == "mul":
        adders = max(0, signed_digits(constant) - 1)
        delay, area = _unit("add", widths[0], target)
        by_adders = delay * adders.bit_length(), area * adders
        whole = _unit("mul", widths[0], target)
        return min(by_adders, whole, key=lambda cost: cost[1])
    return _unit(operator, widths[0], target)


def _unit(operator: str, width: int, target: Target, result_width: int | None = None) -> NodeCost:
    try:
        unit = target.unit(operator, width, result_width=result_width)
    except InputError:
        return _UNBUILDABLE, _UNBUILDABLE
    delay = unit.latency * target.clock_ns + unit.output_ns + target.routing_ns
    return delay, unit.area.weighted(target)


def signed_digits(constant: int) -> int:
    """Non-zero digits of the canonical signed-digit form: one more than the adders of a multiplication."""
    digits = 0
    while constant:
        if constant & 1:
            constant -= 2 - (constant & 3)
            digits += 1
        constant >>= 1
    return digits
