"""The textual form: printing and parsing are inverse, and what is not a program is refused."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seer.errors import InputError, Location
from seer.lang.operators import OPERATORS
from seer.lang.program import Argument, CObject, Origin, Program
from seer.lang.random_programs import random_program
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Const,
    Expr,
    Group,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Range,
    Store,
    Table,
    TopArray,
    While,
)
from seer.lang.text import parse_program, print_program

A = TopArray(ArrayType(32, (8,)), "A")
ONE = Store(A, (Const(32, 1),), Const(32, 7))
PROGRAM = Program("f", (Argument("A", A, True, "int"),), (ONE,))

TEXT = """\
seer.program @f [{name = "A", signed = true, c_type = "int"}] {
^bb0(%A: !seer.array<[8], i32>):
  %0 = seer.const 7 : i32
  %1 = seer.const 1 : i32
  seer.store %0, %A[%1] : i32, !seer.array<[8], i32>[i32]
}
"""


@settings(max_examples=100, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_is_the_identity(random: Random) -> None:
    program = random_program(random, branches=True, floats=True, tables=True, registers=True)
    back = parse_program(print_program(program))
    assert back == program
    assert back.origins == program.origins


def back(program: Program) -> Program:
    return parse_program(print_program(program))


def load(array: Array, index: int = 1) -> Load:
    return Load(array, (Const(32, index),))


BRANCHES = """\
seer.program @f [{name = "A", signed = true, c_type = "int"}] {
^bb0(%A: !seer.array<[8], i32>):
  %k = seer.table <[5, -6]> {names = ["k"], locations = [["k.c", 3 : i64, 1 : i64]]} : !seer.array<[2], i32>
  %0 = seer.const 1 : i32
  %1 = seer.load %k[%0] : !seer.array<[2], i32>[i32] -> i32
  %2 = seer.load %A[%0] : !seer.array<[8], i32>[i32] -> i32
  %3 = seer.slt %1, %2 : i32
  seer.while %3 {
    %4 = seer.const true
    seer.if %4 {
    ^bb0:
    } else {
      %5 = seer.const 0 : i32
      %6 = seer.load %A[%5] : !seer.array<[8], i32>[i32] -> i32
      %7 = seer.fma %6, %6, %6 : i32
      %8 = seer.fptosi %7 : i32 to i32
      seer.store %8, %A[%5] : i32, !seer.array<[8], i32>[i32]
    }
  } {labels = ["L"]}
}
"""


def test_golden_branches() -> None:
    table = Table(ArrayType(32, (2,)), (5, (1 << 32) - 6))
    fma = Op("fma", 32, (load(A, 0),) * 3)
    store = Store(A, (Const(32, 0),), Op("fptosi", 32, (fma,)))
    loop = While(Op("slt", 1, (load(table), load(A))), (If(TRUE, (), (store,)),))
    origins = {table: Origin((), ("k",), (Location("k.c", 3, 1),)), loop: Origin(("L",))}
    program = replace(PROGRAM, body=(loop,), origins=origins)
    assert print_program(program) == BRANCHES
    assert back(program) == program and back(program).origins == origins


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator(name: str) -> None:
    operator = OPERATORS[name]
    pairs = [(32, 32), (32, 64), (64, 32), (7, 64), (64, 7), (32, 1), (64, 1), (7, 1), (1, 1), (7, 7)]
    made = 0
    for before, after in pairs:
        source = TopArray(ArrayType(before, (8,)), "A")
        operands: list[Expr] = [load(source)] * operator.arity
        if operator.shape == "select":
            operands[0] = TRUE
        try:
            value = Op(name, after, tuple(operands))
        except ValueError:
            continue
        made += 1
        result = TopArray(ArrayType(after, ()), "B")
        arguments = (Argument("A", source, True, "int"), Argument("B", result, True, "int"))
        program = Program("f", arguments, (Store(result, (), value),))
        assert back(program) == program
    assert made


def test_tables_of_all_kinds() -> None:
    types = [ArrayType(1, (2,)), ArrayType(7, (2,), Range(-3, 2)), ArrayType(8, (1, 2)), ArrayType(100, (2,))]
    tables = [Table(type, (0, 1)) for type in types]
    tables += [
        Table(ArrayType(7, (2,), Range(-3, 2)), (125, 2)),
        Table(ArrayType(100, ()), ((1 << 100) - 1,)),
    ]
    loads = [Load(table, (Const(32, 0),) * len(table.type.shape)) for table in tables]
    local = LocalArray(tables[3].type, 0)
    inner = Local(local, (Store(local, (loads[0],), loads[3]),))
    body = tuple(If(Op("ne", 1, (load, load)), (Group((inner,)),)) for load in loads)
    # What a rewrite no longer reads keeps its origin.
    unread = Table(ArrayType(32, (1,)), (9,))
    program = replace(PROGRAM, body=body, origins={unread: Origin((), ("old",)), tables[0]: Origin()})
    assert back(program) == program
    assert back(program).origins == {unread: Origin((), ("old",))}


def test_objects_and_declarations() -> None:
    held = CObject("points", "struct point", (4, 8), "reference", 'points[{}].weight[{}] /* "ü" */')
    scalar = CObject("total", "int", (), "global", "total")
    arguments = (
        Argument("A", A, True, "int", held),
        Argument("B", TopArray(A.type, "B"), False, "int", scalar),
    )
    source = 'struct point {\n\tint weight[8]; /* "\\n", 100 % */\n};\n'
    for declarations in (source, source + "// naïve\x00", ""):
        program = Program("f", arguments, (ONE,), {}, declarations)
        assert back(program) == program


def test_every_subscript_is_written() -> None:
    program = replace(PROGRAM, body=(Store(A, (TRUE,), Const(32, 7)), Store(A, (TRUE,), load(A), TRUE)))
    assert back(program) == program


def test_golden() -> None:
    assert print_program(PROGRAM) == TEXT
    assert parse_program(TEXT) == PROGRAM


def test_origins_with_unusual_characters() -> None:
    place = Location('dir with "quotes"/naïve.c', 3, 4)
    program = replace(PROGRAM, origins={ONE: Origin(("L",), ("s\\t",), (place, Location("z.c", 1)))})
    assert parse_program(print_program(program)).origins == program.origins


def test_sharing_stays_linear() -> None:
    value: Expr = Load(A, (Const(32, 0),))
    for _ in range(60):
        value = Op("add", 32, (value, value))
    program = replace(PROGRAM, body=(Store(A, (value,), value, Op("ne", 1, (value, value))),))
    text = print_program(program)
    assert text.count("seer.add") == 60
    assert parse_program(text) == program


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seer.store %0", "seer.stoore %0", "stoore"),
        ("%A[%1]", "%A[]", "operand types"),
        ("const 7 : i32", "const 7 : i16", "defined with type i16"),
        ("array<[8], i32>)", "array<[8, 8], i32>)", "previously used or defined"),
        ("array<[8], i32>)", "array<[0], i32>)", "extent"),
        ('name = "A", ', "", "needs a name"),
        ("@f [{", "@f [{}, {", "every argument"),
        ("seer.program @f", "builtin.module @f", "region"),
    ],
)
def test_refused_with_location(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(InputError, match=message) as raised:
        parse_program(TEXT.replace(old, new), "p.seer")
    assert raised.value.location is not None and raised.value.location.file == "p.seer"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<[5, -6]>", "<[5, -6, 7]>", "3 values"),
        ("<[5, -6]>", f"<[5, {1 << 32}]>", "does not fit"),
        ("%8, %A[%5] : i32, !seer.array<[8]", "%8, %k[%5] : i32, !seer.array<[2]", "read-only"),
        ("  } else {", "    %t = seer.table <[1]> : !seer.array<[1], i32>\n  } else {", "expects parent"),
        ("seer.while %3 {", "seer.while %2 {", "with type i1"),
        ("seer.fptosi %7 : i32 to i32", "seer.fptrunc %7 : i32 to i32", "from 32 to 32"),
        ("seer.fptosi %7 : i32 to i32", "seer.sitofp %7 : i32 to i8", "value 8"),
        ('c_type = "int"', 'c_type = "int", object = {name = "p"}', "an object needs"),
    ],
)
def test_refused_branches(old: str, new: str, message: str) -> None:
    assert BRANCHES.count(old) == 1
    with pytest.raises(InputError, match=message):
        parse_program(BRANCHES.replace(old, new))


def test_syntax_errors_point_at_their_line() -> None:
    with pytest.raises(InputError) as raised:
        parse_program(TEXT.replace("seer.store", "seer.stoore"), "p.seer")
    assert raised.value.location is not None and raised.value.location.line == 5


def test_an_expression_belongs_to_the_statement_after_it() -> None:
    # Read for the second store, the load would see what the first one wrote.
    text = TEXT.replace(
        "  seer.store %0, %A[%1]",
        "  %2 = seer.load %A[%1] : !seer.array<[8], i32>[i32] -> i32\n  seer.store %0, %A[%1]",
    ).replace("[i32]\n}", "[i32]\n  seer.store %2, %A[%1] : i32, !seer.array<[8], i32>[i32]\n}")
    with pytest.raises(InputError, match="another statement"):
        parse_program(text)
