"""While loops whose iterations overlap: when the next one may start, and that nothing is speculated."""

from __future__ import annotations

import random

import pytest

from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Const, If, Load, Op, Statement, Store, While
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedWhile, Schedule
from seer.schedule.replay import replay
from tests.schedule.programs import const, counter, loop, op, program
from tests.schedule.test_branches import RecordedCall
from tests.schedule.while_programs import A, B, C, F, I, S, local, random_while, step

TARGET = Target.load("xc7")


def node(s: Schedule) -> PipelinedWhile:
    (found,) = (n for n in s.body if isinstance(n, PipelinedWhile))
    return found


def checked(p: Program, contents: dict[str, list[int]], target: Target = TARGET, faster: bool = True) -> int:
    """The cycles of a call, after all checks, compared with a schedule that pipelines nothing."""
    expected = interpreter.run(p, contents, {})
    found: list[int] = []
    for pipelined in (auto_pipelined(p), frozenset()):
        s = schedule(p, pipelined, target)
        assert static_faults(s, target) == []
        result = replay(s, contents, {}, registers=77)
        assert result.faults == []
        assert {name: result.arrays[name] for name in expected} == expected
        assert result.cycles == cycles(s, RecordedCall({}, contents))
        found.append(result.cycles)
    assert found[0] <= found[1] or not faster
    return found[0]


def test_a_counter_alone_decides_at_once() -> None:
    i = Load(I, ())
    body = Store(B, (i,), op("mul", Load(A, (i,)), 77))
    p = program([A, B, C], local(While(op("slt", i, Load(C, (const(0),))), (body, step()))))
    contents = {"a": list(range(64)), "b": [0] * 64, "c": [20] + [0] * 63}
    loop_ = node(schedule(p, auto_pipelined(p), TARGET))
    # The bound is loaded in each iteration; what the memory gives comes too late to be compared at once.
    assert (loop_.initiation_interval, loop_.bound_by) == (3, "condition")
    assert loop_.body.length > loop_.initiation_interval
    after = cycles(schedule(p, auto_pipelined(p), TARGET), RecordedCall({}, contents))
    assert after == checked(p, contents)


def test_no_iteration_and_one() -> None:
    i = Load(I, ())
    p = program([A, B], local(While(op("slt", i, Load(A, (const(63),))), (Store(B, (i,), i), step()))))
    for count in (0, 1, 2, 3, 50):
        checked(p, {"a": [count] * 64, "b": [9] * 64})


def test_the_next_iteration_stores_nothing_before_it_is_known_to_run() -> None:
    # while (a[i] != 0) { b[i] = a[i]; i++ }: the store stands before the load that ends the loop.
    i = Load(I, ())
    running = op("ne", Load(A, (i,)), 0)
    p = program([A, B], local(While(running, (Store(B, (i,), Load(A, (i,))), step()))))
    for length in (0, 1, 5, 40):
        checked(p, {"a": [3] * length + [0] * (64 - length), "b": [7] * 64})


def test_stores_through_the_counter_are_in_order() -> None:
    # b[a[i]] += i: the element may be the same in neighbouring iterations.
    i = Load(I, ())
    place = op("and", Load(A, (i,)), 63)
    add = Store(B, (place,), op("add", Load(B, (place,)), i))
    p = program([A, B], local(While(op("slt", i, 50), (add, step()))))
    for fill in (5, 6):
        checked(p, {"a": [fill if k % 3 else k for k in range(64)], "b": [1] * 64})


def test_a_fixed_element_carries_its_value() -> None:
    i, first = Load(I, ()), (const(0),)
    p = program([A], local(While(op("slt", i, 9), (Store(A, first, op("add", Load(A, first), i)), step()))))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert node(s).bound_by == "recurrence through a"
    checked(p, {"a": [4] * 64})


def test_loops_inside_keep_it_from_being_pipelined() -> None:
    iv = counter(0, 4)
    inner = loop(iv, Store(B, (iv,), op("add", Load(B, (iv,)), 1)))
    outer = While(op("slt", Load(I, ()), 3), (inner, step()))
    p = program([A, B], local(outer))
    assert outer not in auto_pipelined(p)
    checked(p, {"a": [0] * 64, "b": [0] * 64})
    with pytest.raises(InputError, match="while loop that contains a loop"):
        schedule(p, frozenset({outer}), TARGET)


@pytest.mark.parametrize("seed", range(40))
def test_random_loops(seed: int) -> None:
    p, contents = random_while(seed)
    checked(p, contents, Target.load("xc7", [5.0, 10.0][seed % 2], 1 + seed // 2 % 2))


def flagged(rng: random.Random) -> Program:
    """A loop that goes on while a register is set, which conditions of conditions decide."""
    i, s, f = Load(I, ()), Load(S, ()), Load(F, ())
    bits = [op("slt", s, 40), op("eq", op("and", i, 3), 1), op("ne", Load(A, (op("and", i, 63),)), s)]
    one, none = Const(1, 1), Const(1, 0)
    for _ in range(6):
        arms = (rng.choice([*bits, one, none]), rng.choice([*bits, one, none]))
        bits.append(Op("select", 1, (rng.choice(bits), *arms)))
        bits.append(Op("xor", 1, (rng.choice(bits), one)))
    short = [Op("trunc", 8, (value,)) for value in (i, s)]
    bits.append(Op(rng.choice(["eq", "ne"]), 1, tuple(Op("sext", 32, (value,)) for value in short)))
    more = Op("and", 1, (op("slt", i, 40), rng.choice(bits[-8:])))
    body: list[Statement] = [
        Store(S, (), op("add", s, Op("zext", 32, (rng.choice(bits[-6:]),)))),
        Store(B, (op("and", i, 63),), s, rng.choice(bits)),
    ]
    ends = Store(F, (), more if rng.random() < 0.7 else none)
    body.append(ends if rng.random() < 0.3 else If(rng.choice(bits), (ends,)))
    if rng.random() < 0.5:
        body.append(Store(C, (const(1),), Op("zext", 32, (f,))))
    # It ends for sure.
    last = If(op("sle", const(50), i), (Store(F, (), none),))
    return program([A, B, C], local(While(f, (*body, step(), last)), Store(C, (const(2),), s)))


@pytest.mark.parametrize("seed", range(25))
def test_a_loop_knows_that_its_flag_is_set(seed: int) -> None:
    rng = random.Random(seed)
    p = flagged(rng)
    contents = {name: [rng.randrange(60) for _ in range(64)] for name in "abc"}
    checked(p, contents, Target.load("xc7", None, 1 + seed % 2), faster=False)


def test_a_flag_that_an_iteration_leaves_alone_is_no_recurrence() -> None:
    # run: if (i & 3) == 1, run = i < 30; the next iteration starts as soon as the comparison is known.
    i = Load(I, ())
    decides = If(op("eq", op("and", i, 3), 1), (Store(F, (), op("slt", i, 30)),))
    p = program([A, B], local(While(Load(F, ()), (Store(B, (i,), i), decides, step()))))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert node(s).initiation_interval == 1
    checked(p, {"a": [0] * 64, "b": [0] * 64})
