"""Operators that a target has no unit for, and where a program uses them."""

from __future__ import annotations

from functools import lru_cache

from seer.errors import InputError, Location
from seer.lang.floats import MATH_FUNCTIONS
from seer.lang.operators import OPERATORS
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, Const, Expr, Op, Statement
from seer.lang.traverse import bodies, expressions, subexpressions
from seer.schedule.target import Target

__all__ = ["NoUnitError", "placed", "refuse_unscheduled"]


class NoUnitError(InputError):
    """There is no unit for an operation; `statement` is what that was first made for, if anything."""

    def __init__(self, error: InputError, statement: Statement | None) -> None:
        super().__init__(error.message, error.location, error.hint)
        self.statement = statement


def placed(error: NoUnitError, program: Program) -> InputError:
    """The error with the place of its statement."""
    locations = program.origins.get(error.statement, Origin()).locations if error.statement else ()
    return InputError(error.message, locations[0] if locations else error.location, error.hint)


def refuse_unscheduled(program: Program, target: Target) -> None:
    """Raises InputError, with its place, for the first operation on floats that the target cannot compute.

    Operators on integers are decided later: how wide they are built depends on who reads the result.
    """
    _visit(program.body, program, target, None)


def _visit(block: Block, program: Program, target: Target, around: Location | None) -> None:
    for statement in block:
        locations = program.origins.get(statement, Origin()).locations
        here = locations[0] if locations else around
        for root in expressions(statement):
            error = _unscheduled(root, target)
            if error is not None:
                raise InputError(error.message, here, error.hint)
        for body in bodies(statement):
            _visit(body, program, target, here)


@lru_cache(maxsize=1 << 16)
def _unscheduled(root: Expr, target: Target) -> InputError | None:
    for node in subexpressions(root):
        if not isinstance(node, Op) or not OPERATORS[node.name].is_float:
            continue
        if all(isinstance(operand, Const) for operand in node.operands):
            continue  # computed when the region is built
        try:
            target.unit(node.name, node.operands[0].width, result_width=node.bits)
        except InputError as error:
            if node.name not in MATH_FUNCTIONS:
                return error
            function = MATH_FUNCTIONS[node.name][1]
            return InputError(
                f"{error.message}: `{function}` is not yet scheduled as hardware",
                hint=error.hint or "use a table or a polynomial for it",
            )
    return None
