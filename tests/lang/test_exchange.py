"""Program → MLIR → Program is the identity, in both forms, and through MLIR's own text."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seer.lang.from_mlir import from_module
from seer.lang.mlir_bindings import context, ir
from seer.lang.program import Origin, Program
from seer.lang.random_programs import random_program
from seer.lang.terms import Load, Table, Term
from seer.lang.to_mlir import Form, to_module
from seer.lang.traverse import expressions, statements, subexpressions


def _extended(random: Random) -> Program:
    return random_program(random, branches=True, floats=True, tables=True, registers=True)


@pytest.mark.parametrize("form", ["plain", "affine"])
@settings(max_examples=150, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_of_branches_floats_and_tables(form: Form, random: Random) -> None:
    program = _extended(random)
    back = from_module(to_module(program, form))
    assert back == program
    assert _used(back, back.origins) == _used(program, program.origins)


def _used(program: Program, origins: Mapping[Term, Origin]) -> dict[Term, Origin]:
    """Origins without those of tables that nothing reads."""
    read = {
        e.array
        for s in statements(program.body)
        for e in subexpressions(*expressions(s))
        if isinstance(e, Load)
    }
    return {term: origin for term, origin in origins.items() if not isinstance(term, Table) or term in read}


@pytest.mark.parametrize("form", ["plain", "affine"])
@settings(max_examples=150, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_is_the_identity(form: Form, random: Random) -> None:
    program = random_program(random, registers=True)
    back = from_module(to_module(program, form))
    assert back.arguments == program.arguments
    assert back.body == program.body
    assert back == program
    assert back.origins == program.origins


@settings(max_examples=50, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_through_text(random: Random) -> None:
    program = _extended(random)
    text = to_module(program).operation.get_asm(enable_debug_info=True)
    back = from_module(ir.Module.parse(text, context()))
    assert back == program
    assert _used(back, back.origins) == _used(program, program.origins)
