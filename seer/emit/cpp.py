"""A program as readable HLS C++: the source's names, labels and loops, and no undefined behaviour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import seer
from seer.emit.body import Body
from seer.emit.c_types import element_type
from seer.emit.expressions import Expressions
from seer.emit.float_helpers import MATH_NAMES
from seer.emit.helpers import NAMES, definitions
from seer.emit.labels import Labels
from seer.emit.names import Namer
from seer.emit.objects import held_objects
from seer.emit.partitions import local_pragmas, outer_pragmas
from seer.emit.render import render
from seer.emit.safety import Safety
from seer.emit.signature import declarations, parameters, returned_object, signature
from seer.emit.tables import bind_tables
from seer.emit.variables import Variable, Variables
from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS
from seer.lang.program import RETURN_NAME, Program
from seer.lang.terms import TRUE, Block, For, Group, Local, Op, Param, Store, TopArray, While
from seer.lang.traverse import expressions, statements, subexpressions
from seer.lang.uses import touched
from seer.schedule.area import Area
from seer.schedule.partition import Partition

__all__ = ["EmitHeader", "emit_cpp", "top_names"]


@dataclass(frozen=True)
class EmitHeader:
    """What the comment at the head of the file says.

    `cycles` are those predicted for all recorded calls together; `equivalence` says how the file was
    checked against its source; `sources` are file names as the user gave them. `asserts` are conditions on
    the arguments, in C, that the function checks when it is called.
    """

    target: str
    clock_ns: float
    seed: int
    cycles: int | None = None
    area: Area | None = None
    equivalence: str = "not checked yet"
    sources: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    asserts: tuple[str, ...] = ()
    version: str = seer.__version__

    @property
    def cycles_text(self) -> str:
        return "unknown" if self.cycles is None else f"{self.cycles} cycles predicted for the recorded calls"

    @property
    def area_text(self) -> str:
        if self.area is None:
            return "unknown"
        return f"{self.area.lut} LUT, {self.area.ff} FF, {self.area.dsp} DSP, {self.area.bram} BRAM"

    @property
    def clock_text(self) -> str:
        return f"{self.clock_ns:g} ns"


def emit_cpp(
    program: Program,
    pipelined: Mapping[For | While, int],
    header: EmitHeader,
    source: Program | None = None,
    check_subscripts: bool = False,
    partitions: Sequence[Partition] = (),
) -> str:
    """The text of the C++ file that defines `program` as an extern "C" function.

    `pipelined` gives the initiation interval of each loop that the schedule pipelines. `source` is the
    program that came in, if it is another: an array that it reads only under a condition is not read
    unconditionally here without a check of the subscript (seer.emit.safety). With `check_subscripts`,
    every access that is not proved in bounds is checked, which makes the C++ as total as the program.
    `partitions` are those of the schedule.
    """
    intervals = Intervals()
    variables = Variables()
    function, names = top_names(program)
    held = {held.object.name for held in held_objects(program.arguments)}
    namer = Namer(_reserved(program) | {function} | held)
    for argument in parameters(program):
        access = argument.object.access if argument.object else ""
        variable = Variable(namer.unique(names[argument.name]), element_type(argument), access=access)
        if isinstance(argument.term, Param):
            variables.bind_param(argument.term, variable)
        else:
            variables.bind_array(argument.term, variable)
    result = next((a for a in program.arguments if a.name == RETURN_NAME), None)
    returned = variable = None
    if result is not None and isinstance(result.term, TopArray):
        returned = _returned(program, result.term)
        variable = Variable(namer.unique("result"), element_type(result), scalar=True)
        variables.bind_array(result.term, variable)
    spelling = Expressions(variables, intervals)
    tables = bind_tables(program, spelling, namer)
    safety = Safety(source or program, program, intervals, check_subscripts)
    labels = Labels(program, Namer(frozenset({function})))
    local = local_pragmas(program, partitions)
    body = Body(program, pipelined, spelling, safety, namer, labels, returned, local)
    for pragma in outer_pragmas(program, partitions, variables):
        body.directive(f"#pragma HLS {pragma}")
    if variable is not None and returned is None:
        body.line(f"{variable.type.spelling} {variable.name} = 0;")
    body.block(program.body)
    if variable is not None and returned is None:
        body.line(f"return {variable.name};")
    whole = returned_object(program)
    if whole is not None:
        body.lines.insert(0, f"    {whole.type} {whole.name};")
        body.line(f"return {whole.name};")
    head = signature(program, function, names)
    outside = declarations(program)
    helpers = definitions(spelling.used_helpers)
    code = [head, *outside, *tables, *helpers, *body.lines]
    uses_ap_int = any("ap_int<" in line or "ap_uint<" in line for line in code)
    headers = ["ap_int.h"] * uses_ap_int + spelling.used_headers
    if any("memcpy" in line for line in helpers):
        headers.append("string.h")
    return render(
        "kernel.cpp.j2",
        top=function,
        header=header,
        headers=sorted(headers),
        exact_floats=_uses_floats(program),
        declarations=outside,
        tables=tables,
        helpers=helpers,
        signature=head,
        body=body.lines,
    )


def top_names(program: Program) -> tuple[str, dict[str, str]]:
    """The C++ names of the function and of its arguments: the source's, unless C++ forbids them."""
    namer = Namer(_reserved(program) | {held.object.name for held in held_objects(program.arguments)})
    function = namer.unique(program.name)
    return function, {argument.name: namer.unique(argument.name) for argument in parameters(program)}


def _uses_floats(program: Program) -> bool:
    return any(
        isinstance(node, Op) and OPERATORS[node.name].is_float
        for statement in statements(program.body)
        for node in subexpressions(*expressions(statement))
    )


def _reserved(program: Program) -> frozenset[str]:
    """Names that the file may give a meaning of its own."""
    names = NAMES | {"main"}  # a top of that name would be the emitted program's entry
    return names | (MATH_NAMES if _uses_floats(program) else frozenset())


def _returned(program: Program, result: TopArray) -> Store | None:
    """The store of the return value, if it is the only one and the last statement of all."""
    stores = [s for s in statements(program.body) if isinstance(s, Store) and s.array is result]
    last = _last(program.body)
    read = any(result in touched(statement, reads_only=True) for statement in program.body)
    return last if last is not None and stores == [last] and last.when is TRUE and not read else None


def _last(block: Block) -> Store | None:
    while block:
        match block[-1]:
            case Store():
                return block[-1]
            case Group(body) | Local(_, body):
                block = body
            case _:
                return None
    return None
