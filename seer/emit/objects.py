"""The C objects that hold the arguments of a program: parameters, file-scope variables and the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from seer.emit.c_types import emitted_types
from seer.lang.program import Argument, CObject
from seer.lang.terms import TopArray

__all__ = ["Held", "carried", "copy_line", "declared", "held_objects"]


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


def declared(object: CObject, name: str, emitted: bool = True) -> str:
    """A parameter or variable of emitted code, or else of C: `struct point points[16]`, `int &sum`."""
    extents = "".join(f"[{extent}]" for extent in object.extents)
    type = emitted_types(object.plain_type) if emitted else object.plain_type
    if object.passing == "reference":
        return f"{type} (&{name}){extents}" if extents else f"{type} &{name}"
    if object.passing == "pointer" and not extents:
        return f"{type} *{name}"
    return f"{type} {name}{extents}"


def carried(
    held: Held,
    arguments: Sequence[Argument],
    name: str,
    buffer: Callable[[int], str],
    emitted: bool = True,
) -> dict[str, Any]:
    """How a C program that calls the function defines an object, called `name`, and fills and reads it.

    `buffer` names, as a pointer, the elements of the argument of a number, row by row. Types are spelled as
    emitted code knows them, or else the user's.
    """
    object = held.object
    type = emitted_types(object.plain_type) if emitted else object.type
    extents = "".join(f"[{extent}]" for extent in object.extents)
    by_address = object.passing == "pointer" and not extents
    before, after = (
        [copy_line(arguments[part], buffer(part), name, out) for part in held.parts] for out in (False, True)
    )
    return {
        "passing": object.passing,
        "name": name,
        "definition": f"{type} {name}{'_object' if by_address else ''}{extents}",
        "pointer": f"{type} *{name} = &{name}_object" if by_address else "",
        "before": [] if object.passing == "return" else before,
        "after": [] if object.passing == "value" else after,
    }


def copy_line(argument: Argument, buffer: str, name: str, out: bool) -> str:
    """C that copies one part between its object, called `name`, and its `buffer`: `out` of the object."""
    object = argument.object
    if object is None:
        raise TypeError(f"{argument.name} is part of no object")
    shape = argument.term.type.shape if isinstance(argument.term, TopArray) else ()
    counters = [f"seer_i{dimension}" for dimension in range(len(shape))]
    loops = [f"for (int {c} = 0; {c} < {extent}; {c}++)" for c, extent in zip(counters, shape, strict=True)]
    element = object.element(counters)
    by_address = element.startswith("(*")
    element = f"(*{name})" if by_address else name + element.removeprefix(object.name)
    position = "0"
    for counter, extent in zip(counters, shape, strict=True):
        position = counter if position == "0" else f"({position}) * {extent} + {counter}"
    place = f"{buffer}[{position}]"
    return " ".join([*loops, f"{place} = {element};" if out else f"{element} = {place};"])
