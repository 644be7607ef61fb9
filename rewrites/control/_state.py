"""What rules that keep a state in registers share: counters in registers, and control points."""

from __future__ import annotations

from collections.abc import Callable

from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    Iv,
    Load,
    Local,
    Op,
    Statement,
    Store,
)
from seer.rewrites.control._locals import Naming
from seer.rewrites.control._rule import Refused
from seer.verify.instances import Path

__all__ = ["Counter", "path_to"]


class Counter:
    """An induction variable in a register of as many bits as its values need."""

    def __init__(self, iv: Iv, naming: Naming) -> None:
        self._iv = iv
        last = iv.upper - 1 + iv.step
        if last >= 1 << (iv.bits - 1):
            raise Refused("a counter may leave its width behind its last value")
        bits = (
            last.bit_length() if iv.lower >= 0 else 1 + max(last.bit_length(), (-iv.lower - 1).bit_length())
        )
        self._bits = min(max(1, bits), iv.bits)
        self.register = naming.array(ArrayType(self._bits, ()))

    @property
    def value(self) -> Expr:
        """The induction variable's value."""
        return self._wide(Load(self.register, ()))

    def stored(self, value: Expr) -> Expr:
        """What the register holds where the induction variable has a value."""
        return value if self._bits == value.width else Op("trunc", self._bits, (value,))

    def set(self, value: Expr) -> Store:
        if isinstance(value, Const):
            return Store(self.register, (), Const(self._bits, to_unsigned(value.value, self._bits)))
        return Store(self.register, (), self.stored(value))

    def advanced(self) -> Store:
        """The step to the next value."""
        step = Const(self._bits, to_unsigned(self._iv.step, self._bits))
        return Store(self.register, (), Op("add", self._bits, (Load(self.register, ()), step)))

    def _wide(self, value: Expr) -> Expr:
        if self._bits == self._iv.bits:
            return value
        return Op("zext" if self._iv.lower >= 0 else "sext", self._iv.bits, (value,))


def path_to(block: Block, wanted: Callable[[Statement], bool]) -> Path:
    """The path of the first statement of its kind, through the scopes around it."""
    for position, statement in enumerate(block):
        if wanted(statement):
            return (position,)
        if isinstance(statement, Local):
            return (position, *path_to(statement.body, wanted))
    raise Refused("the new loop is not found")
