"""Random expressions on ap_int: interpreted, as g++ compiles the source, and as it compiles what is emitted,
they have the values that the vendor's rules give them in Python."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seer.emit import EmitHeader, emit_cpp
from seer.frontend import load
from seer.lang.interpreter import run
from seer.lang.operators import mask
from seer.verify.execute import compile_and_run, run_emitted
from seer.verify.vectors import Call, memory
from tests.frontend.ap_expressions import C_TYPES, Generator, Type, interesting, kernel

HEADER = EmitHeader("xc7", 5.0, 0)


def check(folder: Path, seed: int, count: int, calls: int) -> None:
    source = random.Random(seed)
    widths = [source.choice([1, 3, 8, 12, 16, 31, 32, 33, 57, 64, 65, 90, 127, 128]) for _ in range(5)]
    arguments = {f"x{n}": Type(width, source.random() < 0.5) for n, width in enumerate(widths)}
    arguments |= {f"c{n}": Type(*C_TYPES[name], name) for n, name in enumerate(source.sample([*C_TYPES], 3))}
    generator = Generator(source, arguments)
    expressions = [generator.expression(source.choice([1, 2, 3])) for _ in range(count)]
    results = [source.choice([e.type, generator.expression(1).type]) for e in expressions]
    file = folder / f"random{seed}.cpp"
    file.write_text(kernel("f", arguments, expressions, results))
    program = load([file], "f")
    given, golden = [], []
    for _ in range(calls):
        values = {name: interesting(source, type) for name, type in arguments.items()}
        params = {name: values[name] & mask(type.width) for name, type in arguments.items()}
        arrays = {f"r{n}": memory(type.width, [0]) for n, type in enumerate(results)}
        given.append(Call(params, arrays))
        golden.append(
            {
                f"r{n}": type.wrap(expression.value(values)) & mask(type.width)
                for n, (expression, type) in enumerate(zip(expressions, results, strict=True))
            }
        )
    compiled = compile_and_run([file], "f", program.arguments, given)
    emitted = run_emitted(emit_cpp(program, {}, HEADER), program, given)
    for call, expected, original, ours in zip(given, golden, compiled, emitted, strict=True):
        interpreted = run(program, {name: [0] for name in expected}, dict(call.params))
        for name, number in expected.items():
            text = f"{expressions[int(name[1:])].text} for {dict(call.params)}, seed {seed}"
            assert interpreted[name] == [number], f"interpreted: {text}"
            assert [int(v) for v in original[name]] == [number], f"compiled: {text}"
            assert [int(v) for v in ours[name]] == [number], f"emitted: {text}"


@pytest.mark.parametrize("seed", range(2))
def test_random_expressions(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, 25, 12)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_random_expressions(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, 25, 20)
