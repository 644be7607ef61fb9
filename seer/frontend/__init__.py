"""The C frontend: C source through libclang to the exchange form and on to a `Program`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seer.errors import InputError
from seer.frontend.function import lower_function
from seer.frontend.translation_unit import find_function, parse
from seer.lang.mlir_bindings import context, ir
from seer.lang.program import Program

__all__ = ["load", "to_mlir_module"]


def to_mlir_module(
    files: Sequence[Path], top: str, include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> ir.Module:
    """The function `top` of the given C or C++ files in the exchange form (docs/exchange.md).

    `defines` are macros as `NAME` or `NAME=VALUE`. Locations name files as the caller does. Raises
    InputError for what clang rejects and for what seer does not support (docs/c_support.md).
    """
    if not files:
        raise InputError("no source file is given", None, "name at least one C file")
    units = [parse(Path(file), [Path(folder) for folder in include_dirs], defines) for file in files]
    function = find_function(units, top)
    with ir.Location.unknown(context()):
        module = ir.Module.create()
        with ir.InsertionPoint(module.body):
            lower_function(function)
        module.operation.verify()
    return module


def load(
    files: Sequence[Path], top: str, include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> Program:
    """The function `top` of the given C or C++ files as a `Program`; as `to_mlir_module` otherwise."""
    from seer.lang.from_mlir import from_module

    return from_module(to_mlir_module(files, top, include_dirs, defines), top)
