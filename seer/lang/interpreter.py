"""The reference interpreter: slow, simple, and the definition of what a program means."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from math import prod

from seer.errors import InputError, IterationLimitError
from seer.lang.operators import OPERATORS, mask, to_signed, to_unsigned
from seer.lang.program import Program
from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    Op,
    Param,
    Range,
    Store,
    Table,
    While,
    out_of_bounds_value,
)
from seer.lang.traverse import subexpressions

__all__ = ["WHILE_LIMIT", "out_of_bounds_value", "run"]

_Step = Callable[[Sequence[int]], int]

WHILE_LIMIT = 10_000_000
"""How many iterations all executions of While loops together may take in one call, unless told otherwise."""


def run(
    program: Program,
    arrays: Mapping[str, Sequence[int]],
    params: Mapping[str, int],
    locals_seed: int = 0,
    while_limit: int = WHILE_LIMIT,
) -> dict[str, list[int]]:
    """The contents of all top-level arrays after one call of `program`.

    Arrays are flat and row-major, elements and parameters numbers in [0, 2^width); an array whose name
    is missing from `arrays` (say `ap_return`) starts with zeros, or the number of its content range that
    is next to zero. Locals start with contents drawn from
    `locals_seed`: whatever is claimed of a program must hold for every seed. Raises InputError when an
    input has the wrong length, does not fit its width, or lies outside its declared content range, and
    IterationLimitError when the While loops together take more than `while_limit` iterations.
    """
    machine = _Machine(program, arrays, params, locals_seed, while_limit)
    machine.block(program.body)
    return {array.name: machine.memories[array] for array in program.arrays}


class _Machine:
    """The state: memories by array, parameters by name, induction values by level."""

    def __init__(
        self,
        program: Program,
        arrays: Mapping[str, Sequence[int]],
        params: Mapping[str, int],
        locals_seed: int,
        while_limit: int,
    ) -> None:
        unknown = [name for name in arrays if name not in {a.name for a in program.arrays}]
        if unknown:
            raise InputError(f"{program.name} has no array {unknown[0]!r}")
        self.memories: dict[Array, list[int]] = {}
        for array in program.arrays:
            size = prod(array.type.shape)
            contents = list(arrays.get(array.name, [_least(array.type)] * size))
            if len(contents) != size:
                raise InputError(f"array {array.name!r} has {size} elements, not {len(contents)}")
            for value in contents:
                _check(f"array {array.name!r}", value, array.type.width, array.type.content)
            self.memories[array] = contents
        self._params: dict[str, int] = {}
        for param in program.params:
            if param.name not in params:
                raise InputError(f"no value for parameter {param.name!r}")
            _check(f"parameter {param.name!r}", params[param.name], param.bits, param.content)
            self._params[param.name] = params[param.name]
        self._induction: dict[int, int] = {}
        self._random = random.Random(locals_seed)
        self._name = program.name
        self._while_limit = while_limit
        self._iterations = 0
        # The nodes of given root expressions in the order in which they are computed, with what computes
        # each, and the places of the roots: kept for speed only.
        self._orders: dict[tuple[Expr, ...], tuple[list[Expr], list[_Step], list[int]]] = {}

    def block(self, block: Block) -> None:
        for statement in block:
            match statement:
                case Store():
                    self._store(statement)
                case For(iv, lower, upper, body):
                    first, limit = self._values(lower, upper)
                    value = to_signed(first, iv.bits)
                    while value < to_signed(limit, iv.bits):
                        self._induction[iv.level] = to_unsigned(value, iv.bits)
                        self.block(body)
                        value += iv.step
                case While(condition, body):
                    while self._values(condition)[0]:
                        self._count()
                        self.block(body)
                case If(condition, then, otherwise):
                    self.block(then if self._values(condition)[0] else otherwise)
                case Group(body):
                    self.block(body)
                case Local(array, body):
                    hidden = self.memories.get(array)
                    self.memories[array] = self._unspecified(array.type)
                    self.block(body)
                    if hidden is None:
                        del self.memories[array]
                    else:
                        self.memories[array] = hidden
                case _:
                    raise TypeError(type(statement).__name__)

    def _count(self) -> None:
        self._iterations += 1
        if self._iterations > self._while_limit:
            raise IterationLimitError(
                f"{self._name} takes more than {self._while_limit} iterations of its while loops",
                hint="give inputs for which it ends, or a higher limit",
            )

    def _store(self, store: Store) -> None:
        *indices, value, when = self._values(*store.indices, store.value, store.when)
        position = _position(store.array.type, indices)
        if when and position is not None:
            self.memories[store.array][position] = value

    def _values(self, *roots: Expr) -> list[int]:
        """The values of `roots` in the present state, each distinct node computed once."""
        _, steps, places = self._order(roots)
        values: list[int] = []
        for step in steps:
            values.append(step(values))
        return [values[place] for place in places]

    def _order(self, roots: tuple[Expr, ...]) -> tuple[list[Expr], list[_Step], list[int]]:
        known = self._orders.get(roots)
        if known is None:
            order = subexpressions(*roots)
            places = {node: place for place, node in enumerate(order)}
            steps = [self._step(node, places) for node in order]
            known = self._orders[roots] = order, steps, [places[root] for root in roots]
        return known

    def _step(self, node: Expr, places: Mapping[Expr, int]) -> _Step:
        """What computes a node from the values of the nodes before it, which stand at `places`."""
        match node:
            case Op(name, bits, operands):
                evaluate, inputs = OPERATORS[name].evaluate, [places[operand] for operand in operands]
                # The last operand's width is that of the operands; a select's condition has 1 bit.
                width = operands[-1].width
                return lambda values: evaluate(width, bits, *[values[place] for place in inputs])
            case Load(array, indices):
                inputs = [places[index] for index in indices]
                return lambda values: self._loaded(array, [values[place] for place in inputs])
            case Const(_, value):
                return lambda _: value
            case Iv(level=level):
                return lambda _: self._induction[level]
            case Param(name=name):
                return lambda _: self._params[name]
            case _:
                raise TypeError(type(node).__name__)

    def _loaded(self, array: Array | Table, indices: Sequence[int]) -> int:
        position = _position(array.type, indices)
        if position is None:
            return out_of_bounds_value(array.type)
        return array.values[position] if isinstance(array, Table) else self.memories[array][position]

    def _unspecified(self, type: ArrayType) -> list[int]:
        width, count = type.width, prod(type.shape)
        if type.content is None:
            draw = self._random.getrandbits
            return [draw(width) for _ in range(count)]
        low, high = type.content.lower, type.content.upper
        return [to_unsigned(self._random.randint(low, high), width) for _ in range(count)]


def _position(type: ArrayType, indices: Sequence[int]) -> int | None:
    """The row-major position of an element, or None if any index is out of bounds."""
    position = 0
    for index, extent in zip(indices, type.shape, strict=True):
        if index >= extent:
            return None
        position = position * extent + index
    return position


def _least(type: ArrayType) -> int:
    if type.content is None:
        return 0
    return to_unsigned(max(type.content.lower, min(0, type.content.upper)), type.width)


def _check(what: str, value: int, width: int, content: Range | None) -> None:
    if not 0 <= value <= mask(width):
        raise InputError(f"{what}: {value} is no number of {width} bits", hint=f"use 0 to {mask(width)}")
    if content is not None:
        read = to_signed(value, width) if content.lower < 0 else value
        if not content.lower <= read <= content.upper:
            raise InputError(f"{what}: {read} is outside its declared range {content.lower}..{content.upper}")
