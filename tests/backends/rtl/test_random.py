"""Random programs through the real scheduler: the hardware computes what the interpreter says, in exactly
the cycles that the schedule predicts."""

import random
from dataclasses import replace
from math import prod

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.lang.operators import OPERATORS, mask, to_unsigned
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
    TopArray,
)
from seer.lang.traverse import statements
from seer.schedule import Target, auto_pipelined, cycles, schedule
from tests.schedule.programs import RandomProgram
from tests.schedule.while_programs import random_while

WIDTHS = [1, 5, 8, 16, 32]
IV_BITS = 32
INTEGER = [name for name, operator in OPERATORS.items() if not operator.is_float]
DIVISIONS = {"udiv", "sdiv", "urem", "srem"}


class Generator:
    """Programs whose subscripts stay in bounds and whose locals are written before they are read."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.params = [
            Param(8, "n", Range(0, 6)),
            Param(8, "m", Range(-3, 3)),
            Param(13, "reg"),
            Param(3, "k"),
        ]
        shapes = [(8,), (16,), (4, 8), (11,), ()]
        self.arrays = [
            TopArray(ArrayType(self.rng.choice(WIDTHS[2:]), shape), f"A{k}") for k, shape in enumerate(shapes)
        ]
        self.ivs: list[Iv] = []
        self.locals: list[LocalArray] = []

    def program(self, name: str) -> Program:
        body = tuple(statement for _ in range(3) for statement in self.statement(0))
        arguments = [Argument(t.name, t, False, "unsigned") for t in (*self.params, *self.arrays)]
        return Program(name, tuple(arguments), body)

    # -- statements ----------------------------------------------------------------------------------

    def block(self, depth: int) -> tuple[Statement, ...]:
        return tuple(s for _ in range(self.rng.randint(1, 2)) for s in self.statement(depth))

    def statement(self, depth: int) -> list[Statement]:
        kind = self.rng.choice(
            ["store", "for", "for", "local"] if depth < 2 or self.rng.random() < 0.1 else ["store"]
        )
        if kind == "for" and depth < 3:
            return [self.loop(depth)]
        if kind == "local" and len(self.locals) < 2:
            return [self.local(depth)]
        return [self.store() for _ in range(self.rng.randint(1, 2))]

    def loop(self, depth: int) -> For:
        rng = self.rng
        bound = rng.choice(["constant", "constant", "param", "unsigned", "outer", "both"])
        if bound in ("outer", "both") and not self.ivs:
            bound = "param"
        low = rng.choice([0, 0, 1, -2])
        if bound == "constant":
            hull = (low, low + rng.randint(1, 6))
            ends = (self.number(hull[0]), self.number(hull[1]))
        elif bound == "param":
            ends = (self.number(low), self.resized(self.params[0], signed=True))
            hull = (low, 6)
        elif bound == "unsigned":
            ends = (self.number(low), self.resized(self.params[3]))
            hull = (low, 7)
        elif bound == "outer":
            ends = (self.resized(self.ivs[-1], signed=True), self.number(5))
            hull = (self.ivs[-1].lower, 5)
        else:
            outer = self.ivs[-1]
            m = self.resized(self.params[1], signed=True)
            lower_ = Op("sub", IV_BITS, (self.resized(outer, signed=True), m))
            doubled = Op("mul", IV_BITS, (self.resized(self.params[0], signed=True), self.number(2)))
            ends = (lower_, Op("sub", IV_BITS, (doubled, self.number(1))))
            hull = (outer.lower - 3, 11)
        # The hull says which values an induction variable takes, so it needs a fixed start for steps above 1.
        step = rng.choice([1, 1, 2, 3]) if isinstance(ends[0], Const) else 1
        iv = Iv(IV_BITS, len(self.ivs), *hull, step)
        self.ivs.append(iv)
        body = self.block(depth + 1)
        self.ivs.pop()
        return For(iv, *ends, body)

    def local(self, depth: int) -> Local:
        array = LocalArray(ArrayType(self.rng.choice(WIDTHS), ()), len(self.locals))
        first = Store(array, (), self.expression(2, array.type.width))
        self.locals.append(array)
        body = (first, *self.block(depth), self.store(), *self.block(depth))
        self.locals.pop()
        return Local(array, body)

    def store(self) -> Store:
        array = self.rng.choice([*self.arrays, *self.locals, *self.locals])
        when = self.expression(2, 1) if self.rng.random() < 0.3 else TRUE
        return Store(array, self.subscripts(array), self.expression(2, array.type.width), when)

    # -- expressions ---------------------------------------------------------------------------------

    def subscripts(self, array: Array) -> tuple[Expr, ...]:
        return tuple(self.subscript(extent) for extent in array.type.shape)

    def subscript(self, extent: int) -> Expr:
        rng = self.rng
        fitting = [iv for iv in self.ivs if iv.lower >= 0 and 2 * (iv.upper - 1) + 1 < extent]
        if fitting and rng.random() < 0.7:
            iv = rng.choice(fitting)
            scaled = rng.choice([iv, Op("shl", IV_BITS, (iv, self.number(1)))])
            return Op("add", IV_BITS, (scaled, self.number(rng.randint(0, 1))))
        if extent & (extent - 1):
            return Op("urem", 8, (self.expression(1, 8), Const(8, extent)))
        bits = extent.bit_length() - 1
        wide = self.ivs[-1] if self.ivs and rng.random() < 0.5 else self.expression(1, 8)
        return Op("trunc", bits, (wide,))

    def expression(self, depth: int, width: int) -> Expr:
        rng = self.rng
        if depth == 0 or rng.random() < 0.1:
            return self.resized(self.leaf(width), width, rng.random() < 0.5)
        kind = rng.choice(INTEGER)
        operator = OPERATORS[kind]
        if kind in DIVISIONS and (width > 16 or rng.random() < 0.7):
            kind = "add"
        if operator.shape == "compare":
            inner = rng.choice(WIDTHS)
            result = Op(kind, 1, (self.expression(depth - 1, inner), self.expression(depth - 1, inner)))
            return self.resized(result, width, rng.random() < 0.5)
        if operator.shape == "select":
            operands = tuple(self.expression(depth - 1, w) for w in (1, width, width))
            return Op(kind, width, operands)
        if operator.shape in ("widen", "narrow"):
            return self.resized(self.expression(depth - 1, rng.choice(WIDTHS)), width, rng.random() < 0.5)
        return Op(kind, width, (self.expression(depth - 1, width), self.expression(depth - 1, width)))

    def leaf(self, width: int) -> Expr:
        rng = self.rng
        kind = rng.choice(["constant", "load", "load", "load", "param", "iv", "local"])
        if kind == "iv" and self.ivs:
            return rng.choice(self.ivs)
        if kind == "param":
            return rng.choice(self.params)
        if kind == "local" and self.locals:
            return Load(rng.choice(self.locals), ())
        if kind == "load":
            array = rng.choice(self.arrays)
            return Load(array, self.subscripts(array))
        return Const(width, rng.choice([0, 1, 3, 10, mask(width), rng.randrange(1 << width)]) & mask(width))

    def number(self, value: int) -> Const:
        return Const(IV_BITS, to_unsigned(value, IV_BITS))

    def resized(self, e: Expr, width: int = IV_BITS, signed: bool = False) -> Expr:
        if e.width == width:
            return e
        if e.width > width:
            return Op("trunc", width, (e,))
        return Op("sext" if signed else "zext", width, (e,))

    def call(self, program: Program, call):
        rng = self.rng
        params = {
            "n": rng.randint(0, 6),
            "m": rng.randint(-3, 3) & 255,
            "reg": rng.randrange(1 << 13),
            "k": rng.randrange(8),
        }
        before = {
            array.name: [rng.randrange(1 << array.type.width) for _ in range(prod(array.type.shape))]
            for array in self.arrays
        }
        return call(params, before, interpreter.run(program, before, params))


@pytest.mark.parametrize("seed", range(5))
def test_hardware_equals_interpreter_and_prediction(seed, call, tmp_path):
    generator = Generator(seed)
    program = generator.program(f"random{seed}")
    pipelined = auto_pipelined(program)
    if seed % 3 == 1:
        loops = [s for s in statements(program.body) if isinstance(s, For) and s in pipelined]
        pipelined = frozenset(loop for loop in loops if generator.rng.random() < 0.5)
    target = Target.load("xc7", [5.0, 10.0, 3.5][seed % 3], 1 + seed % 2)
    design = schedule(program, pipelined, target)
    calls = [generator.call(program, call) for _ in range(8)]
    verilog = generate(design)
    lint(verilog, program.name, tmp_path / "lint.log")
    simulation = simulate(design, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c.params) for c in calls]


@pytest.mark.parametrize("seed", [1, 2, 9, 16, 21])
def test_data_dependent_control_and_local_arrays(seed, call, tmp_path):
    made = RandomProgram(seed, control=True)
    program = replace(made.program, name=f"control{seed}")
    target = Target.load("xc7", [5.0, 10.0][seed % 2], 1 + seed % 2)
    design = schedule(program, auto_pipelined(program) if seed % 3 else frozenset(), target)
    calls = []
    for _ in range(6):
        contents, params = made.inputs()
        calls.append(call(params, contents, interpreter.run(program, contents, params)))
    verilog = generate(design)
    lint(verilog, program.name, tmp_path / "lint.log")
    simulation = simulate(design, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c) for c in calls]


@pytest.mark.parametrize("seed", [1, 4, 7, 10])
def test_pipelined_while_loops(seed, call, tmp_path):
    made, contents = random_while(seed)
    program = replace(made, name=f"while{seed}")
    design = schedule(program, auto_pipelined(program), Target.load("xc7", 5.0, 1 + seed % 2))
    calls = []
    for shift in range(4):
        before = {name: values[shift:] + values[:shift] for name, values in contents.items()}
        calls.append(call({}, before, interpreter.run(program, before, {})))
    verilog = generate(design)
    lint(verilog, program.name, tmp_path / "lint.log")
    simulation = simulate(design, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c) for c in calls]
