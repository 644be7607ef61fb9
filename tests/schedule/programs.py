"""Programs for the tests of the scheduler: small helpers to write terms, and random ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import prod

from seer.lang.operators import OPERATORS, mask
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    TRUE,
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
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
    Table,
    TopArray,
    While,
)


def array(name: str, width: int, *shape: int) -> TopArray:
    return TopArray(ArrayType(width, tuple(shape)), name)


def scalar(level: int, width: int = 32) -> LocalArray:
    return LocalArray(ArrayType(width, ()), level)


def const(value: int, width: int = 32) -> Const:
    return Const(width, value & mask(width))


def counter(level: int, upper: int, lower: int = 0, step: int = 1) -> Iv:
    return Iv(32, level, lower, upper, step)


def op(name: str, a: Expr, b: Expr | int) -> Op:
    """A binary operator; an integer stands for a constant of the other operand's width."""
    right = const(b, a.width) if isinstance(b, int) else b
    width = 1 if OPERATORS[name].shape == "compare" else a.width
    return Op(name, width, (a, right))


def loop(iv: Iv, *body: Statement, lower: Expr | None = None, upper: Expr | None = None) -> For:
    return For(iv, lower or const(iv.lower), upper or const(iv.upper), body)


def program(arrays: Sequence[TopArray], *body: Statement, params: Sequence[Param] = ()) -> Program:
    arguments = [Argument(term.name, term, True, "int") for term in (*arrays, *params)]
    return Program("top", tuple(arguments), body)


def resized(expr: Expr, width: int, rng: random.Random) -> Expr:
    if expr.width == width:
        return expr
    if expr.width > width:
        return Op("trunc", width, (expr,))
    return Op(rng.choice(["zext", "sext"]), width, (expr,))


