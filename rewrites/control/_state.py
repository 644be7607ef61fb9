"""What rules that keep a state in registers share: new Locals, counters in registers, and control points."""

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
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions, with_bodies
from seer.rewrites.control._rule import Refused
from seer.verify.instances import Path

__all__ = ["Counter", "Naming", "bound_around", "numbered", "path_to"]

_UNIQUE = 1 << 20
"""Levels of Locals from here on are names."""


class Naming:
    """Gives Locals levels that nothing else has; `numbered` replaces them by those of their depths."""

    def __init__(self) -> None:
        self._next = _UNIQUE

    def array(self, type: ArrayType) -> LocalArray:
        self._next += 1
        return LocalArray(type, self._next)

    def block(self, block: Block) -> Block:
        """`block` with a name for each Local in it."""
        return tuple(self._statement(s) for s in block)

    def _statement(self, statement: Statement) -> Statement:
        if isinstance(statement, Local):
            old, new = statement.array, self.array(statement.array.type)
            renamed = Rewriter(array=lambda a: new if a is old else a).block(statement.body)
            return Local(new, self.block(renamed))
        return with_bodies(statement, [self.block(body) for body in bodies(statement)])


def numbered(block: Block, level: int) -> Block:
    """`block` with each named Local at the level of its depth, `level` the outermost."""
    result: list[Statement] = []
    for statement in block:
        if isinstance(statement, Local):
            old, new = statement.array, LocalArray(statement.array.type, level)
            renamed = Rewriter(array=lambda a, old=old, new=new: new if a is old else a).block(statement.body)
            result.append(Local(new, numbered(renamed, level + 1)))
        else:
            result.append(with_bodies(statement, [numbered(body, level) for body in bodies(statement)]))
    return tuple(result)


def bound_around(fragment: Block, given: int) -> int:
    """The level of the outermost Local that a fragment binds or may bind; `given` where it binds none."""
    bound = [s.array.level for s in statements(fragment) if isinstance(s, Local)]
    if bound:
        return min(bound)
    used = [
        node.array.level
        for s in statements(fragment)
        for node in subexpressions(*expressions(s))
        if isinstance(node, Load) and isinstance(node.array, LocalArray)
    ]
    used += [
        s.array.level
        for s in statements(fragment)
        if isinstance(s, Store) and isinstance(s.array, LocalArray)
    ]
    return max([given, *(level + 1 for level in used)])


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
