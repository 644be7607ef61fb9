"""Many programs in one executable: compiling dominates, so a batch is one translation unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from seer.emit import EmitHeader, emit_cpp
from seer.emit.cpp import top_names
from seer.emit.signature import declaration, parameters
from seer.lang.program import RETURN_NAME, Program
from seer.lang.terms import Param, TopArray
from seer.verify.execute import run_emitted
from seer.verify.vectors import Call, memory

HEADER = EmitHeader("xc7", 5.0, 0)

Inputs = tuple[dict[str, list[int]], dict[str, int]]
RunAll = Callable[..., list[list[dict[str, list[int]]]]]


def _renamed(program: Program, prefix: str) -> Program:
    """The arguments under other names, for the signature of the batch only."""
    arguments = []
    for argument in program.arguments:
        name = prefix + argument.name
        term = argument.term
        other = TopArray(term.type, name) if isinstance(term, TopArray) else Param(term.bits, name)
        arguments.append(replace(argument, name=name, term=other))
    return Program("batch", tuple(arguments), ())


@pytest.fixture
def run_all() -> RunAll:
    """Emit programs (all called with equally many inputs), run them under the sanitizer, give the arrays."""

    def run(
        batch: Sequence[tuple[Program, Sequence[Inputs]]], check_subscripts: bool = True
    ) -> list[list[dict[str, list[int]]]]:
        headers = "#include <ap_int.h>\n#include <math.h>\n#include <string.h>"
        parts, declared, called, arguments = [headers], [], [], []
        for number, (program, _) in enumerate(batch):
            text = emit_cpp(program, {}, HEADER, check_subscripts=check_subscripts)
            function, _ = top_names(program)
            parts.append(f"namespace n{number} {{\n{text}\n}}")
            renamed = _renamed(program, f"k{number}_")
            arguments += renamed.arguments
            inner = parameters(program)
            declared += [declaration(a, f"k{number}_{a.name}") for a in inner]
            called.append(f"n{number}::{function}({', '.join(f'k{number}_{a.name}' for a in inner)});")
        parts.append(f'extern "C" void batch({", ".join(declared)}) {{ {" ".join(called)} }}')
        calls = []
        for nth in range(len(batch[0][1])):
            params: dict[str, int] = {}
            arrays = {}
            for number, (program, inputs) in enumerate(batch):
                for argument in program.arguments:
                    name = f"k{number}_{argument.name}"
                    if isinstance(argument.term, Param):
                        params[name] = inputs[nth][1][argument.name]
                    else:
                        arrays[name] = memory(argument.term.type.width, inputs[nth][0][argument.name])
            calls.append(Call(params, arrays))
        together = Program("batch", tuple(arguments), ())
        after = run_emitted("\n".join(parts), together, calls)
        return [
            [
                {
                    a.name: [int(v) for v in after[nth][f"k{number}_{a.name}"]]
                    for a in program.arguments
                    if isinstance(a.term, TopArray) and a.name != RETURN_NAME
                }
                for nth in range(len(calls))
            ]
            for number, (program, _) in enumerate(batch)
        ]

    return run
