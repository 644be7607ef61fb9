"""Kernels on ap_int against models on Python's integers: interpreted, compiled as they are, and emitted."""

from __future__ import annotations

import random
from math import prod
from pathlib import Path

import pytest

from seer.emit import EmitHeader, emit_cpp
from seer.frontend import load
from seer.lang.interpreter import run
from seer.lang.operators import mask, to_signed
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import For, TopArray, While
from seer.lang.traverse import statements
from seer.verify.execute import compile_and_run, run_emitted
from seer.verify.vectors import Call, memory
from tests.frontend.ap_int.models import MODELS

FOLDER = Path(__file__).parent / "ap_int"
KERNELS = {path.stem: path for path in sorted(FOLDER.glob("*.cpp"))}
HEADER = EmitHeader("xc7", 5.0, 0)


def width_and_count(argument: Argument) -> tuple[int, int]:
    if isinstance(argument.term, TopArray):
        return argument.term.type.width, prod(argument.term.type.shape)
    return argument.term.bits, 1


def directed(number: int, source: random.Random, width: int) -> int:
    """A number for one of the first calls (extremes), else one of any magnitude."""
    fillings = [0, mask(width), 1 << (width - 1), mask(width - 1), 1, source.choice([0, 1, mask(width)])]
    return fillings[number] if number < len(fillings) else source.getrandbits(source.randint(1, width))


def inputs(program: Program, calls: int) -> list[Call]:
    source, made = random.Random(program.name), []
    for number in range(calls):
        params, arrays = {}, {}
        for argument in program.arguments:
            width, count = width_and_count(argument)
            contents = [directed(number, source, width) for _ in range(count)]
            if argument.name == RETURN_NAME:
                contents = [0]
            if not argument.is_array:
                params[argument.name] = contents[0]
            else:
                arrays[argument.name] = memory(width, contents)
        made.append(Call(params, arrays))
    return made


def golden(program: Program, call: Call) -> dict[str, list[int]]:
    given: dict[str, object] = dict(call.params)
    readings = {a.name: a for a in program.arguments}

    def number(argument: Argument, bits: int) -> int:
        width, _ = width_and_count(argument)
        return to_signed(bits, width) if argument.signed else bits

    for name, bits in call.params.items():
        given[name] = number(readings[name], bits)
    lists = {
        name: [number(readings[name], int(v)) for v in contents]
        for name, contents in call.arrays_before.items()
        if name != RETURN_NAME
    }
    returned = MODELS[program.name](**given, **lists)
    if returned is not None:
        lists[RETURN_NAME] = [returned]
    return {name: [v & mask(width_and_count(readings[name])[0]) for v in v_s] for name, v_s in lists.items()}


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(name: str) -> None:
    program = load([KERNELS[name]], name)
    calls = inputs(program, 16)
    compiled = compile_and_run([KERNELS[name]], name, program.arguments, calls)
    text = emit_cpp(program, {}, HEADER)
    emitted = run_emitted(text, program, calls)
    for argument in program.arguments:
        if argument.object is None and argument.name != RETURN_NAME and "ap_" in argument.c_type:
            assert f"{argument.c_type} {argument.name}" in text  # the signature that the user gave it
    for call, original, ours in zip(calls, compiled, emitted, strict=True):
        expected = golden(program, call)
        before = {n: [int(v) for v in a] for n, a in call.arrays_before.items() if n != RETURN_NAME}
        interpreted = run(program, before, dict(call.params))
        for array, contents in expected.items():
            where = f"{array} for {call.params}, {before}"
            assert interpreted[array] == contents, f"interpreted: {where}"
            assert [int(v) for v in original[array]] == contents, f"compiled: {where}"
            assert [int(v) for v in ours[array]] == contents, f"emitted: {where}"


def test_every_kernel_has_a_model() -> None:
    assert set(KERNELS) == set(MODELS) and len(KERNELS) >= 8


@pytest.mark.parametrize("name", ["checksum", "filter", "packing"])
def test_counters_of_ap_types_count(name: str) -> None:
    program = load([KERNELS[name]], name)
    loops = [type(statement) for statement in statements(program.body)]
    assert For in loops and While not in loops


def test_results_that_the_manual_states() -> None:
    program = load([KERNELS["manual"]], "manual")
    params = {"val1": 0x7F, "val2": 0x3F, "val3": -3 & 7, "val4": 54}
    after = run(program, {"results": [0] * 10, "all": [0] * 7}, params)
    assert after["all"][:6] == [0x3FF, 0x03F, 0x07F, 0x3FF, 0x1B5, 0x2B6]
    assert after["results"][:4] == [1, 43, 0, 1]
