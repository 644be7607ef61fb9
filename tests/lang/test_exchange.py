"""Program → MLIR → Program is the identity, in both forms, and through MLIR's own text."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seer.lang.from_mlir import from_module
from seer.lang.mlir_bindings import context, ir
from seer.lang.random_programs import random_program
from seer.lang.to_mlir import Form, to_module


@pytest.mark.parametrize("form", ["plain", "affine"])
@settings(max_examples=150, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_is_the_identity(form: Form, random: Random) -> None:
    program = random_program(random)
    back = from_module(to_module(program, form))
    assert back.arguments == program.arguments
    assert back.body == program.body
    assert back == program
    assert back.origins == program.origins


@settings(max_examples=50, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=False))
def test_round_trip_through_text(random: Random) -> None:
    program = random_program(random)
    text = to_module(program).operation.get_asm(enable_debug_info=True)
    back = from_module(ir.Module.parse(text, context()))
    assert back == program
    assert back.origins == program.origins
