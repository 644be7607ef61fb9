"""The textual form: printing and parsing are inverse, and what is not a program is refused."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seer.errors import InputError, Location
from seer.lang.program import Argument, Origin, Program
from seer.lang.random_programs import random_program
from seer.lang.terms import ArrayType, Const, Expr, Load, Op, Store, TopArray
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
    program = random_program(random, branches=True, floats=True, tables=True)
    back = parse_program(print_program(program))
    assert back == program
    assert back.origins == program.origins


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
