"""Run a Program through MLIR: written in the exchange form, lowered to LLVM, compiled in process.

An implementation of a program's meaning that shares nothing with the interpreter but the Program. What
MLIR leaves undefined is spelled out before (`seer.verify.total`), so that any program may be run on any
call, out-of-bounds accesses included. A loop that never ends never returns, and cannot be interrupted.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import random
from functools import cache
from math import prod

import numpy as np

from seer.emit.c_types import element_bytes
from seer.errors import BackendError, InputError
from seer.lang.mlir_bindings import ExecutionEngine, run_pipeline
from seer.lang.operators import mask, to_unsigned
from seer.lang.program import Program
from seer.lang.terms import ArrayType, Block, Local, LocalArray, Param, Range, Statement, TopArray
from seer.lang.to_mlir import Form, FunctionBuilder
from seer.lang.traverse import bodies, statements, with_bodies
from seer.verify.total import total
from seer.verify.vectors import Call, memory

__all__ = ["JitProgram", "run_jit"]

_NAME = "seer_program"
"""Of the compiled function: not the program's, which the C library may have, too."""

_LOWERING = (
    "lower-affine",
    # Before any other lowering of these: LLVM's own expansions of expm1 and log1p round otherwise.
    "convert-math-to-libm",
    "convert-scf-to-cf",
    "convert-math-to-llvm",
    "expand-strided-metadata",
    "lower-affine",
    "convert-arith-to-llvm",
    "finalize-memref-to-llvm",
    "convert-func-to-llvm{use-bare-ptr-memref-call-conv=1}",
    "convert-cf-to-llvm",
    "reconcile-unrealized-casts",
)


def run_jit(program: Program, call: Call, locals_seed: int = 0) -> dict[str, np.ndarray]:
    """The arrays after one call of `program`; for more than one call, keep a `JitProgram`."""
    return JitProgram(program).run(call, locals_seed)


class JitProgram:
    """A compiled program; `run` takes any number of calls.

    `form` is the exchange form that is compiled: affine accesses where subscripts allow, or the plain one.
    `optimisation` is LLVM's level, 0 to 3. Raises InputError for what cannot be
    written in MLIR, and BackendError where the C library lacks a function.
    """

    def __init__(self, program: Program, form: Form = "affine", optimisation: int = 0) -> None:
        self._name = program.name
        self._arguments = program.arguments
        body = total(program.body)
        # Locals of one level and type never live at once and start with any contents: one memory serves.
        self._locals = list(dict.fromkeys(s.array for s in statements(body) if isinstance(s, Local)))
        builder = FunctionBuilder(_NAME, [*(a.term for a in program.arguments), *self._locals], form)
        builder.emit(_without_scopes(body))
        module = builder.finish()
        run_pipeline(module, f"builtin.module({','.join(_LOWERING)})")
        _load_runtime()
        self._engine = ExecutionEngine(module, opt_level=optimisation)
        address = self._engine.raw_lookup(_NAME)
        if not address:
            raise BackendError(
                f"{program.name}: the just-in-time compiler found no library for a function that it needs",
                hint="division of more than 64 bits needs libgcc_s.so.1",
            )
        self._function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)

    def run(self, call: Call, locals_seed: int = 0) -> dict[str, np.ndarray]:
        """The arrays after `call`. Locals start with contents drawn from `locals_seed`; arrays that the
        call does not give, such as `ap_return`, with zeros. Raises InputError for an array of another length.
        """
        source = random.Random(locals_seed)
        terms = [*(a.term for a in self._arguments), *self._locals]
        buffers = [self._buffer(term, call, source) for term in terms]
        # The packed calling convention: a pointer to each argument, and an array is a pointer itself.
        arguments = [
            ctypes.c_void_p(buffer.ctypes.data)
            if isinstance(term, Param)
            else ctypes.pointer(ctypes.c_void_p(buffer.ctypes.data))
            for term, buffer in zip(terms, buffers, strict=True)
        ]
        packed = (ctypes.c_void_p * len(arguments))(*(ctypes.cast(a, ctypes.c_void_p) for a in arguments))
        self._function(ctypes.cast(packed, ctypes.c_void_p))
        return {
            term.name: _unpacked(term.type, buffer)
            for term, buffer in zip(terms, buffers, strict=True)
            if isinstance(term, TopArray)
        }

    def _buffer(self, term: object, call: Call, source: random.Random) -> np.ndarray:
        match term:
            case Param(bits, name):
                return _packed(bits, memory(bits, [call.params[name]]))
            case TopArray(kind, name):
                size = prod(kind.shape)
                contents = call.arrays_before.get(name)
                if contents is None:
                    contents = memory(kind.width, [0] * size)
                if len(contents) != size:
                    raise InputError(
                        f"array {name!r} of {self._name} has {size} elements, not {len(contents)}"
                    )
                return _packed(kind.width, contents)
            case LocalArray(kind):
                # What is proved of the program holds for contents inside of the declared range only.
                whole = Range(0, mask(kind.width))
                low, high = (content := kind.content or whole).lower, content.upper
                value = to_unsigned(source.randint(low, high), kind.width)
                return _packed(kind.width, memory(kind.width, [value] * prod(kind.shape)))
            case _:
                raise TypeError(type(term).__name__)


@cache
def _load_runtime() -> None:
    """Make the compiler's library visible, which divides and converts integers of more than 64 bits."""
    found = ctypes.util.find_library("gcc_s")
    if found:
        ctypes.CDLL(found, mode=ctypes.RTLD_GLOBAL)


def _without_scopes(block: Block) -> Block:
    """The statements of `block`, with the bodies of Locals in their place."""
    result: list[Statement] = []
    for statement in block:
        inner = [_without_scopes(body) for body in bodies(statement)]
        if isinstance(statement, Local):
            result += inner[0]
        else:
            result.append(with_bodies(statement, inner))
    return tuple(result)


def _packed(width: int, contents: np.ndarray) -> np.ndarray:
    """Elements as LLVM stores integers of `width` bits, in bytes; never empty, so that it has an address."""
    size = element_bytes(width)
    if size <= 8:
        raw = contents.astype(f"<u{size}").tobytes()
    else:
        raw = b"".join(int(value).to_bytes(size, "little") for value in contents)
    return np.frombuffer(bytearray(raw or bytes(16)), np.uint8)


def _unpacked(type: ArrayType, buffer: np.ndarray) -> np.ndarray:
    size, count = element_bytes(type.width), prod(type.shape)
    raw = buffer.tobytes()[: size * count]
    if size > 8:
        numbers = (int.from_bytes(raw[n : n + size], "little") for n in range(0, len(raw), size))
        return memory(type.width, (number & mask(type.width) for number in numbers))
    values = np.frombuffer(raw, f"<u{size}")
    return values & values.dtype.type(mask(type.width))
