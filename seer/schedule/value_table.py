"""The hash-consed values of a region, and the folding of operators that is free of charge."""

from __future__ import annotations

from dataclasses import dataclass, field

from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import Array

__all__ = ["Value", "ValueTable"]


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
        return self.intern(Value(name, width, operands)) if same is None else same

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
            case "trunc":
                value = self.values[first]
                if value.kind in ("zext", "sext"):
                    inner = value.operands[0]
                    have = self.values[inner].width
                    if have == width:
                        return inner
                    return self.operation(value.kind if have < width else "trunc", width, (inner,))
        return None

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
