"""Constant tables as `static const` arrays in front of the function."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from seer.emit.c_types import CType
from seer.emit.element_types import inferred_type
from seer.emit.expressions import Expressions
from seer.emit.names import Namer
from seer.emit.values import literal
from seer.emit.variables import Variable
from seer.lang.operators import mask, to_signed
from seer.lang.program import Origin, Program
from seer.lang.terms import Block, Load, Table
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = ["bind_tables"]

_COLUMNS = 100


def bind_tables(program: Program, expressions: Expressions, namer: Namer) -> list[str]:
    """Name the tables of `program`; the lines that define them, in the order of their first use."""
    lines = []
    for table in _tables(program.body):
        names = program.origins.get(table, Origin()).names
        name = namer.unique(names[0] if names else "table")
        type = inferred_type(table, program.body, expressions.variables)
        expressions.variables.bind_array(table, Variable(name, type))
        extents = "".join(f"[{extent}]" for extent in table.type.shape or (1,))
        values = _nested(
            table.values, table.type.shape or (1,), lambda v, t=type: _element(v, t, expressions)
        )
        text = f"static const {type.spelling} {name}{extents} = {values};"
        lines += textwrap.wrap(text, _COLUMNS, subsequent_indent="    ", break_long_words=False)
    return lines


def _tables(block: Block) -> dict[Table, None]:
    return {
        node.array: None
        for statement in statements(block)
        for node in subexpressions(*expressions(statement))
        if isinstance(node, Load) and isinstance(node.array, Table)
    }


def _nested(values: Sequence[int], shape: Sequence[int], element: Callable[[int], str]) -> str:
    if len(shape) == 1:
        return f"{{{', '.join(element(value) for value in values)}}}"
    size = len(values) // shape[0]
    rows = [values[n * size : (n + 1) * size] for n in range(shape[0])]
    return f"{{{', '.join(_nested(row, shape[1:], element) for row in rows)}}}"


def _element(value: int, type: CType, expressions: Expressions) -> str:
    if type.floating:
        return expressions.floats.constant(value, type.bits).text
    if type.bits > 64:
        return expressions.wide_constant(value & mask(type.bits), type.bits).text
    return literal(to_signed(value, type.bits) if type.signed else value).text
