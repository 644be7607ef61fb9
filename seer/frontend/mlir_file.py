"""MLIR files as input: what cgeist, ScaleHLS and torch-mlir write, brought near the exchange form.

Upstream passes do the work where there are any (inlining, linalg, casts and views, parallel loops); what
remains is in `seer.frontend.mlir_rewrites`. Attributes of dialects that nobody registered say nothing
about what a program computes and are left alone.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seer.errors import InputError, Location
from seer.frontend import mlir_rewrites
from seer.lang.mlir_bindings import PassError, context, ir, run_pipeline

__all__ = ["load_module"]

Shapes = Mapping[str, tuple[int, ...]]
"""Sizes of array arguments by name, such as {"A": (64, 64)}."""

_INLINE = "builtin.module(inline{max-iterations=16},symbol-dce)"
_TENSORS = (
    "builtin.module(one-shot-bufferize{bufferize-function-boundaries=true "
    "function-boundary-type-conversion=identity-layout-map})"
)
_LINALG = "func.func(convert-linalg-to-affine-loops)"
_LOOPS = "func.func(scf-forall-to-for,scf-parallel-for-to-nested-fors)"
_VIEWS = "func.func(canonicalize,fold-memref-alias-ops,canonicalize,cse)"
_JUMPS = "func.func(lift-cf-to-scf)"
_ARGUMENT = re.compile(r"%([A-Za-z_]\w*|\d+)\s*:")


def load_module(path: Path, top: str, shapes: Shapes | None = None) -> ir.Module:
    """The module of one `.mlir` file, with `top` as its only function that has a body.

    `shapes` gives arguments of unknown size (`memref<?x64xi32>`) theirs. Raises InputError for what MLIR
    rejects, for sizes that are missing or contradict the file, and for recursive functions.
    """
    text = _text(path)
    module = _parsed(text, path)
    function = _function(module, top, path)
    names = _names(text, top, len(function.type.inputs))
    try:
        return _normalised(module, function, top, names, shapes or {})
    except PassError as error:
        raise InputError(
            f"{path}: {error.message}", hint="simplify the module with mlir-opt first"
        ) from error


def _normalised(
    module: ir.Module, function: Any, top: str, names: Sequence[str], shapes: Shapes
) -> ir.Module:
    for other in _functions(module):
        private = other.name.value != top
        other.attributes["sym_visibility"] = ir.StringAttr.get("private" if private else "public", context())
        if private and "llvm.emit_c_interface" in other.attributes:
            del other.attributes["llvm.emit_c_interface"]
        if any(len(region.blocks) > 1 for region in other.operation.regions):
            run_pipeline(other, _JUMPS)
    if "tensor<" in str(module):
        run_pipeline(module, _TENSORS)
    run_pipeline(module, _INLINE)
    function = _function(module, top, Path(""))
    if mlir_rewrites.calls(function, [other.name.value for other in _functions(module)]):
        # MLIR inlines some functions with affine loops only once neither side has any.
        run_pipeline(module, "builtin.module(func.func(lower-affine))")
        run_pipeline(module, _INLINE)
        function = _function(module, top, Path(""))
    mlir_rewrites.drop_layouts(function)
    mlir_rewrites.name_arguments(function, names)
    mlir_rewrites.set_shapes(function, shapes)
    mlir_rewrites.results_to_arguments(function)
    mlir_rewrites.carry_integers(function)
    run_pipeline(function, _LINALG)
    run_pipeline(function, _LOOPS)
    mlir_rewrites.copies_to_loops(function)
    run_pipeline(function, _VIEWS)
    mlir_rewrites.parallel_to_loops(function)
    mlir_rewrites.index_arguments(function)
    return module


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}", None, "check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"`{path}` is no text", Location(str(path), 1, 1), "give MLIR in text form"
        ) from error


def _parsed(text: str, path: Path) -> ir.Module:
    try:
        return ir.Module.parseFile(str(path), context())
    except ir.MLIRError as error:
        # What a tool says of the machine that it compiled for changes with MLIR's versions: do without.
        plain = _without_module_attributes(text)
        if plain is not None:
            with contextlib.suppress(ir.MLIRError):
                return ir.Operation.parse(plain, source_name=str(path), context=context()).opview
        raise _syntax_error(error, path) from error


def _syntax_error(error: ir.MLIRError, path: Path) -> InputError:
    diagnostics = getattr(error, "error_diagnostics", None)
    first = diagnostics[0] if diagnostics else None
    if first is None:
        return InputError(f"{path}: MLIR rejects this file: {error}", None, "check it with mlir-opt")
    # The bindings give a diagnostic's location without its kind.
    place = re.fullmatch(r'loc\(".*":(\d+):(\d+)\)', str(first.location))
    where = Location(str(path), int(place[1]), int(place[2])) if place else Location(str(path), 1, 1)
    return InputError(first.message, where, "MLIR says no more than this")


def _without_module_attributes(text: str) -> str | None:
    """The text without the attributes of its first `module`, lines kept; None where there are none."""
    found = re.search(r"\bmodule\b[^{]*\battributes\s*\{", text)
    if found is None:
        return None
    start, depth, position, quoted = text.rindex("attributes", 0, found.end()), 1, found.end(), False
    while position < len(text) and depth:
        character = text[position]
        if character == '"' and text[position - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (character == "{") - (character == "}")
        position += 1
    return text[:start] + "\n" * text.count("\n", start, position) + text[position:]


def _functions(module: Any) -> list[Any]:
    return [o for o in module.body.operations if o.operation.name == "func.func"]


def _function(module: Any, top: str, path: Path) -> Any:
    functions = [f for f in _functions(module) if len(f.operation.regions[0].blocks)]
    for function in functions:
        if function.name.value == top:
            return function
    names = ", ".join(f"`{f.name.value}`" for f in functions)
    known = f"the functions defined are {names}" if names else "no function is defined"
    raise InputError(f"no function `{top}` is defined in `{path}`", None, f"{known}; choose one with --top")


def _names(text: str, top: str, count: int) -> list[str]:
    """The names that the file gives the arguments of `top`; parsing forgets them."""
    found = re.search(rf'func\.func\s[^@]*@"?{re.escape(top)}"?\s*\(', text)
    names: list[str] = []
    if found is not None:
        depth, position, quoted = 1, found.end(), False
        while position < len(text) and depth:
            character = text[position]
            if character == '"':
                quoted = not quoted
            elif not quoted:
                arrow = text[position - 1] == "-"
                depth += (character in "({[<") - (character in ")}]" or (character == ">" and not arrow))
                match = _ARGUMENT.match(text, position) if character == "%" and depth == 1 else None
                if match is not None:
                    names.append(match[1] if not match[1].isdigit() else f"arg{match[1]}")
            position += 1
    return names if len(names) == count == len(set(names)) else [f"arg{n}" for n in range(count)]
