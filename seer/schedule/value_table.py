"""The hash-consed values of a region, and the folding of operators that is free of charge."""

from __future__ import annotations

from dataclasses import dataclass, field

from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import Array

__all__ = ["Value", "ValueTable"]


_OPPOSITES = {"eq": "ne", "ne": "eq", "slt": "sle", "sle": "slt", "ult": "ule", "ule": "ult"}
"""Comparisons of integers and what they are negated to, with the operands of an order exchanged."""
_DUALS = {"and": "or", "or": "and"}
_FREE = ("const", "param", "iv", "read", "zext", "sext", "trunc")
_LEVELS = {"load": 3, "select": 1, **dict.fromkeys(_FREE, 0)}
"""Levels of look-up tables that a value adds to those of its operands, where they are not one or two."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value or effect; `kind` and fields as `Operation` has them, operands are positions.

    A `store` has operands (address, data) or (address, data, enables), a `write` (data,); the last operand is
    the predicate where `predicated`. A `decide` has operands (condition,).
    """

    kind: str
    width: int
    operands: tuple[int, ...] = ()
    predicated: bool = False
    array: Array | None = None
    value: int = 0
    symbol: str = ""
    level: int = -1


@dataclass
class ValueTable:
    """`values` are in program order, operands before users; equal values without effect are one."""

    values: list[Value] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self._index: dict[Value, int] = {}
        self._ranks: list[int] = []

    def constant(self, width: int, value: int) -> int:
        return self.intern(Value("const", width, value=value))

    def resize(self, position: int, width: int) -> int:
        """The value with its high bits cut off or filled with zeros."""
        have = self.values[position].width
        if have == width:
            return position
        return self.operation("zext" if have < width else "trunc", width, (position,))

    def operation(self, name: str, width: int, operands: tuple[int, ...]) -> int:
        """An operator applied to values, folded where that is free of charge."""
        constants = [self.known(operand) for operand in operands]
        known = [constant for constant in constants if constant is not None]
        if len(known) == len(operands):
            inner = self.values[operands[0]].width
            return self.constant(width, OPERATORS[name].evaluate(inner, width, *known))
        if OPERATORS[name].commutative:
            # Constants last, else by position: both orders are one value.
            order = sorted(range(2), key=lambda i: (constants[i] is not None, operands[i]))
            operands = (operands[order[0]], operands[order[1]])
            constants = [constants[i] for i in order]
        same = self._identity(name, width, operands, constants)
        if same is not None:
            return same
        return self.intern(Value(name, width, operands))

    def _identity(
        self, name: str, width: int, operands: tuple[int, ...], constants: list[int | None]
    ) -> int | None:
        first, last = operands[0], operands[-1]
        constant = constants[-1]
        match name:
            case "add" | "sub" | "or" | "xor" | "shl" | "lshr" | "ashr" if constant == 0:
                return first
            case "mul" | "and" if constant == 0:
                return last
            case "mul" | "udiv" | "sdiv" if constant == 1 and width > 1:
                return first
            case "and" if constant == mask(width):
                return first
            case "select" if constants[0] is not None:
                return operands[1] if constants[0] else operands[2]
            case "select" if operands[1] == operands[2]:
                return operands[1]
            case "select" if width == 1 and 1 in constants[1:]:
                chosen = first if constants[1] == 1 else self._negated(first)
                return self._balanced("or", (chosen, last if constants[1] == 1 else operands[1]))
            case "select" if width == 1 and 0 in constants[1:]:
                chosen = first if constants[2] == 0 else self._negated(first)
                return self._balanced("and", (chosen, operands[1] if constants[2] == 0 else last))
            case "xor" if width == 1 and constant == 1 and self._is_negation(first):
                return self.values[first].operands[0]
            case "eq" | "ne":
                return self._narrow_comparison(name, first, last)
            case "trunc":
                value = self.values[first]
                if value.kind in ("zext", "sext"):
                    inner = value.operands[0]
                    have = self.values[inner].width
                    if have == width:
                        return inner
                    return self.operation(value.kind if have < width else "trunc", width, (inner,))
        return None

    def _balanced(self, name: str, operands: tuple[int, ...]) -> int:
        """A conjunction or disjunction in which what is known late passes the fewest operators."""
        parts: dict[int, None] = {}
        for operand in operands:
            value = self.values[operand]
            parts.update(dict.fromkeys(value.operands if value.kind == name else (operand,)))
        heap = [(self.rank(part), part) for part in parts]
        while len(heap) > 1:
            heap.sort()
            (_, first), (_, last), *heap = heap
            made = self.intern(Value(name, 1, (min(first, last), max(first, last))))
            heap.append((self.rank(made), made))
        return heap[0][1]

    def rank(self, position: int) -> int:
        """How late a value is known, roughly: in levels of look-up tables."""
        while len(self._ranks) <= position:
            value = self.values[len(self._ranks)]
            own = _LEVELS.get(value.kind, 1 if value.width == 1 and value.kind not in _OPPOSITES else 2)
            self._ranks.append(own + max((self._ranks[o] for o in value.operands), default=0))
        return self._ranks[position]

    def _is_negation(self, position: int) -> bool:
        value = self.values[position]
        return value.kind == "xor" and value.width == 1 and self.known(value.operands[1]) == 1

    def _negated(self, position: int, depth: int = 3) -> int:
        """The negation of a condition, by the opposite comparisons and De Morgan's laws where they serve."""
        value = self.values[position]
        if self._is_negation(position):
            return value.operands[0]
        if value.width == 1 and value.kind in _DUALS and depth > 0:
            first, last = (self._negated(operand, depth - 1) for operand in value.operands)
            return self._balanced(_DUALS[value.kind], (first, last))
        other = _OPPOSITES.get(value.kind)
        if other is None:
            return self.negation(position)
        first, last = value.operands
        return self.operation(other, 1, (first, last) if value.kind in ("eq", "ne") else (last, first))

    def _narrow_comparison(self, name: str, first: int, last: int) -> int | None:
        """Two values that were extended alike are equal if they were before."""
        values = [self.values[first], self.values[last]]
        if values[0].kind not in ("zext", "sext") or values[0].kind != values[1].kind:
            return None
        inner = (values[0].operands[0], values[1].operands[0])
        if self.values[inner[0]].width != self.values[inner[1]].width:
            return None
        return self.operation(name, 1, inner)

    def known(self, position: int) -> int | None:
        """The value's number if it is a constant."""
        value = self.values[position]
        return value.value if value.kind == "const" else None

    def intern(self, value: Value) -> int:
        """The position of a value, new or known."""
        position = self._index.get(value)
        if position is None:
            self.values.append(value)
            position = self._index[value] = len(self.values) - 1
        return position

    def both(self, first: int | None, second: int | None) -> int | None:
        """The conjunction of two conditions; None is always."""
        if first is None or self.known(first) == 1:
            return None if second is None or self.known(second) == 1 else second
        if second is None or self.known(second) == 1 or first == second:
            return first
        return self.operation("and", 1, (first, second))

    def negation(self, condition: int) -> int:
        return self.operation("xor", 1, (condition, self.constant(1, 1)))
