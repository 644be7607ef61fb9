"""Random programs over floats: arithmetic, comparisons, conversions, and patterns read as integers."""

from __future__ import annotations

import struct
from random import Random

from seer.lang.operators import OPERATORS, mask
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    Table,
    TopArray,
)

__all__ = ["random_float_inputs", "random_float_program"]

_SIZE = 6
_ARITHMETIC = ("fadd", "fsub", "fmul", "fdiv", "fneg", "fabs", "fsqrt", "ffloor", "fadd", "fmul")
_COMPARISONS = ("feq", "fne", "flt", "fle")
_SPECIAL = (0.0, -0.0, 1.0, -1.5, 0.1, 1e30, -3e38, 1e-42, float("inf"), float("-inf"), float("nan"))
_INTEGERS = (7, 8, 16, 31, 32, 33, 64)
_KINDS = {"float": 32, "double": 64, "int": 32, "unsigned char": 8, "long long": 64}


def pattern(number: float, width: int) -> int:
    """The bits of a number, rounded to `width` bits."""
    code, integer = ("<f", "<I") if width == 32 else ("<d", "<Q")
    return struct.unpack(integer, struct.pack(code, number))[0]


def random_float_program(random: Random, name: str) -> Program:
    """A program with arrays of several C types, float locals and a table."""
    return _Generator(random).program(name)


def random_float_inputs(random: Random, program: Program) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Arrays and parameters; infinities, NaNs, zeros of both signs and subnormals are frequent."""

    def value(c_type: str) -> int:
        width = _KINDS[c_type]
        if c_type in ("float", "double") and random.random() < 0.9:
            number = random.choice(_SPECIAL) if random.random() < 0.3 else random.uniform(-300, 300)
            return pattern(number, width)
        return random.getrandbits(random.choice([3, width]))

    arrays = {a.name: [value(a.c_type) for _ in range(_SIZE)] for a in program.arguments if a.is_array}
    return arrays, {a.name: value(a.c_type) for a in program.arguments if not a.is_array}


class _Generator:
    def __init__(self, random: Random) -> None:
        self._random = random

    def program(self, name: str) -> Program:
        random = self._random
        arguments = []
        for number, c_type in enumerate(["float", "double", *random.choices(list(_KINDS), k=2)]):
            array = TopArray(ArrayType(_KINDS[c_type], (_SIZE,)), f"a{number}")
            arguments.append(Argument(array.name, array, c_type != "unsigned char", c_type))
        for number in range(random.randint(0, 2)):
            c_type = random.choice(list(_KINDS))
            param = Param(_KINDS[c_type], f"p{number}")
            arguments.append(Argument(param.name, param, c_type != "unsigned char", c_type))
        values = tuple(pattern(random.choice(_SPECIAL), 32) for _ in range(_SIZE))
        self._params = [a.term for a in arguments if isinstance(a.term, Param)]
        self._readable: list = [a.term for a in arguments if isinstance(a.term, TopArray)]
        self._writable: list = list(self._readable)
        self._readable.append(Table(ArrayType(32, (_SIZE,)), values))
        i = Iv(32, 0, 0, _SIZE, 1)
        self._ivs: list[Expr] = []
        before = self._stores(2)
        self._ivs = [i]
        loop = For(i, Const(32, 0), Const(32, _SIZE), self._local_block())
        return Program(name, tuple(arguments), (*before, loop))

    def _local_block(self) -> Block:
        random = self._random
        width = random.choice([32, 64])
        shape = random.choice([(), (), (_SIZE,)])
        local = LocalArray(ArrayType(width, shape), 0)
        places = [()] if not shape else [(Const(8, n),) for n in range(_SIZE)]
        first = [Store(local, place, self._float(width, 2, [])) for place in places]
        self._readable.append(local)
        self._writable += [local, local]
        return (Local(local, (*first, *self._stores(4))),)

    def _stores(self, count: int) -> Block:
        made: list[Statement] = []
        for _ in range(count):
            array = self._random.choice(self._writable)
            pool: list[Expr] = []
            value = self._any(array.type.width, 4, pool)
            when = self._condition(2, pool) if self._random.random() < 0.2 else TRUE
            store = Store(array, self._place(array), value, when)
            branch = self._random.random() < 0.2
            made.append(If(self._condition(2, pool), (store,)) if branch else store)
        return tuple(made)

    def _place(self, array) -> tuple[Expr, ...]:
        if not array.type.shape:
            return ()
        return (self._random.choice([Const(32, self._random.randrange(_SIZE)), *self._ivs]),)

    def _any(self, width: int, depth: int, pool: list[Expr]) -> Expr:
        floating = width in (32, 64) and self._random.random() < 0.75
        return self._float(width, depth, pool) if floating else self._integer(width, depth, pool)

    def _load(self, width: int) -> Expr | None:
        arrays = [array for array in self._readable if array.type.width == width]
        if not arrays:
            return None
        array = self._random.choice(arrays)
        return Load(array, self._place(array))

    def _float(self, width: int, depth: int, pool: list[Expr]) -> Expr:
        random = self._random
        known = [node for node in pool if node.width == width]
        if known and random.random() < 0.3:
            return random.choice(known)
        choice = random.random()
        if depth == 0 or choice < 0.15:
            params = [p for p in self._params if p.bits == width]
            leaves = [Const(width, pattern(random.choice(_SPECIAL), width)), self._load(width), *params]
            return random.choice([leaf for leaf in leaves if leaf is not None])
        if choice < 0.65:
            name = random.choice(_ARITHMETIC)
            arity = OPERATORS[name].arity
            made: Expr = Op(name, width, tuple(self._float(width, depth - 1, pool) for _ in range(arity)))
        elif choice < 0.75:
            other = 96 - width
            made = Op("fpext" if width == 64 else "fptrunc", width, (self._float(other, depth - 1, pool),))
        elif choice < 0.85:
            source = self._integer(random.choice([1, *_INTEGERS]), depth - 1, pool)
            made = Op(random.choice(["sitofp", "uitofp"]), width, (source,))
        else:
            arms = (self._float(width, depth - 1, pool), self._float(width, depth - 1, pool))
            made = Op("select", width, (self._condition(depth - 1, pool), *arms))
        pool.append(made)
        return made

    def _integer(self, width: int, depth: int, pool: list[Expr]) -> Expr:
        random = self._random
        choice = random.random()
        if depth <= 0 or choice < 0.2:
            return random.choice([Const(width, random.getrandbits(width)), self._small(width)])
        if choice < 0.7:
            source = self._float(random.choice([32, 64]), depth - 1, pool)
            return Op(random.choice(["fptosi", "fptoui"]), width, (source,))
        if choice < 0.8 and width in (32, 64):
            # A pattern read as an integer.
            magnitude = Op("and", width, (self._float(width, depth - 1, pool), Const(width, mask(width - 1))))
            return Op("lshr", width, (magnitude, Const(width, 20)))
        operands = (self._integer(width, depth - 1, pool), self._integer(width, depth - 1, pool))
        return Op(random.choice(["add", "xor", "and", "mul"]), width, operands)

    def _small(self, width: int) -> Expr:
        iv = self._random.choice(self._ivs) if self._ivs else Const(32, 3)
        if width == 32:
            return iv
        return Op("zext" if width > 32 else "trunc", width, (iv,))

    def _condition(self, depth: int, pool: list[Expr]) -> Expr:
        width = self._random.choice([32, 64])
        operands = (self._float(width, max(depth, 0), pool), self._float(width, max(depth, 0), pool))
        return Op(self._random.choice(_COMPARISONS), 1, operands)
