"""The C++ signature of a program, shared by the kernel and its test bench."""

from __future__ import annotations

from seer.emit.c_types import CType, element_type, emitted_types
from seer.emit.objects import declared, held_objects
from seer.lang.program import RETURN_NAME, Argument, CObject, Program
from seer.lang.terms import TopArray

__all__ = [
    "call_arguments",
    "declaration",
    "declarations",
    "parameters",
    "return_type",
    "returned_object",
    "signature",
]


def parameters(program: Program) -> tuple[Argument, ...]:
    """The arguments without the return value; parts of structs and file-scope variables are among them."""
    return tuple(argument for argument in program.arguments if argument.name != RETURN_NAME)


def return_type(program: Program) -> CType | None:
    """None for a function that returns nothing, or a struct."""
    for argument in program.arguments:
        if argument.name == RETURN_NAME:
            return element_type(argument)
    return None


def returned_object(program: Program) -> CObject | None:
    """The struct that the function returns, if it returns one."""
    objects = (argument.object for argument in program.arguments)
    return next((found for found in objects if found is not None and found.passing == "return"), None)


def declarations(program: Program) -> list[str]:
    """What stands before the function: its struct types, and the variables of other files."""
    lines = emitted_types(program.declarations).splitlines()
    for held in held_objects(program.arguments):
        if held.object.is_global:
            lines.append(f"extern {declared(held.object, held.object.name)};")
    return lines


def declaration(argument: Argument, name: str, type: CType | None = None) -> str:
    """`int a[128]`, `unsigned char b[4][8]`, `int n`; a zero-dimensional array is one element long.

    `type` is that of an element, if it is not the emitted one.
    """
    extents = ""
    if isinstance(argument.term, TopArray):
        extents = "".join(f"[{extent}]" for extent in argument.term.type.shape or (1,))
    return f"{(type or element_type(argument)).spelling} {name}{extents}"


def signature(program: Program, function: str, names: dict[str, str]) -> str:
    """`int top(int a[128], int n)`; `names` gives the C++ name of each argument without an object."""
    listed: dict[str, None] = {}
    for argument in parameters(program):
        held = argument.object
        if held is None:
            listed[declaration(argument, names[argument.name])] = None
        elif held.passing not in ("global", "return"):
            listed[declared(held, held.name)] = None
    whole, result = returned_object(program), return_type(program)
    type = whole.plain_type if whole else result.spelling if result else "void"
    return f"{type} {function}({', '.join(listed)})"


def call_arguments(program: Program, names: dict[str, str]) -> list[str]:
    """What a call passes, in the order of the signature: names of arguments or of their objects."""
    passed: dict[str, None] = {}
    for argument in parameters(program):
        held = argument.object
        if held is None:
            passed[names[argument.name]] = None
        elif held.passing not in ("global", "return"):
            passed[held.name] = None
    return list(passed)
