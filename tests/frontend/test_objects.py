"""Kernels on floats, tables, structs, pointers, calls and file-scope variables: what gcc makes of them is
what their Programs compute, NaNs apart, whose sign and payload C leaves open."""

from __future__ import annotations

import random
import struct
from math import prod
from pathlib import Path

import pytest

from seer.frontend import load
from seer.lang.floats import canonical_nan
from seer.lang.interpreter import run
from seer.lang.operators import mask
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import Param
from seer.verify.execute import record
from seer.verify.vectors import Call, memory

FOLDER = Path(__file__).parent / "objects"
KERNELS = {path.stem: path for path in sorted(FOLDER.glob("*.c*"))}
CALLS = 9
LIMITS = {("suite_style", "n"): 5}
"""Scalar arguments that count loops over arrays stay in 0..limit."""

_FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 3.25, -7.75, 1e10, -1e-3, 100.1]
_SPECIAL = [float("inf"), float("-inf"), float("nan"), 1e-40]


def _number(argument: Argument, width: int, call: int, source: random.Random) -> int:
    if argument.c_type in ("float", "double"):
        choices = _FLOATS + (_SPECIAL if call % 3 == 2 else [])
        value = source.choice(choices) if source.random() < 0.7 else source.uniform(-50, 50)
        integer, floating = ("<I", "<f") if width == 32 else ("<Q", "<d")
        return struct.unpack(integer, struct.pack(floating, value))[0]
    if call < 3:
        return (0, source.randrange(8), source.randrange(-4, 100))[call] & mask(width)
    bits = source.getrandbits(source.randint(1, width))
    return (bits if source.random() < 0.5 else -bits) & mask(width)


def _call(program: Program, call: int, source: random.Random) -> Call:
    params, arrays = {}, {}
    for argument in program.arguments:
        term = argument.term
        if isinstance(term, Param):
            limit = LIMITS.get((program.name, argument.name))
            value = _number(argument, term.bits, call, source)
            params[argument.name] = value if limit is None else value % (limit + 1)
            continue
        count, width = prod(term.type.shape), term.type.width
        returned = argument.name.startswith(RETURN_NAME)
        numbers = [0 if returned else _number(argument, width, call, source) for _ in range(count)]
        arrays[argument.name] = memory(width, numbers)
    return Call(params, arrays)


def _comparable(argument: Argument, width: int, contents: object) -> list[int]:
    numbers = [int(number) for number in contents]  # type: ignore[attr-defined]
    if argument.c_type not in ("float", "double"):
        return numbers
    infinity = 0x7F800000 if width == 32 else 0x7FF0000000000000
    return [canonical_nan(width) if number & mask(width - 1) > infinity else number for number in numbers]


def check(files: list[Path], top: str) -> None:
    program = load(files, top)
    source = random.Random(top)
    calls = [_call(program, number, source) for number in range(CALLS)]
    for number, call in enumerate(record(files, top, program, calls).calls):
        before = {name: [int(n) for n in contents] for name, contents in call.arrays_before.items()}
        after = run(program, before, call.params, locals_seed=number)
        for argument in program.arguments:
            if not isinstance(argument.term, Param):
                width = argument.term.type.width
                expected = _comparable(argument, width, call.arrays_after[argument.name])
                got = _comparable(argument, width, after[argument.name])
                assert got == expected, f"call {number}, {argument.name}, {call.params}"


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(name: str) -> None:
    check([KERNELS[name]], name)


def test_several_files(tmp_path: Path) -> None:
    (tmp_path / "shared.h").write_text("extern int total; int twice(int x);\n")
    main, helper = tmp_path / "main.c", tmp_path / "helper.c"
    main.write_text(
        '#include "shared.h"\nstatic int k(int x) { return x + 1; }\n'
        "void top(int a[3]) { for (int i = 0; i < 3; i++) { a[i] = twice(k(a[i])); total += a[i]; } }\n"
    )
    helper.write_text(
        '#include "shared.h"\nint total;\nstatic int k2(int x) { return x * 2; }\n'
        "int twice(int x) { total ^= 1; return k2(x); }\n"
    )
    check([main, helper], "top")
