"""Symbolic execution of straight-line blocks: stores, also under Ifs and in the scopes of Locals.

A zero-dimensional array's contents are one symbolic value over the initial state; any other array's are the
list of stores made to it, and a load from it is a value over that list. Values are numbers; equal numbers
stand for values that are equal in every state."""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.intervals import Intervals
from seer.lang.terms import TRUE, Array, Block, Expr, If, Load, Local, Op, Store
from seer.lang.traverse import subexpressions

__all__ = ["SymbolicState", "Unfollowed", "Value", "Values"]

Value = int
"""A hash-consed symbolic value."""


class Unfollowed(Exception):
    """A statement that is not executed symbolically."""


class Values:
    """The table of symbolic values."""

    def __init__(self) -> None:
        self._numbers: dict[tuple, Value] = {}
        self._keys: list[tuple] = []
        self._intervals = Intervals()
        self._same_number: dict[Value, Value] = {}

    def make(self, *key: object) -> Value:
        """The value of an operation: its name, and what it is applied to."""
        found = self._numbers.setdefault(key, len(self._keys))
        if found == len(self._keys):
            self._keys.append(key)
        return found

    def key(self, value: Value) -> tuple:
        """What `make` was given."""
        return self._keys[value]

    def leaf(self, expr: Expr) -> Value:
        """A constant, a parameter or an induction variable."""
        return self.make("leaf", expr)

    def initial(self, array: Array) -> Value:
        """The contents of an array before everything."""
        return self.make("initial", array)

    def of_operation(self, node: Op, operands: list[Value]) -> Value:
        """The value of an operator. It is noted where it is the same unsigned number as its operand."""
        if node.name == "eq":
            return self.equal(*operands)
        value = self.make(node.name, node.bits, *operands)
        (*_, inner) = node.operands
        narrowed = node.name == "trunc" and self._intervals.of(inner).uhi >> node.bits == 0
        if node.name == "zext" or narrowed:
            self._same_number[value] = operands[-1]
        return value

    def number(self, value: Value) -> Value:
        """The value that stands for all that are the same unsigned number, as far as is known."""
        while value in self._same_number:
            value = self._same_number[value]
        return value

    def equal(self, a: Value, b: Value) -> Value:
        """Whether two values are the same unsigned number."""
        return self.make("eq", 1, self.number(a), self.number(b))

    def unspecified(self) -> Value:
        """A value that is equal to no other."""
        return self.make("unspecified", len(self._keys))

    def all_of(self, parts: list[Value]) -> Value:
        """The conjunction of conditions."""
        always = self.leaf(TRUE)
        holds = always
        for part in parts:
            holds = part if holds == always else holds if part == always else self.make("and", 1, holds, part)
        return holds

    def parts_of(self, condition: Value) -> list[Value]:
        """The conditions of which one is the conjunction."""
        match self.key(condition):
            case ("and", 1, a, b):
                return [*self.parts_of(a), *self.parts_of(b)]
            case _:
                return [] if condition == self.leaf(TRUE) else [condition]


class SymbolicState:
    """What is known of each array's contents; `contents` are those that differ from the initial ones."""

    def __init__(self, values: Values, contents: Mapping[Array, Value] | None = None) -> None:
        self.values = values
        self.contents: dict[Array, Value] = dict(contents or {})

    def of(self, array: Array) -> Value:
        """The present contents of an array."""
        return self.contents.get(array, self.values.initial(array))

    def run(self, block: Block, conditions: tuple[Value, ...] = ()) -> None:
        """Executes a block where all of `conditions` hold. Raises Unfollowed."""
        for statement in block:
            match statement:
                case Store():
                    self._store(statement, conditions)
                case If():
                    (condition,) = self.evaluated(statement.condition)
                    self.run(statement.then, (*conditions, condition))
                    negated = self.values.make("xor", 1, condition, self.values.leaf(TRUE))
                    self.run(statement.otherwise, (*conditions, negated))
                case Local(array, body):
                    outer = self.contents.get(array)
                    self.contents[array] = self.values.unspecified()
                    self.run(body, conditions)
                    del self.contents[array]
                    if outer is not None:
                        self.contents[array] = outer
                case _:
                    raise Unfollowed

    def evaluated(self, *roots: Expr) -> list[Value]:
        """What expressions are in the present state."""
        memo: dict[Expr, Value] = {}
        for node in subexpressions(*roots):
            match node:
                case Load(array=array, indices=indices):
                    memo[node] = self._load(array, [self.values.number(memo[i]) for i in indices])
                case Op(operands=operands):
                    memo[node] = self.values.of_operation(node, [memo[o] for o in operands])
                case _:
                    memo[node] = self.values.leaf(node)
        return [memo[root] for root in roots]

    def _load(self, array: Array, indices: list[Value]) -> Value:
        contents = self.of(array)
        return self.values.make("load", contents, *indices) if array.type.shape else contents

    def _store(self, store: Store, conditions: tuple[Value, ...]) -> None:
        *indices, value, when = self.evaluated(*store.indices, store.value, store.when)
        holds = self.values.all_of([*conditions, when])
        array = store.array
        if array.type.shape:
            places = [self.values.number(index) for index in indices]
            self.contents[array] = self.values.make("store", self.of(array), value, holds, *places)
        elif holds == self.values.leaf(TRUE):
            self.contents[array] = value
        else:
            self.contents[array] = self.values.make("select", array.type.width, holds, value, self.of(array))
