"""The C objects that hold the arguments of a program: parameters, file-scope variables and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.lang.program import Argument, CObject
from seer.lang.terms import TopArray

__all__ = ["Held", "copy_lines", "declared", "held_objects"]


@dataclass(frozen=True)
class Held:
    """One C object, and the numbers of the arguments that are its parts."""

    object: CObject
    parts: tuple[int, ...]


def held_objects(arguments: Sequence[Argument]) -> list[Held]:
    """The objects that state how they are held, in the order of their first parts."""
    found: dict[str, tuple[CObject, list[int]]] = {}
    for number, argument in enumerate(arguments):
        if argument.object is not None:
            found.setdefault(argument.object.name, (argument.object, []))[1].append(number)
    return [Held(object, tuple(parts)) for object, parts in found.values()]


def declared(object: CObject, name: str) -> str:
    """`struct point points[16]`, `struct point *origin`, `int &sum`: a parameter or a variable."""
    extents = "".join(f"[{extent}]" for extent in object.extents)
    if object.passing == "reference":
        return f"{object.type} (&{name}){extents}" if extents else f"{object.type} &{name}"
    if object.passing == "pointer" and not extents:
        return f"{object.type} *{name}"
    return f"{object.type} {name}{extents}"


def copy_lines(argument: Argument, number: int, type: str, name: str, out: bool) -> list[str]:
    """C that copies one part between its buffer and the object, here called `name`."""
    object = argument.object
    if object is None:
        return []
    shape = argument.term.type.shape if isinstance(argument.term, TopArray) else ()
    counters = [f"i{dimension}" for dimension in range(len(shape))]
    loops = [f"for (int {c} = 0; {c} < {extent}; {c}++)" for c, extent in zip(counters, shape, strict=True)]
    element = object.element(counters)
    element = name + element.removeprefix(object.name) if object.access[0] != "(" else f"(*{name})"
    position = "0"
    for counter, extent in zip(counters, shape, strict=True):
        position = counter if position == "0" else f"({position}) * {extent} + {counter}"
    buffer = f"(({type} *)memory[{number}])[{position}]"
    assignment = f"{buffer} = {element};" if out else f"{element} = {buffer};"
    return [" ".join([*loops, assignment])]
