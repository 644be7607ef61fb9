"""C around a function under test: a caller that knows its signature, and a driver that feeds it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod
from pathlib import Path
from typing import Any

from seer.emit.c_types import CType, element_bytes, element_type, source_type
from seer.emit.objects import Held, carried, held_objects
from seer.emit.render import render
from seer.emit.signature import declaration
from seer.lang.program import RETURN_NAME, Argument
from seer.lang.terms import Param

__all__ = ["caller_source", "driver_source"]


def _shape(argument: Argument) -> tuple[int, ...]:
    """The extents of an array argument; () for a scalar."""
    return () if isinstance(argument.term, Param) else argument.term.type.shape or (1,)


def caller_source(
    top: str,
    arguments: Sequence[Argument],
    included: Sequence[Path] = (),
    cxx: bool = True,
    define_globals: bool = False,
    declared: Collection[str] = (),
    entry: str = "seer_call",
) -> str:
    """A source that defines `ENTRY(memories)`, which calls `top` on buffers of its arguments.

    Without `included` it is C and declares `top` itself. Otherwise it is C++ (C if not `cxx`) and includes
    these files, so that linkage, overloading, structs and const are as they say. A buffer holds elements as
    `to_stream` writes them. `define_globals` says that the code is emitted, not the user's: its file-scope
    variables are defined here, and wide integers are ap_int. `declared` are those of the user's file-scope
    variables that the included files do not define.
    """
    listed = []
    result = None
    wide = False
    for number, argument in enumerate(arguments):
        type, shape = (element_type if define_globals else source_type)(argument), _shape(argument)
        wide = wide or type.arbitrary
        described = _described(number, type) | {
            "object": False,
            "name": f"seer_a{number}",
            "declaration": declaration(argument, f"seer_a{number}", type),
            "array": bool(shape),
            "count": prod(shape),
            "row": "".join(f"[{extent}]" for extent in shape[1:]),
        }
        if argument.object is not None:
            continue
        if argument.name == RETURN_NAME:
            result = described
        else:
            listed.append(described)
    objects = [_object(held, arguments, define_globals) for held in held_objects(arguments)]
    listed += [held for held in objects if held["passing"] not in ("global", "return")]
    listed.sort(key=lambda described: described["number"])
    return render(
        "caller.j2",
        top=top,
        entry=entry,
        arguments=listed,
        result=result,
        wide=wide,
        included=[str(path) for path in included],
        cxx=cxx,
        objects=objects,
        returned=next((held for held in objects if held["passing"] == "return"), None),
        define_globals=define_globals,
        declared=declared,
    )


def _object(held: Held, arguments: Sequence[Argument], emitted: bool) -> dict[str, Any]:
    number = held.parts[0]

    def buffer(part: int) -> str:
        type = (element_type if emitted else source_type)(arguments[part])
        return f"(({type.spelling} *)seer_memory[{part}])"

    name = held.object.name if held.object.is_global else f"seer_o{number}"
    return carried(held, arguments, name, buffer, emitted) | {
        "number": number,
        "object": True,
        "wide": False,
        "array": False,
        "declaration": "",
    }


def _described(number: int, type: CType) -> dict[str, Any]:
    return {
        "number": number,
        "type": type.spelling,
        "bits": type.bits,
        "bytes": element_bytes(type.bits),
        "wide": type.arbitrary,
        "buffer": f"seer_memory[{number}]",
    }


def driver_source(arguments: Sequence[Argument]) -> str:
    """A C program: reads calls from its first argument, writes the arrays after them to its second."""
    sizes = []
    for argument in arguments:
        width = argument.term.bits if isinstance(argument.term, Param) else argument.term.type.width
        shape = () if argument.name == RETURN_NAME else _shape(argument)
        sizes.append(
            {
                "name": argument.name,
                "bytes": element_bytes(width) * prod(shape),
                "array": not isinstance(argument.term, Param),
            }
        )
    return render("driver.c.j2", arguments=sizes)
