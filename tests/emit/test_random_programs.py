"""Random programs: the emitted C++ computes what the interpreter does, and the sanitizer stays silent."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from seer.lang import random_programs
from seer.lang.interpreter import run
from seer.lang.operators import to_unsigned
from seer.lang.program import Program
from seer.lang.random_programs import random_inputs, random_program
from seer.lang.terms import Block, Const, For, Group, If, Local, Statement, Store, While

PROGRAMS = 30
CALLS = 4


def _initialised(block: Block) -> Block:
    """With every local filled at entry, so that results do not depend on what it held."""
    return tuple(_filled(statement) for statement in block)


def _filled(statement: Statement) -> Statement:
    match statement:
        case For(iv, lower, upper, body):
            return For(iv, lower, upper, _initialised(body))
        case Group(body):
            return Group(_initialised(body))
        case If(condition, then, otherwise):
            return If(condition, _initialised(then), _initialised(otherwise))
        case While(condition, body):
            return While(condition, _initialised(body))
        case Local(array, body):
            content = array.type.content
            least = to_unsigned(content.lower if content else 5, array.type.width)
            fills = [
                Store(array, tuple(Const(8, n) for n in place), Const(array.type.width, least))
                for place in product(*(range(extent) for extent in array.type.shape))
            ]
            return Local(array, (*fills, *_initialised(body)))
        case _:
            return statement


def _cases(seed: int, defined: bool = False) -> list[tuple[Program, list]]:
    random = Random(seed)
    cases = []
    for number in range(PROGRAMS):
        name, richer = f"kernel{number}", number % 2 == 1
        program = random_program(
            random, name, defined, richer, floats=richer, tables=richer, registers=richer
        )
        program = replace(program, body=_initialised(program.body), origins=program.origins)
        cases.append((program, [random_inputs(random, program) for _ in range(CALLS)]))
    return cases


@pytest.mark.parametrize(
    ("seed", "widths", "defined"),
    [
        (1, (1, 7, 8, 16, 32, 32, 32, 64), False),
        (2, (1, 3, 8, 17, 31, 32, 33, 48, 63, 64), False),
        (3, (1, 32, 64, 65, 100, 127, 128), False),
        # Subscripts are in bounds, though not always provably: they are not checked.
        (4, (1, 8, 16, 32, 64), True),
    ],
)
def test_emitted_code_agrees_with_the_interpreter(run_all, monkeypatch, seed, widths, defined) -> None:
    monkeypatch.setattr(random_programs, "_WIDTHS", widths)
    cases = _cases(seed, defined)
    found = run_all(cases, check_subscripts=not defined)
    for (program, inputs), results in zip(cases, found, strict=True):
        for (arrays, params), after in zip(inputs, results, strict=True):
            assert after == run(program, arrays, params), program.name
