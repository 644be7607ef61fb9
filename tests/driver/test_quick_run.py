"""Compiled runs give what the interpreter gives, and end where it does."""

from __future__ import annotations

import random
import sys

import pytest

from seer.driver import quick_run as quick
from seer.driver.quick_run import quick_run
from seer.errors import IterationLimitError
from seer.lang import interpreter
from seer.lang.random_programs import random_inputs, random_program
from seer.lang.terms import Const, Load, Op, Store, While
from tests.schedule.programs import array, const, counter, loop, program


@pytest.fixture(autouse=True)
def deep_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(limit)


def test_random_programs_end_with_the_same_memories(monkeypatch):
    monkeypatch.setattr(quick, "_SHORT", 0)
    compiled = 0
    for seed in range(30):
        draw = random.Random(seed)
        made = random_program(draw, defined=True)
        arrays, params = random_inputs(draw, made)
        before = quick._compiled.cache_info().misses
        assert quick_run(made, arrays, params) == interpreter.run(made, arrays, params), f"seed {seed}"
        compiled += quick._compiled.cache_info().misses > before
    assert compiled >= 20


def test_a_loop_that_never_ends_is_an_error_here_too(monkeypatch):
    monkeypatch.setattr(interpreter, "WHILE_LIMIT", 5_000)
    a = array("a", 32, 2)
    first = Load(a, (const(0),))
    count = Store(a, (const(0),), Op("add", 32, (first, Const(32, 1))))
    endless = program([a], While(Const(1, 1), (count,)))
    with pytest.raises(IterationLimitError):
        quick_run(endless, {"a": [0, 0]}, {})
    until = program([a], While(Op("ult", 1, (first, Const(32, 5_000))), (count,)))
    assert quick_run(until, {"a": [0, 7]}, {}) == {"a": [5_000, 7]}


def test_long_counted_loops_are_compiled():
    i, a = counter(0, 1_000_000), array("a", 32, 8)
    made = program([a], loop(i, Store(a, (const(3),), Op("add", 32, (Load(a, (const(3),)), const(1))))))
    assert quick_run(made, {"a": [0] * 8}, {})["a"][3] == 1_000_000


def test_loops_in_loops_of_unknown_length_are_compiled():
    i, j, a = counter(0, 64), counter(1, 4_096), array("a", 32, 8)
    first, end = Load(a, (const(0),)), Load(a, (const(1),))
    inner = loop(j, Store(a, (const(2),), j), upper=end)
    count = Store(a, (const(0),), Op("add", 32, (first, const(1))))
    nested = While(Op("ult", 1, (first, const(3))), (loop(i, inner), count))
    made = program([a], nested)
    before = quick._compiled.cache_info().misses
    assert quick_run(made, {"a": [0, 5, 0, 0, 0, 0, 0, 0]}, {})["a"][:3] == [3, 5, 4]
    assert quick._compiled.cache_info().misses == before + 1
