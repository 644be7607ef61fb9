"""The result as C++: written, compiled and run against the user's own source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seer.driver.assumptions import REASSOCIATION, assumptions
from seer.driver.options import Options
from seer.driver.reference import results
from seer.driver.result import Design
from seer.driver.source import Source
from seer.emit import EmitHeader, emit_cpp, emit_testbench
from seer.emit.cpp import top_names
from seer.errors import EquivalenceError
from seer.lang.program import Program
from seer.lang.terms import Loop
from seer.lang.to_mlir import to_module
from seer.schedule.model import (
    Branch,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    SequentialLoop,
    WhileLoop,
)
from seer.verify.agreement import REASSOCIATED
from seer.verify.execute import compare, run_emitted
from seer.verify.vectors import Call, Vectors, to_stream

__all__ = ["check", "own_results", "write"]


def check(
    program: Program,
    design: Design,
    source: Source,
    calls: Sequence[Call],
    options: Options,
    folder: Path,
) -> tuple[Call, ...]:
    """The calls as the original leaves them, after the emitted C++ has left every memory the same.

    Raises EquivalenceError with the first difference, InputError where the original cannot be run.
    """
    vectors = results(program, source, calls)
    # Without calls: the file claims nothing before the comparison.
    kernel = write(program, design, source, (), options, folder)
    tolerance = REASSOCIATED if options.fp_reassociate else 0.0
    comparison = compare(kernel.read_text(encoding="utf-8"), design.program, vectors, tolerance)
    if comparison.mismatches:
        up_to = " by more than reassociated sums may" if tolerance else ""
        raise EquivalenceError(f"the emitted C++ differs from the original{up_to}: {comparison.first}")
    return vectors.calls


def own_results(design: Design, calls: Sequence[Call]) -> tuple[Call, ...]:
    """The calls as the emitted C++ of a design leaves them."""
    header = EmitHeader(
        design.schedule.target, design.schedule.clock_ns, 0, design.predicted_cycles, design.area, "", ()
    )
    text = emit_cpp(design.program, {}, header)
    after = run_emitted(text, design.program, calls)
    return tuple(replace(call, arrays_after=arrays) for call, arrays in zip(calls, after, strict=True))


def write(
    program: Program,
    design: Design,
    source: Source,
    calls: Sequence[Call],
    options: Options,
    folder: Path,
) -> Path:
    """Write TOP_seer.cpp and TOP_seer.mlir, and for recorded calls TOP_tb.cpp with its vectors and
    vectors.npz; return the first."""
    top = program.name
    equivalence = f"equal to the source on {len(calls)} calls" if calls else "not run against the source"
    header = EmitHeader(
        target=design.schedule.target,
        clock_ns=design.schedule.clock_ns,
        seed=options.seed,
        cycles=design.predicted_cycles,
        area=design.area,
        equivalence=f"{equivalence}; derivation in certificate.json",
        sources=tuple(str(file) for file in source.files),
        assumptions=(*assumptions(program), *([REASSOCIATION] if options.fp_reassociate else [])),
        asserts=tuple(assumptions(program, top_names(program)[1], of_arrays=False)),
    )
    kernel = folder / f"{top}_seer.cpp"
    intervals = dict(_intervals(design.schedule.body))
    partitions = design.schedule.partitions
    text = emit_cpp(design.program, intervals, header, program, partitions=partitions)
    kernel.write_text(text, encoding="utf-8")
    module = to_module(design.program)
    (folder / f"{top}_seer.mlir").write_text(f"{module}\n", encoding="utf-8")
    if not calls:
        return kernel
    vectors_file = f"{top}_vectors.bin"
    (folder / f"{top}_tb.cpp").write_text(emit_testbench(program, vectors_file), encoding="utf-8")
    (folder / vectors_file).write_bytes(to_stream(program.arguments, calls))
    Vectors(tuple(calls)).save(folder / "vectors.npz")
    return kernel


def _intervals(nodes: Sequence[Node]) -> list[tuple[Loop, int]]:
    """Each pipelined loop with its initiation interval; a flattened nest's loops share that of the nest."""
    found: list[tuple[Loop, int]] = []
    for node in nodes:
        if isinstance(node, PipelinedLoop):
            found += [(loop, node.initiation_interval) for loop in node.loops]
        elif isinstance(node, PipelinedWhile):
            found.append((node.loop, node.initiation_interval))
        elif isinstance(node, (SequentialLoop, WhileLoop)):
            found += _intervals(node.body)
        elif isinstance(node, Branch):
            found += _intervals((*node.then, *node.otherwise))
        elif isinstance(node, Parallel):
            found += _intervals(node.nodes)
    return found
