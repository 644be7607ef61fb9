"""Programs run for their counts: short ones interpreted, long ones compiled in process.

A compiled loop cannot be interrupted, so each While of a compiled program counts its iterations and ends at
a limit, and then the run is an error as it is in the interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from seer.errors import BackendError, InputError, IterationLimitError
from seer.lang import interpreter
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    For,
    Load,
    Op,
    Statement,
    Store,
    TopArray,
    While,
)
from seer.lang.traverse import bodies, statements, with_bodies
from seer.schedule.policy import trip_count
from seer.verify.jit import JitProgram
from seer.verify.vectors import Call, memory

__all__ = ["quick_run"]

_SHORT = 2_000
"""Iterations that are interpreted: compiling takes as long as about so many."""

_TYPICAL_COUNTED, _TYPICAL_WHILE = 64, 16
"""Iterations of loops whose number is not known, as far as choosing between the two goes."""

_FUEL = TopArray(ArrayType(64, (1,)), "#fuel")


def quick_run(
    program: Program, arrays: Mapping[str, Sequence[int]], params: Mapping[str, int]
) -> Mapping[str, Sequence[int]]:
    """What `seer.lang.interpreter.run` gives, in less time."""
    limit = interpreter.WHILE_LIMIT
    if _iterations(program.body) <= _SHORT:
        try:
            return interpreter.run(program, arrays, params, while_limit=_SHORT)
        except IterationLimitError:
            pass
    try:
        compiled = _compiled(replace(program, origins={}), limit)
    except (BackendError, InputError):
        return interpreter.run(program, arrays, params)
    widths = {array.name: array.type.width for array in program.arrays}
    before = {name: memory(widths[name], contents) for name, contents in arrays.items()}
    after = compiled.run(Call(params, before))
    if int(after.pop(_FUEL.name)[0]) > limit:
        raise IterationLimitError(
            f"{program.name} takes more than {limit} iterations of its while loops",
            hint="give inputs for which it ends",
        )
    return {name: contents.tolist() for name, contents in after.items()}


def _iterations(block: Block) -> int:
    """Iterations of counted loops that are known, and typical ones of others."""
    return sum(_iterations_of(statement) for statement in block)


def _iterations_of(statement: Statement) -> int:
    inner = sum(_iterations(body) for body in bodies(statement))
    match statement:
        case For():
            trips = trip_count(statement)
            hull = -(-(statement.iv.upper - statement.iv.lower) // statement.iv.step)
            return (min(hull, _TYPICAL_COUNTED) if trips is None else trips) * (1 + inner)
        case While():
            return _TYPICAL_WHILE * (1 + inner)
        case _:
            return 1 + inner


@lru_cache(maxsize=8)
def _compiled(program: Program, limit: int) -> JitProgram:
    body = program.body
    if any(isinstance(statement, While) for statement in statements(body)):
        body = _limited(body, limit)
    fuel = Argument(_FUEL.name, _FUEL, False, "unsigned long")
    return JitProgram(replace(program, arguments=(*program.arguments, fuel), body=body))


def _limited(block: Block, limit: int) -> Block:
    return tuple(_limited_statement(statement, limit) for statement in block)


def _limited_statement(statement: Statement, limit: int) -> Statement:
    """`while (c) B` becomes `while (c && fuel <= limit) { fuel++; B }`."""
    inner = [_limited(body, limit) for body in bodies(statement)]
    if not isinstance(statement, While):
        return with_bodies(statement, inner)
    used = Load(_FUEL, (Const(64, 0),))
    more = Op("ule", 1, (used, Const(64, limit)))
    count = Store(_FUEL, (Const(64, 0),), Op("add", 64, (used, Const(64, 1))))
    return While(Op("and", 1, (statement.condition, more)), (count, *inner[0]))