class RandomProgram:
    """A program whose accesses are all in bounds and whose locals are written before they are read.

    With `control` it also holds Ifs, While loops that end, loops with bounds in registers, local arrays and
    tables.
    """

    _BINARY = ("add", "sub", "mul", "and", "or", "xor", "add", "sub")
    _RARE = ("shl", "lshr", "ashr", "udiv", "srem", "sdiv", "urem", "mul")
    _COMPARE = ("eq", "ne", "ult", "ule", "slt", "sle")

    def __init__(self, seed: int, control: bool = False) -> None:
        self.rng = random.Random(seed)
        rng = self.rng
        self.control = control
        self.buffers: list[Array] = []
        if control:
            self.buffers.append(self._table())
        widths = [4, 17, 32, 64] if control else [4, 8, 16, 32]
        self.arrays = [array(f"m{k}", rng.choice(widths), *self._shape()) for k in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            self.arrays.append(array("total" if control else "ap_return", 16))
        self.param = Param(32, "n", Range(-1, 5))
        self.scopes: list[LocalArray] = []
        self.assigned: set[Array] = {a for a in self.arrays if a.type.shape == ()}
        self.ivs: list[Iv] = []
        body = self._block(rng.randint(1, 3), 3)
        self.program = program(self.arrays, *body, params=[self.param])

    def _shape(self) -> tuple[int, ...]:
        return self.rng.choice([(8,), (16,), (7,), (4, 4), (3, 5), (2, 2, 3), (1,)])

    def _table(self) -> Table:
        shape, width = self._shape(), self.rng.choice([3, 8, 33, 64])
        values = tuple(self.rng.getrandbits(width) for _ in range(prod(shape)))
        return Table(ArrayType(width, shape), values)

    def inputs(self) -> tuple[dict[str, list[int]], dict[str, int]]:
        contents = {
            a.name: [self.rng.getrandbits(a.type.width) for _ in range(prod(a.type.shape))]
            for a in self.arrays
        }
        return contents, {"n": self.rng.randint(-1, 5) & mask(32)}

    # -- statements -------------------------------------------------------------------------------

    def _block(self, size: int, depth: int) -> Block:
        statements: list[Statement] = []
        for _ in range(size):
            statements += self._statement(depth)
        return tuple(statements)

    def _statement(self, depth: int) -> list[Statement]:
        rng = self.rng
        kind = rng.random()
        if self.control and depth and rng.random() < 0.5:
            return [rng.choice([self._if, self._if, self._while, self._buffer, self._late_loop])(depth)]
        if depth and len(self.ivs) < 3 and kind < 0.4:
            return [self._loop(depth)]
        if depth and kind < 0.5:
            return [Group(self._block(rng.randint(0, 2), depth - 1))]
        if depth and kind < 0.65:
            return [self._local(depth)]
        return [self._store() for _ in range(rng.randint(1, 3))]

    def _loop(self, depth: int) -> For:
        rng = self.rng
        level = len(self.ivs)
        shape = rng.random()
        if shape < 0.65 or not self.ivs:
            if shape < 0.55:
                lower = rng.randint(0, 2)
                iv = counter(
                    level, lower + rng.choice([0, 1, 2, 3, 4, 6]), lower, rng.choice([1, 1, 1, 2, 3])
                )
                bounds: tuple[Expr, Expr] = (const(iv.lower), const(iv.upper))
            else:
                iv = counter(level, 6)
                bounds = (const(0), op("add", self.param, 1))
        else:
            outer = rng.choice(self.ivs)
            iv = counter(level, outer.upper + 1)
            bounds = (const(0), op("add", outer, rng.choice([0, 1])))
        before = set(self.assigned)
        self.ivs.append(iv)
        body = self._block(rng.randint(1, 2), depth - 1)
        self.ivs.pop()
        self.assigned = before
        return For(iv, *bounds, body)

    def _late_loop(self, depth: int) -> Statement:
        """A loop whose bounds are read from a register when it begins; that is written behind it, too."""
        rng = self.rng
        if len(self.ivs) > 2:
            return self._if(depth)
        held = LocalArray(ArrayType(rng.choice([8, 32]), (), Range(0, 5)), self._level())

        def start() -> Store:
            return Store(held, (), op("urem", resized(self._value(2), held.type.width, rng), 6))

        first = start()
        bound = resized(Load(held, ()), 32, rng)
        low = rng.randint(0, 2)
        lower, upper = rng.choice(
            [
                (const(low), bound),
                (const(0), op("add", bound, 1)),
                (bound, const(5)),
                (op("sub", bound, 2), bound),
            ]
        )
        iv = counter(len(self.ivs), 6, -2, rng.choice([1, 1, 2]))
        if lower == const(low):
            iv = counter(len(self.ivs), 6, low, iv.step)
        before = set(self.assigned)
        self.ivs.append(iv)
        self.scopes.append(held)
        body = self._block(rng.randint(1, 2), depth - 1)
        self.ivs.pop()
        self.assigned = before
        behind: Block = (start(),) if rng.random() < 0.3 else ()
        again = (For(iv, lower, upper, body),) if behind else ()
        self.scopes.pop()
        return Local(held, (first, For(iv, lower, upper, body), *behind, *again))

    def _condition(self) -> Expr:
        left = self._value(1)
        return op(self.rng.choice(self._COMPARE), left, resized(self._value(1), left.width, self.rng))

    def _if(self, depth: int) -> If:
        condition = self._condition()
        before = set(self.assigned)
        sides: list[Block] = []
        for _ in range(2):
            self.assigned = set(before)
            sides.append(self._block(self.rng.randint(0, 2), depth - 1))
        self.assigned = before
        return If(condition, *sides)

    def _while(self, depth: int) -> Local:
        """A loop that counts down from a few bits of anything, and may end earlier."""
        count = scalar(self._level(), 8)
        first = Store(count, (), op("and", resized(self._value(1), 8, self.rng), 3))
        self.scopes.append(count)
        runs: Expr = op("ne", Load(count, ()), 0)
        if self.rng.random() < 0.5:
            runs = op("and", runs, self._condition())
        before = set(self.assigned)
        body = self._block(self.rng.randint(1, 2), depth - 1)
        self.assigned = before
        self.scopes.pop()
        step = Store(count, (), op("sub", Load(count, ()), 1))
        early = self.rng.random() < 0.3
        return Local(count, (first, While(runs, (step, *body) if early else (*body, step))))

    def _buffer(self, depth: int) -> Statement:
        """A local array, filled before anything reads it."""
        if len(self.ivs) > 2:
            return self._if(depth)
        shape = self.rng.choice([(8,), (7,), (64,), (16, 16), (1,), (3, 5)])
        buffer = LocalArray(ArrayType(self.rng.choice([1, 8, 13, 32, 64]), shape), self._level())
        iv = counter(len(self.ivs), prod(shape))
        self.ivs.append(iv)
        value = resized(self._value(2), buffer.type.width, self.rng)
        self.ivs.pop()
        indices = (iv,)
        if len(shape) == 2:
            indices = (op("udiv", iv, shape[1]), op("urem", iv, shape[1]))
        self.scopes.append(scalar(self._level()))
        self.buffers.append(buffer)
        body = self._block(self.rng.randint(1, 3), depth - 1)
        self.buffers.pop()
        self.scopes.pop()
        return Local(buffer, (loop(iv, Store(buffer, indices, value)), *body))

    def _level(self) -> int:
        return len(self.scopes)

    def _local(self, depth: int) -> Local:
        local = scalar(len(self.scopes), self.rng.choice([5, 8, 32]))
        self.scopes.append(local)
        first = Store(local, (), resized(self._value(2), local.type.width, self.rng))
        self.assigned.add(local)
        body = (first, *self._block(self.rng.randint(1, 3), depth - 1))
        self.assigned.discard(local)
        self.scopes.pop()
        return Local(local, body)

    def _store(self) -> Store:
        rng = self.rng
        targets: list[Array] = [*self.arrays, *(s for s in self.scopes if s in self.assigned)]
        targets += [buffer for buffer in self.buffers if not isinstance(buffer, Table)]
        target = rng.choice(targets)
        value = resized(self._value(3), target.type.width, rng)
        when: Expr = TRUE
        if rng.random() < 0.25:
            left = self._value(1)
            when = op(rng.choice(self._COMPARE), left, resized(self._value(1), left.width, rng))
        return Store(target, self._subscripts(target), value, when)

    # -- expressions ------------------------------------------------------------------------------

    def _subscripts(self, target: Array) -> tuple[Expr, ...]:
        return tuple(self._subscript(extent) for extent in target.type.shape)

    def _subscript(self, extent: int) -> Expr:
        """An index in bounds: affine where its hull allows, else anything reduced to the extent."""
        rng = self.rng
        for _ in range(3):
            if not self.ivs or rng.random() < 0.2:
                break
            iv = rng.choice(self.ivs)
            if iv.lower >= iv.upper:
                break
            factor, offset = rng.choice([1, 1, 1, 2, 3, -1]), rng.randint(0, 3)
            last = iv.upper - 1
            low = min(iv.lower * factor, last * factor) + offset
            if factor < 0:
                offset, low = offset + last, min(0, low + last)
            if low >= 0 and max(iv.lower * factor, last * factor) + offset < extent:
                scaled = op("mul", iv, factor) if factor != 2 else op("shl", iv, 1)
                return op("add", iv if factor == 1 else scaled, offset)
        if rng.random() < 0.5:
            return const(rng.randrange(extent))
        value = resized(self._value(1), 8, rng)
        return op("urem", value, extent) if extent & (extent - 1) else op("and", value, extent - 1)

    def _value(self, depth: int) -> Expr:
        rng = self.rng
        if depth == 0 or rng.random() < 0.15:
            return self._leaf()
        kind = rng.random()
        if kind < 0.08:
            left = self._value(depth - 1)
            condition = op(rng.choice(self._COMPARE), left, resized(self._value(depth - 1), left.width, rng))
            yes = self._value(depth - 1)
            return Op("select", yes.width, (condition, yes, resized(self._value(depth - 1), yes.width, rng)))
        if kind < 0.16:
            return resized(self._value(depth - 1), rng.choice([3, 8, 17, 32]), rng)
        left = self._value(depth - 1)
        if kind < 0.3:
            width = left.width
            power = rng.choice([1, 2, 4])
            return op(rng.choice(self._RARE), left, power if power < 1 << (width - 1) else 1)
        if kind < 0.4:
            return op("mul", left, rng.getrandbits(left.width))
        if kind < 0.42 and left.width <= 8:
            return op(rng.choice(self._RARE), left, resized(self._value(depth - 1), left.width, rng))
        return op(rng.choice(self._BINARY), left, resized(self._value(depth - 1), left.width, rng))

    def _leaf(self) -> Expr:
        rng = self.rng
        kind = rng.random()
        registers = [a for a in self.scopes + self.arrays if a in self.assigned]
        if registers and kind < 0.25:
            return Load(rng.choice(registers), ())
        memories = [a for a in [*self.arrays, *self.buffers] if a.type.shape]
        if memories and kind < 0.7:
            target = rng.choice(memories)
            return Load(target, tuple(self._simple_index(extent) for extent in target.type.shape))
        if self.ivs and kind < 0.85:
            return rng.choice(self.ivs)
        if kind < 0.9:
            return self.param
        return const(rng.getrandbits(16) if rng.random() < 0.5 else rng.randint(-4, 4), rng.choice([8, 32]))

    def _simple_index(self, extent: int) -> Expr:
        fitting = [iv for iv in self.ivs if 0 <= iv.lower < iv.upper <= extent]
        if fitting and self.rng.random() < 0.7:
            iv = self.rng.choice(fitting)
            room = extent - iv.upper
            return op("add", iv, self.rng.randint(0, min(room, 2)))
        return const(self.rng.randrange(extent))
