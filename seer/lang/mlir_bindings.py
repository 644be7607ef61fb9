"""The one place that imports MLIR: its Python bindings, one shared context, and pass pipelines.

The bindings are `mlir` from `mlir-python-bindings` where a user has the real ones (the package of that
name on the index is an empty placeholder) and otherwise the ones inside `torch_mlir`: the same layout
under another prefix.
"""

from __future__ import annotations

import functools
from importlib import import_module
from typing import TYPE_CHECKING, Any

from seer.errors import SeerError

if TYPE_CHECKING:
    # The bindings carry no type information that checkers can follow: these are the names that may
    # stand in annotations; every other member is Any.
    class _Open(type):
        def __getattr__(cls, name: str) -> Any: ...

    class _Object(metaclass=_Open):
        def __init__(self, *args: Any, **named: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    class ir(metaclass=_Open):
        class Attribute(_Object): ...

        class Context(_Object):
            def __enter__(self) -> Any: ...
            def __exit__(self, *raised: Any) -> None: ...

        class Location(_Object): ...

        class Module(_Object): ...

        class Operation(_Object): ...

        class OpView(_Object): ...

        class Type(_Object): ...

        class Value(_Object): ...

        class MLIRError(Exception): ...

    class passmanager(metaclass=_Open):
        class PassManager(_Object): ...

    affine: Any
    arith: Any
    func: Any
    memref: Any
    scf: Any
    transform: Any
    execution_engine: Any
    ExecutionEngine: Any
else:
    try:
        ir = import_module("mlir.ir")
        _PREFIX = "mlir"
    except ImportError:
        ir = import_module("torch_mlir.ir")
        _PREFIX = "torch_mlir"
    passmanager = import_module(f"{_PREFIX}.passmanager")
    affine, arith, func, memref, scf, transform = (
        import_module(f"{_PREFIX}.dialects.{name}")
        for name in ("affine", "arith", "func", "memref", "scf", "transform")
    )

    def __getattr__(name: str) -> Any:
        # The execution engine loads a just-in-time compiler that most users of this module never need.
        if name == "ExecutionEngine":
            return import_module(f"{_PREFIX}.execution_engine").ExecutionEngine
        if name == "execution_engine":
            return import_module(f"{_PREFIX}.execution_engine")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ExecutionEngine",
    "PassError",
    "affine",
    "arith",
    "context",
    "execution_engine",
    "func",
    "ir",
    "memref",
    "passmanager",
    "run_pipeline",
    "scf",
    "transform",
]


class PassError(SeerError):
    """A pass pipeline could not be parsed, or a pass failed; the message says what MLIR reported."""


@functools.cache
def context() -> ir.Context:
    """The context that all MLIR of this process lives in; unregistered dialects are allowed."""
    shared = ir.Context()
    shared.allow_unregistered_dialects = True
    return shared


@functools.cache
def _pass_manager(pipeline: str) -> passmanager.PassManager:
    try:
        return passmanager.PassManager.parse(pipeline, context())
    except ValueError as error:
        raise PassError(f"MLIR does not accept the pipeline {pipeline!r}: {_one_line(error)}") from error


def run_pipeline(operation: Any, pipeline: str) -> None:
    """Run `pipeline` on a module or a function, in place; a failed run may leave it half changed.

    `pipeline` is MLIR's textual form with its anchor, such as `builtin.module(canonicalize,cse)` for a
    module or `func.func(affine-loop-unroll{unroll-factor=2})` for a function. Raises PassError.
    """
    manager = _pass_manager(pipeline)
    try:
        manager.run(operation.operation)
    except ir.MLIRError as error:
        raise PassError(f"MLIR failed in {pipeline!r}: {_one_line(error)}") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:500]
