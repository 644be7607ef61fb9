"""The test vectors of a run, and what the original makes of them.

The original is the user's C where there is C, else (for MLIR) the program in the reference interpreter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seer.driver.source import Source
from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.operators import to_signed
from seer.lang.program import Program
from seer.verify.execute import record
from seer.verify.generate import generate_vectors
from seer.verify.record import record_bench
from seer.verify.vectors import Call, Vectors, memory

__all__ = ["calls_of", "results"]


def calls_of(program: Program, source: Source, seed: int, count: int) -> tuple[Call, ...]:
    """The calls that the user's test bench makes, with their results, or else `count` generated ones.

    Raises InputError where a recorded call contradicts what the user said of the arguments.
    """
    if not source.benches:
        return tuple(generate_vectors(program, seed, count, asserted=source.asserted))
    if not source.compiles:
        raise InputError("--tb is for C and C++", hint="an MLIR file has no function that a bench could call")
    calls = record_bench(source.benches, source.files, program, source.include_dirs, source.defines)
    for number, call in enumerate(calls, 1):
        _check_assumptions(program, call, number)
    return calls


def _check_assumptions(program: Program, call: Call, number: int) -> None:
    for param in program.params:
        if param.content is None:
            continue
        value = call.params[param.name]
        value = to_signed(value, param.bits) if param.content.lower < 0 else value
        if not param.content.lower <= value <= param.content.upper:
            raise InputError(
                f"call {number} of the test bench passes {param.name} = {value}, which contradicts "
                f"{param.content.lower} <= {param.name} <= {param.content.upper}",
                hint="correct --param, or record another bench",
            )


def results(program: Program, source: Source, calls: Sequence[Call]) -> Vectors:
    """The calls with the memories after them, as the original leaves them."""
    if all(call.arrays_after for call in calls):
        return Vectors(tuple(calls))
    if source.compiles:
        return record(list(source.files), program.name, program, calls, source.include_dirs, source.defines)
    return Vectors(tuple(_interpreted(program, call) for call in calls))


def _interpreted(program: Program, call: Call) -> Call:
    before = {name: [int(value) for value in contents] for name, contents in call.arrays_before.items()}
    after = interpreter.run(program, before, call.params)
    widths = {array.name: array.type.width for array in program.arrays}
    return replace(
        call, arrays_after={name: memory(widths[name], after[name]) for name in call.arrays_before}
    )
