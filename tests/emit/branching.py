"""Random branches and while loops around the statements of a program."""

from __future__ import annotations

from random import Random

from seer.lang.program import Program
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import expressions, shift_levels, subexpressions

__all__ = ["branching"]


def branching(random: Random, program: Program) -> Program:
    """`program` with some statements put under conditions, in else arms, and into loops that end."""
    return Program(program.name, program.arguments, _Decorator(random).block(program.body, 0))


class _Decorator:
    def __init__(self, random: Random) -> None:
        self._random = random

    def block(self, block: Block, depth: int) -> Block:
        """`block`, which stands under `depth` locals."""
        return tuple(self._statement(statement, depth) for statement in block)

    def _statement(self, statement: Statement, depth: int) -> Statement:
        match statement:
            case Store() if statement.when is not TRUE and self._random.random() < 0.7:
                plain = Store(statement.array, statement.indices, statement.value)
                return self._either(statement.when, (plain,))
            case For(iv, lower, upper, body):
                inside = self.block(body, depth)
                return self._wrapped(For(iv, lower, upper, inside), depth)
            case Group(body):
                return self._wrapped(Group(self.block(body, depth)), depth)
            case Local(array, body):
                return Local(array, self.block(body, depth + 1))
            case _:
                return self._wrapped(statement, depth)

    def _either(self, condition: Expr, block: Block) -> If:
        return If(condition, block) if self._random.random() < 0.6 else If(condition, (), block)

    def _wrapped(self, statement: Statement, depth: int) -> Statement:
        choice = self._random.random()
        if choice < 0.5:
            return statement
        if choice < 0.6:
            return If(self._condition(statement), (statement,), (Group((statement,)),))
        if choice < 0.7:
            inner = self._either(self._condition(statement), (statement,))
            return If(self._condition(statement), (statement,), (inner,))
        if choice < 0.85:
            return self._either(self._condition(statement), (statement,))
        return self._loop(statement, depth)

    def _condition(self, statement: Statement) -> Expr:
        """A truth value made of what the statement itself computes."""
        nodes = [node for node in subexpressions(*expressions(statement)) if not isinstance(node, Const)]
        if not nodes:
            return Const(1, self._random.randint(0, 1))
        node = self._random.choice(nodes)
        if node.width == 1:
            return node
        return Op(self._random.choice(["ult", "slt", "ne"]), 1, (Const(node.width, 1), node))

    def _loop(self, statement: Statement, depth: int) -> Local:
        """The statement over and over while a counter is small and a condition holds."""
        (moved,) = shift_levels((statement,), 1 << 30, 0, depth, 1)
        count = LocalArray(ArrayType(8, ()), depth)
        read = Load(count, ())
        more = Op("ult", 1, (read, Const(8, self._random.randint(0, 3))))
        again = self._condition(moved)
        conditions = [more, Op("and", 1, (more, again)), Op("and", 1, (again, more))]
        step = Store(count, (), Op("add", 8, (read, Const(8, 1))))
        loop = While(self._random.choice(conditions), (moved, step))
        return Local(count, (Store(count, (), Const(8, 0)), loop))
