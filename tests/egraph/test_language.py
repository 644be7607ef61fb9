"""The constructors, in Python and in egglog, and terms from and to nodes."""

from random import Random

import pytest
from egglog import bindings as egg

from seer.egraph.language import (
    CONSTRUCTORS,
    OPERATOR_CONSTRUCTORS,
    array_key,
    build,
    param_key,
    parse_array_key,
    parse_param_key,
    sort_of,
    split,
)
from seer.egraph.nodes import NodeTable
from seer.lang.operators import OPERATORS
from seer.lang.random_programs import random_program
from seer.lang.terms import ArrayType, Const, LocalArray, Param, Range, TopArray
from seer.lang.traverse import expressions, statements, subexpressions


def test_egglog_declares_the_same_constructors():
    from importlib.resources import files

    commands = egg.EGraph().parse_program((files("seer.egraph") / "language.egg").read_text("utf-8"), "l.egg")
    declared = {
        variant.name: (tuple(variant.types), sort)
        for command in commands
        if isinstance(command, egg.Datatypes)
        for _, sort, variants in command.datatypes
        if isinstance(variants, egg.SubVariants)
        for variant in variants.variants
    }
    assert declared == {c.name: (c.inputs, c.output) for c in CONSTRUCTORS.values()}


def test_every_operator_has_a_constructor():
    assert OPERATOR_CONSTRUCTORS.keys() == OPERATORS.keys()


@pytest.mark.parametrize("seed", range(20))
def test_split_and_build_are_inverse(seed: int):
    body = random_program(Random(seed), branches=True, floats=True, tables=True, registers=True).body
    terms = [
        *statements(body),
        *(e for s in statements(body) for x in expressions(s) for e in subexpressions(x)),
    ]
    for term in [body, *terms]:
        op, values, children = split(term, sort_of(term))
        assert build(op, values, children) == term


@pytest.mark.parametrize("seed", range(20))
def test_the_node_table_keeps_terms(seed: int):
    body = random_program(Random(seed), branches=True, floats=True, tables=True, registers=True).body
    table = NodeTable()
    number = table.add(body, "B")
    assert table.term(number) == body
    assert table.add(body, "B") == number


@pytest.mark.parametrize("content", [None, Range(0, 3), Range(-4, 3)])
def test_keys_name_arrays_and_parameters_with_type_and_range(content: Range | None):
    arrays = [
        kind(ArrayType(width, shape, content), name)
        for kind, name in ((TopArray, "a"), (LocalArray, 0))
        for width in (3, 32)
        for shape in ((), (4,), (4, 2))
    ]
    keys = {array_key(array): array for array in arrays}
    assert len(keys) == len(arrays)
    assert all(parse_array_key(key) is array for key, array in keys.items())
    param = Param(7, "n", content)
    assert parse_param_key(param_key(param)) is param


def test_wide_constants_are_exact():
    value = (1 << 128) - 12345
    op, values, _ = split(Const(128, value), "E")
    assert (op, values) == ("Num", (128, value))
