"""Random well-formed programs, for property tests and fuzzing.

Every construct of the language occurs, with the corners that transformations get wrong: loops that never
run, triangular bounds, subscripts out of bounds, shared sub-expressions, odd widths, declared ranges.
Programs are small: at most a few hundred statement executions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from seer.errors import Location
from seer.lang.affine_maps import BOUND_OPERATORS
from seer.lang.floats import MATH_FUNCTIONS
from seer.lang.index_forms import Index, index_of
from seer.lang.intervals import Intervals
from seer.lang.operators import FLOAT_WIDTHS, OPERATORS, Operator, mask, to_unsigned
from seer.lang.program import Argument, Origin, Program
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
    Term,
    TopArray,
    While,
)

__all__ = ["random_inputs", "random_program"]

_FAR = 40
"""The greatest magnitude of a loop bound; fits the narrowest induction variable."""

_INTEGER_OPERATORS = [o for o in OPERATORS.values() if not o.is_float]
_FLOAT_OPERATORS = [
    o
    for o in OPERATORS.values()
    if o.is_float and (o.name not in MATH_FUNCTIONS or o.name in ("fsqrt", "ffloor", "fma"))
]
_WIDTHS = (1, 7, 8, 16, 32, 32, 32, 64)


@dataclass(frozen=True)
class _Scope:
    """What an expression at some place may refer to, and how deep the place is nested."""

    arrays: tuple[Array, ...]
    params: tuple[Param, ...]
    ivs: tuple[Iv, ...] = ()
    locals: int = 0
    depth: int = 0
    # Registers that bounds of loops around read: they are not written.
    held: tuple[LocalArray, ...] = ()


def random_program(
    random: Random,
    name: str = "kernel",
    defined: bool = False,
    branches: bool = False,
    floats: bool = False,
    tables: bool = False,
    registers: bool = False,
) -> Program:
    """A well-formed program that ends; the same state of `random` gives the same program.

    `branches` adds If and While, `floats` the operators on floats that need no library, `tables` constant
    tables, `registers` loops whose bounds are read from registers when they begin. If `defined`, it keeps to
    what MLIR and C define too: subscripts in bounds, no division by zero or of the least number by −1, no
    shift by the width or more, every Local written before it is read.
    """
    return _Generator(random, defined, branches, floats, tables, registers).program(name)


def random_inputs(random: Random, program: Program) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Arrays and parameters for one call, inside the declared ranges; extreme values are frequent."""

    def value(width: int, content: Range | None) -> int:
        lower, upper = (content.lower, content.upper) if content else (0, mask(width))
        extremes = [lower, upper, *(v for v in (0, 1, mask(width) >> 1) if lower <= v <= upper)]
        chosen = random.choice(extremes) if random.random() < 0.3 else random.randint(lower, upper)
        return to_unsigned(chosen, width)

    arrays = {
        array.name: [value(array.type.width, array.type.content) for _ in range(_size(array.type))]
        for array in program.arrays
    }
    return arrays, {param.name: value(param.bits, param.content) for param in program.params}


def _size(type: ArrayType) -> int:
    size = 1
    for extent in type.shape:
        size *= extent
    return size


def _converts(operator: Operator, width: int) -> bool:
    """Whether a conversion can give a result of `width` bits, which is a width of floats."""
    return width == {"fpext": 64, "fptrunc": 32}.get(operator.name, width)


def _operand_width(random: Random, operator: Operator, width: int) -> int:
    if operator.float_operands and operator.float_result:
        return 96 - width
    return random.choice(FLOAT_WIDTHS if operator.float_operands else _WIDTHS)


