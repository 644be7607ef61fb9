"""C or C++ that stands in for a function under test and writes down its calls."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from seer.emit.c_types import element_bytes, element_type
from seer.emit.objects import copy_line, declared, held_objects
from seer.emit.render import render
from seer.emit.signature import declaration
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import Param

__all__ = ["recorder_source"]


def recorder_source(
    program: Program,
    symbol: str,
    global_symbols: Mapping[str, str],
    folder: Path,
    most_calls: int,
    most_bytes: int,
) -> str:
    """A source that is C and C++: the function of linker symbol `symbol`, which calls `seer_original`.

    `global_symbols` gives the linker symbols of file-scope variables. In `folder` the recorder writes
    `calls`, a stream as `seer.verify.vectors.calls_from_stream` reads it; `refused` with the call's number,
    `overlap` or `null`, and names, when it ends the bench; and an empty file `truncated` when it stops
    recording, after `most_calls` calls or `most_bytes` bytes.
    """
    arguments = program.arguments
    parts = [_part(argument) for argument in arguments]
    listed: list[tuple[int, str, str]] = []  # number, declaration, name
    memories: list[dict[str, str]] = []
    before: list[str] = []
    after: list[str] = []
    globals_ = []
    returned = "void"
    for number, argument in enumerate(arguments):
        if argument.object is not None:
            continue
        name, type = f"a{number}", element_type(argument).spelling
        if argument.name == RETURN_NAME:
            returned = type
            after.append(f"memcpy(seer_memory[{number}], &result, seer_sizes[{number}]);")
            continue
        listed.append((number, declaration(argument, name), name))
        array = not isinstance(argument.term, Param)
        before.append(f"memcpy(seer_memory[{number}], {'' if array else '&'}{name}, seer_sizes[{number}]);")
        if array:
            after.append(before[-1])
            memories.append({"name": argument.name, "start": name, "length": str(parts[number]["bytes"])})
    for held in held_objects(arguments):
        object, number = held.object, held.parts[0]
        name = {"global": f"seer_global_{object.name}", "return": "result"}.get(object.passing, f"o{number}")
        lines = []
        for part in held.parts:
            buffer = f"(({element_type(arguments[part]).spelling} *)seer_memory[{part}])"
            lines.append(copy_line(arguments[part], buffer, name, True))
        if object.passing == "return":
            returned = object.plain_type
        elif object.passing == "global":
            globals_.append(
                {"declaration": declared(object, name, emitted=False), "symbol": global_symbols[object.name]}
            )
        else:
            listed.append((number, declared(object, name, emitted=False), name))
        before += lines if object.passing != "return" else []
        after += lines if object.passing != "value" else []
        if object.passing not in ("return", "value"):
            scalar = object.passing != "pointer" and not object.extents
            start = f"&{name}" if scalar else name
            length = " * ".join([f"sizeof({object.plain_type})", *map(str, object.extents)])
            memories.append({"name": object.name, "start": start, "length": length})
    listed.sort()
    return render(
        "recorder.j2",
        declarations=program.declarations,
        uses_ap_int=any(element_type(argument).arbitrary for argument in arguments),
        returned=returned,
        returns=returned != "void",
        parameters=", ".join(text for _, text, _ in listed),
        names=[name for _, _, name in listed],
        symbol=symbol,
        globals=globals_,
        parts=parts,
        memories=memories,
        before=before,
        after=after,
        cleared=[n for n, a in enumerate(arguments) if _returned(a)],
        folder=str(folder),
        call_bytes=sum(part["bytes"] * (1 + part["array"]) for part in parts),
        most_calls=most_calls,
        most_bytes=most_bytes,
    )


def _returned(argument: Argument) -> bool:
    held = argument.object
    return held.passing == "return" if held is not None else argument.name == RETURN_NAME


def _part(argument: Argument) -> dict[str, Any]:
    term = argument.term
    width, shape = (term.bits, ()) if isinstance(term, Param) else (term.type.width, term.type.shape)
    return {"bytes": element_bytes(width) * prod(shape), "array": not isinstance(term, Param)}
