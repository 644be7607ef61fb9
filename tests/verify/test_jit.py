"""Programs run through MLIR's just-in-time compiler leave the memories that the interpreter leaves."""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from seer.errors import InputError
from seer.lang.floats import MATH_FUNCTIONS
from seer.lang.interpreter import run
from seer.lang.operators import mask
from seer.lang.program import Argument, Program
from seer.lang.random_programs import random_inputs, random_program
from seer.lang.terms import ArrayType, Block, Const, Expr, For, Iv, Load, Op, Param, Store, TopArray
from seer.lang.to_mlir import Form
from seer.verify.agreement import differing
from seer.verify.jit import JitProgram, run_jit
from seer.verify.vectors import Call, memory

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.99, 127.0, 128.0, -128.0, -129.0, 255.9, 256.0, 2.0**31, -(2.0**31)]
FLOATS += [
    2.0**63,
    -(2.0**63),
    2.0**64,
    1e30,
    -1e30,
    2.0**127,
    -(2.0**127),
    float("inf"),
    float("nan"),
    1e-310,
]


def program_of(arrays: Sequence[TopArray], body: Block, params: Sequence[Param] = ()) -> Program:
    arguments = [Argument(term.name, term, False, "t") for term in (*arrays, *params)]
    return Program("kernel", tuple(arguments), body)


def check(
    program: Program, arrays: Mapping[str, Sequence[int]], params: Mapping[str, int], jit: JitProgram
) -> None:
    widths = {array.name: array.type.width for array in program.arrays}
    before = {name: memory(widths[name], contents) for name, contents in arrays.items()}
    got = jit.run(Call(params, before))
    for name, contents in run(program, arrays, params).items():
        assert not len(differing(memory(widths[name], contents), got[name], False)), name
        assert got[name].dtype == memory(widths[name], []).dtype


def elementwise(name: str, width: int, result: int, operands: Sequence[Sequence[int]]) -> None:
    """`c[i] = name(a[i], b[i], …)` over all given operands."""
    count = len(operands[0])
    iv = Iv(16, 0, 0, count, 1)
    inputs = [TopArray(ArrayType(width, (count,)), f"x{n}") for n in range(len(operands))]
    values: list[Expr] = [Load(array, (iv,)) for array in inputs]
    output = TopArray(ArrayType(result, (count,)), "out")
    loop = For(iv, Const(16, 0), Const(16, count), (Store(output, (iv,), Op(name, result, tuple(values))),))
    program = program_of([*inputs, output], (loop,))
    contents = {array.name: list(v) for array, v in zip(inputs, operands, strict=True)}
    check(program, contents, {}, JitProgram(program))


@pytest.mark.parametrize("name", ["udiv", "urem", "sdiv", "srem", "shl", "lshr", "ashr"])
@pytest.mark.parametrize("width", [1, 3, 4, 64, 100, 128])
def test_partial_operators(name: str, width: int) -> None:
    numbers = {0, 1, 2, mask(width), mask(width - 1), 1 << (width - 1), width & mask(width), 5 & mask(width)}
    values = list(range(1 << width)) if width < 5 else sorted(numbers)
    pairs = [(a, b) for a in values for b in values]
    elementwise(name, width, width, [[a for a, _ in pairs], [b for _, b in pairs]])


def bits(value: float, width: int) -> int:
    try:
        packed = struct.pack("<f" if width == 32 else "<d", value)
    except OverflowError:
        packed = struct.pack("<f", float("inf"))
    return int.from_bytes(packed, "little")


@pytest.mark.parametrize("name", ["fptosi", "fptoui"])
@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("result", [1, 7, 8, 24, 25, 31, 32, 53, 54, 63, 64, 65, 128])
def test_conversions_to_integers(name: str, width: int, result: int) -> None:
    edges = [float(sign * (2**p + d)) for p in (result - 1, result) for sign in (1, -1) for d in (-1, 0, 1)]
    number = np.float32 if width == 32 else np.float64
    with np.errstate(over="ignore"):
        nearby = [np.nextafter(number(e), number(way)) for e in edges for way in (-np.inf, np.inf)]
    elementwise(name, width, result, [[bits(float(v), width) for v in [*FLOATS, *edges, *nearby]]])


@pytest.mark.parametrize("name", [*MATH_FUNCTIONS, "fadd", "fsub", "fmul", "fdiv", "fneg", "fabs"])
def test_operators_on_floats(name: str) -> None:
    arity = MATH_FUNCTIONS[name][0] if name in MATH_FUNCTIONS else 1 if name in ("fneg", "fabs") else 2
    source = random.Random(name)
    for width in (32, 64):
        rows = [[source.choice(FLOATS) for _ in range(arity)] for _ in range(60)]
        rows += [[source.uniform(-4, 4) for _ in range(arity)] for _ in range(60)]
        elementwise(name, width, width, [[bits(row[n], width) for row in rows] for n in range(arity)])


@pytest.mark.parametrize("defined", [True, False])
def test_random_programs(defined: bool) -> None:
    compared = 0
    for seed in range(60):
        source = random.Random(seed)
        program = random_program(
            source, "kernel", defined, branches=True, floats=True, tables=True, registers=True
        )
        arrays, params = random_inputs(source, program)
        results = [run(program, arrays, params, locals_seed=n) for n in range(12)]
        if any(result != results[0] for result in results):
            continue  # It reads a Local that it has not written.
        form: Form = "affine" if seed % 2 else "plain"
        check(program, arrays, params, JitProgram(program, form, seed // 2 % 3))
        compared += 1
    assert compared > 50


def test_accesses_out_of_bounds() -> None:
    small, out = TopArray(ArrayType(9, (3, 2)), "a"), TopArray(ArrayType(9, (4,)), "b")
    i, j = Param(70, "i"), Param(8, "j")
    load = Load(small, (i, j))
    body: Block = (Store(out, (j,), load), Store(small, (i, j), Const(9, 7)))
    program = program_of([small, out], body, [i, j])
    arrays = {"a": [1, 2, 3, 4, 5, 6], "b": [0] * 4}
    jit = JitProgram(program)
    for i_value in (0, 2, 3, 1 << 64, (1 << 64) + 1, mask(70)):
        for j_value in (0, 1, 2, 255):
            check(program, arrays, {"i": i_value, "j": j_value}, jit)


def test_arguments_keep_their_contents_and_lengths_are_checked() -> None:
    array = TopArray(ArrayType(8, (2,)), "a")
    program = program_of([array], (Store(array, (Const(8, 1),), Const(8, 9)),))
    before = memory(8, [1, 2])
    assert list(run_jit(program, Call({}, {"a": before}))["a"]) == [1, 9]
    assert list(before) == [1, 2]
    assert list(run_jit(program, Call({}, {}))["a"]) == [0, 9]
    with pytest.raises(InputError, match="has 2 elements"):
        run_jit(program, Call({}, {"a": memory(8, [1])}))
