"""Linear forms of addresses: distances against brute force, and what they make of loops over registers."""

from __future__ import annotations

import random

import pytest

from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Expr, Load, Local, Op, Statement, Store, While
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.linear import Linear, linear_distance
from seer.schedule.model import PipelinedLoop, PipelinedWhile
from seer.schedule.replay import replay
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

A, B = array("a", 32, 64), array("b", 32, 64)
TARGET = Target.load("xc7")


@pytest.mark.parametrize("seed", range(300))
def test_distances_against_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    width = rng.randint(1, 6)
    modulus = 1 << width
    terms = tuple((atom, rng.randrange(1, modulus)) for atom in range(rng.randint(0, 2)) if modulus > 1)
    strides = {atom: rng.randrange(-3, 4) for atom in range(2)}
    first, second = (Linear(width, rng.randrange(modulus), terms) for _ in range(2))
    least, most = rng.randint(0, 2), rng.choice([None, 0, 5])
    values = {atom: rng.randrange(modulus) for atom in range(2)}

    def value(form: Linear, iteration: int) -> int:
        total = sum(c * (values[atom] + strides[atom] * iteration) for atom, c in form.terms)
        return (form.constant + total) % modulus

    if most == 0:
        least = 0
    meets = [
        d
        for d in range(least, (modulus * 4 if most is None else most) + 1)
        if value(first, 0) == value(second, d)
    ]
    assert linear_distance(first, second, strides, least, most) == (True, meets[0] if meets else None)


def test_what_is_not_known_is_assumed() -> None:
    f, g = Linear(6, 0, ((3, 1),)), Linear(6, 1, ((3, 1),))
    assert linear_distance(f, g, {}, 1, None) == (False, 1)
    assert linear_distance(f, g, {}, 0, 0) == (True, None)
    assert linear_distance(f, Linear(6, 1, ((4, 1),)), {3: 0, 4: 0}, 0, 0) == (False, 0)
    assert linear_distance(f, Linear(5, 1, ((3, 1),)), {3: 0}, 0, 0) == (False, 0)


def interval(p: Program) -> tuple[int, str]:
    s = schedule(p, auto_pipelined(p), TARGET)
    (node,) = (n for n in s.body if isinstance(n, (PipelinedLoop, PipelinedWhile)))
    return node.initiation_interval, node.bound_by


def test_an_offset_kept_in_a_register_is_the_same_in_all_iterations() -> None:
    # r = a[0]; for (i…) b[r + i] = b[r + i] + 1: whatever r is, no two iterations meet.
    row, iv = scalar(0), counter(0, 8)
    place = op("add", Load(row, ()), iv)
    body = loop(iv, Store(B, (place,), op("add", Load(B, (place,)), 1)))
    p = program([A, B], Local(row, (Store(row, (), Load(A, (const(0),))), body)))
    assert interval(p) == (1, "trip count")
    # With b[r + i + 1] each iteration needs what the one before has stored.
    later = Load(B, (op("sub", place, 1),))
    carried = loop(iv, Store(B, (place,), op("add", later, 1)))
    p = program([A, B], Local(row, (Store(row, (), Load(A, (const(0),))), carried)))
    assert interval(p)[1] == "recurrence through b"


def test_a_register_that_steps_is_a_counter() -> None:
    i = scalar(0)
    value = Load(i, ())
    step = Store(i, (), op("add", value, 1))
    body = Store(B, (value,), op("add", Load(B, (value,)), Load(A, (op("and", value, 7),))))
    p = program([A, B], Local(i, (Store(i, (), const(0)), While(op("slt", value, 50), (body, step)))))
    # Nothing but the sum and the comparison in front of the next iteration takes its time.
    assert interval(p) == (2, "condition")


@pytest.mark.parametrize("seed", range(40))
def test_random_walks_through_memory(seed: int) -> None:
    """While loops that step several registers and go through arrays by them, near and far."""
    rng = random.Random(seed)
    registers = [scalar(level) for level in range(3)]
    steps = [rng.choice([-1, 1, 2, 3]) for _ in registers]

    def place() -> Expr:
        register = Load(rng.choice(registers), ())
        return op("and", op("add", register, rng.randint(-2, 2)), 63)

    def value() -> Expr:
        return op(rng.choice(["add", "xor"]), Load(rng.choice([A, B]), (place(),)), Load(A, (place(),)))

    count = scalar(3)
    body: list[Statement] = [Store(rng.choice([A, B]), (place(),), value()) for _ in range(rng.randint(1, 3))]
    for register, by in zip(registers, steps, strict=True):
        step = Store(register, (), op("add", Load(register, ()), const(by & 0xFFFFFFFF)))
        body.insert(rng.randrange(len(body) + 1), step)
    body.append(Store(count, (), op("add", Load(count, ()), 1)))
    start = [Store(register, (), const(rng.randrange(64))) for register in (*registers, count)]
    start[3] = Store(count, (), const(0))
    running = Op("slt", 1, (Load(count, ()), const(rng.randint(2, 40))))
    statements: tuple[Statement, ...] = (*start, While(running, tuple(body)))
    for register in (*registers, count):
        statements = (Local(register, statements),)
    p = program([A, B], *statements)
    contents = {name: [rng.randrange(1000) for _ in range(64)] for name in "ab"}
    s = schedule(p, auto_pipelined(p), TARGET)
    assert static_faults(s, TARGET) == []
    result = replay(s, contents, {}, registers=5)
    assert result.faults == []
    assert {n: result.arrays[n] for n in contents} == interpreter.run(p, contents, {})
