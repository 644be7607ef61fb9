"""The test vectors of a run, and what the original makes of them.

The original is the user's C where there is C, else (for MLIR) the program in the reference interpreter.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from seer.driver.source import Source
from seer.errors import BackendError, InputError
from seer.lang import interpreter
from seer.lang.operators import to_signed, to_unsigned
from seer.lang.program import Program
from seer.lang.terms import Param, TopArray
from seer.verify.execute import VectorError, record
from seer.verify.generate import generate_vectors
from seer.verify.record import record_bench
from seer.verify.undefined import faults_of
from seer.verify.vectors import Call, Vectors, memory

__all__ = ["blame_undefined", "calls_of", "results"]

_log = logging.getLogger(__name__)


def calls_of(program: Program, source: Source, seed: int, count: int) -> tuple[Call, ...]:
    """The calls that the user's test bench makes, with their results, or else `count` generated ones.

    Raises InputError where a recorded call contradicts what the user said of the arguments.
    """
    if not source.benches:
        calls = generate_vectors(program, seed, count, asserted=source.asserted)
        return _defined(program, source, calls) if source.compiles else tuple(calls)
    if not source.compiles:
        raise InputError("--tb is for C and C++", hint="an MLIR file has no function that a bench could call")
    calls = record_bench(source.benches, source.files, program, source.include_dirs, source.defines)
    for number, call in enumerate(calls, 1):
        _check_assumptions(program, call, number)
    return calls


def _defined(program: Program, source: Source, calls: Sequence[Call]) -> tuple[Call, ...]:
    """The generated calls on which the original does not crash, with their results.

    C leaves open what a call does that, say, divides by zero, so nothing is lost with it; where most calls
    are like that, the last crash is the user's to see. Without a compiler the calls stay without results.
    """
    left = list(calls)
    while True:
        try:
            return results(program, source, left).calls
        except VectorError as failure:
            if 2 * len(left) <= len(calls) or not failure.vector < len(left):
                raise
            _log.info("a generated call is left out: %s", failure.message)
            del left[failure.vector]
        except BackendError:
            return tuple(left)


def blame_undefined(program: Program, source: Source, calls: Sequence[Call]) -> None:
    """Raises InputError where a call does what C leaves undefined: then a difference says nothing."""
    faults = faults_of(program, calls, overflow=False)
    if source.compiles and faults:
        whose = "the test bench" if source.benches else "the generated calls"
        fault = faults[0]
        raise InputError(
            f"a call of {whose} is undefined in C, so that nothing can be compared with it: {fault.kind}: "
            f"{fault.text} (call {fault.call}{fault.example})",
            location=fault.location,
            hint="guard the place, or assert what the arguments hold; `seer check` lists all such places",
        )


def _check_assumptions(program: Program, call: Call, number: int) -> None:
    for argument in program.arguments:
        term, name = argument.term, argument.name
        width, content = (
            (term.bits, term.content) if isinstance(term, Param) else (term.type.width, term.type.content)
        )
        if content is None or (isinstance(term, TopArray) and name not in call.arrays_before):
            continue
        held = [call.params[name]] if isinstance(term, Param) else map(int, call.arrays_before[name])
        for position, pattern in enumerate(held):
            value = to_signed(pattern, width) if content.lower < 0 else to_unsigned(pattern, width)
            if content.lower <= value <= content.upper:
                continue
            if isinstance(term, Param):
                what, found, hint = (
                    "passes",
                    name,
                    "correct --param or the assertion, or the bench",
                )
            else:
                what, found = "has", f"element {position} of {name}"
                hint = "correct the assertion, or record another bench"
            raise InputError(
                f"call {number} of the test bench {what} {found} = {value}, which contradicts "
                f"{content.lower} <= {name} <= {content.upper}",
                hint=hint,
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