class _Generator:
    def __init__(
        self, random: Random, defined: bool, branches: bool, floats: bool, tables: bool, registers: bool
    ) -> None:
        self._random = random
        self._defined = defined
        self._branches = branches
        self._operators = [*_INTEGER_OPERATORS, *(_FLOAT_OPERATORS if floats else ())]
        self._with_tables = tables
        self._registers = registers
        self._tables: tuple[Table, ...] = ()
        self._intervals = Intervals()
        self._origins: dict[Term, Origin] = {}

    def program(self, name: str) -> Program:
        random = self._random
        arguments: list[Argument] = []
        for number in range(random.randint(1, 3)):
            array = TopArray(self._array_type(), f"a{number}")
            arguments.append(Argument(array.name, array, random.random() < 0.5, f"t{array.type.width}"))
        for number in range(random.randint(0, 2)):
            width = random.choice(_WIDTHS)
            param = Param(width, f"p{number}", self._range(width))
            arguments.append(Argument(param.name, param, random.random() < 0.5, f"t{width}"))
        arrays = tuple(a.term for a in arguments if isinstance(a.term, TopArray))
        params = tuple(a.term for a in arguments if isinstance(a.term, Param))
        if self._with_tables:
            self._tables = tuple(self._table() for _ in range(random.randint(0, 2)))
        body = self._block(_Scope(arrays, params))
        return Program(name, tuple(arguments), body, self._origins)

    def _range(self, width: int) -> Range | None:
        if width < 7 or self._random.random() < 0.5:
            return None
        lower = self._random.choice([0, 0, 1, -3])
        return Range(lower, lower + self._random.randint(0, 12))

    def _array_type(self) -> ArrayType:
        width = self._random.choice(_WIDTHS)
        shape = self._random.choice([(), (1,), (5,), (8,), (8,), (3, 4), (2, 3, 2)])
        return ArrayType(width, shape, self._range(width))

    def _table(self) -> Table:
        random = self._random
        type = self._array_type()
        lower, upper = (type.content.lower, type.content.upper) if type.content else (0, mask(type.width))
        values = [to_unsigned(random.randint(lower, upper), type.width) for _ in range(_size(type))]
        table = Table(type, tuple(values))
        if random.random() < 0.6:
            self._origins[table] = Origin((), ("coefficients",), (Location("k.c", 3, 1),))
        return table

    def _block(self, scope: _Scope) -> Block:
        count = self._random.randint(0 if scope.depth else 1, 3)
        made = [self._located(self._statement(scope)) for _ in range(count)]
        if made and self._random.random() < 0.1:
            # One term twice: it has the origins of both occurrences.
            made.append(self._located(self._random.choice(made)))
        return tuple(made)

    def _located(self, statement: Statement) -> Statement:
        random = self._random
        if random.random() < 0.6:
            label = (f"L{random.randint(0, 5)}",) if isinstance(statement, (For, While)) else ()
            names = ("i",) if isinstance(statement, For) else ("s",) if isinstance(statement, Local) else ()
            place = (
                Location(random.choice(["k.c", "dir/h.h"]), random.randint(1, 90), random.randint(1, 40)),
            )
            origin = Origin(label, names, place)
            earlier = self._origins.get(statement)
            self._origins[statement] = earlier.merged(origin) if earlier else origin
        return statement

    def _statement(self, scope: _Scope) -> Statement:
        inner = replace(scope, depth=scope.depth + 1)
        random = self._random
        choice = random.random() if scope.depth < 4 else 0.0
        if choice < 0.45:
            return self._store(scope)
        if self._branches and choice > 0.6 and self._random.random() < 0.5:
            return self._if(inner) if self._random.random() < 0.7 else self._while(inner)
        if choice < 0.75 and len(scope.ivs) < 3:
            return self._late_loop(inner) if self._registers and random.random() < 0.4 else self._loop(inner)
        if choice < 0.85:
            return Group(self._block(inner))
        array = LocalArray(self._array_type(), scope.locals)
        body = self._block(replace(inner, arrays=(*scope.arrays, array), locals=scope.locals + 1))
        return Local(array, (self._filled(array, scope), *body) if self._defined else body)

    def _filled(self, array: LocalArray, scope: _Scope) -> Statement:
        """Writes every element of a Local."""
        level = len(scope.ivs)
        ivs = tuple(Iv(32, level + d, 0, extent, 1) for d, extent in enumerate(array.type.shape))
        lower = array.type.content.lower if array.type.content else self._random.randint(0, 1)
        filled: Statement = Store(array, ivs, Const(array.type.width, to_unsigned(lower, array.type.width)))
        for iv in reversed(ivs):
            filled = For(iv, Const(32, iv.lower), Const(32, iv.upper), (filled,))
        return filled

    def _if(self, scope: _Scope) -> If:
        condition = self._expression(1, scope, [], 3)
        return If(condition, self._block(scope), self._block(scope) if self._random.random() < 0.5 else ())

    def _while(self, scope: _Scope) -> Local:
        """A While that a counter of its own ends, if nothing else does."""
        width = self._random.choice([3, 8, 32])
        counter = LocalArray(ArrayType(width, ()), scope.locals)
        inner = replace(scope, locals=scope.locals + 1)
        condition: Expr = Op("ult", 1, (Load(counter, ()), Const(width, self._random.randint(0, 4))))
        if self._random.random() < 0.5:
            condition = Op("and", 1, (condition, self._expression(1, inner, [], 3)))
        count = Store(counter, (), Op("add", width, (Load(counter, ()), Const(width, 1))))
        body = self._block(inner)
        loop = self._located(
            While(condition, (*body, count) if self._random.random() < 0.7 else (count, *body))
        )
        return Local(counter, (Store(counter, (), Const(width, 0)), loop))

    def _late_loop(self, scope: _Scope) -> Local:
        """A loop with bounds that are read from a register when it begins; elsewhere that is written, too."""
        random = self._random
        lower = random.choice([0, 0, 1, -2])
        type = ArrayType(random.choice([8, 16, 32]), (), Range(lower, lower + random.randint(1, 6)))
        register = LocalArray(type, scope.locals)
        inner = replace(scope, arrays=(*scope.arrays, register), locals=scope.locals + 1)
        start = self._store(scope, register)
        before = self._block(inner) if random.random() < 0.3 else ()
        loop = self._located(self._loop(inner, register))
        after = self._block(inner) if random.random() < 0.3 else ()
        return Local(register, (start, *before, loop, *after))

    def _loop(self, scope: _Scope, register: LocalArray | None = None) -> For:
        random = self._random
        width = random.choice([8, 16, 32, 32, 32] if register is None else [register.type.width, 32])
        held = None if register is None else self._resized(Load(register, ()), width, True)
        lower, upper = self._bound(width, scope, held=held), self._bound(width, scope, 5, held)
        forms = [self._form(bound) for bound in (lower, upper)]
        first, limit = (form.lower if k == 0 else form.upper for k, form in enumerate(forms) if form)
        if first < limit and random.random() < 0.2:
            # Declared more loosely than need be.
            first, limit = first - 1, limit + 2
        iv = Iv(width, len(scope.ivs), first, limit, random.choice([1, 1, 1, 2, 3]))
        inside = replace(scope, ivs=(*scope.ivs, iv))
        if register is not None:
            inside = replace(inside, held=(*scope.held, register))
        return For(iv, lower, upper, self._block(inside))

    def _form(self, bound: Expr) -> Index | None:
        return index_of(bound, self._intervals, BOUND_OPERATORS, self._registers)

    def _bound(self, width: int, scope: _Scope, offset: int = 0, held: Expr | None = None) -> Expr:
        """A bound of small range that does not wrap; mostly on `held`, if given."""
        random = self._random
        plain = Const(width, to_unsigned(random.randint(-1, 2) + offset, width))
        small = [p for p in scope.params if p.content is not None and p.bits > 1]
        if held is not None and random.random() < 0.7:
            base = held
        elif random.random() < 0.5 or not (small or scope.ivs):
            return plain
        else:
            base = self._resized(random.choice([*small, *scope.ivs]), width, random.random() < 0.8)
        by = Const(width, random.randint(0, 3))
        choices: list[Expr] = [
            base,
            base,
            Op("add", width, (base, by)),
            Op("add", width, (by, base)),
            Op("sub", width, (base, by)),
            Op("sub", width, (plain, base)),
            Op("shl", width, (base, Const(width, 1))),
            Op("mul", width, (Const(width, 2), base)),
        ]
        chosen = random.choice(choices)
        form = self._form(chosen)
        # Not so far out that loops run long (a negative parameter may have been zero-extended).
        return chosen if form and form.lower >= -_FAR and form.upper <= _FAR else plain

    def _store(self, scope: _Scope, register: LocalArray | None = None) -> Store:
        """A store, to `register` if that is given: always, then."""
        random = self._random
        written = [array for array in scope.arrays if array not in scope.held]
        array = random.choice(written) if register is None else register
        pool: list[Expr] = []
        indices = tuple(self._subscript(extent, scope, pool) for extent in array.type.shape)
        value = self._expression(array.type.width, scope, pool, 4)
        if array.type.content is not None:
            # Declared ranges are kept by every store.
            span = Const(value.width, array.type.content.upper - array.type.content.lower + 1)
            least = Const(value.width, to_unsigned(array.type.content.lower, value.width))
            value = Op("add", value.width, (Op("urem", value.width, (value, span)), least))
        always = register is not None or random.random() >= 0.25
        when = TRUE if always else self._expression(1, scope, pool, 3)
        return Store(array, indices, value, when)

    def _subscript(self, extent: int, scope: _Scope, pool: list[Expr]) -> Expr:
        made = self._any_subscript(extent, scope, pool)
        if self._defined and self._intervals.of(made).uhi >= extent:
            return Op("urem", made.width, (made, Const(made.width, extent)))
        return made

    def _any_subscript(self, extent: int, scope: _Scope, pool: list[Expr]) -> Expr:
        random = self._random
        width = random.choice([8, 16, 32, 32, 32])
        choice = random.random()
        if choice < 0.15:
            return self._expression(width, scope, pool, 2)
        if choice < 0.3 or not scope.ivs:
            return Const(width, random.randint(0, extent))
        iv = self._resized(random.choice(scope.ivs), width, True)
        by = Const(width, random.randint(0, 3))
        return random.choice(
            [
                iv,
                Op("add", width, (iv, by)),
                Op("add", width, (by, iv)),
                Op("sub", width, (iv, by)),
                Op("mul", width, (by, iv)),
                Op("shl", width, (iv, Const(width, 1))),
                Op("add", width, (iv, self._resized(random.choice(scope.ivs), width, True))),
            ]
        )

    def _resized(self, expression: Expr, width: int, signed: bool) -> Expr:
        if expression.width == width:
            return expression
        if expression.width > width:
            return Op("trunc", width, (expression,))
        return Op("sext" if signed else "zext", width, (expression,))

    def _expression(self, width: int, scope: _Scope, pool: list[Expr], depth: int) -> Expr:
        random = self._random
        if pool and random.random() < 0.3:
            return self._resized(random.choice(pool), width, random.random() < 0.5)
        made = self._node(width, scope, pool, depth)
        pool.append(made)
        return made

    def _node(self, width: int, scope: _Scope, pool: list[Expr], depth: int) -> Expr:
        random = self._random
        choice = random.random()
        if depth == 0 or choice < 0.35:
            leaves: list[Expr] = [*scope.params, *scope.ivs]
            if leaves and random.random() < 0.6:
                return self._resized(random.choice(leaves), width, random.random() < 0.5)
            return Const(width, random.choice([0, 1, mask(width), random.randint(0, mask(width))]))
        if choice < 0.6:
            array = random.choice((*scope.arrays, *self._tables))
            indices = tuple(self._subscript(extent, scope, pool) for extent in array.type.shape)
            return self._resized(Load(array, indices), width, random.random() < 0.5)
        operators = [o for o in self._operators if o.shape in ("same", "select")]
        if width in FLOAT_WIDTHS:
            operators += [o for o in self._operators if o.shape == "convert" and _converts(o, width)]
        else:
            operators = [o for o in operators if not o.is_float]
        if self._defined and width == 1:
            operators = [o for o in operators if o.name not in ("sdiv", "srem")]
        if width == 1:
            operators += [o for o in self._operators if o.shape == "compare"] * 2
        operator = random.choice(operators)
        widths = [width] * operator.arity
        if operator.shape == "select":
            widths[0] = 1
        elif operator.shape == "compare":
            widths = [random.choice(FLOAT_WIDTHS if operator.is_float else _WIDTHS)] * operator.arity
        elif operator.shape == "convert":
            widths = [_operand_width(random, operator, width)]
        operands = tuple(self._expression(w, scope, pool, depth - 1) for w in widths)
        if self._defined and operator.name in ("shl", "lshr", "ashr"):
            operands = (operands[0], Const(width, random.randint(0, width - 1)))
        if self._defined and operator.name in ("udiv", "urem", "sdiv", "srem"):
            operands = (operands[0], Const(width, random.randint(1, max(1, mask(width) >> 1))))
        return Op(operator.name, width, operands)
