"""While loops whose iterations overlap: when the next one may start, and that nothing is speculated."""

from __future__ import annotations

import pytest

from seer.errors import InputError
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Load, Store, While
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedWhile, Schedule
from seer.schedule.replay import replay
from tests.schedule.programs import const, counter, loop, op, program
from tests.schedule.test_branches import RecordedCall
from tests.schedule.while_programs import A, B, C, I, local, random_while, step

TARGET = Target.load("xc7")


def node(s: Schedule) -> PipelinedWhile:
    (found,) = (n for n in s.body if isinstance(n, PipelinedWhile))
    return found


def checked(p: Program, contents: dict[str, list[int]], target: Target = TARGET) -> int:
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
    assert found[0] <= found[1]
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
