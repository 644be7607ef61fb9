"""The frontends: C source through libclang, or an MLIR file, to the exchange form and on to a `Program`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seer.errors import InputError
from seer.frontend.assertions import read_assertions
from seer.frontend.function import lower_function
from seer.frontend.mlir_file import load_module
from seer.frontend.pragmas import read_pragmas
from seer.frontend.specialise import specialise
from seer.frontend.translation_unit import external_definitions, find_function, parse
from seer.lang.mlir_bindings import context, ir
from seer.lang.pragma import Pragma
from seer.lang.program import Program
from seer.lang.terms import Range

__all__ = ["assertions_of", "load", "pragmas_of", "to_mlir_module"]


def to_mlir_module(
    files: Sequence[Path],
    top: str,
    include_dirs: Sequence[Path] = (),
    defines: Sequence[str] = (),
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> ir.Module:
    """The function `top` of the given C or C++ files in the exchange form (docs/exchange.md).

    `defines` are macros as `NAME` or `NAME=VALUE`, `shapes` the sizes of pointers to arrays and of arrays
    without a first dimension. Locations name files as the caller does. Raises
    InputError for what clang rejects and for what seer does not support (docs/c_support.md).
    """
    if not files:
        raise InputError("no source file is given", None, "name at least one C file")
    units = [parse(Path(file), [Path(folder) for folder in include_dirs], defines) for file in files]
    function = find_function(units, top)
    with ir.Location.unknown(context()):
        module = ir.Module.create()
        with ir.InsertionPoint(module.body):
            lower_function(function, external_definitions(units), shapes or {})
        module.operation.verify()
    return module


def assertions_of(
    files: Sequence[Path], top: str, include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> Mapping[str, Range]:
    """What `top` asserts of its arguments in C or C++ files; see `seer.frontend.assertions`."""
    if any(Path(file).suffix == ".mlir" for file in files):
        return {}
    return read_assertions(files, top, include_dirs, defines)


def pragmas_of(
    files: Sequence[Path], include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> tuple[Pragma, ...]:
    """The HLS pragmas in the functions of C or C++ files; MLIR files have none."""
    sources = [Path(file) for file in files if Path(file).suffix != ".mlir"]
    return read_pragmas(sources, include_dirs, defines)


def load(
    files: Sequence[Path],
    top: str,
    include_dirs: Sequence[Path] = (),
    defines: Sequence[str] = (),
    params: Mapping[str, int] | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> Program:
    """The function `top` of C or C++ files, or of one `.mlir` file, as a `Program`.

    `params` are scalar arguments that always have the given value, `shapes` the sizes of arrays whose
    size the source leaves open; as `to_mlir_module` otherwise.
    """
    from seer.lang.from_mlir import from_module

    mlir = [Path(file) for file in files if Path(file).suffix == ".mlir"]
    if mlir and len(files) > 1:
        raise InputError(f"`{mlir[0]}` cannot be combined with other files", hint="give one .mlir file alone")
    if mlir:
        module = load_module(mlir[0], top, shapes)
    else:
        module = to_mlir_module(files, top, include_dirs, defines, shapes)
    specialise(module, top, params or {})
    return from_module(module, top)
