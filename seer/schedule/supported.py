"""Operators that the hardware cannot compute yet, and where a program uses them."""

from __future__ import annotations

from functools import lru_cache

from seer.errors import InputError, Location
from seer.lang.operators import OPERATORS
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, Expr, Op
from seer.lang.traverse import bodies, expressions, subexpressions

__all__ = ["refuse_unscheduled"]


def refuse_unscheduled(program: Program) -> None:
    """Raises InputError, with its place, for the first floating-point operation of a program."""
    _visit(program.body, program, None)


def _visit(block: Block, program: Program, around: Location | None) -> None:
    for statement in block:
        locations = program.origins.get(statement, Origin()).locations
        here = locations[0] if locations else around
        for root in expressions(statement):
            name = _unscheduled(root)
            if name is not None:
                raise InputError(
                    f"floating-point operations are not yet scheduled ({name})",
                    here,
                    "use integers for the parts that become hardware",
                )
        for body in bodies(statement):
            _visit(body, program, here)


@lru_cache(maxsize=1 << 16)
def _unscheduled(root: Expr) -> str | None:
    for node in subexpressions(root):
        if isinstance(node, Op) and OPERATORS[node.name].is_float:
            return node.name
    return None
