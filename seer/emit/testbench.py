"""The self-checking test bench that goes with an emitted kernel."""

from __future__ import annotations

from math import prod

from seer.emit.c_types import NATIVE_BITS, element_type, emitted_types
from seer.emit.cpp import top_names
from seer.emit.objects import carried, held_objects
from seer.emit.render import render
from seer.emit.signature import call_arguments, declaration, parameters, return_type, signature
from seer.lang.program import RETURN_NAME, Program
from seer.lang.terms import TopArray

__all__ = ["emit_testbench"]


def emit_testbench(program: Program, vectors_file: str) -> str:
    """The text of a program whose `main` returns 0 if every recorded call gives what was recorded, else 1.

    `vectors_file` is a name relative to the bench: a file that `seer.verify.vectors.to_stream` wrote.
    """
    function, names = top_names(program)
    arguments = []
    for argument in parameters(program):
        type = element_type(argument)
        array = isinstance(argument.term, TopArray)
        shape = (argument.term.type.shape or (1,)) if isinstance(argument.term, TopArray) else ()
        arguments.append(
            {
                "name": names[argument.name],
                "declaration": declaration(argument, names[argument.name]),
                "expected": declaration(argument, f"{names[argument.name]}_expected"),
                "array": array,
                "count": prod(shape),
                "type": type.spelling,
                "first": names[argument.name] + "[0]" * max(0, len(shape) - 1),
            }
        )

    def buffer(part: int) -> str:
        argument = program.arguments[part]
        name = names[argument.name]
        if isinstance(argument.term, TopArray):
            return f"(&{name}{'[0]' * max(1, len(argument.term.type.shape))})"
        return f"(&{name})"

    objects = [
        carried(held, program.arguments, held.object.name, buffer) for held in held_objects(program.arguments)
    ]
    result = return_type(program)
    types = [element_type(argument) for argument in program.arguments]
    return render(
        "testbench.cpp.j2",
        top=function,
        signature=signature(program, function, names),
        arguments=arguments,
        call=", ".join(call_arguments(program, names)),
        objects=objects,
        returned=next((held["name"] for held in objects if held["passing"] == "return"), None),
        declarations=emitted_types(program.declarations).splitlines(),
        result=result.spelling if result else None,
        return_name=RETURN_NAME,
        vectors_file=vectors_file,
        uses_ap_int=any(type.arbitrary for type in types),
        uses_floats=any(type.floating for type in types),
        native_bits=NATIVE_BITS,
    )
