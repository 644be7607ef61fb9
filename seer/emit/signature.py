"""The C++ signature of a program, shared by the kernel and its test bench."""

from __future__ import annotations

from seer.emit.c_types import CType, element_type
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import TopArray

__all__ = ["declaration", "parameters", "return_type", "signature"]


def parameters(program: Program) -> tuple[Argument, ...]:
    """The arguments without the return value."""
    return tuple(argument for argument in program.arguments if argument.name != RETURN_NAME)


def return_type(program: Program) -> CType | None:
    """None for a function that returns nothing."""
    for argument in program.arguments:
        if argument.name == RETURN_NAME:
            return element_type(argument)
    return None


def declaration(argument: Argument, name: str) -> str:
    """`int a[128]`, `unsigned char b[4][8]`, `int n`; a zero-dimensional array is one element long."""
    extents = ""
    if isinstance(argument.term, TopArray):
        extents = "".join(f"[{extent}]" for extent in argument.term.type.shape or (1,))
    return f"{element_type(argument).spelling} {name}{extents}"


def signature(program: Program, function: str, names: dict[str, str]) -> str:
    """`int top(int a[128], int n)`; `names` gives the C++ name of each argument."""
    result = return_type(program)
    listed = ", ".join(declaration(a, names[a.name]) for a in parameters(program))
    return f"{result.spelling if result else 'void'} {function}({listed})"
